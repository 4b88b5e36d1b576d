"""The collectors: raw ASGI, because this is the one path whose cost is paid thousands of times a second.

A request is authenticated, unpacked, examined and appended to the spool; the answer follows the sync to disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

import msgspec

from northing.data.ingest.metrics import observe_events, observe_rejected, observe_request
from northing.data.ingest.records import Record, WireKind, frame
from northing.data.ingest.spool import Spool
from northing.data.wire import native, posthog
from northing.data.wire.unpack import Unpacked, unpack
from northing.data.wire.verdicts import Examined, WireContext
from northing.kernel.clock import unix_ms
from northing.kernel.ids import SECRET_KEY_PREFIX, uuid7_int
from northing.kernel.problems import Problem

Scope = MutableMapping[str, Any]
_MIB = 1 << 20
# Bodies above this are unpacked and examined in a thread, so that one of them does not hold up all others.
_LARGE_BODY = 256 << 10
_LARGE_PACKED_BODY = 2 << 10
_MOST_EVENTS = 50_000
_READ_SECONDS = 30.0
# Bodies of all requests of a worker together; beyond this, waiting senders would eat the memory.
_MOST_HELD_BYTES = 256 << 20


class ProjectLike(Protocol):
    """What the collectors need of a project."""

    @property
    def id(self) -> int: ...


class Tokens(Protocol):
    """Who knows the project of a token."""

    async def find(self, token: str) -> Any: ...


class Keys(Protocol):
    """Who knows the project a secret key may send events to."""

    async def project_of(self, secret: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Route:
    """One collector: how its bodies are read, how large they may be, and how it answers."""

    protocol: str
    kind: WireKind
    most_bytes: int


NATIVE = Route("native", WireKind.NATIVE, 1 << 62)  # NORTHING_MAX_BODY_MB alone
POSTHOG = Route("posthog", WireKind.POSTHOG, 2 * _MIB)
POSTHOG_BATCH = Route("posthog", WireKind.POSTHOG, 20 * _MIB)

ROUTES: Mapping[str, Route] = {
    "/api/v1/events": NATIVE,
    "/e": POSTHOG,
    "/i/v0/e": POSTHOG,
    "/capture": POSTHOG,
    "/track": POSTHOG,
    "/engage": POSTHOG,
    "/batch": POSTHOG_BATCH,
}
EXAMINERS: Mapping[WireKind, Callable[[Unpacked, WireContext], Examined]] = {
    WireKind.NATIVE: native.examine,
    WireKind.POSTHOG: posthog.examine,
}
_POSTHOG_ACCEPTED = b'{"status":1}'


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of an HTTP request that a collector reads."""

    route: Route
    path: str
    headers: Mapping[bytes, bytes]
    query: Mapping[str, str]
    client_ip: str
    body: bytes

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


class Collectors:
    """The ASGI application for every path of `ROUTES` and the answers PostHog's clients ask for besides."""

    def __init__(self, spool: Spool, tokens: Tokens, keys: Keys, *, most_bytes: int) -> None:
        self._spool = spool
        self._tokens = tokens
        self._keys = keys
        self._most_bytes = most_bytes
        self.held_bytes = 0

    def route_of(self, scope: Scope) -> Route | None:
        """The collector of a request, or None where it is for someone else."""
        path: str = scope["path"]
        route = ROUTES.get(path) or (ROUTES.get(path.rstrip("/")) if path.endswith("/") else None)
        if route is NATIVE and scope["method"] not in ("POST", "OPTIONS"):
            return None  # GET on the same path is the live list
        return route

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        route = self.route_of(scope)
        assert route is not None
        headers = dict(scope["headers"])
        cors = _cors(headers)
        if scope["method"] == "OPTIONS":
            await _respond(send, 204, b"", [*cors, (b"access-control-max-age", b"86400")])
            return
        body_read = _Body(self)
        try:
            request = await self._read(scope, receive, route, headers=headers, body_read=body_read)
            status, body = 200, await self._accept(request)
            extra: list[tuple[bytes, bytes]] = []
        except Problem as problem:
            status, body = problem.status, msgspec.json.encode(problem.as_json())
            extra = [(k.lower().encode(), v.encode()) for k, v in problem.headers.items()]
            observe_rejected(route.protocol, problem.code)
        finally:
            self.held_bytes -= body_read.size
        observe_request(route.protocol, status)
        kind = b"application/json" if status == 200 else b"application/problem+json"
        await _respond(send, status, body, [(b"content-type", kind), *cors, *extra])

    async def _read(
        self, scope: Scope, receive: Any, route: Route, *, headers: Mapping[bytes, bytes], body_read: _Body
    ) -> Request:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if scope["method"] == "GET":
            body = query.get("data", "").encode()
        else:
            body = await body_read.read(receive, headers, most=min(route.most_bytes, self._most_bytes))
        client_ip = scope["client"][0] if scope.get("client") else ""
        return Request(route, scope["path"], headers, query, client_ip, body)

    async def _accept(self, request: Request) -> bytes:
        received_ms = unix_ms()
        uuid_base = uuid7_int(received_ms)
        if _is_heavy(request):
            await self._known_sender(request)
            judged = await asyncio.to_thread(self._judge, request, received_ms, uuid_base)
        else:
            judged = self._judge(request, received_ms, uuid_base)
        unpacked, verdict = judged
        project = await self._project(request, verdict.token)
        if verdict.accepted == 0:
            raise _nothing_valid(verdict)
        record = Record(
            kind=request.route.kind,
            project_id=project.id,
            events=verdict.count,
            received_ms=received_ms,
            sent_at_ms=unpacked.sent_at_ms,
            uuid_base=uuid_base,
            ip=request.client_ip,
            user_agent=request.header(b"user-agent"),
            path=request.path,
            body=unpacked.body,
        )
        await self._spool.append(frame(record))
        observe_events(request.route.protocol, verdict.count)
        if request.route.kind is WireKind.NATIVE:
            return msgspec.json.encode({"results": verdict.results()})
        return _POSTHOG_ACCEPTED

    def _judge(self, request: Request, received_ms: int, uuid_base: int) -> tuple[Unpacked, Examined]:
        unpacked = unpack(
            request.body,
            query=request.query,
            content_type=request.header(b"content-type"),
            content_encoding=request.header(b"content-encoding"),
            max_bytes=self._most_bytes,
        )
        if _count_items(unpacked.value) > _MOST_EVENTS:
            raise Problem(
                413, "too_many_events", f"The request holds more than {_MOST_EVENTS:,} events.", "Send smaller batches."
            )
        context = WireContext(
            received_ms=received_ms, uuid_base=uuid_base, sent_at_ms=unpacked.sent_at_ms, path=request.path
        )
        return unpacked, EXAMINERS[request.route.kind](unpacked, context)

    async def _known_sender(self, request: Request) -> None:
        """Refuse an unknown token before any work, where the request names one outside its body."""
        if _outer_token(request):
            await self._project(request, None)

    async def _project(self, request: Request, token: str | None) -> ProjectLike:
        token = token or _outer_token(request)
        token = token.strip()
        project: ProjectLike | None = await self._tokens.find(token) if token else None
        if project is None and token.startswith(SECRET_KEY_PREFIX):
            project = await self._keys.project_of(token)
        if project is None:
            raise Problem(
                401,
                "invalid_token",
                "The project token is unknown." if token else "The request carries no project token.",
                "Use the token shown under Settings, Project.",
            )
        return project


