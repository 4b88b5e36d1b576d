"""Query figures: each kind over millions of events, beside the same answer written by hand."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from northing.app.bench.ingest import Figure
from northing.app.bench.server import BenchServer
from northing.app.folder import DataFolder
from northing.data.store import BlockingRows

_REPEATS = 5
DAYS = 90


@dataclass(frozen=True, slots=True)
class Question:
    """A query of ours and the same by hand."""

    name: str
    spec: dict[str, Any]
    by_hand: str


def questions(start: datetime, end: datetime) -> tuple[Question, ...]:
    """One of each sort that there is so far, over the whole 90 days."""
    span = {"date_from": start.isoformat(), "date_to": end.isoformat()}
    where = (
        f"project_id = 1 AND timestamp >= toDateTime64('{start:%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
        f" AND timestamp < toDateTime64('{end:%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
    )

    def trends(name: str, by_hand: str, series: dict[str, Any], **more: Any) -> Question:
        sql = f"SELECT toStartOfDay(timestamp) AS day, {by_hand}"
        return Question(name, {"kind": "trends", "series": [series], **span, **more}, sql)

    views = f"FROM events WHERE {where} AND event = '$pageview'"
    return (
        trends("trends, total", f"count() {views} GROUP BY day", {"event": "$pageview"}),
        trends(
            "trends, unique people", f"uniqExact(person) {views} GROUP BY day", {"event": "$pageview", "math": "unique"}
        ),
        trends(
            "trends, all events, unique people",
            f"uniqExact(person) FROM events WHERE {where} GROUP BY day",
            {"event": None, "math": "unique"},
        ),
        trends(
            "trends, p90 of a property",
            f"quantile(0.9)(properties.price.:Float64) {views} GROUP BY day",
            {"event": "$pageview", "math": "p90", "math_property": "price"},
        ),
        trends(
            "trends, breakdown by property",
            f"properties.plan.:String AS plan, count() {views} GROUP BY day, plan",
            {"event": "$pageview"},
            breakdown=[{"type": "event", "property": "plan"}],
        ),
        trends(
            "trends, breakdown by column, filtered",
            f"country, uniqExact(person) {views} AND properties.role.:String = 'admin' GROUP BY day, country",
            {"event": "$pageview", "math": "unique"},
            breakdown=[{"type": "event", "property": "country"}],
            filters=[{"type": "event", "property": "role", "operator": "exact", "value": "admin"}],
        ),
        Question(
            "active users, month",
            {"kind": "active_users", "period": "month", **span},
            f"SELECT toStartOfDay(timestamp) AS day, uniqExact(person) FROM events WHERE {where} GROUP BY day",
        ),
        Question(
            "top events",
            {"kind": "top_events", "limit": 20, **span},
            f"SELECT event, count() AS n, uniqExact(person) FROM events WHERE {where} GROUP BY event ORDER BY n DESC",
        ),
        Question(
            "sql",
            {"kind": "sql", "sql": "SELECT country, count() AS n FROM events GROUP BY country ORDER BY n DESC"},
            "SELECT country, count() AS n FROM events WHERE project_id = 1 GROUP BY country ORDER BY n DESC",
        ),
    )


def fill_in_another_process(folder: Path, events: int, start: datetime) -> float:
    """Fill the folder's store (one process may hold one engine); seconds."""
    began = time.perf_counter()
    dsn = f"chdb://{folder / 'events'}"
    arguments = [dsn, str(events), str(int(start.timestamp() * 1000)), str(DAYS)]
    subprocess.run([sys.executable, "-m", "northing.app.bench.fill", *arguments], check=True)
    return time.perf_counter() - began


def first_day(now: datetime) -> datetime:
    """Midnight UTC, 90 days before."""
    return datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=DAYS)


def measure_queries(server: BenchServer, start: datetime, events: int) -> list[Figure]:
    """Median milliseconds of each question, never from the cache, and the ratio to the hand-written one."""
    rows = BlockingRows(DataFolder(server.folder).socket)
    figures = []
    for question in questions(start, start + timedelta(days=DAYS)):
        ours, hand = _alternate(
            lambda spec=question.spec: server.post("/api/v1/query", {**spec, "refresh": True}),  # type: ignore[misc]
            lambda sql=question.by_hand: rows.query_bytes(sql),  # type: ignore[misc]
        )
        detail = f"by hand {hand:.0f} ms, ratio {ours / hand:.2f}"
        target = 500.0 if events <= 10_000_000 else None
        figures.append(Figure(question.name, ours, "ms", target, larger_is_better=False, detail=detail))
    rows.close()
    return figures


def _alternate(ours: Callable[[], Any], hand: Callable[[], Any]) -> tuple[float, float]:
    """Medians in milliseconds of both, run in turn so that both see the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_REPEATS):
        for call, kept in zip((ours, hand), times, strict=True):
            began = time.perf_counter()
            call()
            kept.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])
