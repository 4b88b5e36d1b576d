"""The event store: ClickHouse, embedded (`chdb:///folder`) or a server (`clickhouse://host`), by the same client."""

from __future__ import annotations

import io
import queue
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from northing.data.store.editions import Editions
from northing.data.store.errors import UNREACHABLE, StoreError
from northing.data.store.gate import Gate
from northing.data.store.literals import place_large
from northing.data.store.results import QueryLimits, QueryResult, parse_json_compact
from northing.data.store.schema import MIGRATIONS, SCHEMA_VERSIONS
from northing.kernel.problems import Problem

_JSON = (
    "output_format_json_quote_64bit_integers = 0",
    "output_format_json_quote_denormals = 0",
    "output_format_json_escape_forward_slashes = 0",
)
# Files leave without the types of their columns, so a time says its zone and NULL is an empty cell.
_CSV = (*_JSON, "date_time_output_format = 'iso'", "format_csv_null_representation = ''")
_INSERT_SETTINGS = {
    "input_format_binary_read_json_as_string": 1,
    "type_json_skip_duplicated_paths": 1,
    # A text that looks like a time stays the text that was sent; a filter on it must find it.
    "input_format_try_infer_dates": 0,
    "input_format_try_infer_datetimes": 0,
    "max_partitions_per_insert_block": 1000,
    # Servers gather small inserts by default; ours are batches, and stored whole or not at all when they return.
    "async_insert": 0,
}
_CODE = re.compile(r"Code: (\d+)\. DB::Exception: ")
# What the client adds to the engine's words, its address among it, and what a server adds.
_ADDED = re.compile(
    r"^Received ClickHouse exception, code: \d+, server response: "
    r"| \(for url \S+\)$| \(version [^()]*(?:\([^()]*\))?\)(?= \(for url|$)"
)


