"""Northing's own format: one event, an array of them, or `{"batch": [...], "sent_at"}`.

An event is `{event, distinct_id, timestamp?, uuid?, category?, session_id?, properties?, set?, set_once?, unset?,
groups?}`; `set`, `set_once` and `unset` write properties of the person.
"""

from __future__ import annotations

from typing import Any

import msgspec

from northing.data.events.model import Dropped, WireEvent
from northing.data.wire.drafts import Draft, Parts, draft_all, examine_drafts, finish_drafts
from northing.data.wire.properties import Json
from northing.data.wire.timestamps import Clock, parse_time
from northing.data.wire.unpack import Unpacked
from northing.data.wire.verdicts import Examined, Warned, WireContext
from northing.kernel.problems import Problem

FIELDS = frozenset(("event", "distinct_id", "timestamp", "uuid", "category", "session_id", "properties")) | {
    "set",
    "set_once",
    "unset",
    "groups",
}
_CONSUMED = ("$session_id",)

_decoder = msgspec.json.Decoder()


def examine(unpacked: Unpacked, context: WireContext) -> Examined:
    """Judge every event of a request. Raises `Problem` 400 where there is none to judge."""
    drafts = _drafts(unpacked.value, len(unpacked.body), context)
    if not drafts:
        raise Problem(400, "empty_batch", "The request holds no event.", "Send one event, an array, or a batch.")
    return examine_drafts(drafts)


def decode(body: bytes, context: WireContext) -> list[WireEvent | Dropped]:
    """The events of a canonical body: as many as `examine` judged, with the same verdicts, in order."""
    return finish_drafts(_drafts(_decoder.decode(body), len(body), context), context)


def _drafts(value: Any, size: int, context: WireContext) -> list[Draft | Dropped]:
    items, sent_at = _events_of(value)
    sent_at_ms = context.sent_at_ms if sent_at is None else parse_time(sent_at)
    return draft_all(items, _take_apart, Clock(context.received_ms, sent_at_ms), size)


def _events_of(value: Any) -> tuple[list[Any], Any]:
    if type(value) is list:
        return value, None
    if type(value) is dict and type(value.get("batch")) is list:
        return value["batch"], value.get("sent_at")
    return [value], None


def _take_apart(item: Json) -> Parts:
    get = item.get
    person_set, person_set_once, unset, groups = get("set"), get("set_once"), get("unset"), get("groups")
    warnings: tuple[str, ...] = () if item.keys() <= FIELDS else (Warned.UNKNOWN_FIELD.value,)
    properties = get("properties")
    session_id = get("session_id")
    if session_id is None and properties and type(properties) is dict:
        session_id = properties.get("$session_id")
    parts = Parts(
        get("event"),
        get("distinct_id"),
        get("uuid"),
        get("timestamp"),
        properties,
        session_id=session_id,
        category=get("category"),
        warnings=warnings,
        consumed=_CONSUMED,
    )
    if person_set is not None or person_set_once is not None or unset is not None or groups is not None:
        _put_writes(parts, (person_set, person_set_once, unset, groups))
    return parts


def _put_writes(parts: Parts, writes: tuple[Any, Any, Any, Any]) -> None:
    person_set, person_set_once, unset, groups = writes
    fits = (type(person_set) is dict, type(person_set_once) is dict, type(unset) is list, type(groups) is dict)
    parts.person_set = person_set if fits[0] else None
    parts.person_set_once = person_set_once if fits[1] else None
    parts.person_unset = unset if fits[2] else None
    parts.groups = groups if fits[3] else None
    if any(value is not None and not fit for value, fit in zip(writes, fits, strict=True)):
        parts.warnings = (*parts.warnings, Warned.FIELD_IGNORED.value)
