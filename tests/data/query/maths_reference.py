"""The further maths and splits of trends in plain Python: the oracle of their differential tests."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from tests.data.query.reference import LEVELS, Event, Question, bucket_label, in_range, measure

ROLLING = {"weekly_active": 7, "monthly_active": 30}
FIRST = ("first_time_for_user", "first_matching_event")
COUNTS = ("total", "unique", "sessions")
# In a series, only events of this plan.
WANTED = "a"


@dataclass(frozen=True)
class Facts:
    """What is known besides the events."""

    tiers: dict[int, str] = field(default_factory=dict)
    cohorts: dict[str, set[int]] = field(default_factory=dict)
    durations: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A question with splits by name, and whether the series has a filter."""

    question: Question
    splits: tuple[str, ...] = ()
    filtered: bool = False


Labels = tuple[str, ...]


def answer(events: list[Event], asked: Asked, facts: Facts) -> dict[str, dict[str, float]]:
    """Line to bucket (and "total") to value; empty buckets are left out."""
    question = asked.question
    named = [e for e in events if question.event in (None, e.event)]
    matching = [e for e in named if not asked.filtered or e.properties.get("plan") == WANTED]
    now = [e for e in matching if in_range(e, question)]
    top = _top(now, asked, facts)
    if question.math in FIRST:
        history = named if question.math == "first_time_for_user" else matching
        rows = _firsts(history, asked, facts)
    else:
        rows = [(labels, e) for e in matching for labels in labels_of(e, asked, facts)]
    whole = _lines(rows, asked, facts, lambda labels: "::".join(_shown(labels)))
    is_ranked = question.math in FIRST or question.math.startswith("session_")
    if not asked.splits or (not is_ranked and len(whole) <= question.limit):
        return whole
    return _lines(rows, asked, facts, lambda labels: "::".join(_shown(labels)) if labels in top else "Other")


def _lines(
    rows: Iterable[tuple[Labels, Event]], asked: Asked, facts: Facts, name: Callable[[Labels], str]
) -> dict[str, dict[str, float]]:
    lines: dict[str, list[Event]] = {}
    for labels, event in rows:
        lines.setdefault(name(labels), []).append(event)
    found = {key: _line(line, asked, facts) for key, line in lines.items()}
    return {key: line for key, line in found.items() if line is not None}


def _line(events: list[Event], asked: Asked, facts: Facts) -> dict[str, float] | None:
    """None where nothing of it is within reach of the range."""
    question = asked.question
    if question.math in ROLLING:
        return _rolling(events, question)
    events = [e for e in events if in_range(e, question)]
    if not events:
        return None
    buckets: dict[str, list[Event]] = {}
    for event in events:
        buckets.setdefault(bucket_label(event.at, question), []).append(event)
    number = _measure_of(question.math, facts)
    found = {label: number(group) for label, group in buckets.items()} | {"total": number(events)}
    # Sessions that nobody knows the length of make no number.
    return {label: n for label, n in found.items() if not math.isnan(n)} or None


def _measure_of(name: str, facts: Facts) -> Callable[[list[Event]], float]:
    if name in FIRST:
        return lambda events: len({e.person for e in events})
    aggregate = name.removesuffix("_count_per_actor")
    if aggregate.startswith("session_"):
        return lambda events: _aggregate(
            [facts.durations[s] for s in {e.session for e in events} if s in facts.durations],
            aggregate.removeprefix("session_"),
        )
    if aggregate != name:
        return lambda events: _aggregate(
            [float(sum(e.person == p for e in events)) for p in {e.person for e in events}], aggregate
        )
    return lambda events: measure(events, name)


def _aggregate(numbers: list[float], name: str) -> float:
    if not numbers:
        return math.nan
    if name in LEVELS:
        return float(np.percentile(numbers, LEVELS[name]))
    return {"avg": sum(numbers) / len(numbers), "min": min(numbers), "max": max(numbers), "sum": sum(numbers)}[name]


def _rolling(events: list[Event], question: Question) -> dict[str, float] | None:
    """Day by day: who was there on one of the last seven or thirty days, on the last day of each bucket."""
    found: dict[str, float] = {}
    day = question.first
    while day <= question.last:
        # The last day of a bucket writes last.
        label = _day_label(day, question)
        found[label] = len({e.person for e in events if 0 <= (day - _day(e, question)).days < ROLLING[question.math]})
        found["total"] = found[label]
        day += timedelta(days=1)
    return found if any(found.values()) else None


def _day(event: Event, question: Question) -> date:
    return event.at.astimezone(ZoneInfo(question.zone)).date()


def _day_label(day: date, question: Question) -> str:
    if question.interval == "month":
        return day.replace(day=1).isoformat()
    while question.interval == "week" and day.strftime("%A").lower() != question.week_start:
        day -= timedelta(days=1)
    return day.isoformat()


def _firsts(events: list[Event], asked: Asked, facts: Facts) -> Iterable[tuple[Labels, Event]]:
    """Of each person (in each of their cohorts) the first event; of those at one moment that with the least labels."""
    firsts: dict[tuple[int, str], tuple[Labels, Event]] = {}
    place = asked.splits.index("cohort") if "cohort" in asked.splits else None
    for event in events:
        for labels in labels_of(event, asked, facts):
            key = (event.person, labels[place] if place is not None else "")
            held = firsts.get(key)
            if held is None or (event.at, labels) < (held[1].at, held[0]):
                firsts[key] = (labels, event)
    kept = firsts.values()
    if asked.filtered and asked.question.math == "first_time_for_user":
        return [row for row in (_first_wanted(row, events, asked, facts) for row in kept) if row is not None]
    return list(kept)


def _first_wanted(
    row: tuple[Labels, Event], events: list[Event], asked: Asked, facts: Facts
) -> tuple[Labels, Event] | None:
    """Of the person's events at that first moment the one that matches, if any."""
    place = asked.splits.index("cohort") if "cohort" in asked.splits else None
    rivals = [
        (labels, e)
        for e in events
        if e.person == row[1].person and e.at == row[1].at and e.properties.get("plan") == WANTED
        for labels in labels_of(e, asked, facts)
        if place is None or labels[place] == row[0][place]
    ]
    return min(rivals, key=lambda rival: rival[0]) if rivals else None


def labels_of(event: Event, asked: Asked, facts: Facts) -> list[Labels]:
    """The values of an event; several where its person is in several cohorts."""
    rows: list[Labels] = [()]
    for split in asked.splits:
        if split == "cohort":
            values = [name for name, persons in facts.cohorts.items() if name == "all" or event.person in persons]
        elif split == "tier":
            values = [facts.tiers.get(event.person, "")]
        else:
            values = [_text(event.properties.get(split))]
        rows = [(*row, value) for row in rows for value in values]
    return rows


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _shown(labels: Labels) -> list[str]:
    return [label or "(none)" for label in labels]


def _top(events: list[Event], asked: Asked, facts: Facts) -> set[Labels]:
    """The greatest lines of the range: by their number where it is a plain count, else by how many events there are."""
    lines: dict[Labels, list[Event]] = {}
    for event in events:
        for labels in labels_of(event, asked, facts):
            lines.setdefault(labels, []).append(event)
    name = asked.question.math if asked.question.math in COUNTS else "total"
    ordered = sorted(lines, key=lambda labels: (-measure(lines[labels], name), labels))
    return set(ordered[: asked.question.limit])
