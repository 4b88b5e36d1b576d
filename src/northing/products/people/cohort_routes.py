"""HTTP of cohorts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from northing.data.identity.cohorts_members import cohort_members
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.data.store import StoreError
from northing.kernel.problems import Problem, invalid
from northing.products.people import calculation, cohorts, previews, schemas, service
from northing.products.people.calculation import Keeper, Members, keeper_of
from northing.products.people.cohorts import SCOPE, CohortDraft, CohortSearch, CohortView
from northing.products.people.service import PageRequest
from northing.server.auth.audit import Deed, record
from northing.server.auth.work import Work
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, Id, access, reading, writing
from northing.server.http.paging import Cursor, Limit, Page, cut_page, decode_cursor, decode_number, encode_cursor

T = TypeVar("T")
router = APIRouter(prefix="/cohorts", tags=["cohorts"])

WriteDep = Annotated[Access, Depends(access(SCOPE))]
SeenDep = Annotated[Access, Depends(access(None))]
Kind = Annotated[Literal["static", "dynamic"] | None, Query()]
Search = Annotated[str, Query(max_length=LONGEST_TEXT, description="Only those whose name or description has it.")]
Owner = Annotated[Literal["me"] | None, Query(description="Only the caller's own.")]
PeopleSearch = Annotated[str, Query(max_length=LONGEST_TEXT, description="Only people whose ids or name contain this.")]
Tag = Annotated[str | None, Query(max_length=120)]


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of cohorts by name; `after` is the name and number of the last one seen."""

    limit: int
    after: tuple[str, int] | None


def _place(limit: Limit = 50, cursor: Cursor = None) -> _Place:
    after = decode_cursor(cursor, str, int) if cursor else None
    return _Place(limit, (str(after[0]), int(after[1])) if after else None)


PlaceDep = Annotated[_Place, Depends(_place)]


def _search(
    *,
    search: Search = "",
    kind: Kind = None,
    tag: Tag = None,
    favourites: bool = False,
    owner: Owner = None,
    place: PlaceDep,
) -> CohortSearch:
    check_texts(search=search, tag=tag)
    return CohortSearch(search, kind, tag, favourites, owned=owner is not None, after=place.after, limit=place.limit)


def _page_request(*, search: PeopleSearch = "", limit: Limit = 50, cursor: Cursor = None) -> PageRequest:
    check_texts(search=search)
    return PageRequest(limit, cursor, search)


PageDep = Annotated[PageRequest, Depends(_page_request)]


@router.get("")
def get_cohorts(
    context: ContextDep, found: QueryDep, asked: Annotated[CohortSearch, Depends(_search)]
) -> Page[schemas.Cohort]:
    """Cohorts by name. The built-in segments are at `/segments`."""
    wanted = replace(asked, limit=asked.limit + 1)
    with reading(context, found.actor) as work:
        rows = cohorts.list_cohorts(work, scope_of(found, context), wanted)
    items = rows[: asked.limit]
    cursor = encode_cursor(items[-1].name, items[-1].id) if len(rows) > asked.limit else None
    return Page(items=[schemas.Cohort.model_validate(row) for row in items], next_cursor=cursor)


