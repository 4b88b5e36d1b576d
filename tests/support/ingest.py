"""Records, spools and loaders for tests of the way in."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from northing.data.ingest.loader import LAST_BATCH
from northing.data.ingest.models import LoaderCheckpoint
from northing.data.ingest.records import Record, WireKind, frame
from northing.data.ingest.spool import Spool
from northing.data.store import Store
from northing.kernel.clock import utc_now
from northing.server.auth.models import Project
from northing.server.db.base import Database
from northing.server.db.migrate import migrate

RECEIVED_MS = 1_760_000_000_000


def native_record(project_id: int, events: Sequence[dict[str, Any]], *, received_ms: int = RECEIVED_MS) -> Record:
    """An accepted native request with these events."""
    return Record(
        kind=WireKind.NATIVE,
        project_id=project_id,
        events=len(events),
        received_ms=received_ms,
        sent_at_ms=None,
        uuid_base=uuid.uuid4().int,
        ip="203.0.113.9",
        user_agent="",
        path="/api/v1/events",
        body=msgspec.json.encode(list(events)),
    )


def event(name: str = "viewed", person: str = "alice", **more: Any) -> dict[str, Any]:
    """A native event with a uuid of its own."""
    return {"event": name, "distinct_id": person, "uuid": str(uuid.uuid4()), **more}


def write_spool(folder: Path, records: Iterable[Record], *, worker: str = "w0") -> None:
    """Append records as a web worker does, and seal the segment."""

    async def write() -> None:
        spool = Spool(folder, worker, disk_floor_bytes=1)
        for record in records:
            await spool.append(frame(record))
        await spool.close()

    asyncio.run(write())


def metadata(folder: Path, *project_ids: int) -> Database:
    """A migrated SQLite database with these projects."""
    database = Database(f"sqlite:///{folder / 'northing.db'}")
    migrate(database)
    add_projects(database, *project_ids)
    return database


def begin_behind(database: Database, store: Store) -> None:
    """Number batches on from those in the store, which all tests share: to the loader, it has loaded them."""
    highest = int(store.query(LAST_BATCH).rows[0][0] or 0)
    with database.transaction() as session:
        session.merge(LoaderCheckpoint(id=1, batch=highest, loaded_at=utc_now()))


def add_projects(database: Database, *project_ids: int) -> None:
    """Projects with these numbers."""
    with database.transaction() as session:
        for number in project_ids:
            session.add(
                Project(
                    id=number,
                    name=f"Project {number}",
                    token=f"{number:032x}",
                    timezone="UTC",
                    week_start="monday",
                    keep_ip="truncate",
                    created_at=utc_now(),
                )
            )
