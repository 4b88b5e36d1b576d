"""Trends in plain Python, one event at a time: the oracle of the differential tests. Slow and obvious on purpose."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

LEVELS = {"median": 50, "p75": 75, "p90": 90, "p95": 95, "p99": 99}


@dataclass(frozen=True)
class Event:
    """One event of a random world."""

    event: str
    at: datetime
    person: int
    session: int
    properties: dict[str, Any]


@dataclass(frozen=True)
class Question:
    """A trends query with one series; dates are whole local days, both included."""

    math: str
    interval: str
    zone: str
    week_start: str
    first: date
    last: date
    event: str | None = None
    breakdown: str | None = None
    limit: int = 25


def bucket_label(at: datetime, question: Question) -> str:
    """The local start of the bucket that holds the moment."""
    local = at.astimezone(ZoneInfo(question.zone))
    if question.interval == "hour":
        return _hour_label(local)
    day = local.date()
    if question.interval == "month":
        day = day.replace(day=1)
    if question.interval == "week":
        while day.strftime("%A").lower() != question.week_start:
            day -= timedelta(days=1)
    return day.isoformat()


def _hour_label(local: datetime) -> str:
    """Walk back minute by minute while the clock shows the same hour and the same offset."""
    at = local.replace(second=0, microsecond=0)
    while True:
        before = (at.astimezone(UTC) - timedelta(minutes=1)).astimezone(at.tzinfo)
        if before.hour != at.hour or before.utcoffset() != at.utcoffset():
            return at.isoformat(timespec="minutes")
        at = before


def in_range(event: Event, question: Question) -> bool:
    return question.first <= event.at.astimezone(ZoneInfo(question.zone)).date() <= question.last


def answer(events: list[Event], question: Question) -> dict[str, dict[str, float]]:
    """Breakdown label to bucket label (and "total") to value; empty buckets are left out."""
    chosen = [e for e in events if in_range(e, question) and question.event in (None, e.event)]
    groups: dict[str, list[Event]] = {}
    for event in chosen:
        groups.setdefault(_label(event, question), []).append(event)
    if question.breakdown:
        groups = _with_other(groups, question)
    return {label: _by_bucket(group, question) for label, group in groups.items()}


def _label(event: Event, question: Question) -> str:
    if question.breakdown is None:
        return ""
    value = event.properties.get(question.breakdown)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return "(none)" if value in (None, "") else str(value)


def _with_other(groups: dict[str, list[Event]], question: Question) -> dict[str, list[Event]]:
    def rank(label: str) -> tuple[float, str]:
        # A missing value is the empty text to the engine, and comes before all others.
        return -measure(groups[label], question.math), "" if label == "(none)" else label

    ordered = sorted(groups, key=rank)
    kept = {label: groups[label] for label in ordered[: question.limit]}
    rest = [event for label in ordered[question.limit :] for event in groups[label]]
    return {**kept, "Other": rest} if rest else kept


def _by_bucket(events: list[Event], question: Question) -> dict[str, float]:
    buckets: dict[str, list[Event]] = {}
    for event in events:
        buckets.setdefault(bucket_label(event.at, question), []).append(event)
    return {label: measure(group, question.math) for label, group in buckets.items()} | {
        "total": measure(events, question.math)
    }


def measure(events: list[Event], name: str) -> float:
    """One number of a list of events."""
    if name == "total":
        return len(events)
    if name == "unique":
        return len({event.person for event in events})
    if name == "sessions":
        return len({event.session for event in events if event.session})
    numbers = [n for event in events if (n := _number(event.properties.get("n"))) is not None]
    if not numbers:
        return 0
    simple: dict[str, Callable[[list[float]], float]] = {"sum": math.fsum, "min": min, "max": max}
    if name in simple:
        return simple[name](numbers)
    if name == "avg":
        return math.fsum(numbers) / len(numbers)
    return float(np.percentile(numbers, LEVELS[name]))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
