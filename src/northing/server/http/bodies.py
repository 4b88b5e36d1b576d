"""A ceiling for request bodies of the management API, whether or not they say how long they are."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northing.kernel.problems import Problem

MOST_BYTES = 1 << 20


class BodyLimit:
    """ASGI middleware: reads the body before the app does, so that the app never sees part of one."""

    def __init__(self, app: ASGIApp, *, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or len(declared) > 12 or int(declared) > self._most_bytes:
            raise self._too_large()
        messages = iter(await self._read(receive))

        async def replay() -> Message:
            return _next(messages) or await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive) -> list[Message]:
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self._most_bytes:
                raise self._too_large()
            if message["type"] != "http.request" or not message.get("more_body", False):
                return messages

    def _too_large(self) -> Problem:
        return Problem(413, "body_too_large", f"The body may have at most {self._most_bytes:,} bytes.")


def _next(messages: Iterator[Message]) -> Message | None:
    return next(messages, None)
