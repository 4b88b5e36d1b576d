"""Names that a query uses and that no event has: a warning, since an empty chart may be a misspelt one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from northing.data.query.filters import Condition, Filter, Group
from northing.data.query.properties import Property, access_event, access_person
from northing.data.query.requests import Query
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import EVENTS, PROFILE, ROW, Binder, Statement
from northing.data.query.trends_spec import Trends
from northing.data.query.user_sql import UserSql

MOST_CHECKS = 6


@dataclass(frozen=True, slots=True)
class EventName:
    """An event by name."""

    name: str


async def unknown_names(query: Query, result: Any, scope: Scope, ask: Ask) -> list[str]:
    """A warning for each name that is nowhere; looks only where the answer is suspiciously empty."""
    warnings = []
    for name in list(dict.fromkeys(_suspects(query, result)))[:MOST_CHECKS]:
        found = await ask(plan_seen(name, scope))
        if not found.rows:
            noun = "Event" if isinstance(name, EventName) else f"{name.owner.capitalize()} property"
            warnings.append(f"{noun} {name.name} has never been seen in this project.")
    return warnings


def plan_seen(name: EventName | Property, scope: Scope) -> Statement:
    """One row where the name has ever been seen."""
    binder = Binder()
    project = f"project_id = {binder.bind(scope.project_id, 'UInt32')}"
    if isinstance(name, EventName):
        condition = f"{ROW}.event = {binder.text(name.name)}"
        return binder.statement(f"SELECT 1 FROM {EVENTS} WHERE {ROW}.{project} AND {condition} LIMIT 1")
    if name.owner == "person":
        condition = f"{PROFILE}.{project} AND {access_person(name.name).is_set}"
        return binder.statement(f"SELECT 1 FROM persons AS {PROFILE} WHERE {condition} LIMIT 1")
    condition = f"{ROW}.{project} AND {access_event(name.name).is_set}"
    return binder.statement(f"SELECT 1 FROM {EVENTS} WHERE {condition} LIMIT 1")


def _suspects(query: Query, result: Any) -> Iterator[EventName | Property]:
    if isinstance(query, UserSql):
        return
    if not isinstance(query, Trends):
        if not result or (isinstance(result, dict) and not result.get("mau")):
            yield from _properties(query.filters)
        return
    is_empty = not any(series["total"] for series in result["series"])
    for series in query.series:
        shown = [s for s in result["series"] if s["name"] == series.name]
        if is_empty or not any(s["total"] for s in shown):
            yield from [EventName(series.event)] if series.event else []
            yield from _properties(series.filters)
            yield from [Property("event", series.property)] if series.property else []
    if is_empty:
        yield from _properties(query.filters)
    if all(set(series.get("breakdown", ())) <= {"(none)"} for series in result["series"]):
        yield from query.breakdown


def _properties(found: Filter) -> Iterator[Property]:
    if isinstance(found, Group):
        for member in found.members:
            yield from _properties(member)
    elif isinstance(found, Condition):
        yield Property(found.owner, found.name)
