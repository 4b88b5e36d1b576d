"""Folding: merges become part of the stored events, so that queries need not apply them any more; and the way back.

Only the loader's thread may call this, with no batch under way: it is the one that writes events, so between copying a
partition and putting the copy in its place nothing can come in. Everything may be done again after a crash: numbers
that are mapped already stay as they are, and merges are marked as folded last. Columns are qualified where one is
replaced, because the engine would read the replacement in WHERE too.
"""

from __future__ import annotations

import structlog

from northing.data.store import Store

log = structlog.get_logger(__name__)

_COPY = "events_folding"
_PENDING = "SELECT project_id, person, target FROM person_overrides FINAL WHERE is_active AND NOT is_folded"


def count_unfolded(store: Store) -> tuple[int, int]:
    """How many merges are not folded yet, and when the oldest of them was made (Unix ms, 0 where there is none)."""
    row = store.query(
        "SELECT count(), toUnixTimestamp64Milli(min(merged_at)) FROM person_overrides FINAL "
        "WHERE is_active AND NOT is_folded"
    ).rows[0]
    return int(row[0]), int(row[1]) if row[0] else 0


def fold(store: Store, *, version: int) -> int:
    """Write the merged numbers into the events, ids and sessions of all projects; returns how many merges."""
    merges, _ = count_unfolded(store)
    if not merges:
        return 0
    joined = f"LEFT ANY JOIN ({_PENDING}) AS m ON e.project_id = m.project_id AND e.person = m.person"
    touched = f"(project_id, person) IN (SELECT project_id, person FROM ({_PENDING}))"
    _rewrite(store, "if(m.target = 0, e.person, m.target)", joined, touched)
    stamp = {"version": version}
    for table in ("distinct_ids", "sessions"):
        store.command(
            f"INSERT INTO {table} SELECT t.* REPLACE(m.target AS person, {{version:UInt64}} AS version) "
            f"FROM (SELECT * FROM {table} FINAL) AS t INNER JOIN ({_PENDING}) AS m "
            "ON t.project_id = m.project_id AND t.person = m.person",
            stamp,
        )
    _move_bitmaps(store)
    # The moment is part of the row still, so an undo afterwards knows what there was.
    store.command(
        "INSERT INTO person_overrides SELECT * REPLACE(true AS is_folded, {version:UInt64} AS version) "
        "FROM person_overrides AS o FINAL WHERE o.is_active AND NOT o.is_folded",
        stamp,
    )
    log.info("merges_folded", merges=merges)
    return merges


def unfold(store: Store, project_id: int, distinct_id: str, person: int, *, version: int) -> None:
    """Give the events of one distinct id back to the number it had before its merge was folded.

    `close_unfolded` comes last, after all that follows from the events: until then all of it may be asked for again.
    """
    own = {"project": project_id, "id": distinct_id, "person": person, "version": version}
    touched = "project_id = {project:UInt32} AND distinct_id = {id:String} AND person != {person:UInt32}"
    expression = "if(e.project_id = {project:UInt32} AND e.distinct_id = {id:String}, {person:UInt32}, e.person)"
    # Sessions first: they are found by the numbers that the events still have.
    store.command(
        "INSERT INTO sessions SELECT * REPLACE({person:UInt32} AS person, {version:UInt64} AS version) "
        "FROM sessions AS s FINAL WHERE s.project_id = {project:UInt32} AND s.session IN (SELECT session FROM events "
        "WHERE project_id = {project:UInt32} AND distinct_id = {id:String})",
        own,
    )
    _rewrite(store, expression, "", touched, params=own)
    store.command(
        "INSERT INTO distinct_ids SELECT {project:UInt32}, {id:String}, {person:UInt32}, {version:UInt64}", own
    )


def close_unfolded(store: Store, project_id: int, person: int, *, version: int) -> None:
    """Note that a folded merge is undone."""
    store.command(
        "INSERT INTO person_overrides SELECT * REPLACE(false AS is_active, {version:UInt64} AS version) "
        "FROM person_overrides AS o FINAL WHERE o.project_id = {project:UInt32} AND o.person = {person:UInt32}",
        {"project": project_id, "person": person, "version": version},
    )


def _rewrite(store: Store, person: str, join: str, touched: str, *, params: dict[str, object] | None = None) -> None:
    """Replace each partition that has rows to change by a copy with their persons changed."""
    found = store.query(f"SELECT DISTINCT _partition_id FROM events WHERE {touched} ORDER BY 1", params)
    columns = _columns(store)
    copied = ", ".join(f"{person} AS person" if name == "person" else f"e.{name}" for name in columns)
    for (partition,) in found.rows:
        store.command(f"DROP TABLE IF EXISTS {_COPY} SYNC")
        store.command(f"CREATE TABLE {_COPY} AS events")
        store.command(
            f"INSERT INTO {_COPY} ({', '.join(columns)}) SELECT {copied} "
            f"FROM (SELECT * FROM events WHERE _partition_id = {{partition:String}}) AS e {join}",
            {**(params or {}), "partition": partition},
        )
        store.command(f"ALTER TABLE events REPLACE PARTITION ID '{partition}' FROM {_COPY}")
        store.command(f"DROP TABLE {_COPY} SYNC")


def _columns(store: Store) -> list[str]:
    where = "database = currentDatabase() AND table = 'events'"
    return [row[0] for row in store.query(f"SELECT name FROM system.columns WHERE {where} ORDER BY position").rows]


def _move_bitmaps(store: Store) -> None:
    """Members of cohorts follow (a static one is never worked out anew), and so do the people in sums of activity."""
    moves = (
        f"SELECT project_id, groupArray(person) AS old, groupArray(target) AS new FROM ({_PENDING}) GROUP BY project_id"
    )
    moved = "if(empty(m.old), t.persons, bitmapTransform(t.persons, m.old, m.new))"
    joined = f"AS t LEFT ANY JOIN ({moves}) AS m ON t.project_id = m.project_id"
    store.command(
        f"INSERT INTO cohorts SELECT t.project_id, t.cohort, {moved}, t.version + 1 "
        f"FROM (SELECT * FROM cohorts FINAL) {joined} WHERE notEmpty(m.old)"
    )
    store.command("DROP TABLE IF EXISTS activity_folding SYNC")
    store.command("CREATE TABLE activity_folding AS activity")
    store.command(f"INSERT INTO activity_folding SELECT t.* REPLACE({moved} AS persons) FROM activity {joined}")
    replace_whole(store, "activity", "activity_folding")


def replace_whole(store: Store, table: str, copy: str) -> None:
    """Put a copy in the place of a table without partitions, in one step, and drop it."""
    # The engine refuses to replace by nothing.
    if store.query(f"SELECT count() FROM {copy}").rows[0][0]:
        store.command(f"ALTER TABLE {table} REPLACE PARTITION tuple() FROM {copy}")
    else:
        store.command(f"TRUNCATE TABLE {table}")
    store.command(f"DROP TABLE {copy} SYNC")
