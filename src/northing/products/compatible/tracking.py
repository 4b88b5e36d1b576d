"""The door for what clients of the source systems send: turned into native events and handed to the collectors.

Raw ASGI, since it stands beside the collectors: they authenticate, judge, store and answer; a 200 means durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

import msgspec

from northing.data.wire.lenient import encode_json
from northing.data.wire.unpack import unpack
from northing.kernel.problems import Problem
from northing.products.compatible.steps import Steps
from northing.products.compatible.translation import Translated, translate
from northing.server.http.context import Context

EVENTS, FUNNELS = "/api/analytics/events", "/api/analytics/funnels"
MOST_BYTES = 1 << 20
_READ_SECONDS = 30.0
_NATIVE = "/api/v1/events"
_REPLACED = frozenset((b"content-length", b"content-encoding", b"content-type", b"authorization"))
_SENT = ("POST", "OPTIONS")

Scope = MutableMapping[str, Any]


class Asgi(Protocol):
    """An ASGI application."""

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """What a request says beside its body."""

    headers: Mapping[bytes, bytes]
    query: Mapping[str, str]

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    def token(self, fallback: str) -> str:
        """`Authorization: Bearer`, `x-api-key`, `?token=`, or what the body says."""
        scheme, _, bearer = self.header(b"authorization").partition(" ")
        named = bearer.strip() if scheme.lower() == "bearer" else ""
        return named or self.header(b"x-api-key").strip() or self.query.get("token", "") or fallback


class SourceDoor:
    """Takes `POST /api/analytics/events` and `action: track` of funnels; every other request goes on to `rest`."""

    def __init__(self, collectors: Asgi, context: Context, rest: Asgi) -> None:
        self._collectors = collectors
        self._rest = rest
        self._steps = Steps(context)

    def is_for(self, scope: Scope) -> bool:
        """Whether the request is one of these."""
        path: str = scope["path"]
        return scope["method"] in _SENT and path.removesuffix("/") in (EVENTS, FUNNELS)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["method"] == "OPTIONS":
            await self._collectors({**scope, "path": _NATIVE}, receive, send)
            return
        try:
            await self._take(scope, receive, send)
        except Problem as problem:
            await _refuse(scope, send, problem)

    async def _take(self, scope: Scope, receive: Any, send: Any) -> None:
        body = await _read(scope, receive)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        sender = Sender(dict(scope["headers"]), query)
        if scope["path"].removesuffix("/") == EVENTS:
            found = translate(_unpack(body, sender))
            await self._hand_over(scope, send, sender, found)
            return
        value = _json(body)
        if not isinstance(value, dict) or value.get("action") != "track":
            await self._rest(scope, _replay(body, receive), send)
            return
        token = sender.token(str(value.get("token") or ""))
        event = await self._steps.event_of(value, token)
        await self._hand_over(scope, send, sender, Translated([event], token, []))

    async def _hand_over(self, scope: Scope, send: Any, sender: Sender, found: Translated) -> None:
        """Send the events through the collectors' own door, and answer in the source systems' manner."""
        body = encode_json(found.events)
        headers = [(name, value) for name, value in scope["headers"] if name not in _REPLACED]
        if token := sender.token(found.token):
            headers.append((b"authorization", b"Bearer " + token.encode("latin-1", "replace")))
        native = {**scope, "path": _NATIVE, "query_string": b"", "headers": headers}
        await self._collectors(native, _replay(body, None), _Answering(send, found))


class _Answering:
    """Passes an answer on; one of 200 is told as `{"success": true, …}`."""

    def __init__(self, send: Any, found: Translated) -> None:
        self._send = send
        self._found = found
        self._start: dict[str, Any] = {}

    async def __call__(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        body = message["body"]
        if self._start["status"] == 200:
            body = msgspec.json.encode(_told(msgspec.json.decode(body)["results"], self._found))
        kept = [(name, value) for name, value in self._start["headers"] if name != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**self._start, "headers": [length, *kept]})
        await self._send({**message, "body": body})


def _told(results: dict[str, dict[str, Any]], found: Translated) -> dict[str, Any]:
    answer: dict[str, Any] = {"success": True, "accepted": sum(r["result"] != "drop" for r in results.values())}
    if len(found.events) == 1:
        answer |= {"id": next(iter(results)), "distinctId": str(found.events[0]["distinct_id"])}
    told = [f"{name}: {r['details']}" for name, r in results.items() if r["result"] != "ok"]
    return {**answer, "warnings": [*found.warnings, *told]} if found.warnings or told else answer


async def _read(scope: Scope, receive: Any) -> bytes:
    """The whole body. Raises 413, 408, 400 for a sender that leaves."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise _too_large()
    try:
        async with asyncio.timeout(_READ_SECONDS):
            return await _read_all(receive)
    except TimeoutError:
        raise Problem(408, "body_too_slow", "The request body did not arrive in time.", "Send it again.") from None


async def _read_all(receive: Any) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "client_left", "The client left before its request was complete.")
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise _too_large()
        if not message.get("more_body"):
            return body


def _unpack(body: bytes, sender: Sender) -> Any:
    return unpack(
        body,
        query={},
        content_type=sender.header(b"content-type"),
        content_encoding=sender.header(b"content-encoding"),
        max_bytes=MOST_BYTES,
    ).value


def _json(body: bytes) -> Any:
    """The body as JSON, or None: who reads it next says what is wrong with it."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _replay(body: bytes, receive: Any) -> Any:
    """A `receive` that gives the body, then whatever comes."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Any:
        if waiting:
            return waiting.pop()
        return await receive() if receive is not None else {"type": "http.disconnect"}

    return again


async def _refuse(scope: Scope, send: Any, problem: Problem) -> None:
    body = msgspec.json.encode(problem.as_json())
    origin = dict(scope["headers"]).get(b"origin")
    cors = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")] if origin else []
    extra = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    kind = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": [*kind, *cors, *extra]})
    await send({"type": "http.response.body", "body": body})


def _too_large() -> Problem:
    return Problem(413, "body_too_large", f"The body may have at most {MOST_BYTES:,} bytes.", "Send fewer events.")
