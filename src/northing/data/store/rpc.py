"""Web workers ask, the engine process answers: frames of MessagePack over a unix socket.

One connection carries one question at a time. A worker that closes its end while the question runs has lost interest:
the query is killed, and the engine process closes the other end once it is over.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from northing.data.store.editions import Edition
from northing.data.store.errors import StoreError
from northing.data.store.local import LocalStore
from northing.data.store.results import QueryLimits, QueryResult, parse_json_compact
from northing.kernel.problems import Problem

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], Awaitable[Any]]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode
_LARGEST_FRAME = 512 << 20
# Of a query's own limit of time, by which it ends itself unless the engine cannot be interrupted.
_PATIENCE = 2


async def serve_engine(socket: Path, store: LocalStore, extra: Mapping[str, Handler]) -> asyncio.Server:
    """Listen on the socket (mode 0600); `extra` names further operations beside `query`."""
    handlers: dict[str, Handler] = {
        "query": lambda ask: _query(store, ask),
        "keep": lambda ask: _keep(store, ask),
        "edition": lambda ask: store.edition(ask["project_id"]),
        "rows": lambda ask: asyncio.to_thread(store.store.query_bytes, ask["sql"], ask["params"], output=ask["output"]),
        **extra,
    }
    socket.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(lambda r, w: _converse(r, w, handlers), path=str(socket))
    os.chmod(socket, 0o600)
    return server


async def _query(store: LocalStore, ask: dict[str, Any]) -> bytes:
    return await store.query_bytes(ask["sql"], ask["params"], limits=QueryLimits(**ask["limits"]), output=ask["output"])


async def _keep(store: LocalStore, ask: dict[str, Any]) -> None:
    await store.keep(ask["project_id"], ask["sql"], ask["params"], limits=QueryLimits(**ask["limits"]))


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handlers: Mapping[str, Handler]
) -> None:
    header = asyncio.ensure_future(reader.readexactly(4))
    try:
        while True:
            ask = _decode(await reader.readexactly(int.from_bytes(await header, "big")))
            header = asyncio.ensure_future(reader.readexactly(4))
            work = asyncio.ensure_future(_answer(handlers, ask))
            await asyncio.wait({header, work}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():  # the next header came first: only a closed connection does that
                work.cancel()
                await asyncio.wait({work})  # the worker sees by our closing that it is over
                return
            await _write_frame(writer, work.result())
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        return  # the worker left, or the engine process is stopping
    finally:
        header.cancel()
        writer.close()


async def _answer(handlers: Mapping[str, Handler], ask: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ok": await handlers[ask["op"]](ask)}
    except Problem as problem:
        return {
            "problem": {
                "status": problem.status,
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
            }
        }
    except StoreError as error:
        return {"error": {"code": error.code, "message": error.message}}
    except Exception as error:
        log.exception("engine_operation_failed", op=ask.get("op"))
        return {"error": {"code": 0, "message": f"{type(error).__name__}: {error}"}}


async def _write_frame(writer: asyncio.StreamWriter, value: Any) -> None:
    body = _encode(value)
    writer.write(len(body).to_bytes(4, "big"))
    writer.write(body)
    await writer.drain()


class RemoteStore:
    """An `EventStore` whose engine lives in another process."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

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
        asked = {"sql": sql, "params": dict(params or {}), "limits": msgspec.to_builtins(limits), "output": output}
        answer: bytes = await self._call("query", asked, patience=_PATIENCE * limits.seconds)
        return answer

    async def keep(
        self, project_id: int | None, sql: str, params: Mapping[str, Any], *, limits: QueryLimits = QueryLimits()
    ) -> None:
        """See `KeepingStore.keep`."""
        asked = {"project_id": project_id, "sql": sql, "params": dict(params), "limits": msgspec.to_builtins(limits)}
        await self._call("keep", asked, patience=_PATIENCE * limits.seconds)

    async def edition(self, project_id: int) -> Edition:
        """See `EventStore.edition`."""
        return Edition(*await self.call("edition", project_id=project_id))

    async def call(self, op: str, **ask: Any) -> Any:
        """Any operation of the engine process.

        Raises what the engine process raised, or `Problem` 503 `store_unavailable` while it is away.
        """
        return await self._call(op, ask)

    async def _call(self, op: str, ask: Mapping[str, Any], *, patience: float = 0) -> Any:
        """`patience`: for how many seconds whoever leaves is held until what they asked for is over."""
        try:
            answer = await self._exchange(_encode({"op": op, **ask}), patience)
        except (OSError, asyncio.IncompleteReadError):
            raise Problem(
                503, "store_unavailable", "The event store is starting or restarting.", "Try again in a few seconds."
            ) from None
        if "problem" in answer:
            raise Problem(**answer["problem"])
        if "error" in answer:
            raise StoreError(**answer["error"])
        return answer["ok"]

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    async def _exchange(self, body: bytes, patience: float) -> dict[str, Any]:
        reader, writer = await self._connection()
        try:
            writer.write(len(body).to_bytes(4, "big") + body)
            await writer.drain()
            size = int.from_bytes(await reader.readexactly(4), "big")
            if size > _LARGEST_FRAME:
                raise ConnectionError("answer too large")
            answer: dict[str, Any] = _decode(await reader.readexactly(size))
        except asyncio.CancelledError:
            await _see_out(reader, writer, patience)
            raise
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        return answer

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_unix_connection(str(self._socket))


async def _see_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, patience: float) -> None:
    """Say that nobody waits any more, which kills the query, and stay until it is over."""
    try:
        async with asyncio.timeout(patience):
            writer.write_eof()
            while await reader.read(1 << 16):
                pass
    except OSError:
        return  # the engine process is gone, and the query with it; or out of patience, which is an OSError too
    finally:
        writer.close()


class BlockingRows:
    """The engine process's raw rows for a command in the same folder, without an event loop."""

    def __init__(self, socket: Path) -> None:
        self._store = RemoteStore(socket)
        self._loop = asyncio.new_event_loop()

    def query_bytes(self, sql: str, params: Mapping[str, Any] | None = None, *, output: str = "JSONCompact") -> bytes:
        """See `Store.query_bytes`."""
        asked = self._store.call("rows", sql=sql, params=dict(params or {}), output=output)
        answer: bytes = self._loop.run_until_complete(asked)
        return answer

    def close(self) -> None:
        self._store.close()
        self._loop.close()
