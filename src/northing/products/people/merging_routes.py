"""HTTP of merges made by hand, and of their undoing. The loader does both, between two batches."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from northing.data.events.model import MAX_DISTINCT_ID
from northing.data.query.person_ids import plan_own_id, plan_owner
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.data.query.serving import RunnerDep, check_texts, scope_of
from northing.data.store import RemoteStore
from northing.kernel.problems import Problem, not_found
from northing.products.people.cohorts import SCOPE
from northing.server.auth.audit import Deed, record
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, Id, access, writing

router = APIRouter(prefix="/persons", tags=["persons"])
WriteDep = Annotated[Access, Depends(access(SCOPE))]


class IdOfPerson(BaseModel):
    """A person by one of their ids."""

    distinct_id: str = Field(min_length=1, max_length=MAX_DISTINCT_ID)


class ChangedPerson(BaseModel):
    """The person that the id belongs to now."""

    person: int


@router.post("/{person}/merges", status_code=201)
async def post_merge(
    person: Id, body: IdOfPerson, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> ChangedPerson:
    """Make the person of another id part of this one, in all history; past the guards, and undone by a split."""
    check_texts(distinct_id=body.distinct_id)
    scope = await runner.merged(scope_of(found, context))
    own = await _id_of(runner, scope, person)
    return await _change(context, found, person, {"action": "merge", "distinct_id": own, "other": body.distinct_id})


@router.post("/{person}/splits", status_code=201)
async def post_split(
    person: Id, body: IdOfPerson, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> ChangedPerson:
    """Undo the merge that brought an id into this person, in all history."""
    check_texts(distinct_id=body.distinct_id)
    scope = await runner.merged(scope_of(found, context))
    if await _owner(runner, scope, body.distinct_id) != person:
        raise not_found(f"distinct id {body.distinct_id[:100]} of person {person}")
    return await _change(context, found, person, {"action": "split", "distinct_id": body.distinct_id, "other": ""})


async def _change(context: Context, found: Access, person: int, change: dict[str, Any]) -> ChangedPerson:
    if not isinstance(context.store, RemoteStore):
        raise Problem(503, "no_loader", "Only a running server's loader can change who is who.")
    outcome = await context.store.call("identity", project_id=found.project.id, **change)

    def note() -> None:
        # After the change, which another process has made: an entry for what did not happen would be worse than none.
        with writing(context, found.actor) as work:
            names = {name: change[name] for name in ("distinct_id", "other") if change[name]}
            action = {"merge": "person.merged", "split": "person.split"}[change["action"]]
            record(work, Deed(action, f"person:{person}", found.project.id), **names)

    await asyncio.to_thread(note)
    return ChangedPerson(person=int(outcome["person"]))


async def _id_of(runner: QueryRunner, scope: Scope, person: int) -> str:
    rows = (await runner.ask(plan_own_id(scope, person), scope.project_id)).rows
    if not rows:
        raise not_found(f"person {person}")
    return str(rows[0][0])


async def _owner(runner: QueryRunner, scope: Scope, distinct_id: str) -> int | None:
    rows = (await runner.ask(plan_owner(scope, distinct_id), scope.project_id)).rows
    return int(rows[0][0]) if rows else None
