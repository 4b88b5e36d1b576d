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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import zstandard
from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from northing import __version__
from northing.data.ingest import models as ingest_models
from northing.data.ingest.books import load_position
from northing.data.ingest.segments import list_segments
from northing.data.store import Store
from northing.kernel.clock import rfc3339, utc_now
from northing.kernel.problems import Problem
from northing.server.auth import models as auth_models
from northing.server.db.base import Base, Database
from northing.server.db.migrate import check_database, migrate

FORMAT = 1
_ROWS_PER_CHUNK = 250_000
# Each table with the column that says which batch wrote a row.
TABLES: Mapping[str, str] = {"events": "batch", "distinct_ids": "version", "persons": "version"}

# The metadata is complete only once every module of models is imported.
MODELS = (auth_models, ingest_models)

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
    with tarfile.open(partial, "w") as tar:
        spool_bytes = _add_spool(tar, sources.spool)
        with sources.database.read() as session:
            batch = load_position(session).batch
            metadata_rows = _add_metadata(tar, session)
        counts = {table: _add_table(tar, sources, table, batch) for table in TABLES}
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "created_at": rfc3339(utc_now()),
            "batch": batch,
            "rows": counts,
        }
        _add_file(tar, "manifest.json", json.dumps(manifest, indent=2).encode())
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    return Summary(counts, metadata_rows, spool_bytes)


def read_backup(source: Path, *, database: Database, store: Store, spool: Path, progress: Progress) -> Summary:
    """Fill an empty installation from the tar.

    Raises `Problem` where the file is no backup, comes from a newer format, or the installation is not empty.
    """
    manifest = _manifest(source)
    migrate(database)
    _require_empty(database, store)
    counts = dict.fromkeys(TABLES, 0)
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
            elif folder == "tables":
                table = name.partition("/")[0]
                counts[table] += _load_chunk(store, table, content)
                progress(table, counts[table], manifest["rows"][table])
    metadata_rows = _load_metadata(database, metadata)
    _check_counts(manifest["rows"], counts)
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
    total = 0
    for table in Base.metadata.sorted_tables:
        lines = [json.dumps(dict(row), default=_as_json) for row in session.execute(select(table)).mappings()]
        _add_file(tar, f"metadata/{table.name}.jsonl", "\n".join(lines).encode())
        total += len(lines)
    return total


def _add_table(tar: tarfile.TarFile, sources: Sources, table: str, batch: int) -> int:
    rows = sources.rows
    column = TABLES[table]
    total = _scalar(rows, f"SELECT count() FROM {table} WHERE {column} <= {{last:UInt64}}", {"last": batch})
    done = 0
    for number, (first, last) in enumerate(_ranges(rows, table, column, batch)):
        content = rows.query_bytes(
            f"SELECT * FROM {table} WHERE {column} > {{first:UInt64}} AND {column} <= {{last:UInt64}}",
            {"first": first, "last": last},
            output="Native",
        )
        _add_file(tar, f"tables/{table}/{number:06d}.native.zst", zstandard.compress(content, 3))
        in_range = f"SELECT count() FROM {table} WHERE {column} > {{first:UInt64}} AND {column} <= {{last:UInt64}}"
        done += _scalar(rows, in_range, {"first": first, "last": last})
        sources.progress(table, done, total)
    return done


def _ranges(rows: Rows, table: str, column: str, batch: int) -> Iterator[tuple[int, int]]:
    """Ranges of batches with about as many rows as fit in memory comfortably."""
    answer = rows.query_bytes(
        f"SELECT {column} AS number, count() AS n FROM {table} WHERE {column} <= {{last:UInt64}} GROUP BY number"
        " ORDER BY number",
        {"last": batch},
        output="JSONCompactEachRow",
    )
    first, gathered, last = -1, 0, 0
    for line in answer.splitlines():
        last, count = (int(value) for value in json.loads(line))
        first = last - 1 if first < 0 else first
        gathered += count
        if gathered >= _ROWS_PER_CHUNK:
            yield first, last
            first, gathered = last, 0
    if gathered:
        yield max(first, 0), last


def _load_chunk(store: Store, table: str, content: bytes) -> int:
    if table not in TABLES:
        raise _not_a_backup(f"it names an unknown table {table[:50]}")
    before = _scalar(store, f"SELECT count() FROM {table}")
    store.insert_block(table, zstandard.decompress(content, max_output_size=8 << 30), output="Native")
    return _scalar(store, f"SELECT count() FROM {table}") - before


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
    wrong = {table: (expected[table], found[table]) for table in TABLES if expected[table] != found[table]}
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
        return {"$time": rfc3339(value)}
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
