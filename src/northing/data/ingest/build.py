"""From a cut of the spool to one batch: decode, drop, deduplicate, number persons, make rows, count."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import structlog
from numpy.typing import NDArray

from northing.data.events.model import Dropped, DropReason, WireEvent
from northing.data.identity.persons import PersonNumbers, distinct_id_rows
from northing.data.identity.profiles import Profiles, writes_profile
from northing.data.ingest.records import Record, WireKind
from northing.data.ingest.rows import Origin, Row, RowMaker
from northing.data.ingest.segments import Stretch
from northing.data.ingest.uuid_index import Hashes, UuidIndex, hash_uuids
from northing.data.store import Store
from northing.data.wire import native, posthog
from northing.data.wire.verdicts import WireContext

log = structlog.get_logger(__name__)

Decoder = Callable[[bytes, WireContext], "list[WireEvent | Dropped]"]
DECODERS: Mapping[WireKind, Decoder] = {WireKind.NATIVE: native.decode, WireKind.POSTHOG: posthog.decode}

HOUR_MS = 3_600_000
_PROJECT = struct.Struct(">I").pack
Mask = NDArray[np.bool_]
# (project, hour received, outcome, reason)
Fate = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """All that one load puts into the store and the books."""

    number: int
    ends: Mapping[str, int]
    rows: Sequence[Row]
    identities: Sequence[bytes]  # project and uuid of each row
    id_rows: bytes
    profile_rows: bytes
    fates: Mapping[Fate, int]


@dataclass(slots=True)
class _Draft:
    """Events in order; `sources[i]` is the index in `origins` of event i's request."""

    events: list[WireEvent] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    fates: Counter[Fate] = field(default_factory=Counter)


class Builder:
    """Builds batches in order; remembers which uuids and persons are known."""

    def __init__(self, store: Store, index: UuidIndex) -> None:
        self._numbers = PersonNumbers(store)
        self._profiles = Profiles(store)
        self._index = index
        self.ip_rules: Mapping[int, str] = {}  # project id -> drop | truncate | keep | deleted

    def build(self, number: int, cut: tuple[Stretch, ...], recovered: frozenset[bytes] = frozenset()) -> Batch:
        """The batch of a cut; `recovered` are its events (project and uuid) that an earlier attempt has stored."""
        draft = self._decode(cut)
        hashes = _hashes(draft)
        fresh = self._fresh(hashes)
        self._index.add(number, hashes[fresh])
        _count(draft, fresh)
        kept = np.flatnonzero(fresh).tolist()
        people = self._number_people(draft, kept, number)
        makers = [RowMaker(origin, number) for origin in draft.origins]
        rows: list[Row] = []
        identities: list[bytes] = []
        for at in kept:
            event, source = draft.events[at], draft.sources[at]
            project_id = draft.origins[source].project_id
            identity = _PROJECT(project_id) + event.uuid
            if recovered and identity in recovered:
                continue
            identities.append(identity)
            rows.append(makers[source].row(event, people.numbers[project_id][event.distinct_id]))
        ends = {stretch.path.name: stretch.end for stretch in cut}
        return Batch(number, ends, rows, identities, people.id_rows, people.profile_rows, draft.fates)

    def _decode(self, cut: tuple[Stretch, ...]) -> _Draft:
        draft = _Draft()
        for stretch in cut:
            for record in stretch.records():
                self._decode_record(record, draft)
        return draft

    def _decode_record(self, record: Record, draft: _Draft) -> None:
        rule = self.ip_rules.get(record.project_id)
        origin = Origin(record.project_id, record.received_ms, record.user_agent, record.ip, rule or "drop")
        if rule is None or rule == "deleted":
            draft.fates[_fate(origin, "dropped", DropReason.PROJECT_DELETED)] += record.events
            return
        source = len(draft.origins)
        draft.origins.append(origin)
        context = WireContext(
            received_ms=record.received_ms,
            sent_at_ms=record.sent_at_ms,
            uuid_base=record.uuid_base,
            path=record.path,
        )
        for item in self._items(record, context):
            if isinstance(item, WireEvent):
                draft.events.append(item)
                draft.sources.append(source)
            else:
                draft.fates[_fate(origin, "dropped", str(item.reason))] += 1

    def _items(self, record: Record, context: WireContext) -> list[WireEvent | Dropped]:
        try:
            return DECODERS[record.kind](record.body, context)
        except Exception as error:
            # One record that no decoder can read must not stop all that come behind it.
            log.exception("record_undecodable", project=record.project_id, kind=record.kind, bytes=len(record.body))
            return [Dropped(DropReason.UNDECODABLE, type(error).__name__)] * record.events

    def _fresh(self, hashes: Hashes) -> Mask:
        first = np.zeros(len(hashes), dtype=bool)
        first[np.unique(hashes, return_index=True)[1]] = True
        mask: Mask = first & ~self._index.contains(hashes)
        return mask

    def _number_people(self, draft: _Draft, kept: Iterable[int], version: int) -> _People:
        self._numbers.trim()
        asked: defaultdict[int, list[WireEvent]] = defaultdict(list)
        for at in kept:
            asked[draft.origins[draft.sources[at]].project_id].append(draft.events[at])
        numbers: dict[int, dict[str, int]] = {}
        id_rows: list[bytes] = []
        profile_rows: list[bytes] = []
        for project_id, events in asked.items():
            known, new = self._numbers.resolve(project_id, [event.distinct_id for event in events])
            numbers[project_id] = known
            id_rows.append(distinct_id_rows(project_id, new, known, version))
            writes = [(known[event.distinct_id], event) for event in events if writes_profile(event)]
            born = _first_moments(new, events, known)
            profile_rows.append(self._profiles.rows(project_id, born, writes, version=version))
        return _People(numbers, b"".join(id_rows), b"".join(profile_rows))


@dataclass(frozen=True, slots=True)
class _People:
    numbers: Mapping[int, dict[str, int]]
    id_rows: bytes
    profile_rows: bytes


def _first_moments(new: Iterable[str], events: Iterable[WireEvent], known: Mapping[str, int]) -> dict[int, int]:
    """The earliest moment (ms) of each new person."""
    unborn = set(new)
    born: dict[int, int] = {}
    if not unborn:
        return born
    for event in events:
        if event.distinct_id in unborn:
            person = known[event.distinct_id]
            born[person] = min(born.get(person, event.timestamp_ms), event.timestamp_ms)
    return born


def _hashes(draft: _Draft) -> Hashes:
    if not draft.events:
        return np.empty(0, dtype=np.uint64)
    projects = np.array([origin.project_id for origin in draft.origins], dtype=np.uint64)
    return hash_uuids(projects[draft.sources], b"".join([event.uuid for event in draft.events]))


def _count(draft: _Draft, fresh: Mask) -> None:
    """Count the fates of a record's events at once."""
    sources = np.asarray(draft.sources, dtype=np.int64)
    every = np.bincount(sources, minlength=len(draft.origins)).tolist()
    stored = np.bincount(sources[fresh], minlength=len(draft.origins)).tolist()
    for origin, total, new in zip(draft.origins, every, stored, strict=True):
        if new:
            draft.fates[_fate(origin, "stored", "")] += new
        if total > new:
            draft.fates[_fate(origin, "deduplicated", "")] += total - new


def _fate(origin: Origin, outcome: str, reason: str) -> Fate:
    return origin.project_id, origin.received_ms // HOUR_MS, outcome, reason
