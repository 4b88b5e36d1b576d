"""HTTP of the analytics slice."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import AwareDatetime

from northing.data.query.catalogue import ValueSearch
from northing.data.query.properties import Property
from northing.data.query.scope import Scope
from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.data.query.sql_files import FORMATS, SqlFile
from northing.products.analytics import schemas, service
from northing.products.analytics.service import LiveRequest
from northing.server.http.dependencies import Access, ContextDep, access
from northing.server.http.paging import Cursor, Limit, Page

_EXAMPLE = {"kind": "trends", "series": [{"event": "$pageview", "math": "unique"}], "date_from": "-7d"}
_FILE_EXAMPLE = {"sql": "SELECT event, timestamp, properties FROM events ORDER BY timestamp", "format": "parquet"}
_A_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows as a file",
        "content": {
            one.media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for one in FORMATS.values()
        },
    }
}

query_router = APIRouter(prefix="/query", tags=["query"])
events_router = APIRouter(prefix="/events", tags=["events"])
catalogue_router = APIRouter(prefix="/catalogue", tags=["catalogue"])
ROUTERS = (query_router, events_router, catalogue_router)

EventsDep = Annotated[Access, Depends(access("events:read"))]
Text = Annotated[str | None, Query(max_length=LONGEST_TEXT)]
SearchText = Annotated[str, Query(max_length=LONGEST_TEXT, description="Only those that contain this text.")]
After = Annotated[AwareDatetime | None, Query(description="Only events later than this.")]


def _live_request(
    *, limit: Limit = 50, cursor: Cursor = None, event: Text = None, distinct_id: Text = None, after: After = None
) -> LiveRequest:
    check_texts(event=event, distinct_id=distinct_id)
    return LiveRequest(limit, cursor, event or None, distinct_id or None, after)


def _value_search(
    property: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)],
    type: Literal["event", "person"] = "event",
    event: Text = None,
    search: SearchText = "",
) -> ValueSearch:
    check_texts(property=property, event=event, search=search)
    return ValueSearch(Property(type, property), event or None, search)


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


@query_router.post("/export", response_class=Response, responses=_A_FILE)
async def post_query_export(
    body: Annotated[dict[str, Any], Body(examples=[_FILE_EXAMPLE])],
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
) -> Response:
    """The whole answer to an SQL statement as a file: `format` is `csv` or `parquet`.

    The other fields are those of the kind `sql`; `limit` may be up to a million, and an answer with more rows is
    refused where it is left out. `for_spreadsheets` puts an apostrophe before texts that a spreadsheet would run.
    """
    scope = scope_of(found, context)
    file = await while_connected(request, runner.write_file(body, scope))
    return Response(file.content, media_type=file.format.media_type, headers=_as_download(file, scope))


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
    check_texts(search=search)
    return _page(await service.list_events(runner, await runner.merged(scope_of(found, context)), search))


@catalogue_router.get("/properties", response_model=Page[schemas.CatalogueProperty])
async def get_catalogue_properties(
    context: ContextDep, found: QueryDep, runner: RunnerDep, event: Text = None
) -> Response:
    """Properties seen lately, with their types; of one event, or of all."""
    check_texts(event=event)
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


def _as_download(file: SqlFile, scope: Scope) -> dict[str, str]:
    name = f"sql-{scope.now:%Y%m%d-%H%M%S}.{file.format.name}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _page(items: list[dict[str, Any]], cursor: str | None = None) -> Response:
    return Response(msgspec.json.encode({"items": items, "next_cursor": cursor}), media_type="application/json")
