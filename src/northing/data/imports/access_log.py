"""Web server logs in the common or combined format of Apache and nginx: every request is an event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from northing.data.imports.sources import Json, Line, Read, Source

EVENT = "request"
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_START = r"(\S+) (\S+) (\S+) \[([^\]]+)\]"
COMBINED = re.compile(rf"{_START} {_QUOTED} (\d{{3}}) (\d+|-) {_QUOTED} {_QUOTED}")
COMMON = re.compile(rf"{_START} {_QUOTED} (\d{{3}}) (\d+|-)")
# What is left of a line whose rest is damaged: where it came from, when, and maybe what and how it ended.
_DAMAGED = re.compile(rf"{_START}(?: {_QUOTED})?(?: (\d{{3}})(?= |$))?(?: (\d+|-)(?= |$))?")
_TIME = re.compile(r"(\d{2})/(\w{3})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})")
_MONTHS = {name: n for n, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "v": "\v"}
_ODD = "The line is not in the common or combined log format"


def read_access_log(source: Source, *, start: int = 0) -> Iterator[Read]:
    """The requests of a log from offset `start` on.

    A line that is in neither format is reported; where it still names an address and a time it becomes an event too,
    with the property `malformed`.
    """
    for line in source.lines(start):
        if line.text.strip():
            event, problem = _event_of(line)
            if event is not None:
                event["uuid"] = source.uuid_of(line.start, line.text)
            yield Read(line.number, line.resume, event, problem)


def _event_of(line: Line) -> tuple[Json | None, str | None]:
    text = line.text.decode("utf-8", "replace")
    match = COMBINED.fullmatch(text) or COMMON.fullmatch(text)
    problem = None if match else f"{_ODD}."
    match = match or _DAMAGED.match(text)
    moment = _moment(match[4]) if match else None
    if match is None or moment is None:
        return None, f"{_ODD}, and names no address and time."
    properties = _properties(match)
    if problem:
        properties |= {"malformed": True, "line": text[:4000]}
        problem = f"{_ODD}; it is kept with the property malformed."
    return {"event": EVENT, "distinct_id": match[1], "timestamp": moment.isoformat(), "properties": properties}, problem


def _properties(match: re.Match[str]) -> Json:
    groups = [None if group == "-" else group for group in match.groups()]
    address, _, user, _, request, status, size = groups[:7]
    referrer, agent = groups[7:] if len(groups) > 7 else (None, None)
    found: Json = {"ip": address, "remote_user": user, **_request(request or "")}
    found |= {"status": int(status) if status else None, "bytes": int(size) if size else None}
    found |= {"referrer": _plain(referrer), "user_agent": _plain(agent)}
    return {name: value for name, value in found.items() if value is not None}


def _request(line: str) -> Json:
    words = _unescaped(line).split(" ")
    if len(words) < 2:
        return {"request": line} if line else {}
    path, _, query = words[1].partition("?")
    protocol = words[2] if len(words) > 2 else None
    return {"method": words[0], "path": path, "query": query or None, "protocol": protocol}


def _plain(text: str | None) -> str | None:
    return _unescaped(text) if text else None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 3 else _ESCAPES.get(code, code)


def _moment(text: str) -> datetime | None:
    match = _TIME.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    day, _, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        return datetime(
            int(year), _MONTHS[match[2]], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone
        )
    except ValueError:
        return None
