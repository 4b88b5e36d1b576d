"""Runs queries: cache, sharing, limits, and the facts that travel with every answer."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
import structlog

from northing.data.query.draft import Draft
from northing.data.query.inflight import Inflight
from northing.data.query.ranges import Range, wants_earliest
from northing.data.query.requests import Request, answer_request, cache_fields, parse_request
from northing.data.query.scope import Answer, Scope
from northing.data.query.slots import Slots
from northing.data.query.sql_files import MOST_ROWS, SqlFile, parse_file_request, write_file
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.query.unknown import unknown_cohorts, unknown_names
from northing.data.query.user_sql import without_ours
from northing.data.store import Edition, EventStore, KeepingStore, QueryLimits, QueryResult, StoreError
from northing.kernel.clock import rfc3339
from northing.kernel.problems import Problem
from northing.server.cache import Cache

log = structlog.get_logger(__name__)

# Longer ranges cost more and change less from one minute to the next.
_CACHE_FACTORS = ((timedelta(days=1), 0.25), (timedelta(days=8), 1.0), (timedelta(days=35), 2.0))
_CACHE_FACTOR_LONGEST = 5.0


@dataclass(frozen=True, slots=True)
class RunnerOptions:
    """What one query may take, how many of a project may run at once, and how long answers are kept."""

    limits: QueryLimits = field(default_factory=QueryLimits)
    per_project: int = 4
    cache_seconds: float = 60


@dataclass(slots=True)
class _Cost:
    """The statements of one answer and what they cost."""

    statements: list[Statement] = field(default_factory=list)
    rows_read: int = 0
    bytes_read: int = 0


class QueryRunner:
    """Answers query requests of all projects in one process."""

    def __init__(
        self,
        store: EventStore,
        cache: Cache,
        options: RunnerOptions,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._cache = cache
        self._options = options
        self._monotonic = monotonic
        self._slots = Slots(options.per_project)
        self._inflight: Inflight[dict[str, Any]] = Inflight()

    async def run(self, body: object, scope: Scope) -> dict[str, Any]:
        """The answer to a request body. Raises `Problem` for a bad request, a limit, or a crowd.

        Cancelling it ends the query in the engine unless someone else waits for the same one.
        """
        key = _cache_key(body, scope, await self._store.edition(scope.project_id)) if isinstance(body, dict) else ""
        if isinstance(body, dict) and not body.get("refresh"):
            kept = await self._cache.get(key)
            if kept is not None:
                answer: dict[str, Any] = msgspec.json.decode(kept)
                return {**answer, "cached": True}
        request = await self.parse(body, scope)
        return await self._inflight.join(key, lambda: self._compute(request, key))

    async def write_file(self, body: object, scope: Scope) -> SqlFile:
        """The answer to SQL of the caller's as a file. Raises as `run` does; files are never kept.

        Cancelling it ends the query in the engine.
        """
        request = parse_file_request(body, scope)
        request = replace(request, scope=await self.merged(request.scope))
        limits = self._options.limits

        async def ask(statement: Statement) -> QueryResult:
            return await self._store.query(statement.sql, statement.params, limits=limits)

        async def write(statement: Statement, output: str) -> bytes:
            bounds = replace(limits, result_rows=MOST_ROWS)
            return await self._store.query_bytes(statement.sql, statement.params, limits=bounds, output=output)

        async with self._slots.taken(scope.project_id):
            return await write_file(request, ask, write)

    async def parse(self, body: object, scope: Scope) -> Request:
        """The request of a body. Raises `Problem` for a bad one."""
        earliest = await self._earliest(scope) if isinstance(body, dict) and _wants_earliest(body) else None
        return parse_request(body, scope, earliest=earliest)

    async def merged(self, scope: Scope) -> Scope:
        """The scope, knowing whether any people of the project were merged."""
        try:
            result = await self.fetch(plan_merged(scope), scope.project_id)
        except StoreError as error:
            raise _engine_problem(error) from error
        return replace(scope, merged=bool(result.rows))

    async def fetch(self, statement: Statement, project_id: int) -> QueryResult:
        """One statement of ours within the limits and the project's share of the engine."""
        async with self._slots.taken(project_id):
            return await self._store.query(statement.sql, statement.params, limits=self._options.limits)

    async def ask(self, statement: Statement, project_id: int) -> QueryResult:
        """The same as `fetch`, for statements with values of the caller's: what the engine refuses is a `Problem`."""
        try:
            return await self.fetch(statement, project_id)
        except StoreError as error:
            raise _engine_problem(error) from error

    async def write(self, statement: Statement, project_id: int) -> None:
        """One statement of ours that changes who is in cohorts; limits, slots and errors as for `ask`."""
        store = cast(KeepingStore, self._store)
        try:
            async with self._slots.taken(project_id):
                await store.keep(project_id, statement.sql, statement.params, limits=self._options.limits)
        except StoreError as error:
            raise _engine_problem(error) from error

    async def remembered(
        self, key: str, seconds: float, load: Callable[[], Any], *, people_of: int | None = None
    ) -> Any:
        """A value kept for some seconds under a key of the caller's; not past a merge where it tells of people."""
        if people_of is not None:
            key = f"{key}:{(await self._store.edition(people_of)).people}"
        kept = await self._cache.get(key)
        if kept is not None:
            return msgspec.json.decode(kept)
        value = await load()
        await self._cache.set(key, msgspec.json.encode(value), seconds=seconds)
        return value

    async def _compute(self, request: Request, key: str) -> dict[str, Any]:
        started = self._monotonic()
        request = replace(request, scope=await self.merged(request.scope))
        cost = _Cost()

        async def ask(statement: Statement) -> QueryResult:
            cost.statements.append(statement)
            result = await self._store.query(statement.sql, statement.params, limits=self._options.limits)
            cost.rows_read += result.rows_read
            cost.bytes_read += result.bytes_read
            return result

        async with self._slots.taken(request.scope.project_id):
            try:
                answer = await answer_request(request, ask)
                shown = list(cost.statements)
                suspects = request.kind.suspects(request.query, answer.result)
                unknown = await unknown_names(suspects, request.scope, ask)
                unknown += await unknown_cohorts(request.cohorts, request.scope, ask)
            except StoreError as error:
                raise _engine_problem(error) from error
        rendered = _render(request, answer, cost)
        rendered["warnings"] += unknown
        rendered["elapsed_ms"] = round((self._monotonic() - started) * 1000, 1)
        if request.explain:
            rendered["sql"] = "\n\n".join(explain(statement) for statement in shown)
        await self._keep(key, rendered, request)
        return rendered

    async def _keep(self, key: str, rendered: dict[str, Any], request: Request) -> None:
        seconds = self._options.cache_seconds * _cache_factor(request.span if request.kind.is_dated else None)
        if seconds > 0:
            kept = {**rendered, "cached_at": rfc3339(request.scope.now)}
            await self._cache.set(key, msgspec.json.encode(kept), seconds=seconds)

    async def _earliest(self, scope: Scope) -> datetime | None:
        try:
            result = await self.fetch(plan_earliest(scope), scope.project_id)
        except StoreError as error:
            raise _engine_problem(error) from error
        milliseconds = result.rows[0][0] if result.rows else 0
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if result.rows and result.rows[0][1] else None


