"""What keeps cohorts and segments up to date, and the audit log complete: a loop in the engine process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from northing.data.identity.cohorts_members import plan_forget_all
from northing.data.identity.segments import SEGMENT_NUMBERS
from northing.data.query.ranges import is_zone
from northing.data.query.run import plan_merged
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement
from northing.data.store import KeepingStore, QueryLimits, QueryResult, StoreError
from northing.kernel.clock import utc_now
from northing.kernel.problems import Problem
from northing.products.people.calculation import Keeper, calculate
from northing.products.people.changes import end_changes
from northing.products.people.cohorts import needs_of
from northing.products.people.models import Cohort
from northing.products.people.segments import OwnRules, keep_segments, load_rules
from northing.server.auth.actor import system_actor
from northing.server.auth.models import Project
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=15)
_FIRST_SECONDS = 30.0
# One core, so that people's own questions hardly notice.
LIMITS = QueryLimits(seconds=300, threads=1)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A dynamic cohort that is due, and what it is made of."""

    cohort: int
    definition: dict[str, Any]


async def keep_cohorts_for_ever(
    store: KeepingStore, database: Database, *, clock: Callable[[], datetime] = utc_now
) -> None:
    """Every quarter of an hour, until cancelled, which ends the statement that is running."""
    pause = _FIRST_SECONDS
    while True:
        await asyncio.sleep(pause)
        pause = EVERY.total_seconds()
        try:
            await keep_cohorts(store, database, now=clock())
        except (StoreError, Problem, SQLAlchemyError) as error:
            log.error("cohorts_failed", error=f"{type(error).__name__}: {error}"[:500])


async def keep_cohorts(store: KeepingStore, database: Database, *, now: datetime) -> int:
    """Work out the segments in use, then every dynamic cohort after those it is made of; how many cohorts that was.

    One that cannot be worked out keeps its people and shows the error; the others go on. Before them, the ends of
    changes of people that nobody waited for are noted.
    """
    await _forget_left_over(store, database)
    done = 0
    for scope in await asyncio.to_thread(_load_scopes, database, now):
        keeper = await _keeper(store, database, scope)
        await _end_changes(keeper)
        await _keep_segments(keeper)
        for rule in await asyncio.to_thread(_load_due, keeper):
            done += await _keep_one(keeper, rule.cohort)
    return done


async def _keep_one(keeper: Keeper, cohort: int) -> bool:
    try:
        await calculate(keeper, cohort)
    except (StoreError, Problem) as error:
        log.warning("cohort_failed", project=keeper.scope.project_id, cohort=cohort, error=str(error)[:300])
        return False
    return True


async def _end_changes(keeper: Keeper) -> None:
    try:
        await end_changes(keeper)
    except (StoreError, Problem) as error:
        log.warning("changes_failed", project=keeper.scope.project_id, error=str(error)[:300])


async def _keep_segments(keeper: Keeper) -> None:
    """Only where somebody has looked at them: they read all of a project's events."""
    used = "SELECT 1 FROM cohorts WHERE project_id = {project:UInt32} AND cohort IN {numbers:Array(UInt32)} LIMIT 1"
    params = {"project": keeper.scope.project_id, "numbers": list(SEGMENT_NUMBERS.values())}
    if not (await keeper.ask(Statement(used, params))).rows:
        return
    own: OwnRules = await asyncio.to_thread(keeper.work, lambda work: load_rules(work, keeper.scope.project_id))
    try:
        await keep_segments(keeper, own.rules)
    except (StoreError, Problem) as error:
        log.warning("segments_failed", project=keeper.scope.project_id, error=str(error)[:300])


async def _keeper(store: KeepingStore, database: Database, scope: Scope) -> Keeper:
    async def ask(statement: Statement) -> QueryResult:
        return await store.query(statement.sql, statement.params, limits=LIMITS)

    async def write(statement: Statement) -> None:
        await store.keep(scope.project_id, statement.sql, statement.params, limits=LIMITS)

    merged = bool((await ask(plan_merged(scope))).rows)
    return Keeper(database, system_actor(), replace(scope, merged=merged), ask, write)


async def _forget_left_over(store: KeepingStore, database: Database) -> None:
    """Members of cohorts that are gone: those of deleted projects, or of a moment when the store was away."""
    # The store first: what is made meanwhile is in the metadata before it is in the store.
    kept = {(int(p), int(c)) for p, c in (await store.query("SELECT DISTINCT project_id, cohort FROM cohorts")).rows}
    known = await asyncio.to_thread(_load_known, database)
    left = kept - known
    if left:
        statement = plan_forget_all(left)
        await store.keep(None, statement.sql, statement.params, limits=LIMITS)


def _load_known(database: Database) -> set[tuple[int, int]]:
    with database.read() as session:
        projects = session.scalars(select(Project.id).where(Project.deleted_at.is_(None))).all()
        rows = session.execute(
            select(Cohort.project_id, Cohort.id).where(Cohort.project_id.in_(projects))  # tenancy: of all projects
        )
        known = {(int(project_id), int(cohort)) for project_id, cohort in rows}
    return known | {(project_id, number) for project_id in projects for number in SEGMENT_NUMBERS.values()}


def _load_scopes(database: Database, now: datetime) -> list[Scope]:
    with database.read() as session:
        rows = session.scalars(select(Project).where(Project.deleted_at.is_(None)).order_by(Project.id))
        return [
            Scope(
                row.id,
                row.timezone if is_zone(row.timezone) else "UTC",
                "monday" if row.week_start == "monday" else "sunday",
                now,
            )
            for row in rows
        ]


def _load_due(keeper: Keeper) -> list[_Rule]:
    """The dynamic cohorts that were not worked out just now, each after those it is made of."""
    scope = keeper.scope
    with keeper.database.read() as session:
        own = select(Cohort).where(Cohort.project_id == scope.project_id)  # tenancy: the schedule, project by project
        rows = session.scalars(own.where(Cohort.kind == "dynamic")).all()
    rules = {row.id: _Rule(row.id, row.definition or {}) for row in rows}
    fresh = {row.id for row in rows if row.calculated_at is not None and row.calculated_at > scope.now - EVERY / 2}
    return [rules[cohort] for cohort in _in_order(list(rules.values()), scope) if cohort not in fresh]


def _in_order(rules: Sequence[_Rule], scope: Scope) -> Iterator[int]:
    """Each cohort after those that it is made of."""
    needs: dict[int, set[int]] = {}
    for rule in rules:
        try:
            needs[rule.cohort] = needs_of(rule.definition, scope)
        except Problem:
            needs[rule.cohort] = set()  # its calculation will say what is wrong with it
    waiting = sorted(needs)
    seen: set[int] = set()
    while waiting:
        ready = [cohort for cohort in waiting if not (needs[cohort] & needs.keys()) - seen] or waiting
        yield from ready
        seen.update(ready)
        waiting = [cohort for cohort in waiting if cohort not in seen]
