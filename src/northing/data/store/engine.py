"""The event store: ClickHouse, embedded (`chdb:///folder`) or a server (`clickhouse://host`), by the same client."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from northing.data.store.errors import StoreError
from northing.data.store.results import QueryLimits, QueryResult, parse_json_compact
from northing.data.store.schema import MIGRATIONS, SCHEMA_VERSIONS
from northing.kernel.problems import Problem

_OUTPUT = "output_format_json_quote_64bit_integers = 0, output_format_json_quote_denormals = 0"
_INSERT_SETTINGS = {
    "input_format_binary_read_json_as_string": 1,
    "type_json_skip_duplicated_paths": 1,
    # A text that looks like a time stays the text that was sent; a filter on it must find it.
    "input_format_try_infer_dates": 0,
    "input_format_try_infer_datetimes": 0,
    "max_partitions_per_insert_block": 1000,
}
_CODE = re.compile(r"Code: (\d+)\. DB::Exception: ")


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
        settings = [_OUTPUT] + [f"{k} = {v}" for k, v in (limits.settings() if limits else {}).items()]
        if tag is not None:
            settings.append(f"log_comment = '{_tag(tag)}'")
        text = f"{sql}\nSETTINGS {', '.join(settings)}"
        with self._handle() as client, _engine_errors():
            return client.raw_query(text, parameters=dict(params or {}), fmt=output)

    def command_within(self, sql: str, params: Mapping[str, Any], *, limits: QueryLimits, tag: str) -> None:
        """Run one statement that writes what it selects, within the limits; `tag` names it for `kill`."""
        settings = [f"{k} = {v}" for k, v in limits.settings().items()] + [f"log_comment = '{_tag(tag)}'"]
        self.command(f"{sql}\nSETTINGS {', '.join(settings)}", params)

    def command(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """Run one statement that is not a SELECT."""
        with self._handle() as client, _engine_errors():
            return client.command(sql, parameters=dict(params or {}))

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes) -> None:
        """Insert rows in RowBinary; on return they are synced to disk."""
        with self._handle() as client, _engine_errors():
            client.raw_insert(
                table, column_names=list(columns), insert_block=rows, fmt="RowBinary", settings=dict(_INSERT_SETTINGS)
            )

    def insert_block(self, table: str, block: bytes, *, output: str) -> None:
        """Insert a block in a format that names its own columns, such as Native."""
        with self._handle() as client, _engine_errors():
            client.raw_insert(table, insert_block=block, fmt=output, settings=dict(_INSERT_SETTINGS))

    def kill(self, tag: str) -> None:
        """End the queries that carry the tag; those that are over already are no error."""
        self.command(f"KILL QUERY WHERE Settings['log_comment'] = '{_tag(tag)}' ASYNC")

    def close(self) -> None:
        """Give the handles back; the embedded engine ends with the last one."""
        with self._lock:
            handles, self._all = self._all, []
        for client in handles:
            client.close()

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
                # handle would begin with it: rows of one tenant in the answer to another. Never reuse it.
                self._discard(client)
                raise
            self._idle.put(client)

    def _discard(self, client: Client) -> None:
        with self._lock:
            if client in self._all:
                self._all.remove(client)
        client.close()

    def _connect(self) -> Client:
        with self._lock, _engine_errors():
            # Server-side sessions would serialise our handles; the embedded engine has none.
            if self.is_embedded:
                client = clickhouse_connect.get_client(dsn=self._dsn)
            else:
                client = clickhouse_connect.get_client(dsn=self._dsn, autogenerate_session_id=False)
            self._all.append(client)
            return client


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except ClickHouseError as error:
        text = str(error)
        codes = _CODE.findall(text)
        raise StoreError(int(codes[0]) if codes else 0, _CODE.sub("", text).strip()[:2000]) from error


def _tag(tag: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", tag):
        raise ValueError("a query tag has letters, digits, - and _ only")
    return tag


def _without_secret(dsn: str) -> str:
    return re.sub(r"//[^@/]*@", "//…@", dsn)
