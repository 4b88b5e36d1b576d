"""What the query figures ask: one of each kind over ninety days, each beside the same answer written by hand.

By hand means what somebody who knows ClickHouse would write over the events, without our sums of activity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_WINDOW_MS = 14 * 86_400_000


@dataclass(frozen=True, slots=True)
class Question:
    """A query of ours and the same by hand, in statements with a semicolon between them."""

    name: str
    spec: dict[str, Any]
    by_hand: str


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked about, UTC; `end` is exclusive."""

    start: datetime
    end: datetime

    @property
    def dates(self) -> dict[str, str]:
        """The fields of our queries."""
        return {"date_from": f"{self.start:%Y-%m-%d}", "date_to": f"{self.end - timedelta(days=1):%Y-%m-%d}"}

    @property
    def where(self) -> str:
        """The condition by hand."""
        return (
            f"project_id = 1 AND timestamp >= toDateTime64('{self.start:%Y-%m-%d}', 3, 'UTC')"
            f" AND timestamp < toDateTime64('{self.end:%Y-%m-%d}', 3, 'UTC')"
        )

    def last(self, days: int) -> Period:
        """The last days of it."""
        return Period(self.end - timedelta(days=days), self.end)


def questions(start: datetime, end: datetime) -> tuple[Question, ...]:
    """One of each kind, and of the maths and options that cost most."""
    period = Period(start, end)
    return (
        *_trends(period),
        *_counts(period),
        *_funnels(period),
        *_coming_back(period),
        *_journeys(period),
        Question(
            "sql",
            {"kind": "sql", "sql": "SELECT country, count() AS n FROM events GROUP BY country ORDER BY n DESC"},
            "SELECT country, count() AS n FROM events WHERE project_id = 1 GROUP BY country ORDER BY n DESC",
        ),
    )


def _trends(period: Period) -> tuple[Question, ...]:
    views = f"FROM events WHERE {period.where} AND event = '$pageview'"

    def ask(name: str, by_hand: str, series: dict[str, Any], **more: Any) -> Question:
        sql = f"SELECT toStartOfDay(timestamp) AS day, {by_hand}"
        return Question(f"trends, {name}", {"kind": "trends", "series": [series], **period.dates, **more}, sql)

    sets = f"SELECT toDate(timestamp) AS d, groupBitmapState(person) AS p {views} GROUP BY d"
    rolling = f"SELECT d + ahead AS day, groupBitmapMerge(p) FROM ({sets}) ARRAY JOIN range(7) AS ahead GROUP BY day"
    weekly = {"kind": "trends", "series": [{"event": "$pageview", "math": "weekly_active"}], **period.dates}
    return (
        ask("total", f"count() {views} GROUP BY day", {"event": "$pageview"}),
        ask("unique people", f"uniqExact(person) {views} GROUP BY day", {"event": "$pageview", "math": "unique"}),
        ask(
            "unique people, any event",
            f"uniqExact(person) FROM events WHERE {period.where} GROUP BY day",
            {"event": None, "math": "unique"},
        ),
        Question("trends, weekly actives", weekly, rolling),
        ask(
            "p90 of a property",
            f"quantile(0.9)(properties.price.:Float64) {views} GROUP BY day",
            {"event": "$pageview", "math": "p90", "math_property": "price"},
        ),
        Question(
            "trends, p90 of events per person",
            {"kind": "trends", "series": [{"event": "$pageview", "math": "p90_count_per_actor"}], **period.dates},
            "SELECT day, quantileExactInclusive(0.9)(n) FROM (SELECT toStartOfDay(timestamp) AS day, person, "
            f"count() AS n {views} GROUP BY day, person) GROUP BY day;"
            f"SELECT quantileExactInclusive(0.9)(n) FROM (SELECT count() AS n {views} GROUP BY person)",
        ),
        Question(
            "trends, first time",
            {"kind": "trends", "series": [{"event": "signup", "math": "first_time_for_user"}], **period.dates},
            "SELECT toStartOfDay(first) AS day, count() FROM (SELECT min(timestamp) AS first FROM events "
            f"WHERE project_id = 1 AND event = 'signup' "
            f"AND timestamp < toDateTime64('{period.end:%Y-%m-%d}', 3, 'UTC') GROUP BY person) GROUP BY day",
        ),
        ask(
            "breakdown by property",
            f"properties.plan.:String AS plan, count() {views} GROUP BY day, plan",
            {"event": "$pageview"},
            breakdown=[{"type": "event", "property": "plan"}],
        ),
        ask(
            "breakdown by column, filtered",
            f"country, uniqExact(person) {views} AND properties.role.:String = 'admin' GROUP BY day, country",
            {"event": "$pageview", "math": "unique"},
            breakdown=[{"type": "event", "property": "country"}],
            filters=[{"type": "event", "property": "role", "operator": "exact", "value": "admin"}],
        ),
    )


