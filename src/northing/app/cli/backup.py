"""`northing backup` and `northing restore`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from northing.app.backup import Rows, Sources, Summary, read_backup, write_backup
from northing.app.cli.serve import DATA_OPTION
from northing.app.folder import DataFolder, FolderLock, find_running
from northing.data.store import BlockingRows, Store
from northing.kernel.clock import utc_now
from northing.server.db.base import Database
from northing.server.settings import Settings, load_settings

app = typer.Typer()


@app.command()
def backup(
    target: Path = typer.Argument(None, help="File to write; default northing-<time>.tar in this folder."),
    data: Path = DATA_OPTION,
    as_json: bool = typer.Option(False, "--json", help="Print the summary as JSON."),
) -> None:
    """Write everything to one file: events, persons, metadata, pending events. The server may be running.

    \b
    northing backup /backups/monday.tar
    """
    settings = load_settings(data=data)
    path = target if target is not None else Path(f"northing-{utc_now():%Y%m%dT%H%M%SZ}.tar")
    database = Database(settings.resolved_database_url)
    with _rows(settings) as rows, _bar(quiet=as_json) as bar:
        folder = DataFolder(settings.data.resolve())
        summary = write_backup(path, Sources(database, rows, folder.spool, _shown(bar)))
    database.close()
    _report(f"Wrote {path} ({path.stat().st_size / 1e6:,.1f} MB)", summary, as_json=as_json)


@app.command()
def restore(
    source: Path = typer.Argument(..., exists=True, dir_okay=False, help="File that `northing backup` wrote."),
    data: Path = DATA_OPTION,
    as_json: bool = typer.Option(False, "--json", help="Print the summary as JSON."),
) -> None:
    """Fill a new, empty data folder from a backup. No server may run on that folder.

    \b
    northing restore /backups/monday.tar --data /var/lib/northing-new
    """
    settings = load_settings(data=data)
    folder = DataFolder(settings.data.resolve())
    folder.create()
    lock = FolderLock(folder)
    lock.acquire()
    database = Database(settings.resolved_database_url)
    store = Store.open(settings.resolved_events_dsn)
    with _bar(quiet=as_json) as bar:
        summary = read_backup(source, database=database, store=store, spool=folder.spool, progress=_shown(bar))
    store.close()
    database.close()
    lock.release()
    _report(f"Restored {source} into {folder.root}", summary, as_json=as_json)


@contextmanager
def _rows(settings: Settings) -> Iterator[Rows]:
    """From the running server where there is one, else from the store itself."""
    folder = DataFolder(settings.data.resolve())
    if find_running(folder) is not None:
        remote = BlockingRows(folder.socket)
        yield remote
        remote.close()
        return
    folder.create()
    lock = FolderLock(folder)
    lock.acquire()
    store = Store.open(settings.resolved_events_dsn)
    yield store
    store.close()
    lock.release()


def _bar(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description:14}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, disable=quiet)


class _shown:  # noqa: N801 - used as a function
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, int] = {}

    def __call__(self, table: str, done: int, total: int) -> None:
        if table not in self._tasks:
            self._tasks[table] = self._bar.add_task(table, total=total)
        self._bar.update(self._tasks[table], completed=done)  # type: ignore[arg-type]


def _report(what: str, summary: Summary, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(summary)))
        return
    typer.echo(what)
    for table, count in summary.rows.items():
        typer.echo(f"  {table:14} {count:>14,} rows")
    typer.echo(f"  {'metadata':14} {summary.metadata_rows:>14,} rows")
    typer.echo(f"  {'spool':14} {summary.spool_bytes:>14,} bytes")
