"""From a cut of the spool to one batch: decode, drop, deduplicate, number persons, make rows, count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import structlog

from northing.data.identity.persons import PersonNumbers, distinct_id_rows
from northing.data.ingest.records import Record, WireKind, parse_record
from northing.data.ingest.rows import Origin, Row, make_row, truncate_ip
from northing.data.ingest.segments import Stretch, mapped
from northing.data.ingest.uuid_index import Hashes, UuidIndex, hash_uuids
from northing.data.wire import native, posthog
from northing.data.wire.verdicts import WireContext
from northing.data.events.model import Dropped, DropReason, WireEvent

log = structlog.get_logger(__name__)

Decoder = Callable[[bytes, WireContext], "list[WireEvent | Dropped]"]
DECODERS: Mapping[WireKind, Decoder] = {WireKind.NATIVE: native.decode, WireKind.POSTHOG: posthog.decode}

HOUR_MS = 3_600_000
# (project, hour received, outcome, reason)
Fate = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """All that one load puts into the store and the books."""

    number: int
    ends: Mapping[str, int]
    rows: tuple[Row, ...]
    uuids: tuple[bytes, ...]
    id_rows: bytes
    fates: Mapping[Fate, int]


@dataclass(slots=True)
class _Draft:
    events: list[WireEvent]
    origins: list[Origin]
    fates: Counter[Fate]


class Builder:
    """Builds batches in order; remembers which uuids and persons are known."""

    def __init__(self, numbers: PersonNumbers, index: UuidIndex, ip_rules: Mapping[int, str]) -> None:
        self._numbers = numbers
        self._index = index
        self.ip_rules = ip_rules  # project id -> drop | truncate | keep | deleted

    def build(self, number: int, cut: tuple[Stretch, ...], recovered: frozenset[bytes] = frozenset()) -> Batch:
        """The batch of a cut; `recovered` are its events (project and uuid) that an earlier attempt has stored."""
        draft = self._decode(cut)
        hashes = _hashes(draft)
        fresh = self._fresh(hashes)
        self._index.add(number, hashes[fresh])
        kept = np.flatnonzero(fresh).tolist()
        people, id_rows = self._number_people(draft, kept, number)
        rows: list[Row] = []
        uuids: list[bytes] = []
        for at in kept:
            event, origin = draft.events[at], draft.origins[at]
            draft.fates[_fate(origin, "stored", "")] += 1
            identity = origin.project_id.to_bytes(4, "big") + event.uuid
            if recovered and identity in recovered:
                continue
            person = people[origin.project_id][event.distinct_id]
            rows.append(make_row(event, origin, person, number))
            uuids.append(identity)
        for at in np.flatnonzero(~fresh).tolist():
            draft.fates[_fate(draft.origins[at], "deduplicated", "")] += 1
        ends = {stretch.path.name: stretch.end for stretch in cut}
        return Batch(number, ends, tuple(rows), tuple(uuids), id_rows, draft.fates)

    def _decode(self, cut: tuple[Stretch, ...]) -> _Draft:
        draft = _Draft([], [], Counter())
        for stretch in cut:
            for record in _records(stretch):
                self._decode_record(record, draft)
        return draft

    def _decode_record(self, record: Record, draft: _Draft) -> None:
        rule = self.ip_rules.get(record.project_id)
        origin = Origin(record.project_id, record.received_ms, record.user_agent, _kept_ip(record.ip, rule))
        if rule is None or rule == "deleted":
            draft.fates[_fate(origin, "dropped", DropReason.PROJECT_DELETED)] += record.events
            return
        context = WireContext(
            received_ms=record.received_ms,
            sent_at_ms=record.sent_at_ms,
            uuid_base=record.uuid_base,
            path=record.path,
        )
        for item in self._items(record, context):
            if isinstance(item, WireEvent):
                draft.events.append(item)
                draft.origins.append(origin)
            else:
                draft.fates[_fate(origin, "dropped", str(item.reason))] += 1

    def _items(self, record: Record, context: WireContext) -> list[WireEvent | Dropped]:
        try:
            return DECODERS[record.kind](record.body, context)
        except Exception as error:
            # One record that no decoder can read must not stop all that come behind it.
            log.exception("record_undecodable", project=record.project_id, kind=record.kind, bytes=len(record.body))
            return [Dropped(DropReason.UNDECODABLE, type(error).__name__)] * record.events

    def _fresh(self, hashes: Hashes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        first = np.zeros(len(hashes), dtype=bool)
        first[np.unique(hashes, return_index=True)[1]] = True
        return first & ~self._index.contains(hashes)

    def _number_people(
        self, draft: _Draft, kept: Iterable[int], version: int
    ) -> tuple[dict[int, dict[str, int]], bytes]:
        self._numbers.trim()
        asked: defaultdict[int, list[str]] = defaultdict(list)
        for at in kept:
            asked[draft.origins[at].project_id].append(draft.events[at].distinct_id)
        people: dict[int, dict[str, int]] = {}
        rows: list[bytes] = []
        for project_id, distinct_ids in asked.items():
            people[project_id], new = self._numbers.resolve(project_id, distinct_ids)
            rows.append(distinct_id_rows(project_id, new, people[project_id], version))
        return people, b"".join(rows)


def _records(stretch: Stretch) -> Iterable[Record]:
    with mapped(stretch.path) as data:
        for found in stretch.frames:
            yield parse_record(data, found)


def _hashes(draft: _Draft) -> Hashes:
    if not draft.events:
        return np.empty(0, dtype=np.uint64)
    projects = np.fromiter((o.project_id for o in draft.origins), dtype=np.uint64, count=len(draft.origins))
    return hash_uuids(projects, b"".join(e.uuid for e in draft.events))


def _fate(origin: Origin, outcome: str, reason: str) -> Fate:
    return origin.project_id, origin.received_ms // HOUR_MS, outcome, reason


def _kept_ip(address: str, rule: str | None) -> str:
    if rule == "keep":
        return address
    return truncate_ip(address) if rule == "truncate" else ""
