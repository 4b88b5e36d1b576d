"""One judgement for both passes: the way in examines drafts, the loader finishes the same drafts into events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from northing.data.events.model import (
    MAX_DISTINCT_ID,
    MAX_EVENT_BYTES,
    MAX_EVENT_NAME,
    Dropped,
    DropReason,
    WireEvent,
)
from northing.data.wire.lenient import encode_json
from northing.data.wire.properties import Json, groups_of, lift_known, text_of, uuid_bytes, uuid_text
from northing.data.wire.timestamps import Clock
from northing.data.wire.verdicts import Examined, Warned, WireContext

_TIME_MENDED = frozenset((Warned.TIMESTAMP_IN_FUTURE, Warned.TIMESTAMP_BEFORE_1970, Warned.TIMESTAMP_UNREADABLE))
_NO_WARNINGS: tuple[str, ...] = ()


class Parts(msgspec.Struct, gc=False):
    """An event taken apart by its format, still as it was sent."""

    event: Any
    distinct_id: Any
    uuid: Any
    timestamp: Any
    properties: Any
    offset: Any = None
    skewed: bool = True
    session_id: Any = None
    category: Any = None
    person_set: Any = None
    person_set_once: Any = None
    person_unset: Any = None
    groups: Any = None
    warnings: tuple[str, ...] = _NO_WARNINGS
    consumed: tuple[str, ...] = ()  # names of properties that became fields of the event


class Draft(msgspec.Struct, gc=False):
    """An event that will be stored, with its judged fields; `parts` holds the rest. `uuid` is empty where none came."""

    event: str
    distinct_id: str
    uuid: bytes
    timestamp_ms: int
    warnings: tuple[str, ...]
    parts: Parts


TakeApart = Callable[[Json], Parts]


def draft_event(item: Any, take_apart: TakeApart, clock: Clock) -> Draft | Dropped:
    """Judge one event."""
    if type(item) is not dict:
        return Dropped(DropReason.INVALID_EVENT, "An event must be a JSON object.")
    parts = take_apart(item)
    event, distinct_id, warnings = parts.event, parts.distinct_id, parts.warnings
    if type(event) is not str or not event or event.isspace():
        return Dropped(DropReason.MISSING_EVENT_NAME, "The event has no name; `event` must be a text.")
    if type(distinct_id) is not str:
        distinct_id = text_of(distinct_id)
    if not distinct_id or distinct_id.isspace():
        return Dropped(DropReason.MISSING_DISTINCT_ID, "The event has no distinct_id.")
    uuid = b"" if not parts.uuid else uuid_bytes(parts.uuid)
    if uuid is None:
        return Dropped(DropReason.ILLEGAL_UUID, "`uuid` is not a UUID.")
    if parts.properties is not None and type(parts.properties) is not dict:
        return Dropped(DropReason.INVALID_EVENT, "`properties` must be a JSON object.")
    if len(event) > MAX_EVENT_NAME:
        event, warnings = event[:MAX_EVENT_NAME], (*warnings, Warned.EVENT_NAME_CUT.value)
    if len(distinct_id) > MAX_DISTINCT_ID:
        distinct_id, warnings = distinct_id[:MAX_DISTINCT_ID], (*warnings, Warned.DISTINCT_ID_CUT.value)
    timestamp_ms, mended = clock.place(parts.timestamp, parts.offset, skewed=parts.skewed)
    if mended is not None:
        warnings = (*warnings, mended.value)
    return Draft(event, distinct_id, uuid, timestamp_ms, warnings, parts)


def draft_all(items: list[Any], take_apart: TakeApart, clock: Clock, body_size: int) -> list[Draft | Dropped]:
    """Judge all events of a request; their sizes are looked at only where the body leaves room for a large one."""
    if body_size <= MAX_EVENT_BYTES:
        return [draft_event(item, take_apart, clock) for item in items]
    return [
        _oversized(size) if (size := len(encode_json(item))) > MAX_EVENT_BYTES else draft_event(item, take_apart, clock)
        for item in items
    ]


def _oversized(size: int) -> Dropped:
    return Dropped(DropReason.EVENT_TOO_LARGE, f"The event has {size:,} bytes; {MAX_EVENT_BYTES:,} are allowed.")


def examine_drafts(drafts: list[Draft | Dropped], token: str | None = None) -> Examined:
    """The verdict on a request."""
    examined = Examined(len(drafts), [], token=token)
    for index, draft in enumerate(drafts):
        if isinstance(draft, Draft):
            examined.keys.append(uuid_text(draft.uuid) if draft.uuid else str(index))
            if draft.warnings:
                examined.warned[index] = draft.warnings
        else:
            examined.keys.append(str(index))
            examined.dropped[index] = draft
    return examined


def finish_drafts(drafts: list[Draft | Dropped], context: WireContext) -> list[WireEvent | Dropped]:
    """The events of a request, in order; refused ones keep their place."""
    base = context.uuid_base
    return [
        _finish(draft, draft.uuid or (base + index).to_bytes(16, "big")) if isinstance(draft, Draft) else draft
        for index, draft in enumerate(drafts)
    ]


def _finish(draft: Draft, uuid: bytes) -> WireEvent:
    parts = draft.parts
    properties: Json = parts.properties or {}
    for name in parts.consumed:
        properties.pop(name, None)
    if draft.warnings and not _TIME_MENDED.isdisjoint(draft.warnings):
        # Nothing is lost where a time had to be replaced: what was sent becomes a property.
        properties["$original_timestamp"] = parts.timestamp
    known = lift_known(properties)
    return WireEvent(
        draft.event,
        draft.distinct_id,
        draft.timestamp_ms,
        uuid,
        parts.session_id if type(parts.session_id) is str else text_of(parts.session_id),
        parts.category if type(parts.category) is str else text_of(parts.category),
        encode_json(properties) if properties else b"{}",
        known,
        encode_json(parts.person_set) if parts.person_set else b"",
        encode_json(parts.person_set_once) if parts.person_set_once else b"",
        encode_json(parts.person_unset) if parts.person_unset else b"",
        groups_of(parts.groups) if parts.groups else None,
        draft.warnings,
    )