class _Body:
    """A body as it arrives: what has come counts against the worker's budget until the request is answered."""

    __slots__ = ("_collectors", "size")

    def __init__(self, collectors: Collectors) -> None:
        self._collectors = collectors
        self.size = 0

    async def read(self, receive: Any, headers: Mapping[bytes, bytes], *, most: int) -> bytes:
        """All of it. Raises `Problem` 413, 408 for a sender that stops in the middle, 429 over the budget."""
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > most:
            raise _too_large(most)
        message = await receive()
        if not message.get("more_body"):
            return self._take(message, most)
        chunks = [self._take(message, most)]
        try:
            async with asyncio.timeout(_READ_SECONDS):
                while message.get("more_body"):
                    message = await receive()
                    chunks.append(self._take(message, most))
        except TimeoutError:
            hint = "Send it again; the connection may be too slow for so much at once."
            raise Problem(408, "body_too_slow", "The request body did not arrive in time.", hint) from None
        return b"".join(chunks)

    def _take(self, message: Mapping[str, Any], most: int) -> bytes:
        if message["type"] == "http.disconnect":
            raise Problem(400, "client_left", "The client left before its request was complete.")
        chunk: bytes = message.get("body", b"")
        self.size += len(chunk)
        self._collectors.held_bytes += len(chunk)
        if self.size > most:
            raise _too_large(most)
        if self._collectors.held_bytes > _MOST_HELD_BYTES:
            raise _busy()
        return chunk


def _count_items(value: Any) -> int:
    """How many events a body claims to hold, in any of the formats."""
    items = value.get("batch") if isinstance(value, dict) else value
    return len(items) if isinstance(items, list) else 1


def _is_heavy(request: Request) -> bool:
    """Whether judging may take long: a large body, or a packed one that may become large."""
    plain = request.body[:1] in (b"{", b"[")
    return len(request.body) > (_LARGE_BODY if plain else _LARGE_PACKED_BODY)


def _busy() -> Problem:
    hint = "Send them again in a few seconds."
    return Problem(429, "too_many_bytes", "The server holds too many unread bytes.", hint, headers={"Retry-After": "3"})


def _outer_token(request: Request) -> str:
    return _bearer(request) or request.query.get("token", "") or request.query.get("api_key", "")


def _bearer(request: Request) -> str:
    scheme, _, token = request.header(b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _too_large(most: int) -> Problem:
    return Problem(
        413, "body_too_large", f"The request body is larger than {most // _MIB} MiB.", "Send fewer events per request."
    )


def _nothing_valid(verdict: Examined) -> Problem:
    reasons = sorted({f"{drop.reason}: {drop.details}" for drop in verdict.dropped.values()})
    if not reasons:
        return Problem(400, "empty_batch", "The request holds no events.", "Send at least one event.")
    return Problem(400, "no_valid_event", f"No event can be stored. {' '.join(reasons[:5])}"[:1000])


def _cors(headers: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Browsers of any site send events here: mirror the origin, as PostHog's clients expect with credentials."""
    origin = headers.get(b"origin")
    if not origin:
        return []
    asked = headers.get(b"access-control-request-headers", b"authorization, content-type, content-encoding")
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", asked),
        (b"vary", b"Origin"),
    ]


async def _respond(send: Any, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", str(len(body)).encode())
    nosniff = (b"x-content-type-options", b"nosniff")
    await send({"type": "http.response.start", "status": status, "headers": [length, nosniff, *headers]})
    await send({"type": "http.response.body", "body": body})
