"""The query kind `rfm`: who bought lately, often and for much, in fifths.

Each person with the event gets three scores from 1 to 5: recency (of the last one), frequency (how many) and monetary
(the sum of a property). A score is one more than the number of quintile bounds below the value, the bounds being the
20th, 40th, 60th and 80th percentiles of all those people, interpolated: equal values have equal scores, so fifths are
only as even as the values allow. The names are those of recency and frequency.

A point has any of `segment` (such as `champions`), `recency`, `frequency` and `monetary`; none means all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft
from northing.data.query.filters import Group, read_filters
from northing.data.query.kinds import Kind
from northing.data.query.people import People
from northing.data.query.properties import Property, access_event, property_fault
from northing.data.query.ranges import Range, end_of_running, start_of_day
from northing.data.query.reader import Reader
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.query.suspects import EventName, Suspect, suspects_of

MOST_DAYS = 3660
SCORES = (1, 2, 3, 4, 5)
_SCORED = ("__rs", "__fs", "__ms")
# Key, name, and the scores of recency and of frequency that it covers; together they cover every pair once.
_NAMED: tuple[tuple[str, str, tuple[int, ...], tuple[int, ...]], ...] = (
    ("champions", "Champions", (5,), (4, 5)),
    ("loyal", "Loyal", (3, 4), (4, 5)),
    ("potential_loyalists", "Potential loyalists", (4, 5), (2, 3)),
    ("new_customers", "New customers", (5,), (1,)),
    ("promising", "Promising", (4,), (1,)),
    ("need_attention", "Need attention", (3,), (3,)),
    ("about_to_sleep", "About to sleep", (3,), (1, 2)),
    ("at_risk", "At risk", (1, 2), (3, 4)),
    ("cannot_lose", "Cannot lose them", (1, 2), (5,)),
    ("hibernating", "Hibernating", (1, 2), (1, 2)),
)
NAMES = {key: name for key, name, _, _ in _NAMED}
CELLS = {(r, f): key for key, _, recencies, frequencies in _NAMED for r in recencies for f in frequencies}


@dataclass(frozen=True, slots=True)
class Rfm:
    """A parsed question; without a property there is no money, and every monetary score is 1."""

    event: str
    property: str | None
    days: int
    filters: Group


def read_rfm(reader: Reader, scope: Scope) -> Rfm:
    """Read every field."""
    name = reader.text("property")
    if name and (fault := property_fault(name)):
        reader.fault("property", fault)
    return Rfm(
        reader.text("event", required=True),
        name or None,
        reader.integer("days", 365, least=1, most=MOST_DAYS),
        read_filters(reader, scope),
    )


async def answer_rfm(query: Rfm, span: Range, scope: Scope, ask: Ask) -> Answer:
    """The named segments, the grid of recency and frequency, and the monetary fifths."""
    rows = (await ask(plan_rfm(query, scope))).rows
    total = sum(int(row[3]) for row in rows)
    body = {
        "people": total,
        "segments": [_segment(key, [row for row in rows if CELLS[row[0], row[1]] == key], total) for key in NAMES],
        "cells": [
            {"recency": r, "frequency": f, "segment": CELLS[r, f], "people": _people(rows, recency=r, frequency=f)}
            for r in reversed(SCORES)
            for f in SCORES
        ],
        "monetary": [{"monetary": m, "people": _people(rows, monetary=m)} for m in SCORES] if query.property else None,
    }
    found = _span(query, scope)
    return Answer(body, _definition(query, scope), found.start, found.end)


def plan_rfm(query: Rfm, scope: Scope) -> Statement:
    """For each triple of scores: people, and the sums of their counts, money and seconds since the last event."""
    draft = Draft(scope)
    scored = _scored(query, draft)
    now = draft.bind(round(scope.now.timestamp() * 1000), "Int64")
    return draft.statement(
        f"SELECT __rs, __fs, __ms, count(), sum(__count), sum(__money), sum(({now} - __last) / 1000) FROM ({scored}) "
        "GROUP BY __rs, __fs, __ms ORDER BY __rs, __fs, __ms"
    )


def people_of_rfm(query: Rfm, span: Range, scope: Scope, reader: Reader) -> People:
    """The people of a named segment, of scores, or of both."""
    key = reader.choice("segment", NAMES, "")
    who = "People"
    conditions, words = [], []
    if key:
        pairs = ", ".join(f"({r}, {f})" for (r, f), owner in sorted(CELLS.items()) if owner == key)
        conditions.append(f"(__rs, __fs) IN ({pairs})")
        who += f" of the segment {NAMES[key]}"
    for name, column in (("recency", "__rs"), ("frequency", "__fs"), ("monetary", "__ms")):
        if reader.has(name):
            score = reader.integer(name, 1, least=1, most=5)
            conditions.append(f"{column} = {score}")
            words.append(f"{name} {score}")
    draft = Draft(scope)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    who += f" with {', '.join(words)}" if words else ""
    definition = f"{who}. {_definition(query, scope)}" if conditions else _definition(query, scope)
    return People(draft, f"SELECT __person FROM ({_scored(query, draft)}){where}", definition)


def _scored(query: Rfm, draft: Draft) -> str:
    """Each person's three values and scores.

    The values are gathered in arrays, of which both the bounds and the scores are made: the events are read once.
    """
    levels = "quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)"
    values = ("__last", "__count", "__money")
    gathered = ", ".join(
        [f"groupArray({name}) AS __all{name}" for name in ("__person", *values)]
        + [f"{levels}({name}) AS __of{name}" for name in values]
    )
    scores = ", ".join(
        f"arrayMap(v -> toUInt8(1 + arrayCount(__bound -> v > __bound, __of{value})), __all{value}) AS __all{score}"
        for value, score in zip(values, _SCORED, strict=True)
    )
    columns = ("__person", *values, *_SCORED)
    joined = ", ".join(f"__all{name} AS {name}" for name in columns)
    rows = f"SELECT *, {scores} FROM (SELECT {gathered} FROM ({_values(query, draft)}))"
    return f"SELECT {', '.join(columns)} FROM ({rows}) ARRAY JOIN {joined}"


def _values(query: Rfm, draft: Draft) -> str:
    event = f"{ROW}.event = {draft.text(query.event)}"
    where = scan(
        draft,
        _span(query, draft.scope),
        [event, condition_sql(query.filters, draft)],
        guarded=has_expression(query.filters),
    )
    money = f"ifNull(sum({access_event(query.property).number}), 0)" if query.property else "0"
    return (
        f"SELECT {draft.person} AS __person, toUnixTimestamp64Milli(max({ROW}.timestamp)) AS __last, "
        f"count() AS __count, toFloat64({money}) AS __money FROM {EVENTS} {where} GROUP BY __person"
    )


def _span(query: Rfm, scope: Scope) -> Range:
    """The last so many days of the zone, today among them."""
    first = scope.local_now.date() - timedelta(days=query.days - 1)
    return Range(start_of_day(first, scope.zone), end_of_running(scope.local_now, "day"))


def _segment(key: str, rows: Sequence[Sequence[Any]], total: int) -> dict[str, Any]:
    people = sum(int(row[3]) for row in rows)
    means = [sum(float(row[place]) for row in rows) / people if people else 0.0 for place in (4, 5, 6)]
    return {
        "key": key,
        "name": NAMES[key],
        "people": people,
        "share": round(people / total, 6) if total else 0,
        "mean_count": round(means[0], 4),
        "mean_money": round(means[1], 4),
        "mean_days_since": round(means[2] / 86_400, 4),
    }


def _people(rows: Sequence[Sequence[Any]], **scores: int) -> int:
    places = {"recency": 0, "frequency": 1, "monetary": 2}
    return sum(int(row[3]) for row in rows if all(row[places[name]] == score for name, score in scores.items()))


def _definition(query: Rfm, scope: Scope) -> str:
    matching = " that match the filters" if query.filters.members else ""
    money = f", monetary of the sum of {query.property}" if query.property else ""
    return (
        f"People with event {query.event}{matching} in the last {query.days} days in {scope.timezone}, today "
        f"included, scored 1 to 5 by fifths: recency of their last one, frequency of how many{money}. Equal values "
        "have equal scores."
    )


def _suspects(query: Rfm, result: dict[str, Any]) -> Iterator[Suspect]:
    if not result["people"]:
        yield EventName(query.event)
        yield from suspects_of(query.filters)
    elif query.property and not any(segment["mean_money"] for segment in result["segments"]):
        yield Property("event", query.property)


RFM = Kind("rfm", read_rfm, answer_rfm, people_of_rfm, _suspects, is_dated=False)
