"""Backup and restore: one tar file that any installation of the same or a newer version can read.

The copy is consistent without stopping the server: the spool is copied first, then the metadata with the loader's
position in one snapshot, then the rows of every batch up to that position. Rows travel in ClickHouse's Native format,
so an embedded store can be restored into a cluster and the other way round.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import zstandard
from sqlalchemy import Table, func, insert, inspect, select
from sqlalchemy.orm import Session

from northing import __version__
from northing.data.identity.sessions import settle_sessions
from northing.data.ingest import models as ingest_models
from northing.data.ingest.books import load_position
from northing.data.ingest.segments import list_segments
from northing.data.store import Store
from northing.kernel.clock import rfc3339, utc_now
from northing.kernel.problems import Problem
from northing.products.compatible import models as compatible_models
from northing.products.insights import models as insights_models
from northing.products.people import models as people_models
from northing.server.auth import models as auth_models
from northing.server.db.base import Base, Database
from northing.server.db.migrate import check_database, migrate

FORMAT = 1
_ROWS_PER_PIECE = 250_000
_BYTES_PER_PIECE = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the store, how it is read whole, what bounds its copy, and a number that divides it evenly."""

    name: str
    source: str
    bound: str
    key: str


# Events stop at the loader's position. Ids and persons are copied as they are after it, since loading the rest again
# writes the same; ids come first, because the loader writes a person before the id. Merges come before all: where they
# are folded meanwhile, the copy still has them to apply, and applying a merge twice changes nothing.
TABLES = (
    Part("person_overrides", "person_overrides FINAL", "{last:UInt64} >= 0", "cityHash64(project_id, person)"),
    Part("events", "events", "batch <= {last:UInt64}", "cityHash64(uuid)"),
    Part("distinct_ids", "distinct_ids FINAL", "{last:UInt64} >= 0", "cityHash64(project_id, distinct_id)"),
    Part("persons", "persons FINAL", "{last:UInt64} >= 0", "cityHash64(project_id, person)"),
    Part("groups", "groups FINAL", "{last:UInt64} >= 0", "cityHash64(project_id, type, key)"),
    Part("sessions", "sessions FINAL", "{last:UInt64} >= 0", "session"),
    Part("cohorts", "cohorts FINAL", "{last:UInt64} >= 0", "cityHash64(project_id, cohort)"),
)
# Sums up to some batch are right only if they are all there, and of the schema that sums the rest up. They follow from
# the events, so a restored installation takes them anew; backups of before have a copy.
_LEFT_OUT = frozenset({"activity"})

# The metadata is complete only once every module of models is imported.
MODELS = (auth_models, ingest_models, people_models, insights_models, compatible_models)
_OF_MIGRATIONS = {"alembic_version"}

Progress = Callable[[str, int, int], None]


