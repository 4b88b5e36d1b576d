"""Whole pages: all their questions at once, as a browser asks them, until the last is answered."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from northing.app.bench.ingest import Figure
from northing.app.bench.load import Plan, prepare, push
from northing.app.bench.server import BenchServer

_REPEATS = 5
_USERS = 500
_USERS_SECONDS = 20.0
_PAUSE_SECONDS = 5.0
_ONE_NEW_IN = 50
_RANGES = (6, 13, 29, 59)
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


def measure_users(server: BenchServer) -> list[Figure]:
    """Milliseconds within which 95 of 100 questions of five hundred people at work are answered.

    Each has a connection of their own and asks something every five seconds: the questions of the pages, over four
    ranges. All were asked once before, as by a team that looks at the same boards; one in fifty is worked out anew.
    """
    questions = [{**one, **_range(one, days)} for page in PAGES.values() for one in page for days in _RANGES]
    for question in questions:
        server.post("/api/v1/query", question)
    asked = [
        {**question, "refresh": True} if place == _ONE_NEW_IN // 2 else question
        for place in range(_ONE_NEW_IN)
        for question in questions
    ]
    random.Random(1).shuffle(asked)
    requests = [prepare("/api/v1/query", server.key, json.dumps(question).encode()) for question in asked]
    plan = Plan(_USERS, _USERS_SECONDS, rate=_USERS / _PAUSE_SECONDS)
    outcome = asyncio.run(push(server.port, requests, plan))
    detail = f"{outcome.rate:,.0f}/s, median {outcome.percentile(50):.1f} ms, p99 {outcome.percentile(99):.0f} ms"
    if outcome.refused:
        detail += f", refused {outcome.refused}"
    what = f"{_USERS} people at work, p95"
    return [Figure(what, outcome.percentile(95), "ms", 250, larger_is_better=False, detail=detail)]


def _range(question: dict[str, Any], days: int) -> dict[str, Any]:
    return {"date_from": f"-{days}d"} if "date_from" in question else {}


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