def _counts(period: Period) -> tuple[Question, ...]:
    sets = f"SELECT toDate(timestamp) AS d, groupBitmapState(person) AS p FROM events WHERE {period.where} GROUP BY d"
    return (
        Question(
            "active users, month",
            {"kind": "active_users", "period": "month", **period.dates},
            "SELECT d + ahead AS day, groupBitmapMergeIf(p, ahead < 1), groupBitmapMergeIf(p, ahead < 7), "
            f"groupBitmapMerge(p) FROM ({sets}) ARRAY JOIN range(30) AS ahead GROUP BY day",
        ),
        Question(
            "top events",
            {"kind": "top_events", "limit": 20, **period.dates},
            "SELECT event, count() AS n, uniqExact(person) FROM events "
            f"WHERE {period.where} GROUP BY event ORDER BY n DESC",
        ),
    )


def _funnels(period: Period) -> tuple[Question, ...]:
    steps = ["search", "item_added", "purchase"]
    named = [{"event": step} for step in steps]
    events = f"{period.where} AND event IN ('search', 'item_added', 'purchase')"
    code = "multiIf(event = 'search', 0, event = 'item_added', 1, 2)"
    by_hand = f"""
SELECT countIf(k >= 1), countIf(k >= 2), countIf(k = 3), quantileExactInclusiveIf(0.5)(d1, k >= 2),
  quantileExactInclusiveIf(0.5)(d2, k = 3)
FROM (
SELECT if(a2 > 0, 3, if(a1 > 0, 2, 1)) AS k, if(a2 > 0, v2[a2], v1[a1]) AS s,
  ts[if(a2 > 0, indexOf(e1, s), a1)] - s AS d1, ts[a2] - ts[indexOf(e1, s)] AS d2 FROM (
SELECT *, arrayMap((x, t, e) -> if(bitAnd(x, 3) = 2 AND e > 0 AND t - e <= {_WINDOW_MS}, e, 0), p, ts, e1) AS v2,
  arrayFirstIndex(x -> x > 0, v2) AS a2 FROM (
SELECT *, arrayMap((x, t, e) -> if(bitAnd(x, 3) = 1 AND e > 0 AND t - e <= {_WINDOW_MS}, e, 0), p, ts, e0) AS v1,
  arrayFill(x -> x > 0, v1) AS e1, arrayFirstIndex(x -> x > 0, v1) AS a1 FROM (
SELECT p, arrayMap(x -> bitShiftRight(x, 2), p) AS ts,
  arrayFill(x -> x > 0, arrayMap((x, t) -> if(bitAnd(x, 3) = 0, t, 0), p, ts)) AS e0 FROM (
SELECT person, arraySort(groupArray(toUInt64(toUnixTimestamp64Milli(timestamp)) * 4 + {code})) AS p
FROM events WHERE {events} GROUP BY person
) WHERE arrayExists(x -> bitAnd(x, 3) = 0, p)))))
"""
    levels = (
        "SELECT level, count() FROM (SELECT windowFunnel(86400)(toDateTime(timestamp), event = 'search', "
        "event = 'purchase') AS level FROM events "
        f"WHERE {period.where} AND event IN ('search', 'purchase') GROUP BY person) GROUP BY level"
    )
    conversion = {"start_event": "search", "end_event": "purchase", "window_minutes": 1440}
    return (
        Question("funnel, three steps", {"kind": "funnel", "steps": named, **period.dates}, by_hand),
        Question("conversion (by hand without times)", {"kind": "conversion", **conversion, **period.dates}, levels),
    )


