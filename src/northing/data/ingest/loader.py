"""The loader: spool to store, in batches, about once a second, each event exactly once whatever happens.

Order for batch N: the cut is made durable, ids and events are inserted (synced by the engine), then one metadata
transaction moves the position and writes the ledger. While batch N is inserted, batch N+1 is built.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import msgspec
import numpy as np
import structlog
from sqlalchemy import select

from northing.data.identity.folding import Folding, close_unfolded, count_unfolded, unfold, was_folding
from northing.data.identity.merge_events import MANUAL, MergeClaim
from northing.data.ingest.activity import rebuild
from northing.data.ingest.books import Position, forget_segments, load_position, save_batch
from northing.data.ingest.build import Batch, Builder, Table
from northing.data.ingest.changes import Change, Changes, not_merged, one_already, unknown_id
from northing.data.ingest.cut import (
    MOST_BYTES,
    Intent,
    cut_batch,
    finished,
    load_intent,
    recut,
    save_intent,
    waiting_bytes,
)
from northing.data.ingest.metrics import observe_batch, observe_damage, observe_failure, observe_fate
from northing.data.ingest.rows import COLUMNS, Row, encode_rows
from northing.data.ingest.segments import Stretch, set_aside
from northing.data.ingest.uuid_index import UuidIndex, hash_uuids
from northing.data.store import Store, StoreError
from northing.kernel.clock import unix_ms, utc_now
from northing.kernel.problems import Problem
from northing.server.auth.models import Project
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

T = TypeVar("T")
_POLL_SECONDS = 0.05
# A merge that is not folded is undone at once; one that is, by rewriting events. Queries apply 100,000 of them for
# a few per cent more time.
_FOLD_AFTER_DAYS = 7
_MOST_UNFOLDED = 100_000
_FOLDING_SECONDS = 3600.0
_KEEPING_SECONDS = 0.5
# Loading comes first: what a fold died of may make it die again.
_AFTER_DEATH_SECONDS = 10.0
_ROWS_PER_READ = 4_000_000
_RETRY_SECONDS = (0.2, 1.0, 5.0, 15.0)
# What the engine says when it cannot read a row; anything else is its own trouble and worth another try.
_UNREADABLE = {6, 26, 27, 33, 34, 38, 41, 53, 72, 73, 117, 130, 131, 128, 306, 349, 441, 636, 675, 69}


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a batch is cut, and how large it may be."""

    interval_seconds: float = 1.0
    most_events: int = 60_000


