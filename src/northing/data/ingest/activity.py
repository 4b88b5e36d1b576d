"""Activity by the hour and the day: sums of the stored events that answer counts, exact people and sessions.

A chunk sums up the batches after the last chunk's and names the last of them, `upto`. What came later is read from the
events themselves, so an answer never differs from one that reads them all.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from northing.data.identity.folding import replace_whole
from northing.data.ingest.books import load_position
from northing.data.store import Store, StoreError
from northing.data.store.dimensions import ALL, BY_EVENT, DIMENSIONS, MARKED
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 60.0
# Fewer are read from the events in some milliseconds; each chunk costs rows of its own.
LEAST_EVENTS = 500_000
_MOST_EVENTS = 20_000_000
# A column with more values than these, and not seen so many times each, is read from the events: sums would be as many.
MOST_VALUES = 1000
_LEAST_EACH = 5
_HOUR = "fromUnixTimestamp64Milli(m - positiveModulo(m, 3600000), 'UTC')"
_DAY = "toDateTime64(toStartOfDay(s.hour), 3, 'UTC')"
# One block is one part, and one part is stored wholly or not at all.
_SPILL = "max_bytes_before_external_group_by = 500000000"
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
        _insert(store, "activity", "batch BETWEEN {first:UInt64} AND {upto:UInt64}", {"first": first, "upto": upto})
    log.info("activity_summed_up", events=events, upto=upto)
    return events


def rebuild(store: Store, project_id: int) -> None:
    """Sum up one project anew, after its stored events changed. The caller holds `store.rewriting`."""
    upto = int(store.query("SELECT max(upto) FROM activity").rows[0][0])
    own = {"project": project_id, "upto": upto}
    store.command("DROP TABLE IF EXISTS activity_rebuilt SYNC")
    store.command("CREATE TABLE activity_rebuilt AS activity")
    store.command("INSERT INTO activity_rebuilt SELECT * FROM activity WHERE project_id != {project:UInt32}", own)
    _insert(store, "activity_rebuilt", "project_id = {project:UInt32} AND batch <= {upto:UInt64}", own)
    replace_whole(store, "activity", "activity_rebuilt")


def _insert(store: Store, table: str, condition: str, params: Mapping[str, int]) -> None:
    """The sums of some events, up to the batch `upto`."""
    crowded = store.query(
        f"SELECT project_id, d.1 AS dimension FROM events ARRAY JOIN {_dimensions()} AS d WHERE {condition} "
        f"GROUP BY project_id, dimension HAVING uniq(d.3) > {MOST_VALUES} AND uniq(d.3) * {_LEAST_EACH} > count()",
        params,
    ).rows
    summed = _summed(condition, [(int(project), str(name)) for project, name in crowded])
    store.command(f"INSERT INTO {table} {summed} SETTINGS {_ONE_PART}, {_SPILL}", params)


def _dimensions() -> str:
    """An event's dimension, event and value, for each column."""
    plain = [f"('{name}', '', toString({name}))" for name, event in DIMENSIONS.items() if not event]
    narrow = [
        f"if(event = '{event}', [('{name}', '{event}', toString({name}))], [])"
        for name, event in DIMENSIONS.items()
        if event
    ]
    return f"arrayConcat([{', '.join(plain)}], {', '.join(narrow)})"


def _summed(condition: str, crowded: Sequence[tuple[int, str]]) -> str:
    """Rows of `activity`; of what is crowded only a marker, by which readers know that it has to come from events."""
    left_out = ", ".join(f"({project_id}, '{name}')" for project_id, name in crowded)
    chosen = f" WHERE (project_id, d.1) NOT IN ({left_out})" if crowded else ""
    always = f"[('{BY_EVENT}', toString(event), ''), ('{ALL}', '', '')]"
    by_hour = (
        f"SELECT project_id, d.1 AS dimension, d.2 AS event_name, {_HOUR} AS hour, d.3 AS value, count() AS events, "
        "groupBitmapState(person) AS persons, "
        f"uniqExactIfState(session, toUInt8(d.1 = '{ALL}' AND session != 0)) AS sessions "
        f"FROM (SELECT *, toUnixTimestamp64Milli(timestamp) AS m FROM events WHERE {condition}) "
        f"ARRAY JOIN arrayConcat({always}, {_dimensions()}) AS d{chosen} "
        "GROUP BY project_id, dimension, event_name, hour, value"
    )
    summed = (
        "SELECT s.project_id, s.dimension, w.1 AS hours, s.event_name, w.2 AS start, s.value, sum(s.events), "
        "groupBitmapMergeState(s.persons), uniqExactIfMergeState(s.sessions), {upto:UInt64} "
        f"FROM ({by_hour}) AS s ARRAY JOIN [(1, s.hour), (24, {_DAY})] AS w "
        "GROUP BY s.project_id, s.dimension, hours, s.event_name, start, s.value"
    )
    if not crowded:
        return summed
    markers = (
        f"SELECT c.1, c.2, 1, '', {MARKED}, '', 0, groupBitmapStateIf(0::UInt32, false), "
        f"uniqExactIfState(0::UInt64, 0::UInt8), {{upto:UInt64}} FROM (SELECT arrayJoin([{left_out}]) AS c) GROUP BY c"
    )
    return f"{summed} UNION ALL {markers}"


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
