"""Where a property lives: a column of the event, a path of its JSON, or the person it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from northing.data.query.reader import text_fault
from northing.data.query.statements import GROUP, PROFILE, ROW, SESSION, quote_identifier

Owner = Literal["event", "person", "session", "group"]
MAX_NAME = 300

# PostHog's names for what we keep in columns; the plain column names work too.
DOLLAR_COLUMNS = {
    "$current_url": "url",
    "$host": "host",
    "$pathname": "path",
    "$referrer": "referrer",
    "$referring_domain": "referrer_host",
    "$title": "title",
    "$browser": "browser",
    "$browser_version": "browser_version",
    "$os": "os",
    "$os_version": "os_version",
    "$device_type": "device",
    "$lib": "lib",
    "$session_id": "session_id",
    "$ip": "ip",
    "$geoip_country_code": "country",
    "$geoip_subdivision_1_name": "region",
    "$geoip_city_name": "city",
    "$utm_source": "utm_source",
    "$utm_medium": "utm_medium",
    "$utm_campaign": "utm_campaign",
    "$utm_term": "utm_term",
    "$utm_content": "utm_content",
}
# Lifted whole out of the properties on the way in, so the column is the only place they can be.
_ONLY_COLUMNS = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "distinct_id"})
# Names that people also give to properties of their own, which then come first.
_SHARED_NAMES = frozenset(
    "url host path referrer referrer_host title browser browser_version os os_version device country region city "
    "lib session_id ip category channel".split()
)
TEXT_COLUMNS = tuple(sorted(_ONLY_COLUMNS | _SHARED_NAMES))
# One page seen, nothing done, and gone within ten seconds.
BOUNCE_MS = 10_000
BOUNCED = (
    f"({SESSION}.pageviews = 1 AND {SESSION}.actions = 0 "
    f"AND dateDiff('millisecond', {SESSION}.start, {SESSION}.end) < {BOUNCE_MS})"
)
_SESSION_NAMES = (
    "duration is_bounce events pageviews actions start end entry_url entry_host entry_path exit_url exit_host "
    "exit_path referrer_host channel utm_source utm_medium utm_campaign utm_term utm_content browser os device country"
).split()
# PostHog's names for the same.
SESSION_PROPERTIES = {name: name for name in _SESSION_NAMES} | {
    "$session_duration": "duration",
    "$is_bounce": "is_bounce",
    "$pageview_count": "pageviews",
    "$start_timestamp": "start",
    "$end_timestamp": "end",
    "$entry_current_url": "entry_url",
    "$entry_hostname": "entry_host",
    "$entry_pathname": "entry_path",
    "$end_current_url": "exit_url",
    "$end_hostname": "exit_host",
    "$end_pathname": "exit_path",
    "$entry_referring_domain": "referrer_host",
    "$channel_type": "channel",
    **{f"$entry_utm_{name}": f"utm_{name}" for name in ("source", "medium", "campaign", "term", "content")},
}
_PERSON_COLUMNS = {"$created_at": "created_at", "$is_identified": "is_identified"}


@dataclass(frozen=True, slots=True)
class Property:
    """A property by name; `owner` says whose, and for groups `of` says of which type."""

    owner: Owner
    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """SQL that reads one property: as text ('' = none), as a number (NULL = none), and pieces for typed comparisons.

    `path` is the quoted JSON path where the value is JSON, `column` a text column where there is one; both where the
    JSON comes first and the column fills in.
    """

    text: str
    number: str
    path: str | None
    column: str | None

    @property
    def is_set(self) -> str:
        """Whether there is any value; an object such as `{"cart": {"total": 5}}` counts as one of `cart`."""
        parts = [f"{self.column} != ''"] if self.column else []
        if self.path:
            children = self.path.replace("properties.", "properties.^", 1)
            parts += [f"isNotNull({self.path})", f"notEmpty(JSONAllPaths({children}))"]
        return f"({' OR '.join(parts)})"


def property_fault(name: str, owner: Owner = "event") -> str | None:
    """Why the text cannot name a property, or None."""
    fault = text_fault(name, MAX_NAME)
    if fault:
        return fault
    if owner == "session" and name not in SESSION_PROPERTIES:
        return f"is not a property of sessions; those are {', '.join(sorted(set(SESSION_PROPERTIES.values())))}"
    if any(not part for part in name.split(".")):
        return "has an empty part between dots"
    # Even inside quotes the engine would read these as a type or a sub-object, and a cast to a type can fail on a row:
    # perhaps on one of another project, before that is left out.
    if any(part.startswith((":`", "^`")) for part in name.split(".")):
        return "has a part that begins with :` or ^`, which the store reads as a type"
    return None


def access_event(name: str) -> Access:
    """How to read an event's property in a statement over `EVENTS`."""
    column = DOLLAR_COLUMNS.get(name) or (name if name in _ONLY_COLUMNS else None)
    if column:
        return _of_column(f"{ROW}.{column}")
    if name == "$bot" or name == "bot":
        return Access(f"toString({ROW}.bot)", f"toFloat64({ROW}.bot)", None, f"toString({ROW}.bot)")
    path = f"{ROW}.properties.{quote_identifier(name)}"
    if name in _SHARED_NAMES:
        return _of_both(path, f"{ROW}.{name}")
    return _of_path(path)


def access_person(name: str) -> Access:
    """How to read a person's property in a select from `PERSONS`."""
    column = _PERSON_COLUMNS.get(name)
    if column:
        return _of_column(f"toString({PROFILE}.{column})")
    return _of_path(f"{PROFILE}.properties.{quote_identifier(name)}")


def access_session(name: str) -> Access:
    """How to read a session's property in a select from `sessions`."""
    column = SESSION_PROPERTIES[name]
    if column == "duration":
        seconds = f"dateDiff('millisecond', {SESSION}.start, {SESSION}.end) / 1000"
        return Access(f"toString({seconds})", f"toFloat64({seconds})", None, f"toString({seconds})")
    if column == "is_bounce":
        return _of_column(f"if({BOUNCED}, 'true', 'false')")
    return _of_column(f"toString({SESSION}.{column})")


def access_group(name: str) -> Access:
    """How to read a group's property in a select from `groups`."""
    if name == "$group_key":
        return _of_column(f"{GROUP}.key")
    if name == "$created_at":
        return _of_column(f"toString({GROUP}.created_at)")
    return _of_path(f"{GROUP}.properties.{quote_identifier(name)}")


def _of_column(column: str) -> Access:
    return Access(column, _finite(f"toFloat64OrNull({column})"), None, column)


def _of_path(path: str) -> Access:
    return Access(f"{path}::String", _path_number(path), path, None)


def _of_both(path: str, column: str) -> Access:
    text = f"if({path}::String != '', {path}::String, toString({column}))"
    number = f"coalesce({_path_number(path)}, {_finite(f'toFloat64OrNull({column})')})"
    return Access(text, number, path, column)


def _path_number(path: str) -> str:
    # Typed subcolumns read about half of what a cast of the whole path does; each further one costs its reading.
    text = _finite(f"toFloat64OrNull({path}.:String)")
    return f"ifNull(toFloat64({path}.:Int64), ifNull({path}.:Float64, {text}))"


def _finite(number: str) -> str:
    """Texts such as 'nan' and 'inf' are no numbers."""
    return f"if(isFinite({number}), {number}, NULL)"
