"""HTTP of persons and groups; merging and splitting have a file of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from northing.data.query.persons import GroupSearch
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Ask, Scope
from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.kernel.problems import invalid
from northing.products.people import cohorts, persons, schemas
from northing.products.people.persons import Listing, PersonSearch
from northing.products.people.service import PageRequest, asker
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, access, reading
from northing.server.http.paging import Cursor, Limit, Page, decode_cursor

persons_router = APIRouter(prefix="/persons", tags=["persons"])
groups_router = APIRouter(prefix="/groups", tags=["groups"])

EventsDep = Annotated[Access, Depends(access("events:read"))]
PersonNumber = Annotated[int, Path(ge=0, lt=1 << 32, description="Number of the person in the project.")]
Search = Annotated[str, Query(max_length=LONGEST_TEXT, description="Only those whose ids or name contain this.")]
Text = Annotated[str | None, Query(max_length=LONGEST_TEXT)]
DistinctId = Annotated[str | None, Query(max_length=1000, description="Only the person who has this id.")]
CohortNumber = Annotated[int | None, Query(ge=1, lt=1 << 32, description="Only members of this cohort or segment.")]
Value = Annotated[list[str] | None, Query(description="Of the property; several mean any of them.", max_length=100)]
Order = Annotated[
    Literal["activity", "number"],
    Query(description="By the last event, newest first, without those who have none; or everyone by number."),
]


def _condition(property: Text = None, operator: Text = None, value: Value = None) -> dict[str, Any] | None:
    """A property of the person, as in filters."""
    check_texts(property=property, operator=operator)
    if not property:
        return None
    found: dict[str, Any] = {"property": property, "value": value[0] if value and len(value) == 1 else value}
    return {**found, "operator": operator} if operator else found


def _search(
    *,
    search: Search = "",
    cohort: CohortNumber = None,
    condition: Annotated[dict[str, Any] | None, Depends(_condition)],
    order: Order = "activity",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PersonSearch:
    check_texts(search=search)
    return PersonSearch(search, cohort, condition, order, limit, cursor)


def _groups(type: Text = None, search: Search = "", cursor: Cursor = None) -> GroupSearch:
    check_texts(type=type, search=search)
    after = decode_cursor(cursor, str, str) if cursor else None
    return GroupSearch(type or None, search, (str(after[0]), str(after[1])) if after else None)


def _place(limit: Limit = 50, cursor: Cursor = None) -> PageRequest:
    return PageRequest(limit, cursor)


PlaceDep = Annotated[PageRequest, Depends(_place)]


@persons_router.get("", response_model=schemas.PersonPage)
async def get_persons(
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    asked: Annotated[PersonSearch, Depends(_search)],
    distinct_id: DistinctId = None,
) -> Response:
    """People, those who were active last first; `property`, `operator` and `value` are those of a filter."""
    scope, ask = await _ready(context, found, runner)
    if distinct_id is None:
        return await _page(request, persons.list_persons(scope, asked, ask))
    if "\0" in distinct_id:
        raise invalid("distinct_id", "must not contain a NUL character")
    return await _page(request, persons.find_owner(scope, distinct_id, ask))


@persons_router.get("/{person}", response_model=schemas.Person)
async def get_person(
    person: PersonNumber, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep
) -> Response:
    """All that is known of a person. The number of someone merged away gives the person they are part of."""
    scope, ask = await _ready(context, found, runner)
    item = await while_connected(request, persons.find_person(scope, person, ask))
    numbers = item.pop("cohort_numbers")

    def load_names() -> dict[int, str]:
        with reading(context, found.actor) as work:
            return cohorts.names_of(work, found.project.id, numbers)

    item["cohorts"] = persons.name_cohorts(numbers, await asyncio.to_thread(load_names))
    return _json(item)


@persons_router.get("/{person}/events", response_model=Page[schemas.PersonEvent])
async def get_person_events(
    person: PersonNumber,
    request: Request,
    context: ContextDep,
    found: EventsDep,
    runner: RunnerDep,
    asked: PlaceDep,
) -> Response:
    """What a person did, newest first."""
    scope, ask = await _ready(context, found, runner)
    return await _page(request, persons.list_events(scope, person, asked, ask))


@persons_router.get("/{person}/sessions", response_model=Page[schemas.PersonSession])
async def get_person_sessions(
    person: PersonNumber,
    request: Request,
    context: ContextDep,
    found: EventsDep,
    runner: RunnerDep,
    asked: PlaceDep,
) -> Response:
    """A person's sessions, newest first."""
    scope, ask = await _ready(context, found, runner)
    return await _page(request, persons.list_sessions(scope, person, asked, ask))


@groups_router.get("", response_model=Page[schemas.ListedGroup])
async def get_groups(
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    asked: Annotated[GroupSearch, Depends(_groups)],
    limit: Limit = 50,
) -> Response:
    """Groups that have a profile, by type and key."""
    scope, ask = await _ready(context, found, runner)
    return await _page(request, persons.list_groups(scope, asked, limit, ask))


@groups_router.get("/{type}/{key:path}", response_model=schemas.Group)
async def get_group(
    type: str, key: str, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep
) -> Response:
    """What is known of a group, and how many people are in it."""
    check_texts(type=type, key=key)
    scope, ask = await _ready(context, found, runner)
    return _json(await while_connected(request, persons.find_group(scope, type, key, ask)))


async def _ready(context: Context, found: Access, runner: QueryRunner) -> tuple[Scope, Ask]:
    scope = await runner.merged(scope_of(found, context))
    return scope, asker(runner, scope)


async def _page(request: Request, listing: Coroutine[Any, Any, Listing]) -> Response:
    done = await while_connected(request, listing)
    total = {} if done.total is None else {"total": done.total}
    return _json({"items": done.items, "next_cursor": done.cursor, **total})


def _json(answer: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
