"""SQL of what people and groups did, and of who is in a group."""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.draft import Draft
from northing.data.query.people import People
from northing.data.query.persons import EVENT_COLUMNS, Place
from northing.data.query.ranges import Range
from northing.data.query.scan import scan
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group by its type and key."""

    type: str
    key: str


Doer = int | GroupName


@dataclass(frozen=True, slots=True)
class EventsPage:
    """Which events, of any of these names where there are some, and how many of them before a place."""

    names: tuple[str, ...]
    before: Place | None
    limit: int


def plan_events(scope: Scope, doer: Doer, span: Range, page: EventsPage) -> Statement:
    """What a person or a group did, newest first, ties by uuid: `EVENT_COLUMNS`, then the moment in ms."""
    draft = Draft(scope)
    conditions = [_is_of(doer, draft)]
    if page.names:
        conditions.append(f"{ROW}.event IN {draft.texts(page.names)}")
    if page.before:
        at = f"fromUnixTimestamp64Milli({draft.bind(page.before.at_ms, 'Int64')}, 'UTC')"
        conditions.append(f"({ROW}.timestamp, {ROW}.uuid) < ({at}, {draft.bind(page.before.key, 'UUID')})")
    columns = ", ".join(f"{ROW}.{column}" for column in EVENT_COLUMNS)
    return draft.statement(
        f"SELECT {columns}, toUnixTimestamp64Milli({ROW}.timestamp) FROM {EVENTS} {scan(draft, span, conditions)} "
        f"ORDER BY {ROW}.timestamp DESC, {ROW}.uuid DESC LIMIT {page.limit}"
    )


def people_of_group(scope: Scope, group: GroupName, span: Range) -> People:
    """Everyone who did something in a group."""
    draft = Draft(scope)
    where = scan(draft, span, [_is_of(group, draft)])
    sql = f"SELECT DISTINCT {draft.person} AS __person FROM {EVENTS} {where}"
    return People(draft, sql, f"People with an event in the {group.type} {group.key}.")


def _is_of(doer: Doer, draft: Draft) -> str:
    if isinstance(doer, GroupName):
        return f"{ROW}.groups[{draft.text(doer.type)}] = {draft.text(doer.key)}"
    return f"{draft.person} = {draft.bind(doer, 'UInt32')}"
