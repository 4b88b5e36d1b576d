"""What can be wrong with an installation, looked at one by one; each finding says how to mend it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

import psutil
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from northing.app.folder import DataFolder, FolderLock, RunningServer, find_running
from northing.data.ingest.books import count_pending, load_position
from northing.data.ingest.models import LedgerCount
from northing.data.store import Store, StoreError
from northing.kernel.problems import Problem
from northing.server.db.base import Database
from northing.server.db.migrate import check_database
from northing.server.settings import Settings

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `state` is ok, warn or fail; `mend` is empty where all is well."""

    check: str
    state: Literal["ok", "warn", "fail"]
    found: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Every check that applies; a running server is asked, a stopped one's files are opened."""
    folder = DataFolder(settings.data.resolve())
    running = find_running(folder)
    findings = [_python(), _memory(), _clock(), _web_ui(), *_data_folder(settings, folder)]
    if not folder.root.exists():
        return [*findings, Finding("data folder", "warn", "does not exist yet", "It is made by the first start.")]
    findings += [*_database(settings, folder), *_quarantine(folder)]
    if running is not None:
        return [*findings, *_server(running)]
    return [*findings, _port(settings), *_store(settings, folder)]


def _python() -> Finding:
    return Finding("Python", "ok", ".".join(map(str, sys.version_info[:3])))


def _memory() -> Finding:
    total = psutil.virtual_memory().total / (1 << 30)
    if total < 1:
        return Finding("memory", "warn", f"{total:.1f} GiB", "Queries may fail; 2 GiB or more is recommended.")
    return Finding("memory", "ok", f"{total:.1f} GiB, {os.cpu_count()} cores")


def _clock() -> Finding:
    now = datetime.now(UTC)
    if not 2026 <= now.year <= 2100:
        return Finding("clock", "fail", now.isoformat(timespec="seconds"), "Set the machine's clock (NTP).")
    return Finding("clock", "ok", now.isoformat(timespec="seconds"))


def _web_ui() -> Finding:
    if (Path(str(files("northing.app"))) / "web" / "index.html").exists():
        return Finding("web UI", "ok", "built")
    return Finding("web UI", "warn", "not built; the API works without it", "Run `make setup`, or install the wheel.")


def _data_folder(settings: Settings, folder: DataFolder) -> Iterator[Finding]:
    if not folder.root.exists():
        return
    if not os.access(folder.root, os.W_OK | os.X_OK):
        yield Finding("data folder", "fail", f"{folder.root} is not writable", f"chown it to user {os.getuid()}.")
    else:
        yield Finding("data folder", "ok", str(folder.root))
    free = shutil.disk_usage(folder.root).free // _MIB
    floor = settings.disk_floor_mb
    if free < floor:
        yield Finding("disk", "fail", f"{free:,} MiB free, floor {floor:,}", "Free space: events are refused with 429.")
    elif free < 4 * floor:
        yield Finding("disk", "warn", f"{free:,} MiB free, floor {floor:,}", "Free space soon.")
    else:
        yield Finding("disk", "ok", f"{free:,} MiB free, floor {floor:,}")


def _database(settings: Settings, folder: DataFolder) -> Iterator[Finding]:
    database = Database(settings.resolved_database_url)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    try:
        check_database(database)
        yield Finding("metadata", "ok", f"{kind}, schema up to date")
        yield _ledger(database, folder)
    except Problem as problem:
        yield Finding("metadata", "warn", str(problem), "The next start migrates it.")
    except SQLAlchemyError as error:
        yield Finding(
            "metadata", "fail", f"{kind}: {type(error).__name__}", "Check NORTHING_DATABASE_URL and the server."
        )
    finally:
        database.close()


def _ledger(database: Database, folder: DataFolder) -> Finding:
    with database.read() as session:
        counted = sum(session.scalars(select(LedgerCount.count)))  # tenancy: a sum over the whole installation
        positions = load_position(session).segments
    pending = count_pending(folder.spool, positions)
    found = f"{counted:,} events accounted for, {pending.events:,} pending"
    age = time.time() - pending.oldest_ms / 1000 if pending.oldest_ms else 0.0
    if age > 60:
        return Finding(
            "ledger", "warn", f"{found}, oldest {age:,.0f} s", "A running server loads them; see its log if not."
        )
    return Finding("ledger", "ok", found)


def _quarantine(folder: DataFolder) -> Iterator[Finding]:
    damaged = list((folder.root / "quarantine").glob("*.damaged"))
    if damaged:
        size = sum(path.stat().st_size for path in damaged)
        mend = "Bytes no reader could use after a crash or a disk fault; look, then delete them."
        yield Finding("quarantine", "warn", f"{len(damaged)} pieces, {size:,} bytes", mend)


def _port(settings: Settings) -> Finding:
    place = f"{settings.host}:{settings.port}"
    with contextlib.closing(socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return Finding("port", "fail", f"{place}: {error.strerror}", "Choose another with --port or NORTHING_PORT.")
    return Finding("port", "ok", f"{place} is free")


def _store(settings: Settings, folder: DataFolder) -> Iterator[Finding]:
    lock = FolderLock(folder)
    try:
        lock.acquire(wait_seconds=0.5)
    except Problem as problem:
        yield Finding("event store", "fail", problem.message, problem.hint or "")
        return
    try:
        store = Store.open(settings.resolved_events_dsn)
        events, size = store.query(
            "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'"
        ).rows[0]
        yield Finding("event store", "ok", f"{int(events or 0):,} events, {int(size or 0) / 1e6:,.1f} MB")
        store.close()
    except (Problem, StoreError) as error:
        yield Finding("event store", "fail", str(error)[:300], "Restore a backup if it cannot be mended.")
    finally:
        lock.release()


def _server(running: RunningServer) -> Iterator[Finding]:
    try:
        with urllib.request.urlopen(f"{running.url}/readyz", timeout=10) as answer:
            said = json.load(answer)
        yield Finding("server", "ok", f"process {running.pid} at {running.url}: {said['status']}")
    except urllib.error.HTTPError as error:
        reasons = "; ".join(json.load(error).get("reasons", [])) if error.code == 503 else str(error)
        yield Finding("server", "fail", f"process {running.pid} is not ready: {reasons}", "See its log.")
    except OSError as error:
        yield Finding("server", "fail", f"process {running.pid} does not answer: {error}", "Restart it; see its log.")
