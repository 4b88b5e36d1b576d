"""What PostHog's clients ask beside capture: remote configuration, flags, surveys; answered without a key."""

from __future__ import annotations

from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from northing.data.ingest.collectors import Tokens
from northing.data.wire import posthog_config
from northing.data.wire.unpack import unpack
from northing.kernel.clock import unix_ms
from northing.kernel.ids import uuid7
from northing.kernel.problems import Problem

_MOST_BYTES = 2 << 20
_PREFIXES = (
    "/array/",
    "/flags",
    "/decide",
    "/api/surveys",
    "/api/web_experiments",
    "/api/early_access_features",
    "/api/feature_flag/local_evaluation",
)


def is_companion(path: str) -> bool:
    """Whether a path is one of these."""
    return path.startswith(_PREFIXES)


class Companions:
    """The routes, for one web worker."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def app(self) -> Any:
        """An ASGI application; browsers of any site may ask it."""
        routes = [
            Route("/array/{token}/config.js", self.config_script),
            Route("/array/{token}/config", self.config),
            Route("/flags/definitions", self.definitions),
            Route("/api/feature_flag/local_evaluation", self.definitions),
            Route("/api/feature_flag/local_evaluation/", self.definitions),
            Route("/api/{name}/", self.empty_list),
            Route("/api/{name}", self.empty_list),
        ]
        asked = ("/flags", "/flags/", "/decide", "/decide/")
        routes += [Route(path, self.flags, methods=["GET", "POST"]) for path in asked]
        cors = Middleware(
            CORSMiddleware,
            allow_origin_regex=".*",
            allow_credentials=True,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
        )
        return Router(routes, middleware=[cors])

    async def config(self, request: Request) -> Response:
        """`GET /array/<token>/config`."""
        token = request.path_params["token"]
        return JSONResponse(posthog_config.remote_config(token)) if await self._tokens.find(token) else _unknown()

    async def config_script(self, request: Request) -> Response:
        """`GET /array/<token>/config.js`."""
        token = request.path_params["token"]
        if not await self._tokens.find(token):
            return _unknown()
        return Response(posthog_config.config_script(token), media_type="text/javascript")

    async def empty_list(self, request: Request) -> Response:
        """`GET /api/surveys/` and the like: none."""
        answer = posthog_config.EMPTY_LISTS.get(request.path_params["name"])
        return JSONResponse(answer) if answer is not None else _unknown()

    async def definitions(self, request: Request) -> Response:
        """Flag definitions for clients that evaluate by themselves: none yet, in the shape they need."""
        if await self._tokens.find(request.query_params.get("token", "")) is None:
            return _unknown()
        return JSONResponse(posthog_config.local_evaluation())

    async def flags(self, request: Request) -> Response:
        """`/flags/` and the older `/decide/`: no flags yet, in the shape each version expects."""
        try:
            return JSONResponse(await self._flags(request))
        except Problem as problem:
            return JSONResponse(problem.as_json(), problem.status, media_type="application/problem+json")

    async def _flags(self, request: Request) -> Any:
        query = dict(request.query_params)
        body = await _limited_body(request)
        value: Any = {}
        if body or "data" in query:
            value = unpack(
                body,
                query=query,
                content_type=request.headers.get("content-type", ""),
                content_encoding=request.headers.get("content-encoding", ""),
                max_bytes=_MOST_BYTES,
            ).value
        asked = posthog_config.flags_request(value, query)
        if await self._tokens.find(asked.token) is None:
            raise Problem(401, "invalid_token", "The project token is unknown.")
        older = request.url.path.startswith("/decide")
        answer = posthog_config.decide_answer if older else posthog_config.flags_answer
        return answer(query, asked.token, request_id=str(uuid7()), now_ms=unix_ms())


async def _limited_body(request: Request) -> bytes:
    """The body, read no further than its limit."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > _MOST_BYTES:
            raise Problem(413, "body_too_large", f"The request body is larger than {_MOST_BYTES >> 20} MiB.")
    return b"".join(chunks)


def _unknown() -> Response:
    problem = Problem(404, "not_found", "No such project token or resource.")
    return JSONResponse(problem.as_json(), 404, media_type="application/problem+json")
