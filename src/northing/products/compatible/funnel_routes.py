"""HTTP of the source systems' funnels; `action: track` is in `tracking`, since it takes the project token."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.kernel.problems import invalid
from northing.products.compatible import funnels, schemas
from northing.products.compatible.metric_values import SCOPE
from northing.products.insights.funnels import Dates
from northing.products.insights.listing import Place, place_of
from northing.products.insights.views import InsightView
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, access, declare_short, reading, writing
from northing.server.http.paging import Cursor, Limit

router = APIRouter(prefix="/api/analytics/funnels", tags=["compatible"], dependencies=[Depends(declare_short)])

WriteDep = Annotated[Access, Depends(access(SCOPE))]
Text = Annotated[str, Query(max_length=LONGEST_TEXT)]
FunnelId = Annotated[str, Query(alias="funnelId", max_length=20)]
UserId = Annotated[str, Query(alias="userId", max_length=LONGEST_TEXT)]
From = Annotated[str | None, Query(alias="from", max_length=40)]
To = Annotated[str | None, Query(alias="to", max_length=40)]
Inactive = Annotated[bool, Query(alias="includeInactive")]


def _dates(date_from: From = None, date_to: To = None) -> Dates:
    return Dates(date_from, date_to)


def _place(limit: Limit = 500, cursor: Cursor = None) -> Place:
    """As many as a client of the source systems could have meant by all."""
    return place_of(limit, cursor)


def _wanted(funnel_id: FunnelId = "", name: Text = "") -> tuple[str, str]:
    check_texts(funnelId=funnel_id, name=name)
    return funnel_id, name


@router.post("")
def post_analytics_funnel(body: schemas.FunnelInput, context: ContextDep, found: WriteDep) -> dict[str, Any]:
    """Make a funnel, or deactivate one. With `action: track` the body is of a client, and takes the project token."""
    scope = scope_of(found, context)
    with writing(context, found.actor) as work:
        if body.action == "deactivate":
            one = funnels.find_funnel(work, scope.project_id, number=body.funnelId, name=body.name)
            return {"success": True, "funnel": funnels.show(funnels.deactivate(work, scope, one))}
        if not body.name:
            raise invalid("name", "is required")
        given = body.model_dump()
        given["steps"] = [step.model_dump(exclude_unset=True) for step in body.steps]
        return {"success": True, "funnel": funnels.show(funnels.create(work, scope, given))}


@router.get("")
async def get_analytics_funnels(
    *,
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    wanted: Annotated[tuple[str, str], Depends(_wanted)],
    dates: Annotated[Dates, Depends(_dates)],
    place: Annotated[Place, Depends(_place)],
    action: Annotated[Literal["list", "results", "dropoff", "journey", "conversion"], Query()] = "list",
    user_id: UserId = "",
    inactive: Inactive = False,
) -> Response:
    """Funnels (`list`), or of one by `funnelId` or `name`: results, drop-off, conversion, a person's journey."""
    if action == "list":
        return _json(await asyncio.to_thread(_list, context, found, place, inactive=inactive))
    view = await asyncio.to_thread(_find, context, found, wanted)
    scope = scope_of(found, context)
    if action == "journey":
        check_texts(userId=user_id)
        if not user_id:
            raise invalid("userId", "is required")
        work = funnels.journey(runner, scope, view, user_id=user_id, dates=dates)
    else:
        ask = {"results": funnels.results, "dropoff": funnels.drop_off, "conversion": funnels.conversion}[action]
        work = ask(runner, scope, view, dates)
    return _json(await while_connected(request, work))


def _list(context: Context, found: Access, place: Place, *, inactive: bool) -> dict[str, Any]:
    with reading(context, found.actor) as work:
        return funnels.list_funnels(work, found.project.id, place, inactive=inactive)


def _find(context: Context, found: Access, wanted: tuple[str, str]) -> InsightView:
    with reading(context, found.actor) as work:
        return funnels.find_funnel(work, found.project.id, number=wanted[0], name=wanted[1])


def _json(answer: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
