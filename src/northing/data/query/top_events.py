"""The query kind `top_events`: which events happen most, and to how many people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from northing.data.query.activity import activity_source, is_hourly, people_count
from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft
from northing.data.query.filters import Group, read_filters
from northing.data.query.funnel_result import percent
from northing.data.query.kinds import Kind
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.query.suspects import Suspect, suspects_of


@dataclass(frozen=True, slots=True)
class TopEvents:
    """The `limit` most frequent events."""

    limit: int
    filters: Group


def read_top_events(reader: Reader, scope: Scope) -> TopEvents:
    """Read every field but the dates."""
    return TopEvents(reader.integer("limit", 10, least=1, most=1000), read_filters(reader, scope))


async def answer_top_events(query: TopEvents, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Rows `{event, count, users, share}`, most frequent first; `share` in per cent of all events, shown or not."""
    result = await ask(plan_top_events(query, span, scope))
    rows = [
        {"event": event, "count": count, "users": users, "share": percent(int(count), int(total))}
        for event, count, users, total in result.rows
    ]
    return Answer(rows, _define(query, scope), span.start, span.end)


def _define(query: TopEvents, scope: Scope) -> str:
    matching = " that match the filters" if query.filters.members else ""
    return (
        f"The {query.limit} most frequent events{matching} in {scope.timezone}, with the number of events and of "
        "different people (after merging their identities), and their share of all events; ties in order of their "
        "names."
    )


def plan_top_events(query: TopEvents, span: Range, scope: Scope) -> Statement:
    """One pass, grouped by event: rows event, count, people, and the count of all events."""
    draft = Draft(scope)
    return draft.statement(
        f"SELECT __event, __count, __users, sum(__count) OVER () AS __total FROM ({_grouped(query, span, draft)}) "
        f"ORDER BY __count DESC, __event LIMIT {query.limit}"
    )


def _grouped(query: TopEvents, span: Range, draft: Draft) -> str:
    if not query.filters.members and is_hourly(span.start, span.end):
        return (
            f"SELECT {ROW}.event AS __event, sum({ROW}.events) AS __count, {people_count(draft)} AS __users "
            f"FROM {activity_source(draft, span, (), '')} GROUP BY __event"
        )
    condition = condition_sql(query.filters, draft)
    where = scan(draft, span, [condition], guarded=has_expression(query.filters))
    return (
        f"SELECT {ROW}.event AS __event, count() AS __count, uniqExact({draft.person}) AS __users FROM {EVENTS} "
        f"{where} GROUP BY __event"
    )


def people_of_top_events(query: TopEvents, span: Range, scope: Scope, point: Reader) -> People:
    """Point: `event`, whose people are wanted; those of all events without it."""
    event = point.text("event")
    draft = Draft(scope)
    conditions = [condition_sql(query.filters, draft)]
    if event:
        conditions.append(f"{ROW}.event = {draft.text(event)}")
    where = scan(draft, span, conditions, guarded=has_expression(query.filters))
    matching = " that matches the filters" if query.filters.members else ""
    words = f"Different people with the event {event}" if event else "Different people with any event"
    return People(draft, f"SELECT {draft.person} AS __person FROM {EVENTS} {where}", f"{words}{matching}.")


def _suspects(query: TopEvents, result: list[Any]) -> Iterator[Suspect]:
    return iter(()) if result else suspects_of(query.filters)


TOP_EVENTS = Kind("top_events", read_top_events, answer_top_events, people_of_top_events, _suspects)
