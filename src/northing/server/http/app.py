"""The management app: API, UI and reference, on one FastAPI application."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from northing import __version__
from northing.server.http.bodies import BodyLimit
from northing.server.http.client_address import ClientAddress, parse_networks
from northing.server.http.context import Context
from northing.server.http.dependencies import declare_long, declare_short
from northing.server.http.headers import SecurityHeaders
from northing.server.http.reference import add_reference
from northing.server.http.rendering import install_rendering
from northing.server.http.request_log import RequestLog
from northing.server.http.routes import ROUTERS, SCOPED_ROUTERS
from northing.server.http.ui import WebUi
from northing.server.settings import Settings

API = "/api/v1"


def management_app(context: Context, *, routers: Iterable[APIRouter] = (), scoped: Iterable[APIRouter] = ()) -> FastAPI:
    """Everything but the collectors.

    `routers` carry their whole path. Each of `scoped` starts at a resource name, such as `/query`, and is
    served under `/api/v1/projects/{project}` and, for callers with one project, under `/api/v1`; its routes
    ask for the project with `access(scope)`.
    """
    app = FastAPI(
        title="Northing",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        middleware=_middleware(context.settings),
    )
    app.state.context = context
    install_rendering(app)
    for router in (*ROUTERS, *routers):
        app.include_router(router)
    for router in (*SCOPED_ROUTERS, *scoped):
        app.include_router(router, prefix=API + "/projects/{project}", dependencies=[Depends(declare_long)])
        app.include_router(router, prefix=API, dependencies=[Depends(declare_short)])
    add_reference(app)
    # Not a catch-all route: that would answer 404 to a wrong method on a path that exists.
    app.router.default = WebUi(context.web_folder)
    return app


def wrap_edge(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Request ids and client addresses around a larger app; what it contains does not do them twice."""
    return RequestLog(ClientAddress(app, trusted=parse_networks(settings.trusted_proxies)))


def _middleware(settings: Settings) -> list[Middleware]:
    return [
        Middleware(SecurityHeaders),
        Middleware(RequestLog),
        Middleware(ClientAddress, trusted=parse_networks(settings.trusted_proxies)),
        Middleware(BodyLimit),
    ]
