"""HTTP of persons and groups; merging and splitting have a file of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from northing.data.identity.timelines import GroupName
from northing.data.query.persons import GroupSearch
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Ask, Scope
from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.kernel.problems import invalid
from northing.products.people import cohorts, persons, schemas, timelines
from northing.products.people.listing import Item, Listing
from northing.products.people.persons import PersonSearch
from northing.products.people.service import PageRequest, asker
from northing.products.people.timelines import EventSearch, read_span
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
EventNames = Annotated[
    list[str] | None, Query(description="Only events of this name; several mean any of them.", max_length=100)
]
DateFrom = Annotated[str | None, Query(max_length=40, description="A date, a moment, or relative: -30d.")]
DateTo = Annotated[str | None, Query(max_length=40, description="A date means its whole day.")]
Order = Annotated[
    Literal["activity", "number"],
    Query(description="By the last event, newest first, without those who have none; or everyone by number."),
]


def _condition(property: Text = None, operator: Text = None, value: Value = None) -> dict[str, Any] | None:
    """A property of the person, as in filters."""
    check_texts(property=property, operator=operator)
    if not property:
        if operator or value:
            raise invalid("property", "is required beside operator and value")
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
    return PersonSearch(search, cohort, condition, order=order, limit=limit, cursor=cursor)


def _group_people(search: Search = "", limit: Limit = 50, cursor: Cursor = None) -> PersonSearch:
    check_texts(search=search)
    return PersonSearch(search, limit=limit, cursor=cursor)


GroupPeopleDep = Annotated[PersonSearch, Depends(_group_people)]


def _groups(type: Text = None, search: Search = "", cursor: Cursor = None) -> GroupSearch:
    check_texts(type=type, search=search)
    after = decode_cursor(cursor, str, str) if cursor else None
    return GroupSearch(type or None, search, (str(after[0]), str(after[1])) if after else None)


def _place(limit: Limit = 50, cursor: Cursor = None) -> PageRequest:
    return PageRequest(limit, cursor)


def _group_name(
    type: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)],
    key: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)],
) -> GroupName:
    check_texts(type=type, key=key)
    return GroupName(type, key)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request about a project, and what asks its events, merges known."""

    request: Request
    context: Context
    found: Access
    scope: Scope
    ask: Ask

    async def answer(self, work: Coroutine[Any, Any, Item]) -> Response:
        """One thing."""
        return _json(await while_connected(self.request, work))

    async def page(self, listing: Coroutine[Any, Any, Listing]) -> Response:
        """A page of many."""
        done = await while_connected(self.request, listing)
        total = {} if done.total is None else {"total": done.total}
        return _json({"items": done.items, "next_cursor": done.cursor, **total})


async def _asking_query(request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep) -> Asking:
    return await _asking(request, context, found, runner)


async def _asking_events(request: Request, context: ContextDep, found: EventsDep, runner: RunnerDep) -> Asking:
    return await _asking(request, context, found, runner)


async def _asking(request: Request, context: Context, found: Access, runner: QueryRunner) -> Asking:
    scope = await runner.merged(scope_of(found, context))
    return Asking(request, context, found, scope, asker(runner, scope))


QueryAsking = Annotated[Asking, Depends(_asking_query)]
EventsAsking = Annotated[Asking, Depends(_asking_events)]
PlaceDep = Annotated[PageRequest, Depends(_place)]
GroupDep = Annotated[GroupName, Depends(_group_name)]


def _events(
    *,
    asking: EventsAsking,
    event: EventNames = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> EventSearch:
    names = tuple(dict.fromkeys(event or ()))
    for name in names:
        check_texts(event=name)
    return EventSearch(names, read_span(asking.scope, date_from, date_to), limit, cursor)


EventSearchDep = Annotated[EventSearch, Depends(_events)]


@persons_router.get("", response_model=schemas.PersonPage)
async def get_persons(
    asking: QueryAsking, asked: Annotated[PersonSearch, Depends(_search)], distinct_id: DistinctId = None
) -> Response:
    """People, those who were active last first; `property`, `operator` and `value` are those of a filter."""
    if distinct_id is None:
        return await asking.page(persons.list_persons(asking.scope, asked, asking.ask))
    if "\0" in distinct_id:
        raise invalid("distinct_id", "must not contain a NUL character")
    return await asking.page(persons.find_owner(asking.scope, distinct_id, asking.ask))


@persons_router.get("/{person}", response_model=schemas.Person)
async def get_person(person: PersonNumber, asking: QueryAsking) -> Response:
    """All that is known of a person. The number of someone merged away gives the person they are part of."""
    return await asking.answer(_load_person(person, asking))


@persons_router.get("/{person}/events", response_model=Page[schemas.PersonEvent])
async def get_person_events(person: PersonNumber, asking: EventsAsking, asked: EventSearchDep) -> Response:
    """What a person did, newest first."""
    return await asking.page(timelines.list_person_events(asking.scope, person, asked, asking.ask))


@persons_router.get("/{person}/sessions", response_model=Page[schemas.PersonSession])
async def get_person_sessions(person: PersonNumber, asking: EventsAsking, asked: PlaceDep) -> Response:
    """A person's sessions, newest first."""
    return await asking.page(timelines.list_sessions(asking.scope, person, asked, asking.ask))


@groups_router.get("", response_model=Page[schemas.ListedGroup])
async def get_groups(
    asking: QueryAsking, asked: Annotated[GroupSearch, Depends(_groups)], limit: Limit = 50
) -> Response:
    """Groups that have a profile, by type and key."""
    return await asking.page(persons.list_groups(asking.scope, asked, limit, asking.ask))


# The group's name is in the query: a key may hold anything, a slash and the name of a route after it too.
@groups_router.get("/people", response_model=schemas.PersonPage)
async def get_group_people(asking: QueryAsking, group: GroupDep, asked: GroupPeopleDep) -> Response:
    """People with an event in a group, those who were active last first."""
    return await asking.page(persons.list_persons(asking.scope, replace(asked, group=group), asking.ask))


@groups_router.get("/events", response_model=Page[schemas.PersonEvent])
async def get_group_events(asking: EventsAsking, group: GroupDep, asked: EventSearchDep) -> Response:
    """What happened in a group, newest first."""
    return await asking.page(timelines.list_group_events(asking.scope, group, asked, asking.ask))


@groups_router.get("/{type}/{key:path}", response_model=schemas.Group)
async def get_group(type: str, key: str, asking: QueryAsking) -> Response:
    """What is known of a group, and how many people are in it."""
    check_texts(type=type, key=key)
    return await asking.answer(persons.find_group(asking.scope, type, key, asking.ask))


async def _load_person(person: int, asking: Asking) -> Item:
    item = await persons.find_person(asking.scope, person, asking.ask)
    numbers = item.pop("cohort_numbers")

    def load_names() -> dict[int, str]:
        with reading(asking.context, asking.found.actor) as work:
            return cohorts.names_of(work, asking.found.project.id, numbers)

    return {**item, "cohorts": persons.name_cohorts(numbers, await asyncio.to_thread(load_names))}


def _json(answer: Item) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
