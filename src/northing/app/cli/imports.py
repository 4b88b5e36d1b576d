"""`northing import`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from northing.app.background import server_for
from northing.app.cli.serve import DATA_OPTION
from northing.app.client import Client, Json
from northing.app.file_import import (
    Counts,
    Fate,
    Fault,
    FileImport,
    Format,
    Plan,
    as_json,
    detect_format,
    load_state,
    rehearse,
)
from northing.app.folder import RunningServer
from northing.app.ledger import Tally, read_tally, wait_until_loaded
from northing.app.project import find_project
from northing.data.imports import CsvMapping, Source, open_source
from northing.kernel.problems import invalid
from northing.server.settings import Settings, load_settings

app = typer.Typer()

_SHOWN_FAULTS = 5
_SHOWN_EVENTS = 3
_FATES = {
    Fate.KEPT: "odd, kept",
    Fate.MENDED: "mended",
    Fate.UNREADABLE: "unreadable",
    Fate.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the options say."""

    format: str
    mapping: CsvMapping
    batch: int
    project: int | None
    resume: bool
    rejects: Path | None
    as_json: bool


@app.command(name="import")
def import_files(  # shape: every argument is an option of the command
    files: list[Path] = typer.Argument(..., exists=True, dir_okay=False, help="Files, plain or gz, bz2, xz, zst."),
    file_format: str = typer.Option("auto", "--format", help="auto, jsonl, csv or access-log."),
    columns: list[str] = typer.Option([], "--map", help="CSV: FIELD=COLUMN, such as distinct_id=user_id. Repeatable."),
    constants: list[str] = typer.Option([], "--set", help="CSV: FIELD=VALUE in every row. Repeatable."),
    timezone: str = typer.Option("UTC", help="CSV: zone of times that name none, such as Europe/Berlin."),
    time_format: str = typer.Option(None, help="CSV: strptime format of times that are not ISO 8601."),
    delimiter: str = typer.Option(None, help="CSV: what separates columns; found out where not given."),
    project: int = typer.Option(None, help="Number of the project; may be left out where there is only one."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Read and judge everything, send nothing."),
    batch: int = typer.Option(500, min=1, max=10_000, help="Events per request."),
    resume: bool = typer.Option(True, help="Go on where an earlier import of the same file stopped."),
    rejects: Path = typer.Option(None, help="File to add the refused lines to, as JSON lines."),
    data: Path = DATA_OPTION,
    as_json: bool = typer.Option(False, "--json", help="Print the result as JSON."),
) -> None:
    """Import events from JSON lines, CSV tables, or Apache and nginx access logs.

    Every line keeps the same id whenever it is imported, so importing again adds nothing twice. Uses the server that
    runs on the data folder, or starts one for as long as it takes.

    \b
    northing import events.jsonl
    northing import clicks.csv.gz --map distinct_id=user_id --timezone Europe/Berlin
    northing import /var/log/nginx/access.log --dry-run
    """
    mapping = CsvMapping(
        columns=_pairs(columns, "map"),
        constants=_pairs(constants, "set"),
        timezone=_zone(timezone),
        timestamp_format=time_format,
        delimiter={"\\t": "\t"}.get(delimiter, delimiter),
    )
    wishes = _Wishes(_format(file_format), mapping, batch, project, resume, rejects, as_json)
    console = Console(stderr=as_json)
    if dry_run:
        _rehearse(files, wishes, console)
        return
    try:
        _import(files, wishes, load_settings(data=data), console=console)
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on where it stopped.")
        raise typer.Exit(130) from None


class _Report:
    """Collects odd lines: the first few to show, the rejected ones for the file."""

    def __init__(self, console: Console, rejects: IO[str] | None) -> None:
        self.shown: list[Fault] = []
        self.console = console
        self._rejects = rejects

    def __call__(self, fault: Fault) -> None:
        if len(self.shown) < _SHOWN_FAULTS:
            self.shown.append(fault)
        if self._rejects is not None and fault.fate in (Fate.UNREADABLE, Fate.REFUSED):
            line = {"line": fault.line, "fate": fault.fate, "reason": fault.reason, "event": fault.event}
            self._rejects.write(json.dumps(line, ensure_ascii=False) + "\n")

    def show(self, path: Path, counts: Counts, *, verb: str) -> None:
        """The counts of a file, and its first odd lines."""

        def print_line(text: str, style: str = "") -> None:
            self.console.print(text, style=style, soft_wrap=True, highlight=False)

        print_line(f"[bold]{escape(str(path))}[/bold]")
        print_line(f"  {'read':12}{counts.read:>14,}")
        print_line(f"  {verb:12}{counts.accepted:>14,}")
        for fate, words in _FATES.items():
            if counts.odd[fate]:
                print_line(f"  {words:12}{counts.odd[fate]:>14,}")
        for fault in self.shown:
            print_line(f"  line {fault.line:,}: {_FATES[fault.fate]}: {escape(fault.reason)}", style="dim")


def _import(files: list[Path], wishes: _Wishes, settings: Settings, *, console: Console) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(server_for(settings))
        client = stack.enter_context(Client(server.url, server.key))
        project = find_project(client, wishes.project)
        rejects = stack.enter_context(wishes.rejects.open("a", encoding="utf-8")) if wishes.rejects else None
        before = read_tally(client, project["id"])
        told = [
            _import_file(path, wishes, settings, server=server, project=project, report=_Report(console, rejects))
            for path in files
        ]
        tally = _wait(client, project["id"], console).since(before)
    console.print(f"Stored {tally.stored:,}, known before {tally.deduplicated:,}, dropped {tally.dropped:,}.")
    if wishes.as_json:
        result = {"stored": tally.stored, "deduplicated": tally.deduplicated, "dropped": tally.dropped}
        print(json.dumps({"project": project["id"], "files": told, **result}))


def _import_file(
    path: Path, wishes: _Wishes, settings: Settings, *, server: RunningServer, project: Json, report: _Report
) -> Json:
    with open_source(path) as source, _bar(report, path, source) as (bar, task):
        plan = _plan(path, source, wishes)
        state_path = settings.data.resolve() / "imports" / f"{source.identity}-{project['id']}.json"
        state = load_state(state_path, path, plan, resume=wishes.resume)
        earlier = state.read
        work = FileImport(source, plan, state_path=state_path, state=state, on_fault=report)
        work.run(server.url, project["token"], on_progress=lambda done: bar.update(task, completed=done))
    if state.resume and work.counts.read == earlier:
        report.console.print(f"Nothing new in {escape(str(path))} since it was imported; --no-resume sends it again.")
    report.show(path, work.counts, verb="accepted")
    return {"file": str(path), "format": plan.format, **as_json(work.counts)}


def _rehearse(files: list[Path], wishes: _Wishes, console: Console) -> None:
    told = []
    for path in files:
        first: list[Json] = []
        report = _Report(console, None)
        with open_source(path) as source:
            plan = _plan(path, source, wishes)
            counts = rehearse(source, plan, on_fault=report, on_event=_keep_first(first))
        report.show(path, counts, verb="would send")
        console.print(f"  as {plan.format}; the first events:")
        for event in first:
            console.print_json(data=event)
        told.append({"file": str(path), "format": plan.format, **as_json(counts), "first": first})
    console.print("Nothing was sent.")
    if wishes.as_json:
        print(json.dumps({"dry_run": True, "files": told}))


def _keep_first(kept: list[Json]) -> Callable[[Json], None]:
    return lambda event: kept.append(event) if len(kept) < _SHOWN_EVENTS else None


def _wait(client: Client, project_id: int, console: Console) -> Tally:
    with console.status("Loading …"):
        return wait_until_loaded(client, project_id)


@contextmanager
def _bar(report: _Report, path: Path, source: Source) -> Iterator[tuple[Progress, TaskID]]:
    columns = TextColumn("{task.description}"), BarColumn(40), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=report.console, transient=True) as bar:
        yield bar, bar.add_task(escape(path.name), total=source.size)


def _plan(path: Path, source: Source, wishes: _Wishes) -> Plan:
    found = detect_format(path, source) if wishes.format == "auto" else Format(wishes.format)
    return Plan(found, wishes.mapping, wishes.batch)


def _format(text: str) -> str:
    if text not in ("auto", *Format):
        raise invalid("format", f"must be auto, {', '.join(Format)}")
    return text


def _pairs(words: list[str], option: str) -> dict[str, str]:
    pairs = dict(word.partition("=")[::2] for word in words)
    if not all(name and value for name, value in pairs.items()):
        raise invalid(option, f"must be FIELD={'COLUMN' if option == 'map' else 'VALUE'}")
    return pairs


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise invalid("timezone", "must be an IANA time zone, such as Europe/Berlin") from None