def plan_earliest(scope: Scope) -> Statement:
    """The time of the project's first event, found by the primary key: the first day, then its least time."""
    draft = Draft(scope)
    project = f"{ROW}.project_id = {draft.project}"
    utc_day = f"toDate({ROW}.timestamp)"
    day = f"SELECT {utc_day} FROM {EVENTS} WHERE {project} ORDER BY {ROW}.project_id, {utc_day} LIMIT 1"
    return draft.statement(
        f"SELECT toUnixTimestamp64Milli(min({ROW}.timestamp)), count() FROM {EVENTS} "
        f"WHERE {project} AND {utc_day} = ({day})"
    )


def plan_merged(scope: Scope) -> Statement:
    """A row where the project has people who were merged and whose events still carry their old numbers."""
    draft = Draft(scope)
    own = f"__merge.project_id = {draft.project} AND __merge.is_active AND NOT __merge.is_folded"
    return draft.statement(f"SELECT 1 FROM person_overrides AS __merge FINAL WHERE {own} LIMIT 1")


def explain(statement: Statement) -> str:
    """The statement's text with its parameters above it."""
    shown = [f"-- {{{name}}} = {msgspec.json.encode(value).decode()}" for name, value in statement.params.items()]
    return "\n".join([*shown, statement.sql])


def _render(request: Request, answer: Answer, cost: _Cost) -> dict[str, Any]:
    zone = request.scope.zone
    return {
        "kind": request.kind.name,
        "result": answer.result,
        "timezone": request.scope.timezone,
        "date_from": rfc3339(answer.date_from.astimezone(zone)) if answer.date_from else None,
        "date_to": rfc3339(answer.date_to.astimezone(zone)) if answer.date_to else None,
        "definition": answer.definition,
        "elapsed_ms": 0.0,
        "rows_read": cost.rows_read,
        "bytes_read": cost.bytes_read,
        "cached": False,
        # They may quote what the caller sent, lone surrogates included, which no answer can carry.
        "warnings": [w.encode(errors="replace").decode() for w in (*request.warnings, *answer.warnings)],
    }


def _wants_earliest(body: dict[str, Any]) -> bool:
    return wants_earliest(body.get("date_from")) and body.get("kind") != "sql"


def _cache_key(body: dict[str, Any], scope: Scope, edition: Edition) -> str:
    facts = [scope.project_id, scope.timezone, scope.week_start, edition.people, cache_fields(body)]
    # Sorted, so that the order in which fields were written makes no difference; in ASCII, so that any text will do.
    text = json.dumps(facts, sort_keys=True)
    if "cohort" in text:
        # Cohorts are worked out anew every quarter of an hour: answers that read none should outlive that.
        text += edition.cohorts
    return f"query:{scope.project_id}:{hashlib.sha256(text.encode()).hexdigest()}"


def _cache_factor(span: Range | None) -> float:
    if span is None:
        return 1.0
    length = span.end - span.start
    return next((factor for longest, factor in _CACHE_FACTORS if length <= longest), _CACHE_FACTOR_LONGEST)


def _engine_problem(error: StoreError) -> Problem:
    """An engine error on SQL of ours: in nearly every case a value that the engine reads differently than we do."""
    log.warning("query_failed", code=error.code, message=error.message[:1000])
    said = f"The query could not be run: {without_ours(error)}."
    return Problem(422, "query_failed", said, "Simplify its filters or properties.")
