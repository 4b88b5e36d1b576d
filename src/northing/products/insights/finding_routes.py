"""HTTP of what looks across slices: tags, and the search of the palette."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request

from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.products.insights import finding, schemas
from northing.products.insights.finding import Found
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, reading
from northing.server.http.paging import Page

tags_router = APIRouter(prefix="/tags", tags=["insights"])
search_router = APIRouter(prefix="/search", tags=["search"])
ROUTERS = (tags_router, search_router)

Asked = Annotated[str, Query(alias="q", max_length=LONGEST_TEXT, description="A piece of a name, in any case.")]


@tags_router.get("")
def get_tags(context: ContextDep, found: QueryDep) -> Page[schemas.TagCount]:
    """Every tag of insights and cohorts, the most used first."""
    with reading(context, found.actor) as work:
        counts = finding.count_tags(work, found.project.id)
    return Page(items=[schemas.TagCount(tag=tag, count=count) for tag, count in counts])


@search_router.get("")
async def get_search(
    request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep, text: Asked
) -> schemas.FoundThings:
    """Insights, cohorts, annotations and events with the text in their names; nothing for an empty text."""
    check_texts(q=text)
    wanted = text.strip()
    if not wanted:
        return schemas.FoundThings(items=[])
    saved = await asyncio.to_thread(_find_saved, context, found, wanted)
    events = await while_connected(request, finding.find_events(runner, scope_of(found, context), wanted))
    things = [schemas.Found(type=f.type, id=f.id, name=f.name, detail=f.detail) for f in (*saved, *events)]
    return schemas.FoundThings(items=things)


def _find_saved(context: Context, found: Access, text: str) -> list[Found]:
    with reading(context, found.actor) as work:
        return finding.find_saved(work, scope_of(found, context), text)