def _coming_back(period: Period) -> tuple[Question, ...]:
    month, weeks = period.last(30), period.last(56)
    first = f"toDate('{weeks.start:%Y-%m-%d}')"
    week = f"intDiv(toInt32(toDate(timestamp)) - toInt32({first}), 7)"
    views = f"FROM events WHERE {weeks.where} AND event = '$pageview'"
    born = "SELECT person, toDate(min(timestamp)) AS c FROM events WHERE project_id = 1 GROUP BY person"
    days = f"SELECT person, groupUniqArray(toDate(timestamp)) AS days FROM events WHERE {month.where} GROUP BY person"
    spread = (
        f"SELECT d, multiIf(d = c, 'new', has(days, d - 1), 'returning', 'resurrecting') AS s, count() "
        f"FROM ({days}) AS a INNER JOIN ({born}) AS b USING person ARRAY JOIN days AS d GROUP BY d, s"
    )
    on_days = (
        "SELECT n, count() FROM (SELECT person, uniqExact(toDate(timestamp)) AS n FROM events "
        "WHERE {} GROUP BY person) GROUP BY n"
    )
    retention = {
        "kind": "retention",
        "period": "week",
        "intervals": 8,
        "timezone": "UTC",
        "date_to": period.dates["date_to"],
    }
    return (
        Question(
            "retention, eight weeks",
            retention,
            f"WITH (SELECT groupArray(p) FROM (SELECT {week} AS w, groupBitmapState(person) AS p {views} GROUP BY w "
            "ORDER BY w)) AS a SELECT arrayMap((x, i) -> arrayMap(y -> bitmapAndCardinality(x, y), arraySlice(a, i)), "
            "a, arrayEnumerate(a))",
        ),
        Question(
            "retention, eight weeks, first time",
            {**retention, "mode": "first_time"},
            f"SELECT a.w, r.w - a.w, count() FROM (SELECT person, {week.replace('timestamp', 'min(timestamp)')} AS w "
            "FROM events WHERE project_id = 1 AND event = '$pageview' GROUP BY person HAVING w >= 0) AS a "
            f"INNER JOIN (SELECT DISTINCT person, {week} AS w {views}) AS r USING person GROUP BY 1, 2",
        ),
        Question("lifecycle, thirty days", {"kind": "lifecycle", **month.dates}, spread),
        Question("growth accounting, thirty days", {"kind": "growth_accounting", **month.dates}, spread),
        Question("stickiness, thirty days", {"kind": "stickiness", **month.dates}, on_days.format(month.where)),
        Question(
            "power users, 28 days",
            {"kind": "power_users", "window": 28, "date_to": period.dates["date_to"]},
            on_days.format(period.last(28).where),
        ),
    )


def _journeys(period: Period) -> tuple[Question, ...]:
    week = period.last(7)
    scores = (
        "SELECT r, f, m, count() FROM (SELECT ntile(5) OVER (ORDER BY max(timestamp)) AS r, "
        "ntile(5) OVER (ORDER BY count()) AS f, ntile(5) OVER (ORDER BY sum(properties.price.:Float64)) AS m "
        f"FROM events WHERE {period.where} AND event = 'purchase' GROUP BY person) GROUP BY r, f, m"
    )
    return (
        Question("paths, one week", {"kind": "paths", "include": ["$pageview"], **week.dates}, _paths(week)),
        Question("person journey", {"kind": "person_journey", "person": 77, **period.dates}, _journey(period)),
        Question("rfm", {"kind": "rfm", "event": "purchase", "property": "price", **period.dates}, scores),
    )


def _paths(week: Period) -> str:
    """Edges with their times, nodes with those who left there, and whole paths: the greatest of each."""
    runs = (
        "SELECT arraySlice(arrayCompact(x -> x.2, run), 1, 5) AS steps, steps.2 AS names, "
        "arrayDifference(steps.1) AS waits FROM (SELECT arraySplit((x, is_gap) -> is_gap, seen, arrayMap((a, b) -> "
        "a.1 - b.1 >= 1800, seen, arrayPushFront(arrayPopBack(seen), seen[1]))) AS runs FROM (SELECT "
        "arraySort(x -> x.1, groupArray((toUnixTimestamp64Milli(timestamp) / 1000, path))) AS seen FROM events "
        f"WHERE {week.where} AND event = '$pageview' GROUP BY person)) ARRAY JOIN runs AS run"
    )
    items = (
        "arrayConcat(arrayMap(i -> (1, i, names[i], names[i + 1], waits[i + 1], 0), range(1, length(names))), "
        "arrayMap((n, i) -> (2, i, n, '', 0., i = length(names) AND i < 5), names, arrayEnumerate(names)), "
        "if(length(names) > 1, [(3, 0, arrayStringConcat(names, ' > '), '', 0., 0)], []))"
    )
    return (
        "SELECT item.1 AS what, item.2, item.3, item.4, count() AS n, avg(item.5), sum(item.6) FROM (SELECT "
        f"arrayJoin({items}) AS item FROM ({runs})) GROUP BY item.1, item.2, item.3, item.4 "
        "ORDER BY n DESC, item.2, item.3, item.4 LIMIT 50 BY what"
    )


def _journey(period: Period) -> str:
    """The person, the events with all that is shown of them, and their sessions."""
    shown = "timestamp, uuid, event, distinct_id, session, session_id, url, path, title, browser, os, device, country"
    statements = [
        "SELECT person, created_at, properties FROM persons FINAL WHERE project_id = 1 AND person = 77",
        "SELECT distinct_id FROM distinct_ids FINAL WHERE project_id = 1 AND person = 77",
        f"SELECT {shown}, properties FROM events WHERE {period.where} AND person = 77 ORDER BY timestamp LIMIT 101",
        "SELECT session, start, end, entry_path, exit_path FROM sessions FINAL WHERE project_id = 1 AND person = 77",
    ]
    return ";".join(statements)
