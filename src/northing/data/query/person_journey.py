"""The query kind `person_journey`: what one person did, event by event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft, person_sql
from northing.data.query.filters import Expression, Group, read_filters
from northing.data.query.funnel_actors import FIRST_TIME
from northing.data.query.funnel_result import step_name
from northing.data.query.funnel_spec import Funnel, read_rules
from northing.data.query.funnel_sql import Attempts, FunnelPlan
from northing.data.query.kinds import Kind
from northing.data.query.people import People, load_profiles
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, ROW, SESSION, Statement
from northing.data.query.suspects import Suspect, suspects_of
from northing.kernel.clock import rfc3339

MAX_LIMIT = 1000
_CURSOR = re.compile(r"(-?\d{1,15})_([0-9a-f-]{36})", re.ASCII)
_EVENT_COLUMNS = ("uuid", "event", "distinct_id", "session_id", "url", "path", "properties")
_SESSION_COLUMNS = (
    "session_id", "events", "pageviews", "entry_url", "entry_path", "exit_url", "exit_path", "referrer_host", "channel",
    "browser", "os", "device", "country",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonJourney:
    """Whose events: by one of their ids, or by number where `person` is not None. `after` is the last event seen."""

    distinct_id: str
    person: int | None
    limit: int
    after: tuple[int, UUID] | None
    filters: Group
    funnel: Funnel | None


def read_person_journey(reader: Reader, scope: Scope) -> PersonJourney:
    """Read every field but the dates; faults are collected in the reader's notes."""
    number = reader.integer("person", -1, least=0, most=(1 << 32) - 1)
    distinct_id = reader.text("distinct_id", longest=1000)
    if (number < 0) != bool(distinct_id):
        reader.fault("distinct_id", "is required, or the number of a person in `person`, but not both")
    return PersonJourney(
        distinct_id=distinct_id,
        person=number if number >= 0 else None,
        limit=reader.integer("limit", 200, least=1, most=MAX_LIMIT),
        after=_read_cursor(reader),
        filters=read_filters(reader, scope),
        funnel=read_rules(reader, "funnel", scope) if reader.has("funnel") else None,
    )


def _read_cursor(reader: Reader) -> tuple[int, UUID] | None:
    text = reader.text("cursor", longest=60)
    found = _CURSOR.fullmatch(text)
    try:
        if found:
            return int(found[1]), UUID(found[2])
    except ValueError:
        pass
    if text:
        reader.fault("cursor", "must be the next_cursor of an answer")
    return None


async def answer_person_journey(query: PersonJourney, span: Range, scope: Scope, ask: Ask) -> Answer:
    """A page of events in order of time, their sessions, the person, and how far in the funnel."""
    found = (await ask(plan_person(query, scope))).rows
    person = int(found[0][0]) if found else None
    result: dict[str, Any] = {"person": None, "events": [], "sessions": [], "next_cursor": None}
    if person is not None:
        result["person"] = (await load_profiles(scope, [person], ask))[0]
        result |= await _page(query, person, span=span, scope=scope, ask=ask)
    if query.funnel:
        result["funnel"] = await _progress(query.funnel, person, span=span, scope=scope, ask=ask)
    warnings = () if found else ("No person has this distinct_id.",)
    return Answer(result, _define(query, span, scope), span.start, span.end, warnings)


async def _page(query: PersonJourney, person: int, *, span: Range, scope: Scope, ask: Ask) -> dict[str, Any]:
    rows = (await ask(plan_events(query, person, span, scope))).rows
    shown = rows[: query.limit]
    sessions = sorted({int(row[1]) for row in shown if int(row[1])})
    found = (await ask(plan_sessions(sessions, scope))).rows if sessions else []
    more = len(rows) > query.limit
    return {
        "events": [_event(row, scope) for row in shown],
        "sessions": [_session(row, scope) for row in found],
        "next_cursor": f"{shown[-1][0]}_{shown[-1][2]}" if more else None,
    }


def plan_person(query: PersonJourney, scope: Scope) -> Statement:
    """The number of the person, after merges; no row where there is none."""
    draft = Draft(scope)
    return draft.statement(f"{_whose(query, draft)} LIMIT 1")


def _whose(query: PersonJourney, draft: Draft) -> str:
    if query.person is not None:
        return f"SELECT {draft.person_of(draft.bind(query.person, 'UInt32'))} AS __person"
    return (
        f"SELECT {draft.person_of('__id.person')} AS __person FROM distinct_ids AS __id FINAL "
        f"WHERE __id.project_id = {draft.project} AND __id.distinct_id = {draft.text(query.distinct_id)}"
    )


