"""The store for code in the engine's own process: the engine's calls in threads, cancelled by killing the query."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from northing.data.store.engine import Store
from northing.data.store.errors import StoreError, problem_of
from northing.data.store.results import QueryLimits, QueryResult, parse_json_compact
from northing.kernel.ids import uuid7


class LocalStore:
    """An `EventStore` on an engine in this process."""

    def __init__(self, store: Store, *, threads: int = 12) -> None:
        self.store = store
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")

    async def query(
        self, sql: str, params: Mapping[str, Any] | None = None, *, limits: QueryLimits = QueryLimits()
    ) -> QueryResult:
        """See `EventStore.query`."""
        return parse_json_compact(await self.query_bytes(sql, params, limits))

    async def query_bytes(self, sql: str, params: Mapping[str, Any] | None, limits: QueryLimits) -> bytes:
        """The engine's JSONCompact answer as it came, for whoever passes it on."""
        tag = str(uuid7())
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, lambda: self.store.query_bytes(sql, params, limits=limits, tag=tag))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(_forget)
            loop.run_in_executor(None, self.store.kill, tag)
            raise
        except StoreError as error:
            raise problem_of(error) or error from error

    def close(self) -> None:
        """Wait for running queries, then close the engine."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.store.close()


def _forget(work: asyncio.Future[bytes]) -> None:
    """Take the result of a query nobody waits for any more, so that asyncio does not warn of it."""
    if not work.cancelled():
        work.exception()
