"""What operators and their tools ask: alive, ready, metrics."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

from northing import __version__
from northing.app.folder import DataFolder
from northing.data.ingest.books import count_pending, load_position
from northing.data.ingest.spool import Spool
from northing.data.store import RemoteStore, StoreError
from northing.kernel.clock import unix_ms
from northing.kernel.problems import Problem
from northing.server.db.migrate import check_database
from northing.server.http.context import Context

_READY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Operations:
    """The three routes of one web worker."""

    context: Context
    folder: DataFolder
    spool: Spool
    store: RemoteStore

    def router(self) -> Router:
        return Router(
            [
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                Route("/metrics", self.metrics),
            ]
        )

    async def healthz(self, _request: Request) -> Response:
        """200 while the process lives."""
        return JSONResponse({"status": "ok", "version": __version__})

    async def readyz(self, _request: Request) -> Response:
        """200 when events can be accepted and queries answered, else 503 with every reason."""
        reasons = [reason for reason in await asyncio.gather(self._store(), self._database(), self._disk()) if reason]
        if reasons:
            return JSONResponse({"status": "unavailable", "reasons": reasons}, 503, {"Retry-After": "2"})
        return JSONResponse({"status": "ready", "version": __version__})

    async def metrics(self, _request: Request) -> Response:
        """Prometheus text of all processes of this server."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(self.folder.metrics))  # type: ignore[no-untyped-call]
        text = await asyncio.to_thread(generate_latest, registry)
        return PlainTextResponse(text + await asyncio.to_thread(self._gauges), media_type=CONTENT_TYPE_LATEST)

    def _gauges(self) -> bytes:
        """What is looked up when it is asked for, so that it is true even while nothing moves."""
        registry = CollectorRegistry()
        free = Gauge("northing_disk_free_bytes", "Free disk at the data folder.", registry=registry)
        free.set(shutil.disk_usage(self.folder.root).free)
        with self.context.database.read() as session:
            positions = load_position(session).segments
        with contextlib.suppress(Problem):  # the spool moved while it was read: the next scrape sees it
            waiting = count_pending(self.folder.spool, positions)
            pending = Gauge("northing_spool_pending_events", "Durable events not in the store yet.", registry=registry)
            pending.set(waiting.events)
            lag = Gauge("northing_loader_lag_seconds", "Age of the oldest pending event.", registry=registry)
            lag.set(0 if waiting.oldest_ms is None else max(0.0, (unix_ms() - waiting.oldest_ms) / 1000))
        return generate_latest(registry)

    async def _store(self) -> str | None:
        try:
            status = await asyncio.wait_for(self.store.call("status"), _READY_SECONDS)
        except (Problem, StoreError) as error:
            return f"event store: {error}"
        except TimeoutError:
            return f"event store: no answer within {_READY_SECONDS:g} seconds"
        return None if status["loader_ready"] else "loader: still reading where it stands"

    async def _database(self) -> str | None:
        try:
            await asyncio.to_thread(check_database, self.context.database)
        except Problem as problem:
            return f"metadata database: {problem}"
        except SQLAlchemyError as error:
            return f"metadata database: {type(error).__name__}"
        return None

    async def _disk(self) -> str | None:
        return "disk: nearly full, events are refused" if self.spool.disk_is_low() else None
