"""The query kind `top_events`: which events happen most, and to how many people."""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.conditions import condition_sql
from northing.data.query.filters import Group, read_filters
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, ROW, Binder, Statement


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
    binder = Binder()
    project = binder.bind(scope.project_id, "UInt32")
    condition = condition_sql(query.filters, binder, project)
    where = scan(project, span, [condition], binder, guarded=has_expression(query.filters))
    return binder.statement(
        f"SELECT {ROW}.event AS __event, count() AS __count, uniqExact({ROW}.person) AS __users FROM {EVENTS} "
        f"{where} GROUP BY __event ORDER BY __count DESC, __event LIMIT {query.limit}"
    )
