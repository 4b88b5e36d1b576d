"""Members of cohorts: worked out in the event store, with a note of how it went in the metadata."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from northing.data.identity.cohorts import Rule, read_definition
from northing.data.identity.cohorts_members import (
    ids_bitmap,
    plan_forget,
    plan_keep,
    plan_known_ids,
    plan_newest,
    plan_size,
)
from northing.data.identity.cohorts_sql import bitmap_of, cohort_bitmap, members_bitmap
from northing.data.query.draft import Draft
from northing.data.query.people import People
from northing.data.query.reader import Notes, Reader, text_fault
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import Statement
from northing.data.store import StoreError
from northing.kernel.problems import Problem, invalid
from northing.products.people.cohorts import Outcome, claim, definition_of, finish, pass_generation
from northing.products.people.service import asker
from northing.server.auth.actor import Actor
from northing.server.auth.work import Work
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

MOST_IDS = 50_000
LONGEST_ID = 1000
# Folding merges into the members writes them again, one version on; a calculation comes after all of those.
_FOLDS = 1 << 20
_EMPTY = "SELECT toUInt32(0) AS __person WHERE false"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who works out members, of which project (merges known), and by which doors."""

    database: Database
    actor: Actor
    scope: Scope
    ask: Ask
    write: Callable[[Statement], Awaitable[None]]

    def work(self, do: Callable[[Work], Any]) -> Any:
        """Something done in one transaction of the actor."""
        with self.database.transaction() as session:
            return do(Work(session, self.actor, self.scope.now))


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a cohort is to hold: an expression for a bitmap, in the statement that it was written for."""

    draft: Draft
    bitmap: str


def keeper_of(runner: QueryRunner, database: Database, actor: Actor, scope: Scope) -> Keeper:
    """A keeper within the limits and slots of queries."""

    async def write(statement: Statement) -> None:
        await runner.write(statement, scope.project_id)

    return Keeper(database, actor, scope, asker(runner, scope), write)


def members_by_rule(definition: object, scope: Scope) -> Members:
    """The people whom a definition means."""
    rule, _ = parse_rule(definition, scope)
    draft = Draft(scope)
    return Members(draft, cohort_bitmap(rule, draft))


def parse_rule(definition: object, scope: Scope) -> tuple[Rule, list[str]]:
    """A definition, with warnings about what in it was not read. Raises 422 that names every field at fault."""
    notes = Notes()
    rule = read_definition(Reader({"definition": definition}, "", notes), scope)
    notes.raise_if_any()
    return rule, notes.warnings


def members_behind(people: People) -> Members:
    """The people behind a number."""
    return Members(people.draft, bitmap_of(people.sql))


def members_with_ids(ids: Sequence[str], scope: Scope) -> Members:
    """The people who have these distinct ids."""
    draft = Draft(scope)
    return Members(draft, ids_bitmap(ids, draft) if ids else bitmap_of(_EMPTY))


def changed_members(cohort: int, scope: Scope, *, add: Sequence[str], remove: Sequence[str]) -> Members:
    """The people of a cohort, with some and without others."""
    draft = Draft(scope)
    bitmap = members_bitmap((cohort,), draft)
    if add:
        bitmap = f"bitmapOr({bitmap}, {ids_bitmap(add, draft)})"
    if remove:
        bitmap = f"bitmapAndnot({bitmap}, {ids_bitmap(remove, draft)})"
    return Members(draft, bitmap)


async def keep_members(keeper: Keeper, cohort: int, make: Callable[[], Members]) -> int:
    """Work out and keep the members of a cohort; how many they are.

    Raises `Problem` 409 while another calculation of it runs, and whatever the event store refuses, after noting it.
    """
    project = keeper.scope.project_id
    generation = await asyncio.to_thread(keeper.work, lambda work: claim(work, project, cohort))
    try:
        members = make()
        generation = await _pass_stored(keeper, cohort, generation)
        await keeper.write(plan_keep(members.draft, members.bitmap, cohort=cohort, version=generation * _FOLDS))
        size = int((await keeper.ask(plan_size(keeper.scope, cohort))).rows[0][0])
    except (Problem, StoreError) as error:
        await _finish(keeper, cohort, Outcome(generation, error=str(error)[:500]))
        raise
    except asyncio.CancelledError:
        await asyncio.shield(_finish(keeper, cohort, Outcome(generation, error="The calculation was interrupted.")))
        raise
    await _finish(keeper, cohort, Outcome(generation, size=size))
    return size


async def calculate(keeper: Keeper, cohort: int) -> int:
    """Work out a cohort anew by its definition; a static one keeps its people and is only counted."""
    project = keeper.scope.project_id
    definition = await asyncio.to_thread(keeper.work, lambda work: definition_of(work, project, cohort))
    if definition is None:
        return await keep_members(keeper, cohort, lambda: changed_members(cohort, keeper.scope, add=(), remove=()))
    return await keep_members(keeper, cohort, lambda: members_by_rule(definition, keeper.scope))


async def forget_left_over(keeper: Keeper, cohort: int) -> None:
    """Remove members that a new cohort finds under its number, as it does after older metadata were restored."""
    if await _stored_generation(keeper, cohort):
        await keeper.write(plan_forget(keeper.scope, cohort))


async def forget_members(runner: QueryRunner, scope: Scope, cohort: int) -> None:
    """Remove the members of a cohort that is gone; the schedule tries again where the store is away."""
    try:
        await runner.write(plan_forget(scope, cohort), scope.project_id)
    except Problem as problem:
        log.warning("cohort_members_left", cohort=cohort, error=str(problem))


async def _pass_stored(keeper: Keeper, cohort: int, generation: int) -> int:
    stored = await _stored_generation(keeper, cohort)
    if stored < generation:
        return generation
    project = keeper.scope.project_id
    passed: int = await asyncio.to_thread(
        keeper.work, lambda work: pass_generation(work, project, cohort, mine=generation, stored=stored)
    )
    return passed


async def _stored_generation(keeper: Keeper, cohort: int) -> int:
    """Of the newest members in the event store; 0 where there are none."""
    return int((await keeper.ask(plan_newest(keeper.scope, cohort))).rows[0][0]) // _FOLDS


async def _finish(keeper: Keeper, cohort: int, outcome: Outcome) -> None:
    project = keeper.scope.project_id
    is_there = await asyncio.to_thread(keeper.work, lambda work: finish(work, project, cohort, outcome))
    if not is_there:
        # Deleted meanwhile: what was just written must not outlive it.
        await keeper.write(plan_forget(keeper.scope, cohort))


async def count_unknown(keeper: Keeper, ids: Sequence[str]) -> int:
    """How many of these distinct ids nobody has."""
    wanted = set(ids)
    if not wanted:
        return 0
    return len(wanted) - int((await keeper.ask(plan_known_ids(keeper.scope, sorted(wanted)))).rows[0][0])


def check_ids(ids: Sequence[str], path: str) -> None:
    """Raise 422 for ids that nobody can have, or too many of them."""
    if len(ids) > MOST_IDS:
        raise invalid(
            path, f"has {len(ids)} entries; at most {MOST_IDS:,} at once are allowed", hint="Add the rest after."
        )
    for place, value in enumerate(ids):
        fault = "is empty" if not value else text_fault(value, LONGEST_ID)
        if fault:
            raise invalid(f"{path}.{place}", fault)


def parse_csv(text: str) -> list[str]:
    """The ids in a CSV text: of the column `distinct_id` where the first row names one, else of the first column."""
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise invalid("csv", f"cannot be read: {error}") from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = header.index("distinct_id") if "distinct_id" in header else 0
    body = rows[1:] if "distinct_id" in header else rows
    return list(dict.fromkeys(row[column].strip() for row in body if len(row) > column and row[column].strip()))
