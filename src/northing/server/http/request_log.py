"""The outermost edge: a request id on every answer and log line, and nothing raised beyond it."""

from __future__ import annotations

import re
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northing.kernel.ids import uuid7
from northing.kernel.problems import Problem
from northing.server.http.rendering import internal_problem, problem_response

HEADER = "x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_SCOPE_KEY = "northing.request_id"

log = structlog.get_logger(__name__)


class RequestLog:
    """ASGI middleware; an inner one goes by the request id of the outer, and leaves the log line to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _SCOPE_KEY in scope:
            await self._guard(scope, receive, _Answer(send, scope[_SCOPE_KEY]))
        else:
            scope[_SCOPE_KEY] = _request_id(scope)
            await self._log(scope, receive, _Answer(send, scope[_SCOPE_KEY]))

    async def _log(self, scope: Scope, receive: Receive, send: _Answer) -> None:
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=send.request_id):
            await self._guard(scope, receive, send)
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            log.debug("request", method=scope["method"], path=scope["path"], status=send.status, ms=milliseconds)

    async def _guard(self, scope: Scope, receive: Receive, send: _Answer) -> None:
        try:
            await self._app(scope, receive, send)
        except Problem as error:
            problem = error
        except Exception:
            log.exception("request_failed", method=scope["method"], path=scope["path"])
            problem = internal_problem(send.request_id)
        else:
            return
        if send.status:
            # Too late for another status: dropping the connection is the one honest sign left.
            raise problem
        await problem_response(problem)(scope, receive, send)


class _Answer:
    """`send` that adds the header and remembers how far the answer got."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.request_id
        await self._send(message)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER.encode() and _GIVEN.fullmatch(value):
            return str(value.decode())
    return str(uuid7())