@router.post("", status_code=201)
async def post_cohort(
    body: schemas.NewCohort, request: Request, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> schemas.MadeCohort:
    """Make a cohort and work out who is in it."""
    scope = await runner.merged(scope_of(found, context))
    keeper = keeper_of(runner, context.database, found.actor, scope)
    return await while_connected(request, _create(body, keeper, runner))


@router.post("/preview", response_model=schemas.CohortPreview)
async def post_cohort_preview(
    body: schemas.CohortQuestion, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep
) -> Response:
    """How many people a definition means now, and some of them; nothing is kept."""
    scope = await runner.merged(scope_of(found, context))

    def check() -> None:
        with reading(context, found.actor) as work:
            cohorts.check_definition(work, scope, body.definition, of=body.cohort)

    await asyncio.to_thread(check)
    asked = PageRequest(body.limit, body.cursor)
    answer = await while_connected(request, previews.preview(runner, scope, body.definition, asked))
    return Response(msgspec.json.encode(answer), media_type="application/json")


@router.get("/{cohort_id}")
def get_cohort(cohort_id: Id, context: ContextDep, found: QueryDep) -> schemas.Cohort:
    """One cohort."""
    with reading(context, found.actor) as work:
        return schemas.Cohort.model_validate(cohorts.find_cohort(work, scope_of(found, context), cohort_id))


@router.patch("/{cohort_id}")
async def patch_cohort(
    cohort_id: Id,
    body: schemas.CohortChanges,
    request: Request,
    context: ContextDep,
    found: SeenDep,
    runner: RunnerDep,
) -> schemas.Cohort:
    """Change a cohort; with a new definition it is worked out at once, and the older one is kept.

    Whether the caller likes it is their own affair, and needs no right to change the rest.
    """
    scope = await runner.merged(scope_of(found, context))
    given = {name: getattr(body, name) for name in body.model_fields_set}
    redefined = await _write(context, found, lambda work: cohorts.change_cohort(work, scope, cohort_id, given))
    if redefined:
        keeper = keeper_of(runner, context.database, found.actor, scope)
        await while_connected(request, _recalculate(keeper, cohort_id))
    return schemas.Cohort.model_validate(await _read(context, found, scope, cohort_id))


@router.delete("/{cohort_id}", status_code=204)
async def delete_cohort(cohort_id: Id, context: ContextDep, found: WriteDep, runner: RunnerDep) -> None:
    """Remove a cohort and its members; its number is never given out again."""
    scope = scope_of(found, context)
    await _write(context, found, lambda work: cohorts.delete_cohort(work, scope, cohort_id))
    await calculation.forget_members(runner, scope, cohort_id)


@router.get("/{cohort_id}/versions")
def get_cohort_versions(
    cohort_id: Id, context: ContextDep, found: QueryDep, limit: Limit = 50, cursor: Cursor = None
) -> Page[schemas.OldDefinition]:
    """Definitions that were replaced, the newest first."""
    before = decode_number(cursor)
    with reading(context, found.actor) as work:
        rows = cohorts.list_versions(work, found.project.id, cohort_id, before=before, limit=limit + 1)
    items, after = cut_page(rows, limit, place=lambda row: row.version)
    return Page(items=[schemas.OldDefinition.model_validate(row) for row in items], next_cursor=after)


@router.post("/{cohort_id}/calculation")
async def post_cohort_calculation(
    cohort_id: Id, request: Request, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> schemas.Cohort:
    """Work out a cohort at once."""
    scope = await runner.merged(scope_of(found, context))
    keeper = keeper_of(runner, context.database, found.actor, scope)
    await while_connected(request, calculation.calculate(keeper, cohort_id))
    return schemas.Cohort.model_validate(await _read(context, found, scope, cohort_id))


@router.get("/{cohort_id}/people", response_model=schemas.PeoplePage)
async def get_cohort_people(
    cohort_id: Id, request: Request, context: ContextDep, found: QueryDep, runner: RunnerDep, asked: PageDep
) -> Response:
    """Who was in a cohort when it was last worked out, by number."""
    scope = await runner.merged(scope_of(found, context))
    view = await _read(context, found, scope, cohort_id)
    people = cohort_members(scope, cohort_id, view.meaning)
    answer = await while_connected(request, service.page_of_people(runner, people, asked))
    return Response(msgspec.json.encode(answer), media_type="application/json")


@router.post("/{cohort_id}/people")
async def post_cohort_people(
    cohort_id: Id,
    body: schemas.MemberIds,
    request: Request,
    context: ContextDep,
    found: WriteDep,
    runner: RunnerDep,
) -> schemas.MadeCohort:
    """Add people to a static cohort, by their ids, and take people out."""
    calculation.check_ids(body.add, "add")
    calculation.check_ids(body.remove, "remove")
    scope = await runner.merged(scope_of(found, context))
    if (await _read(context, found, scope, cohort_id)).kind != "static":
        raise invalid("add", "is for static cohorts; this one follows its definition")
    keeper = keeper_of(runner, context.database, found.actor, scope)
    unknown = await while_connected(request, _change_members(keeper, cohort_id, body))
    return _made(await _read(context, found, scope, cohort_id), unknown)


async def _create(body: schemas.NewCohort, keeper: Keeper, runner: QueryRunner) -> schemas.MadeCohort:
    scope, ids = keeper.scope, _ids_of(body)
    make = await _members_of(body, ids, runner, scope)
    draft = CohortDraft(body.name, body.kind, body.description, body.definition, _source(body, ids), tuple(body.tags))
    cohort_id: int = await asyncio.to_thread(keeper.work, lambda work: cohorts.create_cohort(work, scope, draft))
    is_clean = False
    try:
        await calculation.forget_left_over(keeper, cohort_id)
        is_clean = True
        await calculation.keep_members(keeper, cohort_id, make)
        unknown = await calculation.count_unknown(keeper, ids or ())
    except (Problem, StoreError, asyncio.CancelledError):
        if body.kind == "static" or not is_clean:
            # A rule can be worked out later; people who were not kept are nobody, and others must not be there.
            gone = asyncio.to_thread(keeper.work, lambda work: cohorts.delete_cohort(work, scope, cohort_id))
            await asyncio.shield(gone)
            raise
        unknown = 0
    return _made(
        await asyncio.to_thread(keeper.work, lambda work: cohorts.find_cohort(work, scope, cohort_id)), unknown
    )


def _ids_of(body: schemas.NewCohort) -> list[str] | None:
    given = [name for name in ("people", "distinct_ids", "csv") if getattr(body, name) is not None]
    if body.kind == "dynamic" and given:
        raise invalid(given[0], "is for static cohorts; a dynamic one has a definition")
    if body.kind == "static" and body.definition is not None:
        raise invalid("definition", "is for dynamic cohorts; a static one has people, distinct_ids or csv")
    if body.kind == "dynamic" and body.definition is None:
        raise invalid("definition", "is required for a dynamic cohort")
    if len(given) > 1:
        raise invalid(given[1], f"cannot be given together with {given[0]}")
    ids = calculation.parse_csv(body.csv) if body.csv is not None else body.distinct_ids
    if ids is not None:
        calculation.check_ids(ids, "csv" if body.csv is not None else "distinct_ids")
    return ids


async def _members_of(
    body: schemas.NewCohort, ids: list[str] | None, runner: QueryRunner, scope: Scope
) -> Callable[[], Members]:
    if body.kind == "dynamic":
        return lambda: calculation.members_by_rule(body.definition, scope)
    if body.people is not None:
        people = await service.people_behind(runner, scope, body.people.query, body.people.point)
        return lambda: calculation.members_behind(people)
    return lambda: calculation.members_with_ids(ids or (), scope)


def _source(body: schemas.NewCohort, ids: list[str] | None) -> dict[str, object] | None:
    if body.people is not None:
        return {"people": body.people.model_dump()}
    return {"ids": len(ids)} if ids is not None else None


async def _change_members(keeper: Keeper, cohort_id: int, body: schemas.MemberIds) -> int:
    scope = keeper.scope
    await calculation.keep_members(
        keeper, cohort_id, lambda: calculation.changed_members(cohort_id, scope, add=body.add, remove=body.remove)
    )
    deed = Deed("cohort.people_changed", f"cohort:{cohort_id}", scope.project_id)
    counts = {"added": len(body.add), "removed": len(body.remove)}
    await asyncio.to_thread(keeper.work, lambda work: record(work, deed, **counts))
    return await calculation.count_unknown(keeper, [*body.add, *body.remove])


async def _recalculate(keeper: Keeper, cohort_id: int) -> None:
    """A rule that cannot be worked out is kept all the same, with the error shown beside it."""
    try:
        await calculation.calculate(keeper, cohort_id)
    except (Problem, StoreError):
        return


def _made(view: CohortView, unknown: int) -> schemas.MadeCohort:
    return schemas.MadeCohort(**schemas.Cohort.model_validate(view).model_dump(), unknown_ids=unknown)


async def _read(context: Context, found: Access, scope: Scope, cohort_id: int) -> CohortView:
    def read() -> CohortView:
        with reading(context, found.actor) as work:
            return cohorts.find_cohort(work, scope, cohort_id)

    return await asyncio.to_thread(read)


async def _write(context: Context, found: Access, do: Callable[[Work], T]) -> T:
    def write() -> T:
        with writing(context, found.actor) as work:
            return do(work)

    return await asyncio.to_thread(write)
