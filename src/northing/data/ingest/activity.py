"""Activity by the hour: a sum of the stored events that answers counts and exact people without reading them.

A chunk sums up the batches after the last chunk's and names the last of them, `upto`. What came later is read from the
events themselves, so an answer never differs from one that reads them all.
"""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from northing.data.identity.folding import replace_whole
from northing.data.ingest.books import load_position
from northing.data.store import Store, StoreError
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 60.0
# Fewer are read from the events in some milliseconds; each chunk costs rows of its own.
LEAST_EVENTS = 500_000
_MOST_EVENTS = 20_000_000
_HOUR = "fromUnixTimestamp64Milli(m - positiveModulo(m, 3600000), 'UTC')"
# One block is one part, and one part is stored wholly or not at all.
_ONE_PART = "max_insert_threads = 1, min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0"


def sum_up_for_ever(store: Store, database: Database, stop: threading.Event) -> None:
    """Look once a minute, until stopped."""
    while not stop.wait(_EVERY_SECONDS):
        try:
            with database.read() as session:
                last = load_position(session).batch
            while sum_up(store, last) and not stop.is_set():
                pass
        except (StoreError, SQLAlchemyError) as error:
            log.error("activity_failed", error=str(error))


def sum_up(store: Store, last_batch: int, *, least: int = LEAST_EVENTS) -> int:
    """Sum up the next chunk of batches, none later than `last_batch`, which must be stored wholly.

    Returns how many events it held; 0 where fewer than `least` wait.
    """
    with store.rewriting:
        first = int(store.query("SELECT max(upto) + 1 FROM activity").rows[0][0])
        upto, events = _chunk(store, first, last_batch)
        if events < least:
            return 0
        store.command(
            f"INSERT INTO activity {_summed('batch BETWEEN {first:UInt64} AND {upto:UInt64}', '{upto:UInt64}')} "
            f"SETTINGS {_ONE_PART}",
            {"first": first, "upto": upto},
        )
    log.info("activity_summed_up", events=events, upto=upto)
    return events


def rebuild(store: Store, project_id: int) -> None:
    """Sum up one project anew, after its stored events changed. The caller holds `store.rewriting`."""
    upto = int(store.query("SELECT max(upto) FROM activity").rows[0][0])
    own = {"project": project_id, "upto": upto}
    store.command("DROP TABLE IF EXISTS activity_rebuilt SYNC")
    store.command("CREATE TABLE activity_rebuilt AS activity")
    store.command("INSERT INTO activity_rebuilt SELECT * FROM activity WHERE project_id != {project:UInt32}", own)
    summed = _summed("project_id = {project:UInt32} AND batch <= {upto:UInt64}", "{upto:UInt64}")
    store.command(f"INSERT INTO activity_rebuilt {summed} SETTINGS {_ONE_PART}", own)
    replace_whole(store, "activity", "activity_rebuilt")


def _summed(condition: str, upto: str) -> str:
    return (
        f"SELECT project_id, event, {_HOUR} AS hour, count(), groupBitmapState(person), {upto} "
        f"FROM (SELECT *, toUnixTimestamp64Milli(timestamp) AS m FROM events WHERE {condition}) "
        "GROUP BY project_id, event, hour"
    )


def _chunk(store: Store, first: int, last: int) -> tuple[int, int]:
    """The last batch of the next chunk, and how many events it has."""
    upto, events = last, 0
    rows = store.query(
        "SELECT batch, count() FROM events WHERE batch BETWEEN {first:UInt64} AND {last:UInt64} "
        "GROUP BY batch ORDER BY batch",
        {"first": first, "last": last},
    ).rows
    for batch, count in rows:
        upto, events = int(batch), events + int(count)
        if events >= _MOST_EVENTS:
            break
    return upto, events
