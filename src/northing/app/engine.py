"""The engine process: owns the event store, loads the spool, answers the web workers' queries."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from multiprocessing.synchronize import Event
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from northing.app.folder import DataFolder
from northing.data.ingest.activity import sum_up_for_ever
from northing.data.ingest.changes import Change
from northing.data.ingest.loader import Loader, Pace
from northing.data.ingest.retention import enforce_retention_for_ever
from northing.data.store import LocalStore, Store, StoreError, serve_engine
from northing.kernel.clock import unix_ms
from northing.kernel.problems import Problem
from northing.products.people.jobs import keep_cohorts_for_ever
from northing.server.db.base import Database
from northing.server.logs import configure_logs
from northing.server.settings import Settings

log = structlog.get_logger(__name__)

_RETRY_SECONDS = (0.5, 2.0, 5.0, 15.0)
_CHANGE_SECONDS = 60.0


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
    while not stopping.is_set() and not await asyncio.to_thread(prepared.wait, 0.2):
        pass
    if stopping.is_set():
        local.close()
        return
    pace = Pace(settings.load_interval_ms / 1000, settings.load_batch_events)
    loader = Loader(store, database, folder.spool, pace)
    operations = {"status": lambda _: _status(store, loader), "identity": lambda ask: _change_people(loader, ask)}
    server = await serve_engine(folder.socket, local, operations)
    log.info("engine_ready", store="embedded" if store.is_embedded else "server", pid=os.getpid())

    stop_loading = threading.Event()
    loading = loop.run_in_executor(None, _load, loader, stop_loading)
    retention = loop.run_in_executor(None, enforce_retention_for_ever, store, database, stop_loading)
    summing = loop.run_in_executor(None, sum_up_for_ever, store, database, stop_loading)
    cohorts = asyncio.create_task(keep_cohorts_for_ever(local, database))
    waiting: set[asyncio.Future[Any]] = {asyncio.ensure_future(stopping.wait()), loading}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    stop_loading.set()
    cohorts.cancel()
    server.close()
    await loading  # a loader that failed ends the process with its error; the supervisor starts a new one
    await retention
    await asyncio.wait({cohorts})
    await summing
    log.info("engine_stopped", drained=await asyncio.to_thread(_drain, loader, settings.drain_s))
    loader.close()
    local.close()
    database.close()


def _load(loader: Loader, stop: threading.Event) -> None:
    """Load until stopped. A full disk or a database that is away must not take reading down with it."""
    attempt = 0
    while not stop.is_set():
        try:
            loader.open()
            attempt = 0
            loader.run(stop)
        except (OSError, StoreError, SQLAlchemyError) as error:
            loader.last_error = str(error)
            log.error("loader_failed", attempt=attempt, error=f"{type(error).__name__}: {error}"[:500])
            stop.wait(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
            attempt += 1


def _drain(loader: Loader, seconds: float) -> bool:
    try:
        return loader.is_open and loader.drain(seconds)
    except (OSError, StoreError, SQLAlchemyError) as error:
        log.error("drain_failed", error=f"{type(error).__name__}: {error}"[:500])
        return False  # what is left stays in the spool for the next start


async def _change_people(loader: Loader, ask: dict[str, Any]) -> dict[str, Any]:
    """A merge, split or fold, done by the loader; `ask` has the fields of a `Change`."""
    change = Change(ask["action"], ask["project_id"], ask["distinct_id"], ask["other"], unix_ms())
    try:
        return await asyncio.wait_for(asyncio.wrap_future(loader.changes.ask(change)), _CHANGE_SECONDS)
    except TimeoutError:
        raise Problem(
            503, "loader_busy", "The change waits for the loader.", "Look in a minute whether it is done."
        ) from None


async def _status(store: Store, loader: Loader) -> dict[str, Any]:
    await asyncio.to_thread(store.query, "SELECT 1")
    return {"loader_ready": loader.is_open, "loaded": loader.loaded_events, "last_error": loader.last_error}
