"""HTTP of the people slice: who is behind a number; cohorts, segments and persons have files of their own."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from northing.data.query.reader import text_fault
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, scope_of, while_connected
from northing.kernel.problems import invalid
from northing.products.people import schemas, service
from northing.products.people.cohort_routes import router as cohort_router
from northing.products.people.merging_routes import router as merging_router
from northing.products.people.person_routes import groups_router, persons_router
from northing.products.people.segment_routes import router as segment_router
from northing.products.people.service import PageRequest
from northing.server.http.dependencies import ContextDep

query_router = APIRouter(prefix="/query", tags=["query"])
ROUTERS = (query_router, cohort_router, segment_router, persons_router, merging_router, groups_router)


@query_router.post("/people", response_model=schemas.PeoplePage)
async def post_query_people(
    body: schemas.PeopleQuestion, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep
) -> Response:
    """Who is behind one number of an answer: the question, and in `point` the fields of its kind that name it."""
    if fault := text_fault(body.search, LONGEST_TEXT):
        raise invalid("search", fault)
    answer = await while_connected(request, _people(runner, scope_of(found, context), body))
    return Response(msgspec.json.encode(answer), media_type="application/json")


async def _people(runner: QueryRunner, scope: Scope, body: schemas.PeopleQuestion) -> dict[str, Any]:
    people = await service.people_behind(runner, scope, body.query, body.point)
    return await service.page_of_people(runner, people, PageRequest(body.limit, body.cursor, body.search))