class Loader:
    """One per event store; `run` in a thread until the stop event is set."""

    def __init__(self, store: Store, database: Database, folder: Path, pace: Pace = Pace()) -> None:
        self._store = store
        self._database = database
        self._folder = folder
        self._pace = pace
        self._inserter = ThreadPoolExecutor(1, thread_name_prefix="insert")
        self._stop = Event()
        self._intent: Intent | None = None
        self.changes = Changes()
        self._folding: Folding | None = None
        self._has_died_folding = False
        self._folding_looked_at = 0.0
        self._next_turn_at = 0.0
        self.is_open = False
        self.loaded_events = 0
        self.last_error: str | None = None

    def open(self) -> None:
        """Read where loading stands: the position, the uuids that are stored, the rules of the projects."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._database.read() as session:
            position = load_position(session)
        self._at = dict(position.segments)
        self._intent = load_intent(self._folder)
        if self._intent is not None and self._intent.batch != position.batch + 1:
            self._intent = None
        self._batch = self._last_batch(position.batch)
        self._index = UuidIndex(self._folder.parent / "uuids")
        self._index.load(position.batch)
        self._read_missing_uuids()
        self._builder = Builder(self._store, self._index)
        self._folding = None
        self._has_died_folding = was_folding(self._store)
        self._next_turn_at = time.monotonic() + _AFTER_DEATH_SECONDS
        self._store.editions.people_changed()  # an earlier run may have died between a merge and telling of it
        self._forget_lost_files(position)
        self.is_open = True
        log.info("loader_ready", batch=self._batch, known_uuids=len(self._index))

    def run(self, stop: Event) -> None:
        """Load until stopped; the batch in flight is finished first.

        Raises what the disk, the store or the database raised; `open` and `run` again then go on where loading stands.
        """
        self._stop = stop
        inserting: Future[None] | None = None
        try:
            self.resume()
            last_cut = -1e9
            while not stop.is_set():
                inserting = self._reap(inserting)
                inserting = self._change_people(inserting)
                wait = last_cut + self._pace.interval_seconds - time.monotonic()
                cut = self._cut(early=wait > 0) if inserting is None or wait <= 0 else ()
                if not cut:
                    stop.wait(_POLL_SECONDS)
                    continue
                last_cut = time.monotonic()
                inserting = self._load(cut, after=inserting)
        finally:
            if inserting is not None:
                inserting.result()

    def resume(self) -> None:
        """Finish the batch that an earlier process may have left half stored; comes before any other."""
        if self._intent is None:
            return
        intent, self._intent = self._intent, None
        recovered = self._stored_uuids(intent.batch)
        log.info("loader_resumes", batch=intent.batch, stored_already=len(recovered))
        self._load(recut(self._folder, self._at, intent), after=None, recovered=recovered).result()

    def drain(self, seconds: float) -> bool:
        """Load what is pending, for at most so long; whether all is loaded."""
        self._stop = Event()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            cut = self._cut(early=False)
            if not cut:
                self._tidy()
                return True
            self._load(cut, after=None).result()
        return False

    def close(self) -> None:
        self._inserter.shutdown(wait=True)

    def _change_people(self, inserting: Future[None] | None) -> Future[None] | None:
        """Do what somebody asked for, and fold when it is time; only with no batch under way."""
        # What is asked for waits until a fold that has begun is done: an undo must find the merge in one state.
        is_folding = self._folding is not None or self._has_died_folding
        asked = None if is_folding else self.changes.next()
        if asked is None and not self._should_fold():
            return inserting
        if inserting is not None:
            inserting.result()
        if asked is None:
            self._fold_on()
            return None
        try:
            asked.done.set_result(self._change(asked.change))
        except Problem as problem:
            asked.done.set_exception(problem)
        except BaseException as error:
            asked.done.set_exception(error)
            raise
        return None

    def _change(self, change: Change) -> dict[str, Any]:
        people = self._builder.people
        if change.action == "fold":
            return {"folded": self._fold()}
        number = people.numbers.find(change.project_id, change.distinct_id)
        if number is None:
            raise unknown_id(change.distinct_id)
        if change.action == "merge":
            if people.numbers.find(change.project_id, change.other) is None:
                raise unknown_id(change.other)
            claim = MergeClaim(change.distinct_id, change.other, MANUAL)
            rows = people.merge(change.project_id, claim, change.moment_ms, version=self._batch + 1)
            if not rows.moved:
                raise one_already(change.other)
        elif folded := people.merges.folded(change.project_id, change.distinct_id):
            return self._split_folded(change, folded[0])
        elif number in people.merges.forest(change.project_id).edges:
            rows = people.split(change.project_id, number, change.moment_ms, version=self._batch + 1)
        else:
            raise not_merged(change.distinct_id)
        self._batch += 1
        self._store_batch(self._builder.change(self._batch, rows))
        root = people.merges.forest(change.project_id).root(number)
        return {"person": root, "merges": [person for _, person, _ in rows.moved]}

    def _split_folded(self, change: Change, person: int) -> dict[str, Any]:
        """The merge is part of the events by now: rewrite those of this id, then it is a merge undone."""

        def undo(version: int) -> None:
            unfold(self._store, change.project_id, change.distinct_id, person, version=version)
            rebuild(self._store, change.project_id)
            close_unfolded(self._store, change.project_id, change.distinct_id, person, version=version)

        self._rewrite(undo)
        return {"person": person, "merges": []}

    def _fold(self) -> int:
        """Fold at once, all turns one after the other."""
        self._fold_turn()
        merges = self._folding.merges if self._folding else 0
        while self._folding is not None:
            self._fold_turn()
        return merges

    def _fold_on(self) -> None:
        """One turn of the fold that is due; then loading has at least as much time as that took."""
        began = time.monotonic()
        self._fold_turn()
        self._next_turn_at = 2 * time.monotonic() - began

    def _fold_turn(self) -> None:
        if self._folding is None:
            self._folding = self._rewrite(lambda version: Folding.begin(self._store, version=version))
            self._has_died_folding = False
        elif self._folding.partitions:
            with self._store.rewriting:
                self._folding.rewrite_next()
        else:
            with self._store.keeping.closed(seconds=_KEEPING_SECONDS) as is_closed:
                if is_closed:  # else a cohort is being worked out; there will be another turn
                    finish = self._folding.finish
                    self._rewrite(lambda version: finish(version=version))
                    self._folding = None

    def _rewrite(self, rewrite: Callable[[int], T]) -> T:
        """Change what is stored, as a batch of its own, and read people and sessions anew.

        What is rewritten carries its number, which is taken durably: no later batch may have it too.
        """
        self._batch += 1
        save_intent(self._folder, Intent(self._batch, {}))
        with self._store.rewriting:
            result = rewrite(self._batch)
        self._store.editions.people_changed()
        self._store_batch(Batch(self._batch, {}, (), (), (), (), {}))
        self._builder.forget()
        return result

    def _should_fold(self) -> bool:
        if self._store.rewriting.locked():
            return False  # sums are being taken, or old events deleted; loading goes on meanwhile
        now = time.monotonic()
        if self._folding is not None or self._has_died_folding:
            return now >= self._next_turn_at
        if now - self._folding_looked_at < _FOLDING_SECONDS:
            return False
        self._folding_looked_at = now
        merges, oldest_ms = count_unfolded(self._store)
        age_ms = unix_ms() - oldest_ms
        return merges > _MOST_UNFOLDED or (merges > 0 and age_ms > _FOLD_AFTER_DAYS * 86_400_000)

    def _cut(self, *, early: bool) -> tuple[Stretch, ...]:
        """What waits; `early`, before its time, only where it is enough for a full batch."""
        if early and waiting_bytes(self._folder, self._at) < MOST_BYTES // 2:
            return ()
        return cut_batch(self._folder, self._at, self._pace.most_events)

    def _load(
        self, cut: tuple[Stretch, ...], *, after: Future[None] | None, recovered: frozenset[bytes] = frozenset()
    ) -> Future[None]:
        self._read_rules()
        for stretch in cut:
            observe_damage(set_aside(stretch, self._folder.parent / "quarantine"))
        self._batch += 1
        batch = self._builder.build(self._batch, cut, recovered)
        self._at.update(batch.ends)
        if after is not None:
            after.result()
        return self._inserter.submit(self._store_batch, batch)

    def _store_batch(self, batch: Batch) -> None:
        began = time.monotonic()
        save_intent(self._folder, Intent(batch.number, batch.ends))
        self._insert(batch)
        self._store.editions.people_changed(batch.regrouped)
        with self._database.transaction() as session:
            save_batch(session, batch, utc_now(), known=self._builder.ip_rules.keys())
        self._index.commit(batch.number)
        self.loaded_events += len(batch.rows)
        for (_, _, outcome, reason), count in batch.fates.items():
            observe_fate(outcome, reason, count)
        observe_batch(time.monotonic() - began)
        self._tidy()

    def _insert(self, batch: Batch) -> None:
        """Insert, and try again until the store takes it; what an attempt left behind is not inserted twice."""
        for attempt in range(1 << 30):
            try:
                self._try_insert(batch, again=attempt > 0)
                self.last_error = None
                return
            except (StoreError, OSError) as error:
                self.last_error = str(error)
                observe_failure()
                log.error("insert_failed", batch=batch.number, attempt=attempt, error=str(error)[:500])
                if self._stop.wait(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)]):
                    raise

    def _try_insert(self, batch: Batch, *, again: bool) -> None:
        rows = batch.rows
        if again:
            there = self._stored_uuids(batch.number)
            pairs = zip(batch.identities, batch.rows, strict=True)
            rows = [row for identity, row in pairs if identity not in there]
        self._insert_tables(batch.before)
        self._insert_rows(rows)
        self._insert_tables(batch.after)

    def _insert_tables(self, tables: Iterable[Table]) -> None:
        for table in tables:
            if table.rows:
                self._store.insert(table.name, table.columns, table.rows)

    def _insert_rows(self, rows: Sequence[Row]) -> None:
        """Insert rows; one the engine cannot read is stored with its properties as text, so that nothing is lost."""
        if not rows:
            return
        try:
            self._store.insert("events", tuple(COLUMNS), encode_rows(rows))
        except StoreError as error:
            if error.code not in _UNREADABLE:
                raise
            if len(rows) == 1:
                log.warning("properties_unreadable", error=error.message[:300])
                self._store.insert("events", tuple(COLUMNS), encode_rows([as_text(rows[0])]))
                return
            middle = len(rows) // 2
            self._insert_rows(rows[:middle])
            self._insert_rows(rows[middle:])

    def _stored_uuids(self, batch: int) -> frozenset[bytes]:
        answer = self._store.query_bytes(
            "SELECT project_id, uuid FROM events WHERE batch = {batch:UInt64}", {"batch": batch}, output="RowBinary"
        )
        rows = np.frombuffer(answer, dtype=_ID_ROW)
        return frozenset(
            int(project).to_bytes(4, "big") + int(high).to_bytes(8, "big") + int(low).to_bytes(8, "big")
            for project, high, low in rows.tolist()
        )

    def _last_batch(self, checkpoint: int) -> int:
        """The number of the last batch; the store may be ahead of metadata that were restored from an older copy."""
        found = self._store.query(LAST_BATCH).rows[0][0]
        highest = int(found or 0)
        if highest > checkpoint and (self._intent is None or highest > self._intent.batch):
            log.error("metadata_older_than_store", checkpoint=checkpoint, stored=highest)
            self._intent = None
            return highest
        return checkpoint

    def _read_missing_uuids(self) -> None:
        """What the index's files do not cover comes from the store, but for the batch that is still to be finished."""
        known = {"known": self._index.known_batch, "unfinished": self._intent.batch if self._intent else 0}
        for first, last in _ranges(self._store.query(_MISSING_BATCHES, known).rows, _ROWS_PER_READ):
            answer = self._store.query_bytes(
                _MISSING_UUIDS, {**known, "first": first, "last": last}, output="RowBinary"
            )
            rows = np.frombuffer(answer, dtype=_ID_ROW)
            uuids = np.column_stack((rows["high"], rows["low"])).astype(">u8").tobytes()
            self._index.add(last, hash_uuids(rows["project"].astype(np.uint64), uuids))
            self._index.commit(last)
        self._index.commit(self._batch)

    def _read_rules(self) -> None:
        """Read for every batch, after its cut: a project that has just been made must not look deleted."""
        with self._database.read() as session:
            rows = session.execute(select(Project.id, Project.keep_ip, Project.deleted_at))
            self._builder.ip_rules = {pid: "deleted" if gone else rule for pid, rule, gone in rows}

    def _tidy(self) -> None:
        """Remove segments that are wholly in the store."""
        done = list(finished(self._folder, self._committed()))
        if not done:
            return
        for path in done:
            path.unlink()
        with self._database.transaction() as session:
            forget_segments(session, [path.name for path in done])

    def _committed(self) -> dict[str, int]:
        with self._database.read() as session:
            return dict(load_position(session).segments)

    def _forget_lost_files(self, position: Position) -> None:
        lost = [name for name in position.segments if not (self._folder / name).exists()]
        if lost:
            with self._database.transaction() as session:
                forget_segments(session, lost)

    def _reap(self, inserting: Future[None] | None) -> Future[None] | None:
        if inserting is None or not inserting.done():
            return inserting
        inserting.result()
        return None


