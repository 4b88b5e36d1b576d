"""Folding: merges become part of the stored events, so that queries need not apply them any more; and the way back.

Only the loader's thread may call this, with no batch under way: it is the one that writes events, so between copying a
partition and putting the copy in its place nothing can come in. Between two turns of a fold batches may be loaded: the
ids have their new numbers first of all, so what comes later carries them. Which merges are folded, and into whom, is
fixed when it begins; what is merged meanwhile is for the next fold. Everything may be done again after a crash: numbers
that are mapped already stay as they are, and merges are marked as folded last. Columns are qualified where one is
replaced, because the engine would read the replacement in WHERE too.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from northing.data.store import Store

log = structlog.get_logger(__name__)

_COPY = "events_folding"
_PENDING = "person_overrides FINAL WHERE is_active AND NOT is_folded"
_FIXED = "merges_folding"
_PERSONS = f"SELECT project_id, person FROM {_FIXED}"
_MAKE_FIXED = f"""
CREATE TABLE {_FIXED} (project_id UInt32, person UInt32, target UInt32) ENGINE = MergeTree ORDER BY (project_id, person)
"""
# Each number is of one id, which undoing needs. Others have it too where they were folded into it before.
_NAME_OWN_IDS = f"""
INSERT INTO person_overrides SELECT o.* REPLACE(d.distinct_id AS distinct_id, {{version:UInt64}} AS version)
FROM (SELECT * FROM {_PENDING}) AS o INNER ANY JOIN (
  SELECT project_id, person, distinct_id FROM distinct_ids FINAL
  WHERE (project_id, person) IN ({_PERSONS}) AND (project_id, distinct_id) NOT IN (
    SELECT project_id, distinct_id FROM person_overrides FINAL
    WHERE is_active AND is_folded AND (project_id, target) IN ({_PERSONS}))
) AS d ON o.project_id = d.project_id AND o.person = d.person
"""
# The moment is part of the row still, so an undo afterwards knows what there was.
_MARK = f"""
INSERT INTO person_overrides SELECT o.* REPLACE(m.target AS target, true AS is_folded, {{version:UInt64}} AS version)
FROM (SELECT * FROM {_PENDING}) AS o INNER JOIN {_FIXED} AS m ON o.project_id = m.project_id AND o.person = m.person
"""
# Who was folded into somebody that is folded now goes along.
_MOVE_FOLDED = f"""
INSERT INTO person_overrides SELECT o.* REPLACE(m.target AS target, {{version:UInt64}} AS version)
FROM (SELECT * FROM person_overrides FINAL WHERE is_active AND is_folded) AS o
INNER JOIN {_FIXED} AS m ON o.project_id = m.project_id AND o.target = m.person
"""


def count_unfolded(store: Store) -> tuple[int, int]:
    """How many merges are not folded yet, and when the oldest of them was made (Unix ms, 0 where there is none)."""
    row = store.query(f"SELECT count(), toUnixTimestamp64Milli(min(merged_at)) FROM {_PENDING}").rows[0]
    return int(row[0]), int(row[1]) if row[0] else 0


def was_folding(store: Store) -> bool:
    """Whether a fold was begun that nobody has finished."""
    return bool(store.query(f"EXISTS TABLE {_FIXED}").rows[0][0])


@dataclass(slots=True)
class Folding:
    """A fold under way: how many merges, and the partitions whose events still have the old numbers.

    The caller of all three steps holds `store.rewriting`.
    """

    store: Store
    merges: int
    partitions: list[str]

    @classmethod
    def begin(cls, store: Store, *, version: int) -> Folding:
        """Fix what is folded, and give the ids their new numbers; all ids must be read anew then."""
        store.command(f"DROP TABLE IF EXISTS {_FIXED} SYNC")
        store.command(_MAKE_FIXED)
        store.command(f"INSERT INTO {_FIXED} SELECT project_id, person, target FROM {_PENDING}")
        merges = int(store.query(f"SELECT count() FROM {_FIXED}").rows[0][0])
        if not merges:
            return cls(store, 0, [])
        store.command(_NAME_OWN_IDS, {"version": version})
        _renumber(store, "distinct_ids", version)
        return cls(store, merges, _partitions(store, f"(project_id, person) IN ({_PERSONS})"))

    def rewrite_next(self) -> None:
        """Rewrite the events of one partition."""
        join = f"LEFT ANY JOIN {_FIXED} AS m ON e.project_id = m.project_id AND e.person = m.person"
        _rewrite(self.store, self.partitions[0], "if(m.target = 0, e.person, m.target)", join)
        self.partitions.pop(0)

    def finish(self, *, version: int) -> None:
        """Move sessions, cohorts and sums of activity, and mark the merges; people must be read anew then.

        The caller keeps `store.keeping` closed: what is worked out with the old numbers must not come after.
        """
        if self.merges:
            _renumber(self.store, "sessions", version)
            _move_bitmaps(self.store)
            self.store.command(_MOVE_FOLDED, {"version": version})
            self.store.command(_MARK, {"version": version})
            log.info("merges_folded", merges=self.merges)
        self.store.command(f"DROP TABLE IF EXISTS {_FIXED} SYNC")


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
    for partition in _partitions(store, touched, own):
        _rewrite(store, partition, expression, "", params=own)


def close_unfolded(store: Store, project_id: int, distinct_id: str, person: int, *, version: int) -> None:
    """Give the id itself back, by which people see that it is done, and note that its merge is undone."""
    own = {"project": project_id, "id": distinct_id, "person": person, "version": version}
    store.command(
        "INSERT INTO distinct_ids SELECT {project:UInt32}, {id:String}, {person:UInt32}, {version:UInt64}", own
    )
    store.command(
        "INSERT INTO person_overrides SELECT * REPLACE(false AS is_active, {version:UInt64} AS version) "
        "FROM person_overrides AS o FINAL WHERE o.project_id = {project:UInt32} AND o.person = {person:UInt32}",
        own,
    )


def _renumber(store: Store, table: str, version: int) -> None:
    store.command(
        f"INSERT INTO {table} SELECT t.* REPLACE(m.target AS person, {{version:UInt64}} AS version) "
        f"FROM (SELECT * FROM {table} FINAL) AS t INNER JOIN {_FIXED} AS m "
        "ON t.project_id = m.project_id AND t.person = m.person",
        {"version": version},
    )


def _partitions(store: Store, touched: str, params: dict[str, object] | None = None) -> list[str]:
    """The partitions with events to change."""
    found = store.query(f"SELECT DISTINCT _partition_id FROM events WHERE {touched} ORDER BY 1", params)
    return [str(partition) for (partition,) in found.rows]


def _rewrite(store: Store, partition: str, person: str, join: str, *, params: dict[str, object] | None = None) -> None:
    """Replace a partition by a copy with its persons changed."""
    columns = _columns(store)
    copied = ", ".join(f"{person} AS person" if name == "person" else f"e.{name}" for name in columns)
    store.command(f"DROP TABLE IF EXISTS {_COPY} SYNC")
    store.command(f"CREATE TABLE {_COPY} AS events")
    store.command(
        f"INSERT INTO {_COPY} ({', '.join(columns)}) SELECT {copied} "
        f"FROM (SELECT * FROM events WHERE _partition_id = {{partition:String}}) AS e {join}",
        {**(params or {}), "partition": partition},
    )
    # Between two turns all of it may have been deleted for its age, and the engine refuses to replace by nothing.
    if store.query(f"SELECT count() FROM {_COPY}").rows[0][0]:
        store.command(f"ALTER TABLE events REPLACE PARTITION ID '{partition}' FROM {_COPY}")
    store.command(f"DROP TABLE {_COPY} SYNC")


def _columns(store: Store) -> list[str]:
    where = "database = currentDatabase() AND table = 'events'"
    return [row[0] for row in store.query(f"SELECT name FROM system.columns WHERE {where} ORDER BY position").rows]


def _move_bitmaps(store: Store) -> None:
    """Members of cohorts follow (a static one is never worked out anew), and so do the people in sums of activity."""
    moves = f"SELECT project_id, groupArray(person) AS old, groupArray(target) AS new FROM {_FIXED} GROUP BY project_id"
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
