"""HTTP of the analytics slice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec
from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import AwareDatetime

from northing.data.query import QueryRunner, RunnerOptions, Scope
from northing.data.query.catalogue import ValueSearch
from northing.data.query.properties import Property
from northing.data.query.ranges import is_zone
from northing.data.query.reader import text_fault
from northing.data.query.scope import WeekStart
from northing.data.store import EventStore, QueryLimits
from northing.kernel.problems import Problem, invalid
from northing.products.analytics import schemas, service
from northing.products.analytics.service import LiveRequest
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, access, context_of
from northing.server.http.paging import Cursor, Limit, Page

T = TypeVar("T")
POLL_SECONDS = 0.2
LONGEST_TEXT = 400
_MIB = 1 << 20
_EXAMPLE = {"kind": "trends", "series": [{"event": "$pageview", "math": "unique"}], "date_from": "-7d"}

query_router = APIRouter(prefix="/query", tags=["query"])
events_router = APIRouter(prefix="/events", tags=["events"])
catalogue_router = APIRouter(prefix="/catalogue", tags=["catalogue"])
ROUTERS = (query_router, events_router, catalogue_router)

QueryDep = Annotated[Access, Depends(access("query:read"))]
EventsDep = Annotated[Access, Depends(access("events:read"))]
Text = Annotated[str | None, Query(max_length=LONGEST_TEXT)]
SearchText = Annotated[str, Query(max_length=LONGEST_TEXT, description="Only those that contain this text.")]
After = Annotated[AwareDatetime | None, Query(description="Only events later than this.")]


def runner_of(request: Request) -> QueryRunner:
    """The query runner of this worker, made when it is first asked for."""
    state = request.app.state
    runner = getattr(state, "query_runner", None)
    if not isinstance(runner, QueryRunner):
        runner = state.query_runner = make_runner(context_of(request))
    return runner


def make_runner(context: Context) -> QueryRunner:
    """A query runner with the limits of the settings."""
    settings = context.settings
    limits = QueryLimits(
        seconds=settings.query_timeout_s,
        memory_bytes=settings.query_memory_mb * _MIB,
        rows_to_read=settings.query_max_rows,
    )
    options = RunnerOptions(limits, settings.query_concurrency, settings.query_cache_s)
    return QueryRunner(cast(EventStore, context.store), context.cache, options)


async def _runner(request: Request) -> QueryRunner:
    # A coroutine runs on the event loop, so two first requests cannot both make one.
    return runner_of(request)


def _live_request(
    *, limit: Limit = 50, cursor: Cursor = None, event: Text = None, distinct_id: Text = None, after: After = None
) -> LiveRequest:
    _check(event=event, distinct_id=distinct_id)
    return LiveRequest(limit, cursor, event or None, distinct_id or None, after)


def _value_search(
    property: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)],
    type: Literal["event", "person"] = "event",
    event: Text = None,
    search: SearchText = "",
) -> ValueSearch:
    _check(property=property, event=event, search=search)
    return ValueSearch(Property(type, property), event or None, search)


RunnerDep = Annotated[QueryRunner, Depends(_runner)]


@query_router.post("", response_model=schemas.QueryAnswer)
async def post_query(
    body: Annotated[dict[str, Any], Body(examples=[_EXAMPLE])],
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
) -> Response:
    """Ask a question: `kind` and its fields. Leaving before the answer ends the query."""
    scope = scope_of(found, context)
    answer = await while_connected(request, runner.run(body, scope))
    return Response(msgspec.json.encode(answer), media_type="application/json")


@events_router.get("", response_model=Page[schemas.LiveEvent])
async def get_events(
    request: Request,
    context: ContextDep,
    found: EventsDep,
    runner: RunnerDep,
    asked: Annotated[LiveRequest, Depends(_live_request)],
) -> Response:
    """Events as they arrive, newest first; `after` gives only those later than a time."""
    live = service.list_live(runner, await runner.merged(scope_of(found, context)), asked)
    items, cursor = await while_connected(request, live)
    return _page(items, cursor)


@catalogue_router.get("/events", response_model=Page[schemas.CatalogueEvent])
async def get_catalogue_events(
    context: ContextDep, found: QueryDep, runner: RunnerDep, search: SearchText = ""
) -> Response:
    """Names of events in the last thirty days, most frequent first."""
    _check(search=search)
    return _page(await service.list_events(runner, await runner.merged(scope_of(found, context)), search))


@catalogue_router.get("/properties", response_model=Page[schemas.CatalogueProperty])
async def get_catalogue_properties(
    context: ContextDep, found: QueryDep, runner: RunnerDep, event: Text = None
) -> Response:
    """Properties seen lately, with their types; of one event, or of all."""
    _check(event=event)
    return _page(await service.list_properties(runner, scope_of(found, context), event))


@catalogue_router.get("/values", response_model=Page[schemas.CatalogueValue])
async def get_catalogue_values(
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    asked: Annotated[ValueSearch, Depends(_value_search)],
) -> Response:
    """Values of a property in the last thirty days, most frequent first."""
    return _page(await service.list_values(runner, scope_of(found, context), asked))


def scope_of(found: Access, context: Context) -> Scope:
    """The project's own zone and week; a zone that is not known to this machine counts as UTC."""
    project = found.project
    timezone = project.timezone if is_zone(project.timezone) else "UTC"
    week_start: WeekStart = "monday" if project.week_start == "monday" else "sunday"
    return Scope(project.id, timezone, week_start, context.clock())


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled when the client goes away."""
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({task}, timeout=POLL_SECONDS))[0]:
            if await request.is_disconnected():
                raise Problem(499, "client_left", "The client left before the answer was ready.")
        return task.result()
    finally:
        task.cancel()


def _page(items: list[dict[str, Any]], cursor: str | None = None) -> Response:
    return Response(msgspec.json.encode({"items": items, "next_cursor": cursor}), media_type="application/json")


def _check(**texts: str | None) -> None:
    for name, text in texts.items():
        if text is not None and (fault := text_fault(text, LONGEST_TEXT)):
            raise invalid(name, fault)