def _ranges(counts: Iterable[Sequence[int]], most: int) -> Iterator[tuple[int, int]]:
    """Ranges of batches (first, last) of about `most` rows each, from (batch, rows) in order."""
    first = last = gathered = 0
    for batch, count in counts:
        first = first or batch
        last = batch
        gathered += count
        if gathered >= most:
            yield first, last
            first = gathered = 0
    if gathered:
        yield first, last


# Merges and folds are batches too, without events.
LAST_BATCH = """
SELECT greatest((SELECT max(batch) FROM events), (SELECT max(version) FROM person_overrides),
  (SELECT max(version) FROM distinct_ids))
"""
_MISSING_BATCHES = """
SELECT batch, count() FROM events WHERE batch > {known:UInt64} AND batch != {unfinished:UInt64}
GROUP BY batch ORDER BY batch
"""
_MISSING_UUIDS = """
SELECT project_id, uuid FROM events
WHERE batch > {known:UInt64} AND batch != {unfinished:UInt64} AND batch BETWEEN {first:UInt64} AND {last:UInt64}
"""
_ID_ROW = np.dtype([("project", "<u4"), ("high", "<u8"), ("low", "<u8")])


def as_text(row: Row) -> Row:
    """The row with its properties kept as one string, `$unreadable`, for an engine that cannot read them."""
    return Row(row.head, msgspec.json.encode({"$unreadable": row.properties.decode("utf-8", "replace")}), row.tail)
