"""The query kind `top_events`: which events happen most, and to how many people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from northing.data.query.activity import activity_source, is_hourly, people_count
from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft
from northing.data.query.filters import Group, read_filters
from northing.data.query.kinds import Kind
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
    """Rows `{event, count, users}`, most frequent first."""
    result = await ask(plan_top_events(query, span, scope))
    rows = [{"event": event, "count": count, "users": users} for event, count, users in result.rows]
    definition = (
        f"The {query.limit} most frequent events in {scope.timezone}, with the number of events and of different "
        "people; ties in order of their names."
    )
    return Answer(rows, definition, span.start, span.end)


def plan_top_events(query: TopEvents, span: Range, scope: Scope) -> Statement:
    """One pass, grouped by event."""
    draft = Draft(scope)
    if not query.filters.members and is_hourly(span.start, span.end):
        return draft.statement(
            f"SELECT {ROW}.event AS __event, sum({ROW}.events) AS __count, {people_count(draft)} AS __users "
            f"FROM {activity_source(draft, span, '')} GROUP BY __event ORDER BY __count DESC, __event "
            f"LIMIT {query.limit}"
        )
    condition = condition_sql(query.filters, draft)
    where = scan(draft, span, [condition], guarded=has_expression(query.filters))
    return draft.statement(
        f"SELECT {ROW}.event AS __event, count() AS __count, uniqExact({draft.person}) AS __users FROM {EVENTS} "
        f"{where} GROUP BY __event ORDER BY __count DESC, __event LIMIT {query.limit}"
    )


def _suspects(query: TopEvents, result: list[Any]) -> Iterator[Suspect]:
    return iter(()) if result else suspects_of(query.filters)


TOP_EVENTS = Kind("top_events", read_top_events, answer_top_events, suspects=_suspects)