class Rows(Protocol):
    """Who can answer with raw rows: the store itself, or the engine process of a running server."""

    def query_bytes(self, sql: str, params: Mapping[str, Any] | None = None, *, output: str = ...) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """What a backup is made of, and who is told how far it is."""

    database: Database
    rows: Rows
    spool: Path
    progress: Progress


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds."""

    rows: Mapping[str, int]
    metadata_rows: int
    spool_bytes: int


def write_backup(target: Path, sources: Sources) -> Summary:
    """Write the tar; an unfinished one is never left under the target's name.

    Raises `Problem` where the target exists or the metadata has not the schema of this version.
    """
    if target.exists():
        raise Problem(409, "backup_exists", f"{target} exists already.", "Choose another name.")
    check_database(sources.database)
    partial = target.with_name(target.name + ".partial")
    try:
        summary = _write(partial, sources)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return summary


def _write(partial: Path, sources: Sources) -> Summary:
    # Password hashes are in it: nobody else may read it.
    handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        spool_bytes = _add_spool(tar, sources.spool)
        with sources.database.read() as session:
            batch = load_position(session).batch
            metadata_rows = _add_metadata(tar, session)
        counts = {table.name: _add_table(tar, sources, table, batch) for table in TABLES}
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "created_at": rfc3339(utc_now()),
            "batch": batch,
            "rows": counts,
        }
        _add_file(tar, "manifest.json", json.dumps(manifest, indent=2).encode())
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    return Summary(counts, metadata_rows, spool_bytes)


def read_backup(source: Path, *, database: Database, store: Store, spool: Path, progress: Progress) -> Summary:
    """Fill an empty installation from the tar.

    Raises `Problem` where the file is no backup, comes from a newer format, or the installation is not empty.
    """
    manifest = _manifest(source)
    migrate(database)
    _require_empty(database, store)
    metadata: dict[str, bytes] = {}
    spool_bytes = 0
    with tarfile.open(source) as tar:
        for member in tar:
            content = _content(tar, member)
            folder, _, name = member.name.partition("/")
            if folder == "metadata":
                metadata[name.removesuffix(".jsonl")] = content
            elif folder == "spool":
                (spool / Path(name).name).write_bytes(content)
                spool_bytes += len(content)
            elif folder == "tables" and name.partition("/")[0] not in _LEFT_OUT:
                _load_piece(store, name.partition("/")[0], content, manifest=manifest, progress=progress)
    counts = {table.name: _scalar(store, f"SELECT count() FROM {table.source}") for table in TABLES}
    metadata_rows = _load_metadata(database, metadata)
    _check_counts(manifest["rows"], counts)
    settle_sessions(store, int(manifest["batch"]))
    return Summary(counts, metadata_rows, spool_bytes)


def _add_spool(tar: tarfile.TarFile, spool: Path) -> int:
    total = 0
    for path in list_segments(spool):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # loaded meanwhile: its rows are in the batches copied below
        _add_file(tar, f"spool/{path.name}", content)
        total += len(content)
    return total


def _add_metadata(tar: tarfile.TarFile, session: Session) -> int:
    _require_all_known(session)
    total = 0
    for table in Base.metadata.sorted_tables:
        lines = [json.dumps(dict(row), default=_as_json) for row in session.execute(select(table)).mappings()]
        _add_file(tar, f"metadata/{table.name}.jsonl", "\n".join(lines).encode())
        total += len(lines)
    return total


def _require_all_known(session: Session) -> None:
    """A table without its model would be left out in silence."""
    unknown = set(inspect(session.connection()).get_table_names()) - Base.metadata.tables.keys() - _OF_MIGRATIONS
    if unknown:
        raise Problem(500, "unknown_tables", f"Nothing is known of the metadata tables {', '.join(sorted(unknown))}.")


def _add_table(tar: tarfile.TarFile, sources: Sources, table: Part, batch: int) -> int:
    """Copy a table in pieces that fit in memory; the number of rows it had when its copy began."""
    rows = sources.rows
    total = _scalar(rows, f"SELECT count() FROM {table.source} WHERE {table.bound}", {"last": batch})
    pieces = max(1, -(-total // _ROWS_PER_PIECE), -(-_size(rows, table.name) // _BYTES_PER_PIECE))
    for piece in range(pieces):
        content = rows.query_bytes(
            f"SELECT * FROM {table.source} WHERE {table.bound} AND {table.key} % {{pieces:UInt32}} = {{piece:UInt32}}",
            {"last": batch, "pieces": pieces, "piece": piece},
            output="Native",
        )
        _add_file(tar, f"tables/{table.name}/{piece:06d}.native.zst", zstandard.compress(content, 3))
        sources.progress(table.name, total * (piece + 1) // pieces, total)
    return total


def _size(rows: Rows, name: str) -> int:
    """Uncompressed bytes of a table."""
    sql = "SELECT sum(data_uncompressed_bytes) FROM system.parts WHERE active AND table = {name:String}"
    return _scalar(rows, sql, {"name": name})


def _load_piece(store: Store, name: str, content: bytes, *, manifest: Mapping[str, Any], progress: Progress) -> None:
    table = next((table for table in TABLES if table.name == name), None)
    if table is None:
        raise _not_a_backup(f"it names an unknown table {name[:50]}")
    store.insert_block(name, zstandard.decompress(content, max_output_size=8 << 30), output="Native")
    progress(name, _scalar(store, f"SELECT count() FROM {table.source}"), manifest["rows"][name])


def _load_metadata(database: Database, metadata: Mapping[str, bytes]) -> int:
    total = 0
    with database.transaction() as session:
        for table in Base.metadata.sorted_tables:
            lines = metadata.get(table.name, b"").splitlines()
            if lines:
                session.execute(insert(table), [_from_json(table, json.loads(line)) for line in lines])
            total += len(lines)
        if not database.is_sqlite:
            _advance_sequences(session)
    return total


def _advance_sequences(session: Session) -> None:
    """PostgreSQL's numbering does not notice rows that came with their numbers."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns and table.columns["id"].autoincrement is not False:
            sequence = session.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
            if sequence:
                session.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _require_empty(database: Database, store: Store) -> None:
    with database.read() as session:
        tables = Base.metadata.sorted_tables
        used = [table.name for table in tables if session.execute(select(table).limit(1)).first() is not None]
    if used or _scalar(store, "SELECT count() FROM events"):
        raise Problem(
            409, "not_empty", "The installation to restore into is not empty.", "Restore into a new folder with --data."
        )


def _manifest(source: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as tar:
            manifest: dict[str, Any] = json.loads(_content(tar, tar.getmember("manifest.json")))
    except (OSError, KeyError, ValueError, tarfile.TarError) as error:
        raise _not_a_backup(str(error)) from None
    if manifest.get("format") != FORMAT:
        raise _not_a_backup(f"its format is {manifest.get('format')}, this version reads {FORMAT}")
    return manifest


def _check_counts(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    # The server may have met more people while they were copied, never fewer.
    wrong = {name: (expected[name], found[name]) for name in found if found[name] < expected[name]}
    if expected["events"] != found["events"]:
        wrong["events"] = (expected["events"], found["events"])
    if wrong:
        raise Problem(500, "restore_incomplete", f"Rows do not add up (expected, restored): {wrong}.")


def _add_file(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(content), int(time.time()), 0o600
    tar.addfile(member, io.BytesIO(content))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    if file is None:
        raise _not_a_backup(f"{member.name} is no file")
    return file.read()


def _scalar(rows: Rows, sql: str, params: Mapping[str, Any] | None = None) -> int:
    return int(rows.query_bytes(sql, params, output="TabSeparated"))


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    raise TypeError(f"cannot back up a {type(value).__name__}")


def _from_json(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if name in table.columns}


def _value(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"$time"}:
        return datetime.fromisoformat(value["$time"])
    if isinstance(value, dict) and value.keys() == {"$bytes"}:
        return bytes.fromhex(value["$bytes"])
    return value


def _not_a_backup(why: str) -> Problem:
    return Problem(422, "not_a_backup", f"This is no backup that can be read: {why}.")
