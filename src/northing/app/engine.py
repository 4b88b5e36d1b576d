"""The engine process: owns the event store, loads the spool, answers the web workers' queries."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from multiprocessing.synchronize import Event
from typing import Any

import structlog

from northing.app.folder import DataFolder
from northing.data.ingest.loader import Loader, Pace
from northing.data.ingest.retention import enforce_retention_for_ever
from northing.data.store import LocalStore, Store, serve_engine
from northing.server.db.base import Database
from northing.server.logs import configure_logs
from northing.server.settings import Settings

log = structlog.get_logger(__name__)


def run_engine(settings: Settings, folder: DataFolder, prepared: Event) -> None:
    """Run until SIGTERM, loading once the metadata is `prepared`.

    Then load what is pending, for `drain_s` at most, and close the store.
    """
    configure_logs(settings.log_level, settings.log_format)
    asyncio.run(_run(settings, folder, prepared))


async def _run(settings: Settings, folder: DataFolder, prepared: Event) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    database = Database(settings.resolved_database_url)
    store = await asyncio.to_thread(Store.open, settings.resolved_events_dsn)
    local = LocalStore(store)
    await asyncio.to_thread(prepared.wait)
    pace = Pace(settings.load_interval_ms / 1000, settings.load_batch_events)
    loader = Loader(store, database, folder.spool, pace)
    server = await serve_engine(folder.socket, local, {"status": lambda _: _status(store, loader)})
    log.info("engine_ready", store="embedded" if store.is_embedded else "server", pid=os.getpid())

    stop_loading = threading.Event()
    loading = loop.run_in_executor(None, _load, loader, stop_loading)
    retention = loop.run_in_executor(None, enforce_retention_for_ever, store, database, stop_loading)
    waiting: set[asyncio.Future[Any]] = {asyncio.ensure_future(stopping.wait()), loading}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    stop_loading.set()
    server.close()
    await loading  # a loader that failed ends the process with its error; the supervisor starts a new one
    await retention
    drained = await asyncio.to_thread(loader.drain, settings.drain_s)
    log.info("engine_stopped", drained=drained)
    loader.close()
    local.close()
    database.close()


def _load(loader: Loader, stop: threading.Event) -> None:
    loader.open()
    loader.run(stop)


async def _status(store: Store, loader: Loader) -> dict[str, Any]:
    await asyncio.to_thread(store.query, "SELECT 1")
    return {"loader_ready": loader.is_open, "loaded": loader.loaded_events, "last_error": loader.last_error}
