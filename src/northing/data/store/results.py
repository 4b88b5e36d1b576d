"""Questions' limits and answers' rows, the same wherever the engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from northing.data.store.editions import Edition
from northing.data.store.errors import TOO_LARGE, StoreError


@dataclass(frozen=True, slots=True)
class Column:
    """Name and ClickHouse type of one column of an answer."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may take; `threads` None leaves it to the engine (all cores).

    Rows alone do not bound an answer: one may hold a list of millions, and the worker that reads it serves all others.
    """

    seconds: float = 30
    memory_bytes: int = 2 << 30
    rows_to_read: int = 2_000_000_000
    result_rows: int = 1_000_000
    result_bytes: int = 64 << 20
    threads: int | None = None

    def settings(self) -> dict[str, int | float]:
        """The engine settings that enforce these limits."""
        given: dict[str, int | float] = {
            "max_execution_time": self.seconds,
            "max_memory_usage": self.memory_bytes,
            "max_rows_to_read": self.rows_to_read,
            "max_result_rows": self.result_rows,
            "max_result_bytes": self.result_bytes,
        }
        return given if self.threads is None else {**given, "max_threads": self.threads}

    def check_answer(self, answer: bytes) -> None:
        """Raise `StoreError` for one too large: the engine counts a value that is the same in all rows only once."""
        if len(answer) > self.result_bytes:
            message = f"The answer has {len(answer) >> 20} MiB, and may have {self.result_bytes >> 20} MiB."
            raise StoreError(TOO_LARGE, message)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows in column order, and what the answer cost: rows and bytes read, milliseconds in the engine."""

    columns: tuple[Column, ...]
    rows: list[list[Any]]
    rows_read: int
    bytes_read: int
    elapsed_ms: float


class EventStore(Protocol):
    """Whoever can answer a query: the engine in this process, or the engine process by RPC."""

    async def query(
        self, sql: str, params: Mapping[str, Any] | None = None, *, limits: QueryLimits = QueryLimits()
    ) -> QueryResult:
        """Run one SELECT with server-side parameters `{name:Type}`; cancelling the task kills the query.

        Raises `Problem` (422 `query_too_expensive`, 503 `store_unavailable`) and `StoreError`.
        """

    async def query_bytes(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        limits: QueryLimits = QueryLimits(),
        output: str = "JSONCompact",
    ) -> bytes:
        """The same, as the engine writes it in one of its output formats; whole, or an error."""

    async def edition(self, project_id: int) -> Edition:
        """Which edition of a project's people and cohorts an answer that is asked for now is of."""


class KeepingStore(EventStore, Protocol):
    """An event store that also changes who is in cohorts."""

    async def keep(
        self, project_id: int | None, sql: str, params: Mapping[str, Any], *, limits: QueryLimits = QueryLimits()
    ) -> None:
        """Run one statement of ours that does so, for one project or for any; cancelling the task kills it.

        It must take a SETTINGS clause at its end, as INSERT … SELECT and DELETE do. Raises as `query` does.
        """


class _Meta(msgspec.Struct):
    name: str
    type: str


class _Statistics(msgspec.Struct):
    elapsed: float = 0.0
    rows_read: int = 0
    bytes_read: int = 0


class _JsonCompact(msgspec.Struct):
    meta: list[_Meta]
    data: list[list[Any]]
    statistics: _Statistics = msgspec.field(default_factory=_Statistics)


_decoder = msgspec.json.Decoder(_JsonCompact)


def parse_json_compact(answer: bytes) -> QueryResult:
    """The engine's `FORMAT JSONCompact` text as a `QueryResult`."""
    parsed = _decoder.decode(answer)
    return QueryResult(
        columns=tuple(Column(m.name, m.type) for m in parsed.meta),
        rows=parsed.data,
        rows_read=parsed.statistics.rows_read,
        bytes_read=parsed.statistics.bytes_read,
        elapsed_ms=parsed.statistics.elapsed * 1000,
    )
