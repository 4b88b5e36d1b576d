"""The books: what became of every event, written in the transaction that moves the loader's position."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from northing.data.ingest.build import HOUR_MS, Batch, Fate
from northing.data.ingest.models import LedgerCount, LoaderCheckpoint, SpoolPosition
from northing.data.ingest.segments import Stretch, list_segments, scan
from northing.kernel.problems import Problem
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

_PIECE_BYTES = 16 << 20
_TRIES = 50
_RETRY_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Position:
    """The last batch in the store, and how far each segment is loaded."""

    batch: int
    segments: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """`received = stored + deduplicated + sum(dropped) + pending`; `lag_seconds` is the age of the oldest pending."""

    received: int
    stored: int
    deduplicated: int
    dropped: Mapping[str, int]
    pending: int
    lag_seconds: float


@dataclass(slots=True)
class _Waiting:
    events: int = 0
    oldest_ms: int | None = None
    by_project: dict[int, int] = field(default_factory=dict)


def load_position(session: Session) -> Position:
    """Where loading goes on."""
    checkpoint = session.get(LoaderCheckpoint, 1)
    rows = session.execute(select(SpoolPosition.segment, SpoolPosition.position))
    return Position(checkpoint.batch if checkpoint else 0, {str(name): int(at) for name, at in rows})


def save_batch(session: Session, batch: Batch, now: datetime, *, known: Collection[int]) -> None:
    """Move the position behind the batch and count its events; `known` projects have a row to count for."""
    session.merge(LoaderCheckpoint(id=1, batch=batch.number, loaded_at=now))
    for name, end in batch.ends.items():
        session.merge(SpoolPosition(segment=name, position=end))
    for fate, count in sorted(batch.fates.items()):
        if fate[0] in known:
            _count(session, fate, count)
        else:
            log.error("events_of_unknown_project", project=fate[0], events=count)


def forget_segments(session: Session, names: Iterable[str]) -> None:
    """Drop the positions of segments whose files are gone."""
    session.execute(delete(SpoolPosition).where(SpoolPosition.segment.in_(list(names))))


def _count(session: Session, fate: Fate, count: int) -> None:
    project_id, hour, outcome, reason = fate
    key = (project_id, datetime.fromtimestamp(hour * HOUR_MS / 1000, UTC), outcome, reason)
    row = session.get(LedgerCount, key)  # tenancy: the loader counts for every project
    if row is None:
        session.add(LedgerCount(project_id=key[0], hour=key[1], outcome=outcome, reason=reason, count=count))
    else:
        row.count += count


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of receipt from `start` on and before `end`, rounded down; None leaves that side open."""

    start: datetime | None = None
    end: datetime | None = None


def read_ledger(database: Database, folder: Path, project_id: int, hours: Hours = Hours()) -> Ledger:
    """The ledger of one project; always adds up.

    The counts and the position come from one snapshot, and what is pending is counted behind that position.
    Raises `Problem` 503 `ledger_moving` where spool files kept coming and going while they were read.
    """
    for _ in range(_TRIES - 1):
        try:
            return _read_once(database, folder, project_id, hours)
        except Problem as problem:
            if problem.code != "ledger_moving":
                raise
            time.sleep(_RETRY_SECONDS)
    return _read_once(database, folder, project_id, hours)


def _read_once(database: Database, folder: Path, project_id: int, hours: Hours) -> Ledger:
    listed = list_segments(folder)
    with database.read() as session:
        rows = _counts(session, project_id, hours)
        positions = load_position(session).segments
    waiting = count_pending(folder, positions)
    if not set(listed) <= set(list_segments(folder)):
        raise ledger_moving()  # a file went: was it counted as loaded, or as pending, or neither?
    return _ledger(rows, waiting, project_id)


def _counts(session: Session, project_id: int, hours: Hours) -> list[tuple[str, str, int]]:
    total = func.sum(LedgerCount.count)
    # The route has checked that the caller sees the project.
    counts = select(LedgerCount.outcome, LedgerCount.reason, total)  # tenancy: narrowed to the project below
    counts = counts.where(LedgerCount.project_id == project_id)
    if hours.start is not None:
        counts = counts.where(
            LedgerCount.hour >= hours.start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        )
    if hours.end is not None:
        counts = counts.where(LedgerCount.hour < hours.end)
    found = session.execute(counts.group_by(LedgerCount.outcome, LedgerCount.reason))
    return [(outcome, reason, int(count)) for outcome, reason, count in found]


def _ledger(rows: list[tuple[str, str, int]], waiting: _Waiting, project_id: int) -> Ledger:
    stored = sum(int(n) for outcome, _, n in rows if outcome == "stored")
    repeated = sum(int(n) for outcome, _, n in rows if outcome == "deduplicated")
    dropped = {reason: int(n) for outcome, reason, n in rows if outcome == "dropped"}
    pending = waiting.by_project.get(project_id, 0)
    lag = 0.0 if waiting.oldest_ms is None else max(0.0, datetime.now(UTC).timestamp() - waiting.oldest_ms / 1000)
    return Ledger(
        received=stored + repeated + sum(dropped.values()) + pending,
        stored=stored,
        deduplicated=repeated,
        dropped=dropped,
        pending=pending,
        lag_seconds=round(lag if pending else 0.0, 3),
    )


def count_pending(folder: Path, positions: Mapping[str, int]) -> _Waiting:
    """Events in the spool behind the positions.

    Raises `Problem` 503 `ledger_moving` where a file went while it was read; reading again then succeeds.
    """
    waiting = _Waiting()
    for path in list_segments(folder):
        try:
            _count_segment(path, positions.get(path.name, 0), waiting)
        except FileNotFoundError:
            raise ledger_moving() from None
    return waiting


def ledger_moving() -> Problem:
    """The answer while files come and go faster than they are read."""
    return Problem(
        503, "ledger_moving", "The ledger moved while it was read.", "Ask again.", headers={"Retry-After": "1"}
    )


def _count_segment(path: Path, start: int, waiting: _Waiting) -> None:
    for stretch in _stretches(path, start):
        if stretch.frames and (waiting.oldest_ms is None or stretch.start == start):
            received = next(stretch.records()).received_ms
            waiting.oldest_ms = received if waiting.oldest_ms is None else min(waiting.oldest_ms, received)
        for found in stretch.frames:
            waiting.events += found.events
            waiting.by_project[found.project_id] = waiting.by_project.get(found.project_id, 0) + found.events


def _stretches(path: Path, start: int) -> Iterator[Stretch]:
    """What lies behind `start`, in pieces that are held one at a time."""
    while True:
        stretch = scan(path, start, most_events=1 << 62, most_bytes=_PIECE_BYTES)
        if stretch.end == start:
            return
        yield stretch
        start = stretch.end
