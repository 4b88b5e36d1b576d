"""A web worker: collectors on a raw path, the management API and the UI behind it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import structlog
import uvicorn
from starlette.routing import Router

from northing.app.composition import full_management_app, make_context
from northing.app.folder import DataFolder
from northing.app.operations import Operations
from northing.data.ingest.collectors import Collectors
from northing.data.ingest.companions import Companions, is_companion
from northing.data.ingest.spool import Spool
from northing.data.store import RemoteStore
from northing.products.compatible.manifest import SourceDoor
from northing.server.auth.key_directory import KeyDirectory
from northing.server.http.client_address import ClientAddress, parse_networks
from northing.server.http.context import Context
from northing.server.logs import configure_logs
from northing.server.settings import Settings

log = structlog.get_logger(__name__)

_MIB = 1 << 20
_OPERATIONS = ("/healthz", "/readyz", "/metrics")
_GRACEFUL_SECONDS = 10


def run_web(settings: Settings, folder: DataFolder, listener: socket.socket, number: int) -> None:
    """Serve the listening socket until SIGTERM."""
    configure_logs(settings.log_level, settings.log_format)
    config = uvicorn.Config(
        _behind_proxies(WebWorker(settings, folder, number), settings),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
        backlog=2048,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _behind_proxies(worker: WebWorker, settings: Settings) -> WebWorker | ClientAddress:
    """Callers behind trusted proxies are who those say they are, for collectors too."""
    trusted = parse_networks(settings.trusted_proxies)
    return ClientAddress(worker, trusted=trusted) if trusted else worker


class WebWorker:
    """The ASGI application of one worker process."""

    def __init__(self, settings: Settings, folder: DataFolder, number: int) -> None:
        self._settings = settings
        self._folder = folder
        self._number = number
        self._context: Context
        self._collectors: Collectors
        self._spool: Spool
        self._operations: Router
        self._companions: Any
        self._sources: SourceDoor
        self._management: Any

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        kind = scope["type"]
        if kind == "lifespan":
            await self._lifespan(receive, send)
        elif kind == "http" and self._collectors.route_of(scope) is not None:
            await self._collectors(scope, receive, send)
        elif kind == "http" and scope["path"] in _OPERATIONS:
            await self._operations(scope, receive, send)
        elif kind == "http" and self._sources.is_for(scope):
            await self._sources(scope, receive, send)
        elif kind == "http" and is_companion(scope["path"]):
            await self._companions(scope, receive, send)
        else:
            await self._management(scope, receive, send)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        async with self._running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @contextlib.asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        settings = self._settings
        store = RemoteStore(self._folder.socket)
        self._context = context = make_context(settings, self._folder, store)
        await asyncio.to_thread(context.tokens.start)
        self._spool = Spool(self._folder.spool, f"w{self._number}", disk_floor_bytes=settings.disk_floor_mb * _MIB)
        self._collectors = Collectors(
            self._spool,
            context.tokens,
            KeyDirectory(context.database, context.tokens),
            most_bytes=settings.max_body_mb * _MIB,
        )
        self._companions = Companions(context.tokens).app()
        self._operations = Operations(context, self._folder, self._spool, store).router()
        self._management = full_management_app(context)
        self._sources = SourceDoor(self._collectors, context, self._management)
        log.info("web_ready", worker=self._number, pid=os.getpid())
        try:
            yield
        finally:
            await self._spool.close()
            context.tokens.stop()
            store.close()
            await context.cache.close()
            context.database.close()
            log.info("web_stopped", worker=self._number)
