"""HTTP of insights: saved questions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from northing.data.query.serving import QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.products.insights import annotation_routes, finding_routes, funnel_routes, schemas, service
from northing.products.insights.listing import Refresh, cut, search_of
from northing.products.insights.service import SCOPE, InsightDraft, InsightSearch
from northing.server.http.dependencies import Access, ContextDep, Id, access, reading, writing
from northing.server.http.paging import Page

router = APIRouter(prefix="/insights", tags=["insights"])
ROUTERS = (router, funnel_routes.router, annotation_routes.router, *finding_routes.ROUTERS)

WriteDep = Annotated[Access, Depends(access(SCOPE))]
SearchDep = Annotated[InsightSearch, Depends(search_of)]
Kind = Annotated[str | None, Query(max_length=40, description="Only questions of this kind.")]


@router.get("")
def get_insights(context: ContextDep, found: QueryDep, asked: SearchDep, kind: Kind = None) -> Page[schemas.Insight]:
    """Saved questions, those changed last first."""
    check_texts(kind=kind)
    with reading(context, found.actor) as work:
        rows = service.list_insights(work, found.project.id, replace(asked, kind=kind or None))
    items, cursor = cut(rows, asked.limit)
    return Page(items=[schemas.Insight.model_validate(row) for row in items], next_cursor=cursor)


@router.post("", status_code=201)
def post_insight(body: schemas.NewInsight, context: ContextDep, found: WriteDep) -> schemas.Insight:
    """Save a question; one that could not be asked is refused."""
    draft = InsightDraft(body.name, body.query, body.description, tuple(body.tags), body.display)
    with writing(context, found.actor) as work:
        return schemas.Insight.model_validate(service.create_insight(work, scope_of(found, context), draft))


@router.get("/{insight_id}")
def get_insight(insight_id: Id, context: ContextDep, found: QueryDep) -> schemas.Insight:
    """One saved question, archived or not."""
    with reading(context, found.actor) as work:
        return schemas.Insight.model_validate(service.get_insight(work, found.project.id, insight_id))


@router.patch("/{insight_id}")
def patch_insight(
    insight_id: Id, body: schemas.InsightChanges, context: ContextDep, found: QueryDep
) -> schemas.Insight:
    """Change a saved question; what it was stays as a version. Whether the caller likes it is their own affair."""
    given = {name: getattr(body, name) for name in body.model_fields_set}
    with writing(context, found.actor) as work:
        changed = service.change_insight(work, scope_of(found, context), insight_id, given)
        return schemas.Insight.model_validate(changed)


@router.delete("/{insight_id}", status_code=204)
def delete_insight(insight_id: Id, context: ContextDep, found: WriteDep) -> None:
    """Put a saved question away; PATCH with `archived` false brings it back."""
    with writing(context, found.actor) as work:
        service.archive_insight(work, scope_of(found, context), insight_id)


@router.get("/{insight_id}/result", response_model=schemas.SavedAnswer)
async def get_insight_result(
    *,
    insight_id: Id,
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    refresh: Refresh = False,
) -> Response:
    """Ask the saved question now."""
    saved = await asyncio.to_thread(get_insight, insight_id, context, found)
    body: dict[str, Any] = {**saved.query, "refresh": refresh}
    answer = await while_connected(request, runner.run(body, scope_of(found, context)))
    return Response(msgspec.json.encode(answer), media_type="application/json")


@router.get("/{insight_id}/versions")
def get_insight_versions(insight_id: Id, context: ContextDep, found: QueryDep) -> Page[schemas.InsightVersion]:
    """Every version, the newest first."""
    with reading(context, found.actor) as work:
        rows = service.list_versions(work, found.project.id, insight_id)
    return Page(items=[schemas.InsightVersion.model_validate(row) for row in rows])


@router.post("/{insight_id}/versions/{version}/restoration")
def post_insight_restoration(insight_id: Id, version: Id, context: ContextDep, found: WriteDep) -> schemas.Insight:
    """Make an old version the newest one; nothing in between is lost."""
    with writing(context, found.actor) as work:
        restored = service.restore_version(work, scope_of(found, context), insight_id, version)
        return schemas.Insight.model_validate(restored)


@router.put("/{insight_id}/favourite", status_code=204)
def put_insight_favourite(insight_id: Id, context: ContextDep, found: QueryDep) -> None:
    """Like it."""
    with writing(context, found.actor) as work:
        service.set_favourite(work, found.project.id, insight_id, wanted=True)


@router.delete("/{insight_id}/favourite", status_code=204)
def delete_insight_favourite(insight_id: Id, context: ContextDep, found: QueryDep) -> None:
    """No longer like it."""
    with writing(context, found.actor) as work:
        service.set_favourite(work, found.project.id, insight_id, wanted=False)
