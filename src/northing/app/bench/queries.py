"""Query figures: each kind over millions of events, beside the same answer written by hand."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr

from northing.app.bench import fill
from northing.app.bench.ingest import Figure
from northing.app.bench.questions import questions
from northing.app.bench.server import BenchServer, bench_server
from northing.app.folder import DataFolder
from northing.data.ingest.models import LoaderCheckpoint
from northing.data.store import BlockingRows
from northing.kernel.clock import utc_now
from northing.server.db.base import Database
from northing.server.settings import Settings

T = TypeVar("T")
_REPEATS = 5
_DROP_CACHES = Path("/proc/sys/vm/drop_caches")
DAYS = 90


def fill_in_another_process(folder: Path, events: int, start: datetime) -> float:
    """Fill the folder's store (one process may hold one engine); seconds."""
    began = time.perf_counter()
    dsn = f"chdb://{folder / 'events'}"
    arguments = [dsn, str(events), str(int(start.timestamp() * 1000)), str(DAYS)]
    subprocess.run([sys.executable, "-m", "northing.app.bench.fill", *arguments], check=True)
    took = time.perf_counter() - began
    _note_loaded(folder)
    return took


def _note_loaded(folder: Path) -> None:
    """What a loader would have left beside its events: that the batch is loaded, and (by a start) the uuids of it."""
    database = Database(Settings(data=folder, database_url=SecretStr("")).resolved_database_url)
    with database.transaction() as session:
        session.merge(LoaderCheckpoint(id=1, batch=fill.BATCH, loaded_at=utc_now()))
    database.close()
    with bench_server(folder):
        pass


def first_day(now: datetime) -> datetime:
    """Midnight UTC, 90 days before."""
    return datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=DAYS)


def measure_queries(server: BenchServer, start: datetime, events: int) -> list[Figure]:
    """Median milliseconds of each question, never from the cache, and the ratio to the hand-written one.

    Where we are allowed to, also the time of a first answer that must read its files from the disk.
    """
    rows = BlockingRows(DataFolder(server.folder).socket)
    figures = []
    target = 500.0 if events <= 10_000_000 else None
    for question in questions(start, start + timedelta(days=DAYS)):
        spec = {**question.spec, "refresh": True}
        cold, answer = _first(lambda spec=spec: server.post("/api/v1/query", spec))  # type: ignore[misc]
        times, hand = _alternate(
            lambda spec=spec: server.post("/api/v1/query", spec),  # type: ignore[misc]
            lambda by_hand=question.by_hand: [rows.query_bytes(sql) for sql in by_hand.split(";")],  # type: ignore[misc]
        )
        ours = statistics.median(times)
        read = f"{answer['rows_read']:,} rows, {answer['bytes_read'] / 1e6:,.0f} MB read"
        detail = f"{cold}slowest {max(times):.0f} ms; by hand {hand:.0f} ms, ratio {ours / hand:.2f}; {read}"
        figures.append(Figure(question.name, ours, "ms", target, larger_is_better=False, detail=detail))
    rows.close()
    return figures


def _first(call: Callable[[], T]) -> tuple[str, T]:
    """The answer, and how long it took with the files out of the system's memory, where we may throw them out."""
    try:
        os.sync()
        _DROP_CACHES.write_text("3")
    except OSError:
        return "", call()
    began = time.perf_counter()
    answer = call()
    return f"cold {(time.perf_counter() - began) * 1000:.0f} ms; ", answer


def _alternate(ours: Callable[[], Any], hand: Callable[[], Any]) -> tuple[list[float], float]:
    """Milliseconds of ours and the median of those by hand, run in turn so that both see the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_REPEATS):
        for call, kept in zip((ours, hand), times, strict=True):
            began = time.perf_counter()
            call()
            kept.append((time.perf_counter() - began) * 1000)
    return times[0], statistics.median(times[1])