def plan_events(query: PersonJourney, person: int, span: Range, scope: Scope) -> Statement:
    """The events of the page and one more, oldest first; ties by uuid."""
    draft = Draft(scope)
    parts = [f"{draft.person} = {draft.bind(person, 'UInt32')}", condition_sql(query.filters, draft)]
    if query.after:
        at = f"fromUnixTimestamp64Milli({draft.bind(query.after[0], 'Int64')}, 'UTC')"
        parts.append(f"({ROW}.timestamp, {ROW}.uuid) > ({at}, {draft.bind(str(query.after[1]), 'UUID')})")
    where = scan(draft, span, parts, guarded=has_expression(query.filters))
    columns = ", ".join(f"{ROW}.{name}" for name in _EVENT_COLUMNS)
    return draft.statement(
        f"SELECT toUnixTimestamp64Milli({ROW}.timestamp), toString({ROW}.session), {columns} FROM {EVENTS} {where} "
        f"ORDER BY {ROW}.timestamp, {ROW}.uuid LIMIT {query.limit + 1}"
    )


def plan_sessions(sessions: list[int], scope: Scope) -> Statement:
    """The sessions of these numbers, oldest first."""
    draft = Draft(scope)
    columns = ", ".join(f"{SESSION}.{name}" for name in _SESSION_COLUMNS)
    return draft.statement(
        f"SELECT toUnixTimestamp64Milli({SESSION}.start), toUnixTimestamp64Milli({SESSION}.end), "
        f"toString({SESSION}.session), {columns} "
        f"FROM sessions AS {SESSION} FINAL WHERE {SESSION}.project_id = {draft.project} "
        f"AND {SESSION}.session IN {draft.bind(sessions, 'Array(UInt64)')} ORDER BY {SESSION}.start, {SESSION}.session"
    )


async def _progress(funnel: Funnel, person: int | None, *, span: Range, scope: Scope, ask: Ask) -> dict[str, Any]:
    """How far the person got in the attempt that counts; nowhere if an exclusion took it."""
    rows = (await ask(plan_progress(funnel, person, span, scope))).rows if person is not None else []
    times = [int(t) for t in rows[0]] if rows else [0] * len(funnel.steps)
    base = round(span.start.timestamp() * 1000) - FIRST_TIME
    steps = [
        {"name": step_name(funnel, i), "reached_at": _moment(base + t, scope) if t else None}
        for i, t in enumerate(times)
    ]
    reached = max((i for i, t in enumerate(times) if t), default=None)
    return {"steps": steps, "step_reached": reached, "converted": reached == len(times) - 1}


def plan_progress(funnel: Funnel, person: int, span: Range, scope: Scope) -> Statement:
    """When each step was reached, 0 for not: of a person's sessions or groups, the one that got furthest."""
    own = Expression(*(f"{person_sql(f'{ROW}.person', merged=merged)} = {person}" for merged in (False, True)))
    alone = replace(funnel, filters=Group("and", (funnel.filters, own)))
    draft = Draft(scope)
    attempts = Attempts(FunnelPlan(alone, scope, span), draft).select()
    times = ", ".join(f"__t{i}" for i in range(len(funnel.steps)))
    return draft.statement(f"SELECT {times} FROM ({attempts}) ORDER BY __k DESC, {times} LIMIT 1")


def _event(row: list[Any], scope: Scope) -> dict[str, Any]:
    # Not every client names its sessions, so the number is given too: as text, since JSON's numbers are too small.
    own = {"timestamp": _moment(int(row[0]), scope), "session": row[1]}
    return {**own, **dict(zip(_EVENT_COLUMNS, row[2:], strict=True))}


def _session(row: list[Any], scope: Scope) -> dict[str, Any]:
    start, end = int(row[0]), int(row[1])
    times = {"start": _moment(start, scope), "end": _moment(end, scope), "duration_seconds": (end - start) / 1000}
    return {"session": row[2], **dict(zip(_SESSION_COLUMNS, row[3:], strict=True)), **times}


def _moment(milliseconds: int, scope: Scope) -> str:
    return rfc3339(datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(scope.zone))


def people_of_person_journey(query: PersonJourney, span: Range, scope: Scope, point: Reader) -> People:
    """The person; the point has no fields."""
    draft = Draft(scope)
    return People(draft, _whose(query, draft), "The person of this journey.")


def _define(query: PersonJourney, span: Range, scope: Scope) -> str:
    whose = f"the person known as {query.distinct_id}" if query.person is None else f"person {query.person}"
    text = (
        f"What {whose} did, after merges, oldest first, from {span.start:%Y-%m-%d %H:%M} to before "
        f"{span.end:%Y-%m-%d %H:%M} in {scope.timezone}."
    )
    if query.filters.members:
        text += " Only events that match the filters."
    if query.funnel:
        text += f" The funnel's steps, {query.funnel.order}, as reached in that range by the attempt that counts."
    return text


def _suspects(query: PersonJourney, result: dict[str, Any]) -> Iterator[Suspect]:
    return iter(()) if result["events"] else suspects_of(query.filters)


PERSON_JOURNEY = Kind(
    "person_journey",
    read_person_journey,
    answer_person_journey,
    people=people_of_person_journey,
    suspects=_suspects,
)
