"""Whole pages: all their questions at once, as a browser asks them, until the last is answered."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from northing.app.bench.ingest import Figure
from northing.app.bench.server import BenchServer

_REPEATS = 5
_MONTH = {"date_from": "-29d"}
_PEOPLE = [{"event": None, "math": "unique"}]
_VIEWS = [{"event": "$pageview", "math": "total"}]


def _trends(series: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"kind": "trends", "series": series, **_MONTH, **more}


def _values(name: str, series: list[dict[str, Any]]) -> dict[str, Any]:
    return _trends(series, breakdown=[{"type": "event", "property": name}], breakdown_limit=9, interval="month")


# What the home page asks, and what a board of saved insights may hold.
PAGES: Mapping[str, tuple[dict[str, Any], ...]] = {
    "home": (
        _trends(
            [
                *_PEOPLE,
                {"event": None, "math": "total"},
                {"event": "$pageview", "math": "total"},
                {"event": None, "math": "sessions"},
            ],
            compare=True,
        ),
        _values("$pathname", _VIEWS),
        {"kind": "top_events", "limit": 9, **_MONTH},
        _values("$referring_domain", _PEOPLE),
        _values("$geoip_country_code", _PEOPLE),
    ),
    "eight saved insights": (
        _trends(_PEOPLE, compare=True),
        _trends([{"event": "purchase", "math": "total"}], cumulative=True),
        _trends([{"event": "purchase", "math": "unique"}, {"event": "$pageview", "math": "unique"}], formula="A/B*100"),
        _trends([{"event": "$pageview", "math": "weekly_active"}]),
        _values("$device_type", _PEOPLE),
        {"kind": "active_users", "period": "month", **_MONTH},
        {"kind": "retention", "period": "week", "intervals": 8},
        {"kind": "lifecycle", **_MONTH},
    ),
}


def measure_pages(server: BenchServer) -> list[Figure]:
    """Median milliseconds to the last answer of each page, never from the cache."""
    figures = []
    for name, questions in PAGES.items():
        specs = [{**question, "refresh": True} for question in questions]
        with ThreadPoolExecutor(len(specs)) as browser:
            times = [_ask_all(server, specs, browser) for _ in range(_REPEATS)]
        figure = Figure(f"{name}, last answer", statistics.median(times), "ms", 1_000, larger_is_better=False)
        figures.append(figure)
    return figures


def _ask_all(server: BenchServer, specs: list[dict[str, Any]], browser: ThreadPoolExecutor) -> float:
    began = time.perf_counter()
    list(browser.map(lambda spec: server.post("/api/v1/query", spec), specs))
    return (time.perf_counter() - began) * 1000
