"""One judgement for both passes: the way in examines drafts, the loader finishes the same drafts into events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from northing.data.wire.lenient import encode_json, encode_names, encode_shallow
from northing.data.wire.properties import Json, groups_of, lift_known, text_of, uuid_bytes
from northing.data.wire.timestamps import Clock
from northing.data.wire.verdicts import Examined, Warned, WireContext

_TIME_MENDED = frozenset((Warned.TIMESTAMP_IN_FUTURE, Warned.TIMESTAMP_BEFORE_1970, Warned.TIMESTAMP_UNREADABLE))


class Draft(msgspec.Struct, gc=False):
    """An event taken apart by its format; judging mends it in place, because copies would cost a fifth of all time.

    `consumed` names the properties that became fields of the event, `ignored` the fields that were not taken.
    """

    event: Any
    distinct_id: Any
    uuid: Any
    timestamp: Any
    properties: Any
    session_id: Any = None
    category: Any = None
    warnings: tuple[str, ...] = ()
    consumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    offset: Any = None
    skewed: bool = True
    person_set: Any = None
    person_set_once: Any = None
    person_unset: Any = None
    groups: Any = None
    timestamp_ms: int = 0
    uuid_bytes: bytes = b""


TakeApart = Callable[[Json], Draft]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the events of one request: how its format takes them apart, and what time it is."""

    take_apart: TakeApart
    clock: Clock

    def draft(self, item: Any) -> Draft | Dropped:
        """Judge one event."""
        draft = _take_apart(item, self.take_apart)
        if isinstance(draft, Draft):
            draft.timestamp_ms, mended = self.clock.place(draft.timestamp, draft.offset, skewed=draft.skewed)
            if mended is not None:
                draft.warnings = (*draft.warnings, mended.value)
        return draft

    def draft_all(self, items: list[Any], *, body_size: int) -> list[Draft | Dropped]:
        """Judge all events; their sizes are looked at only where the body leaves room for a large one."""
        if body_size <= MAX_EVENT_BYTES:
            return [self.draft(item) for item in items]
        return [_oversized(item) or self.draft(item) for item in items]


def _take_apart(item: Any, take_apart: TakeApart) -> Draft | Dropped:
    if type(item) is not dict:
        return Dropped(DropReason.INVALID_EVENT, "An event must be a JSON object.")
    draft = take_apart(item)
    event, properties = draft.event, draft.properties
    if type(event) is not str or not event or event.isspace():
        return Dropped(DropReason.MISSING_EVENT_NAME, "The event has no name; `event` must be a text.")
    if properties is not None and type(properties) is not dict:
        return Dropped(DropReason.INVALID_EVENT, "`properties` must be a JSON object.")
    distinct_id = draft.distinct_id
    if type(distinct_id) is not str:
        draft.distinct_id = distinct_id = text_of(distinct_id)
    if not distinct_id or distinct_id.isspace():
        return Dropped(DropReason.MISSING_DISTINCT_ID, "The event has no distinct_id.")
    if draft.uuid:
        uuid = uuid_bytes(draft.uuid)
        if uuid is None:
            return Dropped(DropReason.ILLEGAL_UUID, "`uuid` is not a UUID.")
        draft.uuid_bytes = uuid
    if len(event) > MAX_EVENT_NAME or len(distinct_id) > MAX_DISTINCT_ID:
        _cut(draft)
    return draft


def _cut(draft: Draft) -> None:
    if len(draft.event) > MAX_EVENT_NAME:
        draft.event = draft.event[:MAX_EVENT_NAME]
        draft.warnings = (*draft.warnings, Warned.EVENT_NAME_CUT.value)
    if len(draft.distinct_id) > MAX_DISTINCT_ID:
        draft.distinct_id = draft.distinct_id[:MAX_DISTINCT_ID]
        draft.warnings = (*draft.warnings, Warned.DISTINCT_ID_CUT.value)


def _oversized(item: Any) -> Dropped | None:
    size = len(encode_json(item))
    if size <= MAX_EVENT_BYTES:
        return None
    return Dropped(DropReason.EVENT_TOO_LARGE, f"The event has {size:,} bytes; {MAX_EVENT_BYTES:,} are allowed.")


def examine_drafts(drafts: list[Draft | Dropped], token: str | None = None) -> Examined:
    """The verdict on a request."""
    examined = Examined(len(drafts), [], token=token)
    for index, draft in enumerate(drafts):
        if isinstance(draft, Dropped):
            examined.keys.append(str(index))
            examined.dropped[index] = draft
            continue
        examined.keys.append(draft.uuid or str(index))
        if draft.warnings:
            examined.warned[index] = draft.warnings
            if draft.ignored:
                examined.ignored[index] = draft.ignored
    return examined


def finish_drafts(drafts: list[Draft | Dropped], context: WireContext) -> list[WireEvent | Dropped]:
    """The events of a request, in order; refused ones keep their place."""
    base = context.uuid_base
    return [
        _finish(draft, draft.uuid_bytes or (base + index).to_bytes(16, "big")) if isinstance(draft, Draft) else draft
        for index, draft in enumerate(drafts)
    ]


def _finish(draft: Draft, uuid: bytes) -> WireEvent:
    properties: Json = draft.properties or {}
    for name in draft.consumed:
        if name in properties:
            del properties[name]
    if draft.warnings and not _TIME_MENDED.isdisjoint(draft.warnings):
        # Nothing is lost where a time had to be replaced: what was sent becomes a property.
        properties["$original_timestamp"] = draft.timestamp
    known = lift_known(properties)
    session_id, category = draft.session_id, draft.category
    person_set, person_set_once, person_unset = draft.person_set, draft.person_set_once, draft.person_unset
    return WireEvent(
        draft.event,
        draft.distinct_id,
        draft.timestamp_ms,
        uuid,
        (session_id if type(session_id) is str else text_of(session_id))[:MAX_DISTINCT_ID],
        (category if type(category) is str else text_of(category))[:MAX_DISTINCT_ID],
        encode_shallow(properties) if properties else b"{}",
        known,
        encode_shallow(person_set) if person_set else b"",
        encode_shallow(person_set_once) if person_set_once else b"",
        encode_names(person_unset) if person_unset else b"",
        groups_of(draft.groups) if draft.groups else None,
        draft.warnings,
    )
