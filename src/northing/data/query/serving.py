"""What routes that ask the event store need: the worker's runner, the project's scope, and patience that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request

from northing.data.query.ranges import is_zone
from northing.data.query.reader import text_fault
from northing.data.query.run import QueryRunner, RunnerOptions
from northing.data.query.scope import Scope, WeekStart
from northing.data.store import EventStore, QueryLimits
from northing.kernel.problems import Problem, invalid
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, access, context_of

T = TypeVar("T")
POLL_SECONDS = 0.2
LONGEST_TEXT = 400
_MIB = 1 << 20


def runner_of(request: Request) -> QueryRunner:
    """The query runner of this worker, made when it is first asked for."""
    state = request.app.state
    runner = getattr(state, "query_runner", None)
    if not isinstance(runner, QueryRunner):
        runner = state.query_runner = make_runner(context_of(request))
    return runner


def make_runner(context: Context) -> QueryRunner:
    """A query runner with the limits of the settings."""
    settings = context.settings
    limits = QueryLimits(
        seconds=settings.query_timeout_s,
        memory_bytes=settings.query_memory_mb * _MIB,
        rows_to_read=settings.query_max_rows,
    )
    options = RunnerOptions(limits, settings.query_concurrency, settings.query_cache_s)
    return QueryRunner(cast(EventStore, context.store), context.cache, options)


async def _runner(request: Request) -> QueryRunner:
    # A coroutine runs on the event loop, so two first requests cannot both make one.
    return runner_of(request)


RunnerDep = Annotated[QueryRunner, Depends(_runner)]
QueryDep = Annotated[Access, Depends(access("query:read"))]


def scope_of(found: Access, context: Context) -> Scope:
    """The project's own zone and week; a zone that is not known to this machine counts as UTC."""
    project = found.project
    timezone = project.timezone if is_zone(project.timezone) else "UTC"
    week_start: WeekStart = "monday" if project.week_start == "monday" else "sunday"
    return Scope(project.id, timezone, week_start, context.clock())


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled when the client goes away."""
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({task}, timeout=POLL_SECONDS))[0]:
            if await request.is_disconnected():
                raise Problem(499, "client_left", "The client left before the answer was ready.")
        return task.result()
    finally:
        task.cancel()


def check_texts(**texts: str | None) -> None:
    """Refuse query parameters that the engine could not take."""
    for name, text in texts.items():
        if text is not None and (fault := text_fault(text, LONGEST_TEXT)):
            raise invalid(name, fault)
