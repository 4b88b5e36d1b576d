"""HTTP of funnels: the insights of one kind, with results of their own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.products.insights import funnels, schemas, service
from northing.products.insights.funnels import FIELDS, KIND, Dates, FunnelDraft
from northing.products.insights.listing import Active, Refresh, cut, search_of
from northing.products.insights.service import SCOPE, InsightSearch
from northing.products.insights.views import InsightView
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, Id, access, reading, writing
from northing.server.http.paging import Page

router = APIRouter(prefix="/funnels", tags=["funnels"])

WriteDep = Annotated[Access, Depends(access(SCOPE))]
SearchDep = Annotated[InsightSearch, Depends(search_of)]
From = Annotated[str | None, Query(alias="from", max_length=40, description="As `date_from` of a query.")]
To = Annotated[str | None, Query(alias="to", max_length=40, description="As `date_to` of a query.")]
DistinctId = Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)]


def _dates(date_from: From = None, date_to: To = None) -> Dates:
    return Dates(date_from, date_to)


DatesDep = Annotated[Dates, Depends(_dates)]


@router.get("")
def get_funnels(
    *, context: ContextDep, found: QueryDep, asked: SearchDep, is_active: Active = None
) -> Page[schemas.Funnel]:
    """Saved funnels, those changed last first."""
    wanted = replace(asked, kind=KIND, active=is_active)
    with reading(context, found.actor) as work:
        rows = funnels.list_funnels(work, found.project.id, wanted)
    items, cursor = cut(rows, asked.limit)
    return Page(items=[_shown(row) for row in items], next_cursor=cursor)


@router.post("", status_code=201)
def post_funnel(body: schemas.NewFunnel, context: ContextDep, found: WriteDep) -> schemas.Funnel:
    """Save a funnel; one that could not be asked is refused."""
    fields = {name: getattr(body, name) for name in FIELDS}
    draft = FunnelDraft(body.name, fields, body.description, tuple(body.tags))
    with writing(context, found.actor) as work:
        return _shown(funnels.create_funnel(work, scope_of(found, context), draft))


@router.get("/{funnel_id}")
def get_funnel(funnel_id: Id, context: ContextDep, found: QueryDep) -> schemas.Funnel:
    """One funnel, archived or not."""
    return _shown(_load(context, found, funnel_id))


@router.patch("/{funnel_id}")
def patch_funnel(funnel_id: Id, body: schemas.FunnelChanges, context: ContextDep, found: WriteDep) -> schemas.Funnel:
    """Change a funnel; what it was stays as a version of the insight of the same number."""
    given = {name: getattr(body, name) for name in body.model_fields_set}
    with writing(context, found.actor) as work:
        return _shown(funnels.change_funnel(work, scope_of(found, context), funnel_id, given))


@router.delete("/{funnel_id}", status_code=204)
def delete_funnel(funnel_id: Id, context: ContextDep, found: WriteDep) -> None:
    """Put a funnel away; PATCH with `archived` false brings it back."""
    with writing(context, found.actor) as work:
        service.archive_insight(work, scope_of(found, context), funnel_id, kind=KIND)


@router.put("/{funnel_id}/activation")
def put_funnel_activation(funnel_id: Id, context: ContextDep, found: WriteDep) -> schemas.Funnel:
    """Look after it again."""
    with writing(context, found.actor) as work:
        return _shown(funnels.change_funnel(work, scope_of(found, context), funnel_id, {"is_active": True}))


@router.delete("/{funnel_id}/activation")
def delete_funnel_activation(funnel_id: Id, context: ContextDep, found: WriteDep) -> schemas.Funnel:
    """No longer look after it: it stays, with its results, but is not among the active ones."""
    with writing(context, found.actor) as work:
        return _shown(funnels.change_funnel(work, scope_of(found, context), funnel_id, {"is_active": False}))


@router.get("/{funnel_id}/results", response_model=schemas.SavedAnswer)
async def get_funnel_results(
    *,
    funnel_id: Id,
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    dates: DatesDep,
    refresh: Refresh = False,
) -> Response:
    """How many get from step to step, as the kind `funnel` answers."""
    view = await _load_later(context, found, funnel_id)
    work = funnels.run_funnel(runner, scope_of(found, context), view, dates, refresh=refresh)
    return _json(await while_connected(request, work))


@router.get("/{funnel_id}/drop-off", response_model=schemas.DropOff)
async def get_funnel_drop_off(
    funnel_id: Id, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep, dates: DatesDep
) -> Response:
    """Where people leave."""
    view = await _load_later(context, found, funnel_id)
    return _json(await while_connected(request, funnels.drop_off(runner, scope_of(found, context), view, dates)))


@router.get("/{funnel_id}/journey", response_model=schemas.Journey)
async def get_funnel_journey(
    funnel_id: Id,
    distinct_id: DistinctId,
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    dates: DatesDep,
) -> Response:
    """How far one person got, and their events of its steps."""
    check_texts(distinct_id=distinct_id)
    view = await _load_later(context, found, funnel_id)
    work = funnels.journey(runner, scope_of(found, context), view, distinct_id=distinct_id, dates=dates)
    return _json(await while_connected(request, work))


def _load(context: Context, found: Access, funnel_id: int) -> InsightView:
    with reading(context, found.actor) as work:
        return funnels.get_funnel(work, found.project.id, funnel_id)


async def _load_later(context: Context, found: Access, funnel_id: int) -> InsightView:
    return await asyncio.to_thread(_load, context, found, funnel_id)


def _shown(view: InsightView) -> schemas.Funnel:
    return schemas.Funnel.model_validate(funnels.as_funnel(view))


def _json(answer: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
