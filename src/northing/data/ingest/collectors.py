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
# Bodies of all requests of a worker together; beyond this, waiting senders would eat the memory.
_MOST_HELD_BYTES = 256 << 20


class ProjectLike(Protocol):
    """What the collectors need of a project."""

    @property
    def id(self) -> int: ...


class Tokens(Protocol):
    """Who knows the project of a token."""

    def lookup(self, token: str) -> Any: ...


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
        self._held_bytes = 0

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
        held = _declared_length(headers)
        self._held_bytes += held
        try:
            if self._held_bytes > _MOST_HELD_BYTES:
                raise _busy()
            request = await self._read(scope, receive, route, headers)
            status, body = 200, await self._accept(request)
            extra: list[tuple[bytes, bytes]] = []
        except Problem as problem:
            status, body = problem.status, msgspec.json.encode(problem.as_json())
            extra = [(k.lower().encode(), v.encode()) for k, v in problem.headers.items()]
            observe_rejected(route.protocol, problem.code)
        finally:
            self._held_bytes -= held
        observe_request(route.protocol, status)
        kind = b"application/json" if status == 200 else b"application/problem+json"
        await _respond(send, status, body, [(b"content-type", kind), *cors, *extra])

    async def _read(self, scope: Scope, receive: Any, route: Route, headers: Mapping[bytes, bytes]) -> Request:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if scope["method"] == "GET":
            body = query.get("data", "").encode()
        else:
            body = await _read_body(receive, headers, min(route.most_bytes, self._most_bytes))
        client_ip = scope["client"][0] if scope.get("client") else ""
        return Request(route, scope["path"], headers, query, client_ip, body)

    async def _accept(self, request: Request) -> bytes:
        received_ms = unix_ms()
        uuid_base = uuid7_int(received_ms)
        if len(request.body) > _LARGE_BODY:
            judged = await asyncio.to_thread(self._judge, request, received_ms, uuid_base)
        else:
            judged = self._judge(request, received_ms, uuid_base)
        unpacked, verdict = judged
        project = await self._project(request, verdict)
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
        context = WireContext(
            received_ms=received_ms, uuid_base=uuid_base, sent_at_ms=unpacked.sent_at_ms, path=request.path
        )
        return unpacked, EXAMINERS[request.route.kind](unpacked, context)

    async def _project(self, request: Request, verdict: Examined) -> ProjectLike:
        token = verdict.token or _bearer(request) or request.query.get("token", "") or request.query.get("api_key", "")
        token = token.strip()
        project: ProjectLike | None = self._tokens.lookup(token) if token else None
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


async def _read_body(receive: Any, headers: Mapping[bytes, bytes], most: int) -> bytes:
    if _declared_length(headers) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "client_left", "The client left before its request was complete.")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > most:
            raise _too_large(most)
        if not message.get("more_body"):
            return b"".join(chunks)


def _declared_length(headers: Mapping[bytes, bytes]) -> int:
    """What the client says it sends; a chunked body says nothing and counts as one of middling size."""
    length = headers.get(b"content-length", b"")
    return int(length) if length.isdigit() else _MIB


def _busy() -> Problem:
    hint = "Send them again in a few seconds."
    return Problem(429, "too_many_bytes", "The server holds too many unread bytes.", hint, headers={"Retry-After": "3"})


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
