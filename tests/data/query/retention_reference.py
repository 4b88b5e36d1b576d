"""Retention in plain Python, one person at a time: the oracle of the differential tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.data.query.activity_reference import Life
from tests.data.query.reference import Event

HOURS = {"hour": 1, "day": 24, "week": 168, "month": 720}


@dataclass(frozen=True)
class Asked:
    """The options of a retention query; the target event is `target`, a plan may be asked of it."""

    target: str | None
    returning: str | None
    mode: str
    columns: list[tuple[int, int]]
    cumulative: bool
    rolling: bool
    minimum: int
    plan: str | None


def cohorts(life: Life, asked: Asked) -> dict[int, dict[int, datetime]]:
    """Cohort to its people and when each began."""
    found: dict[int, dict[int, datetime]] = {}
    for person, at in sorted(_starts(life, asked), key=lambda pair: pair[1]):
        found.setdefault(life.index(at), {}).setdefault(person, at)
    return found


def _starts(life: Life, asked: Asked) -> list[tuple[int, datetime]]:
    named = sorted((e for e in life.events if asked.target in (None, e.event)), key=lambda e: e.at)
    if asked.mode == "recurring":
        return [(life.person(e), e.at) for e in named if _fits(e, asked)]
    firsts = []
    for person in {life.person(e) for e in named}:
        own = [e for e in named if life.person(e) == person and (asked.mode == "first_ever" or _fits(e, asked))]
        if own and any(_fits(e, asked) for e in own if e.at == own[0].at):
            firsts.append((person, own[0].at))
    return firsts


def _fits(event: Event, asked: Asked) -> bool:
    return asked.plan is None or event.properties.get("plan") == asked.plan


def matrix(life: Life, asked: Asked) -> list[list[int]]:
    """The values of each cohort, in the columns that lie within the range."""
    starts = cohorts(life, asked)
    rows = []
    for i in range(len(life.edges()) - 1):
        people = starts.get(i, {})
        row = [len(people)]
        for first, last in asked.columns[1:]:
            if _exists(life, asked, i, first):
                row.append(sum(_returned(life, asked, (i, person, at), first, last) for person, at in people.items()))
        rows.append(row)
    return rows


def _exists(life: Life, asked: Asked, cohort: int, first: int) -> bool:
    edges = life.edges()
    if not asked.rolling:
        return cohort + first < len(edges) - 1
    return edges[cohort] + timedelta(hours=HOURS[life.interval] * first) < edges[-1]


def _returned(life: Life, asked: Asked, start: tuple[int, int, datetime], first: int, last: int) -> bool:
    cohort, person, began = start
    counts: dict[int, int] = {}
    for event in life.events:
        in_range = life.edges()[0] <= event.at < life.edges()[-1]
        if life.person(event) == person and asked.returning in (None, event.event) and in_range:
            hours = timedelta(hours=HOURS[life.interval])
            offset = (event.at - began) // hours if asked.rolling else life.index(event.at) - cohort
            counts[offset] = counts.get(offset, 0) + 1
    enough = [offset for offset, number in counts.items() if number >= asked.minimum]
    return any(offset >= first and (asked.cumulative or offset <= last) for offset in enough)
