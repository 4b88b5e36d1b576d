"""Northing's own format: one event, an array of them, or `{"batch": [...], "sent_at"}`.

An event is `{event, distinct_id, timestamp?, uuid?, category?, session_id?, properties?, set?, set_once?, unset?,
groups?}`; `set`, `set_once` and `unset` write properties of the person.
"""

from __future__ import annotations

from typing import Any

import msgspec

from northing.data.events.model import Dropped, WireEvent
from northing.data.wire.drafts import Draft, Judge, examine_drafts, finish_drafts
from northing.data.wire.properties import Json
from northing.data.wire.timestamps import Clock, parse_time
from northing.data.wire.unpack import Unpacked
from northing.data.wire.verdicts import Examined, Warned, WireContext
from northing.kernel.problems import Problem

_PLAIN_FIELDS = frozenset(("event", "distinct_id", "timestamp", "uuid", "category", "session_id", "properties"))
FIELDS = _PLAIN_FIELDS | {"set", "set_once", "unset", "groups"}
_CONSUMED = ("$session_id",)

_decoder = msgspec.json.Decoder()


def examine(unpacked: Unpacked, context: WireContext) -> Examined:
    """Judge every event of a request. Raises `Problem` 400 where there is none to judge."""
    drafts = _drafts(unpacked, context)
    if not drafts:
        raise Problem(400, "empty_batch", "The request holds no event.", "Send one event, an array, or a batch.")
    return examine_drafts(drafts)


def decode(body: bytes, context: WireContext) -> list[WireEvent | Dropped]:
    """The events of a canonical body: as many as `examine` judged, with the same verdicts, in order."""
    return finish_drafts(_drafts(Unpacked(body, _decoder.decode(body)), context), context)


def _drafts(unpacked: Unpacked, context: WireContext) -> list[Draft | Dropped]:
    items, sent_at = _events_of(unpacked.value)
    sent_at_ms = context.sent_at_ms if sent_at is None else parse_time(sent_at)
    judge = Judge(_take_apart, Clock(context.received_ms, sent_at_ms))
    return judge.draft_all(items, body_size=len(unpacked.body))


def _events_of(value: Any) -> tuple[list[Any], Any]:
    if type(value) is list:
        return value, None
    if type(value) is dict and type(value.get("batch")) is list:
        return value["batch"], value.get("sent_at")
    return [value], None


def _take_apart(item: Json) -> Draft:
    get = item.get
    properties = get("properties")
    session_id = get("session_id")
    if session_id is None and properties and type(properties) is dict:
        session_id = properties.get("$session_id")
    draft = Draft(
        get("event"),
        get("distinct_id"),
        get("uuid"),
        get("timestamp"),
        properties,
        session_id,
        get("category"),
        consumed=_CONSUMED,
    )
    if not item.keys() <= _PLAIN_FIELDS:
        _put_writes(draft, item)
    return draft


def _put_writes(draft: Draft, item: Json) -> None:
    kinds = {"set": dict, "set_once": dict, "unset": list, "groups": dict}
    fits = {name: item[name] for name, kind in kinds.items() if isinstance(item.get(name), kind)}
    draft.person_set = fits.get("set")
    draft.person_set_once = fits.get("set_once")
    draft.person_unset = fits.get("unset")
    draft.groups = fits.get("groups")
    if not item.keys() <= FIELDS:
        draft.warnings = (Warned.UNKNOWN_FIELD.value,)
        draft.ignored = tuple(name for name in item if name not in FIELDS)
    if unfit := tuple(name for name in kinds if item.get(name) is not None and name not in fits):
        draft.warnings = (*draft.warnings, Warned.FIELD_IGNORED.value)
        draft.ignored += unfit
