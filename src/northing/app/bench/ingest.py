"""Ingest figures: requests and events a second, durable; end to end; freshness; size and memory."""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from northing.app.bench.load import Outcome, Plan, prepare, push
from northing.app.bench.server import TOKEN, BenchServer
from northing.app.folder import DataFolder
from northing.data.store import BlockingRows

PATH = "/api/v1/events"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the report; `reached` is None where there is nothing to reach."""

    what: str
    value: float
    unit: str
    target: float | None = None
    larger_is_better: bool = True
    detail: str = ""

    @property
    def reached(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.larger_is_better else self.value <= self.target


def make_event(chance: random.Random, number: int) -> dict[str, Any]:
    """An event with eight properties, as a browser client sends them."""
    return {
        "event": chance.choice(("$pageview", "$pageview", "$autocapture", "search", "item_added", "purchase")),
        "distinct_id": f"person-{chance.randrange(50_000)}",
        "session_id": f"session-{chance.randrange(100_000)}",
        "properties": {
            "$current_url": f"https://shop.example.com/products/{chance.randrange(500)}",
            "$referrer": chance.choice(("https://www.google.com/", "https://news.example.org/", "")),
            "$browser": chance.choice(("Chrome", "Firefox", "Safari")),
            "$os": chance.choice(("Windows", "Mac OS X", "Linux", "iOS", "Android")),
            "plan": chance.choice(("free", "team", "business")),
            "price": round(chance.uniform(1, 200), 2),
            "quantity": chance.randrange(1, 9),
            "n": number,
        },
    }


def requests_of(count: int, size: int, *, seed: int = 1) -> list[bytes]:
    """Prepared requests of `size` events each; the server gives each event a uuid of its own."""
    chance = random.Random(seed)
    bodies = ([make_event(chance, number) for number in range(size)] for _ in range(count))
    return [prepare(PATH, TOKEN, json.dumps(body[0] if size == 1 else body).encode()) for body in bodies]


def measure_single(server: BenchServer, seconds: float) -> list[Figure]:
    """Single-event requests flat out, then at half that rate for the latency."""
    requests = requests_of(5_000, 1)
    full = asyncio.run(push(server.port, requests, Plan(connections=64, seconds=seconds)))
    half = asyncio.run(push(server.port, requests, Plan(connections=64, seconds=seconds, rate=full.rate / 2)))
    server.wait_loaded()
    return [
        Figure("single-event requests, durable 200", full.rate, "requests/s", 8_000, detail=_latencies(full)),
        Figure("… p99 at half load", half.percentile(99), "ms", 50, larger_is_better=False, detail=_latencies(half)),
    ]


def measure_batches(server: BenchServer, seconds: float) -> list[Figure]:
    """Batches of 50 flat out; then how long until all of it can be queried; memory meanwhile."""
    requests = requests_of(1_000, 50)
    before = server.wait_loaded()["stored"]
    with _PeakMemory(server) as memory:
        began = time.perf_counter()
        outcome = asyncio.run(push(server.port, requests, Plan(connections=16, seconds=seconds)))
        stored = server.wait_loaded()["stored"] - before
        drained = time.perf_counter() - began
    return [
        Figure("batches of 50, durable 200", outcome.rate * 50, "events/s", 120_000, detail=_latencies(outcome)),
        Figure(
            "end to end, queue drained",
            stored / drained,
            "events/s",
            60_000,
            detail=f"{stored:,} events in {drained:.1f} s",
        ),
        Figure("memory under load, all processes", memory.peak / 1e6, "MB", 1_200, larger_is_better=False),
    ]


def measure_freshness(server: BenchServer, seconds: float) -> list[Figure]:
    """At 1,000 events/s: from the 200 to the event in a query's answer."""
    acknowledged: dict[int, float] = {}
    seen: list[tuple[float, int]] = []
    stop = threading.Event()
    watcher = threading.Thread(target=_watch_newest, args=(server, stop, seen))
    watcher.start()
    asyncio.run(_send_numbered(server, seconds, acknowledged))
    time.sleep(4)
    stop.set()
    watcher.join()
    delays = []
    for number, at in acknowledged.items():
        visible = next((moment for moment, newest in seen if newest >= number), None)
        delays.append(60.0 if visible is None else max(0.0, visible - at))
    p99 = float(np.percentile(delays, 99))
    detail = f"median {float(np.median(delays)):.2f} s, {len(delays):,} batches of 10"
    return [
        Figure("freshness: 200 to queryable at 1,000 events/s, p99", p99, "s", 2, larger_is_better=False, detail=detail)
    ]


def measure_size(server: BenchServer) -> list[Figure]:
    """Bytes on disk per stored event with eight properties, persons and ids included, as the engine merged so far."""
    stored = server.wait_loaded()["stored"]
    rows = BlockingRows(DataFolder(server.folder).socket)
    # Parts that a merge has replaced stay on disk for minutes; they are not what an event costs.
    sizes = "SELECT sum(bytes_on_disk), countIf(table = 'events') FROM system.parts WHERE active"
    size, parts = rows.query_bytes(sizes, output="TabSeparated").split()
    rows.close()
    detail = f"{stored:,} events in {int(parts)} parts"
    value = int(size) / stored
    return [Figure("disk per event, eight properties", value, "bytes", 60, larger_is_better=False, detail=detail)]


async def _send_numbered(server: BenchServer, seconds: float, acknowledged: dict[int, float]) -> None:
    chance = random.Random(5)
    began = time.perf_counter()
    number = 0
    while (elapsed := time.perf_counter() - began) < seconds:
        number += 1
        events = [{**make_event(chance, number), "event": "fresh"} for _ in range(10)]
        request = prepare(PATH, TOKEN, json.dumps(events).encode())
        await push(server.port, [request], Plan(connections=1, seconds=5, requests=1))
        acknowledged[number] = time.perf_counter()
        await asyncio.sleep(max(0.0, number / 100 - elapsed))


def _watch_newest(server: BenchServer, stop: threading.Event, seen: list[tuple[float, int]]) -> None:
    sql = "SELECT max(properties.n.:Int64) FROM events WHERE event = 'fresh'"
    while not stop.is_set():
        answer = server.post("/api/v1/query", {"kind": "sql", "sql": sql, "refresh": True})
        seen.append((time.perf_counter(), int(answer["result"]["rows"][0][0] or 0)))
        stop.wait(0.1)


class _PeakMemory(threading.Thread):
    def __init__(self, server: BenchServer) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._over.wait(0.5):
            self.peak = max(self.peak, self._server.memory_bytes())

    def __enter__(self) -> _PeakMemory:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def _latencies(outcome: Outcome) -> str:
    refused = f", refused {outcome.refused}" if outcome.refused else ""
    return f"p50 {outcome.percentile(50):.1f} ms, p99 {outcome.percentile(99):.1f} ms{refused}"