class Store:
    """A thread-safe, blocking door to the engine: a pool of handles, grown on demand to `handles`."""

    def __init__(self, dsn: str, *, handles: int = 16) -> None:
        self._dsn = dsn
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue()
        self._all: list[Client] = []
        self._slots = threading.BoundedSemaphore(handles)
        self._lock = threading.Lock()
        # Held by whoever replaces stored events, or sums them up: the two must not meet.
        self.rewriting = threading.Lock()
        # Inside while the people of a cohort are worked out and kept, closed while those that are kept get new numbers.
        self.keeping = Gate()
        self.editions = Editions()

    @classmethod
    def open(cls, dsn: str, *, handles: int = 16) -> Store:
        """Open the store and bring its schema up to date.

        Raises `Problem` `store_locked` where another process holds the embedded folder.
        """
        if dsn.startswith("chdb://"):
            Path(dsn.removeprefix("chdb://")).mkdir(parents=True, exist_ok=True)
        store = cls(dsn, handles=handles)
        try:
            store.migrate()
        except StoreError as error:
            store.close()
            raise Problem(
                500, "store_unavailable", f"The event store {_without_secret(dsn)} cannot be opened: {error.message}"
            ) from error
        return store

    @property
    def is_embedded(self) -> bool:
        return self._dsn.startswith("chdb://")

    def migrate(self) -> None:
        """Apply the migrations that this store has not had yet."""
        self.command(SCHEMA_VERSIONS)
        done = {row[0] for row in self.query("SELECT number FROM schema_versions").rows}
        for step in MIGRATIONS:
            if step.number in done:
                continue
            for statement in step.statements:
                self.command(statement)
            self.command(
                "INSERT INTO schema_versions SELECT {number:UInt32}, {name:String}, now()",
                {"number": step.number, "name": step.name},
            )

    def query(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        limits: QueryLimits | None = None,
        tag: str | None = None,
    ) -> QueryResult:
        """Run one SELECT; `tag` names it for `kill`."""
        return parse_json_compact(self.query_bytes(sql, params, limits=limits, tag=tag))

    def query_bytes(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        limits: QueryLimits | None = None,
        tag: str | None = None,
        output: str = "JSONCompact",
    ) -> bytes:
        """Run one SELECT and return the engine's answer as it came, in the output format named."""
        settings = [*(_CSV if output.startswith("CSV") else _JSON)]
        settings += [f"{k} = {v}" for k, v in (limits.settings() if limits else {}).items()]
        if tag is not None:
            settings.append(f"log_comment = '{_tag(tag)}'")
        text = f"{sql}\nSETTINGS {', '.join(settings)}"
        text, values, more = self._fitted(text, params or {})
        with self._handle() as client, _engine_errors():
            answer = client.raw_query(text, parameters=values, fmt=output, settings=more)
        if limits is not None:
            limits.check_answer(answer)
        return answer

    def keep(
        self, project_id: int | None, sql: str, params: Mapping[str, Any], *, limits: QueryLimits, tag: str
    ) -> None:
        """Run one statement that changes who is in cohorts, of one project or of any; `tag` names it for `kill`."""
        settings = [f"{k} = {v}" for k, v in limits.settings().items()] + [f"log_comment = '{_tag(tag)}'"]
        with self.keeping.inside():
            self.command(f"{sql}\nSETTINGS {', '.join(settings)}", params)
        self.editions.cohorts_changed(project_id)

    def command(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """Run one statement that is not a SELECT."""
        text, values, more = self._fitted(sql, params or {})
        with self._handle() as client, _engine_errors():
            return client.command(text, parameters=values, settings=more)

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes) -> None:
        """Insert rows in RowBinary; on return they are synced to disk."""
        with self._handle() as client, _engine_errors():
            client.raw_insert(
                table,
                column_names=list(columns),
                insert_block=_once(rows),
                fmt="RowBinary",
                settings=dict(_INSERT_SETTINGS),
            )

    def insert_block(self, table: str, block: bytes, *, output: str) -> None:
        """Insert a block in a format that names its own columns, such as Native."""
        with self._handle() as client, _engine_errors():
            client.raw_insert(table, insert_block=_once(block), fmt=output, settings=dict(_INSERT_SETTINGS))

    def kill(self, tag: str) -> None:
        """End the queries that carry the tag; those that are over already are no error."""
        self.command(f"KILL QUERY WHERE Settings['log_comment'] = '{_tag(tag)}' ASYNC")

    def close(self) -> None:
        """Give the handles back; the embedded engine ends with the last one."""
        with self._lock:
            handles, self._all = self._all, []
        for client in handles:
            client.close()

    def _fitted(self, sql: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Statement, parameters and settings within what a server takes; the embedded engine takes all."""
        if not any(f"{{{name}:" in sql for name in params):
            # The client would write them into the text by itself then, at each `%` of it.
            return sql, {}, {}
        if self.is_embedded:
            return sql, dict(params), {}
        text, values = place_large(sql, params)
        grown = {} if text is sql else {"max_query_size": max(1 << 18, 2 * len(text.encode()))}
        return text, values, grown

    @contextmanager
    def _handle(self) -> Iterator[Client]:
        with self._slots:
            try:
                client = self._idle.get_nowait()
            except queue.Empty:
                client = self._connect()
            try:
                yield client
            except BaseException:
                # A failed embedded query leaves its partial output in the handle, and the next answer on that
                # handle would begin with it: rows of one tenant in the answer to another.
                if self._is_emptied(client):
                    self._idle.put(client)
                else:
                    self._discard(client)
                raise
            self._idle.put(client)

    def _is_emptied(self, client: Client) -> bool:
        """Whether the handle gives nothing but what it is asked for, once what it still held was taken out.

        A closed handle leaves threads and memory behind, so one that failed is emptied and kept where that can be
        proved: by words that nobody can know, twice in a row.
        """
        if not self.is_embedded:
            return False
        try:
            answers = [_is_echoed(client, f"empty-{secrets.token_hex(8)}") for _ in range(3)]
        except ClickHouseError:
            return False
        return answers[1] and answers[2]

    def _discard(self, client: Client) -> None:
        with self._lock:
            if client in self._all:
                self._all.remove(client)
        client.close()

    def _connect(self) -> Client:
        with _engine_errors():
            client = self._open_client()
        with self._lock:
            self._all.append(client)
        return client

    def _open_client(self) -> Client:
        if self.is_embedded:
            with self._lock:
                return clickhouse_connect.get_client(dsn=self._dsn)
        # Server-side sessions would serialise our handles. Without the lock: a server that is away must not make
        # everybody wait for each other's attempts.
        return clickhouse_connect.get_client(dsn=self._dsn, autogenerate_session_id=False)


def _is_echoed(client: Client, word: str) -> bool:
    answer = client.raw_query(f"SELECT '{word}'", fmt="TSVRaw")
    return bool(answer == f"{word}\n".encode())


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except ClickHouseError as error:
        text = _ADDED.sub("", str(error))
        codes = _CODE.findall(text)
        code = int(codes[0]) if codes else getattr(error, "code", None) or 0
        if not code and isinstance(error, OperationalError):
            raise StoreError(UNREACHABLE, "The event store's server does not answer.") from error
        raise StoreError(code, _CODE.sub("", text).strip()[:2000]) from error


def _once(block: bytes) -> io.BytesIO:
    """A body the client cannot send again: where only the answer was lost, that would store the rows twice."""
    return io.BytesIO(block)


def _tag(tag: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", tag):
        raise ValueError("a query tag has letters, digits, - and _ only")
    return tag


def _without_secret(dsn: str) -> str:
    return re.sub(r"//[^@/]*@", "//…@", dsn)
