"""HTTP of segments."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from northing.data.identity.segments_rfm import NAMES as RFM_NAMES
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.products.people import schemas, segments, service
from northing.products.people.calculation import Keeper, keeper_of
from northing.products.people.cohort_routes import PageDep, WriteDep
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, writing

router = APIRouter(prefix="/segments", tags=["segments"])

Score = Annotated[int | None, Query(ge=1, le=5)]
RfmKey = Annotated[str | None, Query(description=f"One of {', '.join(RFM_NAMES)}.", max_length=40)]


def _rfm(
    event: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)],
    property: Annotated[str | None, Query(max_length=300, description="Of the event, the money in it.")] = None,
    days: Annotated[int, Query(ge=1, le=3660)] = 365,
) -> dict[str, Any]:
    check_texts(event=event, property=property)
    return {"kind": "rfm", "event": event, "property": property, "days": days}


def _point(
    segment: RfmKey = None, recency: Score = None, frequency: Score = None, monetary: Score = None
) -> dict[str, Any]:
    given = {"segment": segment, "recency": recency, "frequency": frequency, "monetary": monetary}
    return {name: value for name, value in given.items() if value is not None}


RfmDep = Annotated[dict[str, Any], Depends(_rfm)]


@dataclass(frozen=True, slots=True)
class RfmPoint:
    """A question and one point of its answer."""

    query: dict[str, Any]
    point: dict[str, Any]


def _rfm_point(query: RfmDep, point: Annotated[dict[str, Any], Depends(_point)]) -> RfmPoint:
    return RfmPoint(query, point)


@router.get("", response_model=schemas.Segments)
async def get_segments(request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep) -> Response:
    """The built-in segments with counts and shares; each is a cohort too, with the number in `cohort`."""
    return await _answer(request, context, found, runner)


@router.patch("/rules", response_model=schemas.Segments)
async def patch_segment_rules(
    body: schemas.SegmentRules, request: Request, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> Response:
    """Change thresholds; the segments are worked out anew with them."""
    given = {name: getattr(body, name) for name in body.model_fields_set}

    def change() -> None:
        with writing(context, found.actor) as work:
            segments.change_rules(work, found.project.id, given)

    await asyncio.to_thread(change)
    return await _answer(request, context, found, runner, anew=True)


@router.post("/calculation", response_model=schemas.Segments)
async def post_segment_calculation(
    request: Request, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> Response:
    """Work out the segments at once."""
    return await _answer(request, context, found, runner, anew=True)


@router.get("/rfm", response_model=schemas.Rfm)
async def get_rfm(request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep, asked: RfmDep) -> Response:
    """People with an event in fifths by recency, frequency and money, with the usual names; the kind `rfm`."""
    answer = await while_connected(request, runner.run(asked, scope_of(found, context)))
    shown = {name: answer[name] for name in ("definition", "date_from", "date_to", "warnings")}
    return _json({**answer["result"], **shown})


@router.get("/rfm/people", response_model=schemas.PeoplePage)
async def get_rfm_people(
    request: Request,
    context: ContextDep,
    found: QueryDep,
    runner: RunnerDep,
    asked: Annotated[RfmPoint, Depends(_rfm_point)],
    page: PageDep,
) -> Response:
    """The people of a named segment of RFM, or of scores."""

    async def answer() -> dict[str, Any]:
        people = await service.people_behind(runner, scope_of(found, context), asked.query, asked.point)
        return await service.page_of_people(runner, people, page)

    return _json(await while_connected(request, answer()))


@router.get("/{segment}/people", response_model=schemas.PeoplePage)
async def get_segment_people(
    segment: str, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep, page: PageDep
) -> Response:
    """Who is in a segment, by number."""
    keeper = await _keeper(context, found, runner)
    own = await asyncio.to_thread(keeper.work, lambda work: segments.load_rules(work, found.project.id))
    people = segments.members_of_segment(keeper.scope, segment, own.rules)
    return _json(await while_connected(request, service.page_of_people(runner, people, page)))


async def _answer(
    request: Request, context: Context, found: Access, runner: QueryRunner, *, anew: bool = False
) -> Response:
    keeper = await _keeper(context, found, runner)
    return _json(await while_connected(request, segments.list_segments(keeper, anew=anew)))


async def _keeper(context: Context, found: Access, runner: QueryRunner) -> Keeper:
    scope: Scope = await runner.merged(scope_of(found, context))
    return keeper_of(runner, context.database, found.actor, scope)


def _json(answer: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
