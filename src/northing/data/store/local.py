"""The store for code in the engine's own process: the engine's calls in threads, cancelled by killing the query."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import structlog

from northing.data.store.editions import Edition
from northing.data.store.engine import Store
from northing.data.store.errors import StoreError, problem_of
from northing.data.store.results import QueryLimits, QueryResult, parse_json_compact
from northing.kernel.ids import uuid7

log = structlog.get_logger(__name__)

T = TypeVar("T")
_KILL_TRIES = 100


class LocalStore:
    """An `EventStore` on an engine in this process."""

    def __init__(self, store: Store, *, threads: int = 12) -> None:
        self.store = store
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")

    async def query(
        self, sql: str, params: Mapping[str, Any] | None = None, *, limits: QueryLimits = QueryLimits()
    ) -> QueryResult:
        """See `EventStore.query`."""
        return parse_json_compact(await self.query_bytes(sql, params, limits=limits))

    async def query_bytes(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        limits: QueryLimits = QueryLimits(),
        output: str = "JSONCompact",
    ) -> bytes:
        """See `EventStore.query_bytes`."""
        return await self._killable(
            lambda tag: self.store.query_bytes(sql, params, limits=limits, tag=tag, output=output)
        )

    async def keep(
        self, project_id: int | None, sql: str, params: Mapping[str, Any], *, limits: QueryLimits = QueryLimits()
    ) -> None:
        """See `KeepingStore.keep`."""
        await self._killable(lambda tag: self.store.keep(project_id, sql, params, limits=limits, tag=tag))

    async def edition(self, project_id: int) -> Edition:
        """See `EventStore.edition`."""
        return self.store.editions.of(project_id)

    async def _killable(self, run: Callable[[str], T]) -> T:
        tag = str(uuid7())
        loop = asyncio.get_running_loop()
        work = self._threads.submit(run, tag)
        ended = asyncio.wrap_future(work)
        try:
            return await asyncio.shield(ended)
        except asyncio.CancelledError:
            if not work.cancel():  # it has begun
                loop.run_in_executor(None, self._kill, tag, work)
                # The engine may take long to see that it is killed, and its thread is taken until then: whoever
                # counts the queries of a project must not count this one as over before it is.
                await asyncio.wait({ended})
            raise
        except StoreError as error:
            raise problem_of(error) or error from error

    def _kill(self, tag: str, work: Future[Any]) -> None:
        """Ask until it is over: a query that has only just begun is not there to be killed yet."""
        for _ in range(_KILL_TRIES):
            self.store.kill(tag)
            if wait((work,), timeout=0.1).done:
                return
        log.warning("query_not_killed", tag=tag)

    def close(self) -> None:
        """Wait for running queries, then close the engine."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.store.close()
