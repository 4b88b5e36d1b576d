"""From a cut of the spool to one batch: decode, drop, deduplicate, number persons, make rows, count."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import structlog
from numpy.typing import NDArray

from northing.data.events.model import Dropped, DropReason, WireEvent
from northing.data.identity.groups import COLUMNS as GROUP_COLUMNS
from northing.data.identity.loading import PeopleRows, Peopling
from northing.data.identity.merges import COLUMNS as OVERRIDE_COLUMNS
from northing.data.identity.persons import COLUMNS as ID_COLUMNS
from northing.data.identity.profiles import COLUMNS as PROFILE_COLUMNS
from northing.data.identity.sessions import COLUMNS as SESSION_COLUMNS
from northing.data.identity.sessions import Sessions, Visit, Wanted
from northing.data.ingest.metrics import observe_refused_merges
from northing.data.ingest.records import Record, WireKind
from northing.data.ingest.rows import Origin, Row, RowMaker, session_key
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


class Table(NamedTuple):
    """Rows of one table, in RowBinary."""

    name: str
    columns: tuple[str, ...]
    rows: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """All that one load puts into the store and the books."""

    number: int
    ends: Mapping[str, int]
    rows: Sequence[Row]
    identities: Sequence[bytes]  # project and uuid of each row
    before: Sequence[Table]  # what must be stored before the events, in this order
    after: Sequence[Table]
    fates: Mapping[Fate, int]
    regrouped: Collection[int] = ()  # projects whose stored events are of other people now


@dataclass(slots=True)
class _Draft:
    """Events in order; `sources[i]` is the index in `origins` of event i's request."""

    events: list[WireEvent] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    fates: Counter[Fate] = field(default_factory=Counter)


class Builder:
    """Builds batches in order; remembers which uuids, people and sessions are known."""

    def __init__(self, store: Store, index: UuidIndex) -> None:
        self._store = store
        self.people = Peopling(store)
        self._sessions = Sessions(store)
        self._index = index
        self.ip_rules: Mapping[int, str] = {}  # project id -> drop | truncate | keep | deleted

    def build(self, number: int, cut: tuple[Stretch, ...], recovered: frozenset[bytes] = frozenset()) -> Batch:
        """The batch of a cut; `recovered` are its events (project and uuid) that an earlier attempt has stored."""
        draft = self._decode(cut)
        hashes = _hashes(draft)
        fresh = self._fresh(hashes)
        self._index.add(number, hashes[fresh])
        _count(draft, fresh)
        kept = np.flatnonzero(fresh)
        numbers, people = self._number_people(draft, kept.tolist(), number)
        rows: list[Row] = []
        identities: list[bytes] = []
        # Sessions are stored last: where they are there, so is all the rest.
        todo = [] if recovered and self._sessions.are_stored(version=number) else _by_time(draft, kept)
        for row, identity in self._rows(draft, todo, numbers, number):
            if recovered and identity in recovered:
                continue
            identities.append(identity)
            rows.append(row)
        ends = {stretch.path.name: stretch.end for stretch in cut}
        sessions = Table("sessions", SESSION_COLUMNS, self._sessions.rows(version=number))
        return Batch(number, ends, rows, identities, _tables(people), (sessions,), draft.fates, people.regrouped)

    def change(self, number: int, people: PeopleRows) -> Batch:
        """A batch without events: a merge or a split that somebody asked for."""
        for move in people.moved:
            self._sessions.hand_over(*move)
        # The merge last: it is not made again after a crash, so until it is there it may be asked for once more.
        return Batch(number, {}, (), (), _tables(people)[::-1], (), {}, people.regrouped)

    def forget(self) -> None:
        """Read people and sessions anew; only with no batch under way."""
        self.people.forget()
        self._sessions = Sessions(self._store)

    def _rows(
        self, draft: _Draft, kept: list[int], numbers: Mapping[int, dict[str, int]], batch: int
    ) -> Iterator[tuple[Row, bytes]]:
        """Rows in order of time, each with its project and uuid; their sessions are counted on the way."""
        makers = [RowMaker(origin, batch) for origin in draft.origins]
        take, idle_key = self._sessions.take, self._sessions.idle_key
        roots = {project_id: self.people.merges.forest(project_id).root for project_id in numbers}
        for at in kept:
            event, source = draft.events[at], draft.sources[at]
            project_id = draft.origins[source].project_id
            person = numbers[project_id][event.distinct_id]
            owner = roots[project_id](person)
            maker, session_id = makers[source], event.session_id
            key = session_key(session_id) if session_id else 0
            if not key:
                key, session_id = idle_key(project_id, owner, event.timestamp_ms)
            columns, seen = maker.context(event)
            take(Visit(project_id, key, session_id, person, owner), event, seen, version=batch)
            yield maker.row(event, person, key, columns), _PROJECT(project_id) + event.uuid

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

    def _number_people(
        self, draft: _Draft, kept: Iterable[int], version: int
    ) -> tuple[dict[int, dict[str, int]], PeopleRows]:
        self.people.numbers.trim()
        self._sessions.trim(stored=version - 2)  # the batch before this one may still be under way
        asked: defaultdict[int, list[WireEvent]] = defaultdict(list)
        for at in kept:
            asked[draft.origins[draft.sources[at]].project_id].append(draft.events[at])
        rows = PeopleRows()
        numbers: dict[int, dict[str, int]] = {}
        for project_id, events in asked.items():
            numbers[project_id] = self.people.take(project_id, events, rows, version=version)
            self._prepare_sessions(project_id, events, numbers[project_id], rows)
        for move in rows.moved:
            self._sessions.hand_over(*move)
        observe_refused_merges(rows.refused)
        return numbers, rows

    def _prepare_sessions(
        self, project_id: int, events: list[WireEvent], numbers: Mapping[str, int], rows: PeopleRows
    ) -> None:
        forest = self.people.merges.forest(project_id)
        root = forest.root
        keys = {session_key(event.session_id) for event in events if event.session_id}
        idle = {event.distinct_id for event in events if not event.session_id}
        persons = {root(numbers[distinct_id]) for distinct_id in idle - rows.new.get(project_id, _NOBODY)}
        persons |= {person for moved_in, person, _ in rows.moved if moved_in == project_id}
        moments = [event.timestamp_ms for event in events]
        meant = {person: (person, *forest.moved_with((person,))) for person in persons}
        self._sessions.prepare(project_id, Wanted(keys, meant, min(moments), max(moments)))


_NOBODY: frozenset[str] = frozenset()


def _by_time(draft: _Draft, kept: NDArray[np.int64]) -> list[int]:
    moments = np.fromiter((draft.events[at].timestamp_ms for at in kept.tolist()), dtype=np.int64, count=len(kept))
    ordered: list[int] = kept[np.argsort(moments, kind="stable")].tolist()
    return ordered


def _tables(people: PeopleRows) -> tuple[Table, ...]:
    """Merges before profiles, profiles before ids: what is there already then tells a repeated batch what was made."""
    return (
        Table("person_overrides", OVERRIDE_COLUMNS, b"".join(people.overrides)),
        Table("groups", GROUP_COLUMNS, b"".join(people.groups)),
        Table("persons", PROFILE_COLUMNS, b"".join(people.profiles)),
        Table("distinct_ids", ID_COLUMNS, b"".join(people.ids)),
    )


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
