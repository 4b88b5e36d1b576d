"""SQL of this slice, over the tables that user SQL may read; every value is a parameter."""

from __future__ import annotations

_IN_PERIOD = (
    "timestamp >= fromUnixTimestamp64Milli({start:Int64}) AND timestamp < fromUnixTimestamp64Milli({end:Int64})"
)
_NARROWED = f"""{_IN_PERIOD}
AND ({{event:String}} = '' OR event = {{event:String}}) AND ({{category:String}} = '' OR category = {{category:String}})
AND ({{user:String}} = '' OR distinct_id = {{user:String}})"""


def _over(text: str) -> str:
    """The statement with its conditions written out."""
    return text.replace("IN_PERIOD", _IN_PERIOD).replace("NARROWED", _NARROWED)


# Places first, rows after: rows hold all properties, and only a few of them are wanted.
PLACES = _over("""
SELECT toString(uuid), toUnixTimestamp64Milli(timestamp) FROM events WHERE NARROWED ORDER BY timestamp DESC, uuid DESC
""")
ROWS = _over("""
SELECT toString(uuid), event, category, properties, distinct_id, session_id, if(url = '', path, url), referrer,
  toUnixTimestamp64Milli(timestamp) AS at
FROM events WHERE IN_PERIOD AND toString(uuid) IN {uuids:Array(String)} ORDER BY at DESC, uuid DESC
""")
TOTAL = _over("SELECT count() FROM events WHERE NARROWED")
USERS = _over("""
SELECT distinct_id, count() AS number FROM events WHERE NARROWED GROUP BY distinct_id ORDER BY number DESC, distinct_id
""")
NOW = _over("""
SELECT uniqExactIf(person, timestamp >= fromUnixTimestamp64Milli({active:Int64})), count(), uniqExact(person)
FROM events WHERE IN_PERIOD
""")
MINUTES = _over("""
SELECT toUnixTimestamp(toStartOfMinute(timestamp)) AS minute, count() FROM events WHERE IN_PERIOD
GROUP BY minute ORDER BY minute
""")
PAGES = _over("""
SELECT path, count() AS views, uniqExact(person) FROM events
WHERE IN_PERIOD AND event IN ('$pageview', '$screen', 'pageview', 'page_view') AND path != ''
GROUP BY path ORDER BY views DESC, path
""")
# A feature is what `feature_used` says, and every event with a name of its own.
FEATURES = _over("""
SELECT if(event = 'feature_used', properties.feature::String, event) AS name, count() AS uses, uniqExact(person),
  avg(toFloat64OrNull(properties.duration::String)), max(toUnixTimestamp64Milli(timestamp))
FROM events
WHERE IN_PERIOD AND NOT startsWith(event, '$') AND (event != 'feature_used' OR properties.feature::String != '')
  AND ({feature:String} = '' OR if(event = 'feature_used', properties.feature::String, event) = {feature:String})
GROUP BY name ORDER BY uses DESC, name
""")
SESSION = """
SELECT toString(session), session_id, toUnixTimestamp64Milli(start) AS begun, toUnixTimestamp64Milli(end), duration,
  events, pageviews, entry_path, exit_path, device, browser, country, is_bounce
FROM sessions WHERE session_id = {session:String} ORDER BY begun DESC, session
"""
SESSIONS_OF = """
SELECT toString(session), session_id, toUnixTimestamp64Milli(start) AS begun, toUnixTimestamp64Milli(end), duration,
  events, pageviews, entry_path, exit_path, device, browser, country, is_bounce
FROM sessions
WHERE start >= fromUnixTimestamp64Milli({start:Int64}) AND start < fromUnixTimestamp64Milli({end:Int64})
  AND person IN (SELECT person FROM distinct_ids WHERE distinct_id = {user:String})
ORDER BY begun DESC, session
"""
EVENTS_OF_SESSIONS = _over("""
SELECT toString(session), toString(uuid), event, toUnixTimestamp64Milli(timestamp), if(url = '', path, url),
  distinct_id, path
FROM events WHERE IN_PERIOD AND session IN {sessions:Array(UInt64)} ORDER BY timestamp, uuid
""")
