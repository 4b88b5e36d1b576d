"""The books: what became of every event, written in the transaction that moves the loader's position."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from northing.data.ingest.build import HOUR_MS, Batch, Fate
from northing.data.ingest.models import LedgerCount, LoaderCheckpoint, SpoolPosition
from northing.data.ingest.records import FRAME_BYTES, parse_record, read_frame
from northing.data.ingest.segments import list_segments, mapped
from northing.kernel.problems import Problem

log = structlog.get_logger(__name__)


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


def read_ledger(
    session: Session, folder: Path, project_id: int, *, start: datetime | None = None, end: datetime | None = None
) -> Ledger:
    """The ledger of one project for events received in [start, end), hours rounded down; always adds up.

    The counts and the position come from one transaction, and what is pending is counted behind that position.
    """
    total = func.sum(LedgerCount.count)
    # The route has checked that the caller sees the project.
    counts = select(LedgerCount.outcome, LedgerCount.reason, total)  # tenancy: narrowed to the project below
    counts = counts.where(LedgerCount.project_id == project_id)
    if start is not None:
        counts = counts.where(LedgerCount.hour >= start.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    if end is not None:
        counts = counts.where(LedgerCount.hour < end)
    rows = session.execute(counts.group_by(LedgerCount.outcome, LedgerCount.reason)).all()
    waiting = count_pending(folder, load_position(session).segments)
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
            raise Problem(503, "ledger_moving", "The ledger moved while it was read.", "Ask again.") from None
    return waiting


def _count_segment(path: Path, start: int, waiting: _Waiting) -> None:
    with mapped(path) as data:
        found = read_frame(data, start) if start + FRAME_BYTES <= len(data) else None
        if found is not None:
            received = parse_record(data, found).received_ms
            waiting.oldest_ms = received if waiting.oldest_ms is None else min(waiting.oldest_ms, received)
        while found is not None:
            waiting.events += found.events
            waiting.by_project[found.project_id] = waiting.by_project.get(found.project_id, 0) + found.events
            found = read_frame(data, found.end)
