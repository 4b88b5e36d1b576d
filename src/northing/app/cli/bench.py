"""`northing bench`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import typer

from northing.app.bench.ingest import Figure, measure_batches, measure_freshness, measure_single, measure_size
from northing.app.bench.pages import measure_pages, measure_users
from northing.app.bench.queries import fill_in_another_process, first_day, measure_queries
from northing.app.bench.report import machine, print_figures, write_json
from northing.app.bench.server import bench_server
from northing.kernel.clock import utc_now

app = typer.Typer()


@app.command()
def bench(
    what: str = typer.Argument("all", help="ingest, queries or all."),
    events: int = typer.Option(10_000_000, min=10_000, help="Events for the query figures."),
    seconds: float = typer.Option(10.0, min=1.0, max=120.0, help="Length of each load, in seconds."),
    json_file: Path = typer.Option(None, "--json", help="Also write the figures to this file."),
    folder: Path = typer.Option(None, help="Folder for the data, emptied afterwards; default a temporary one."),
) -> None:
    """Measure this machine: a real server, real disk, requests over the loopback, beside hand-written queries.

    \b
    northing bench ingest --seconds 10 --json figures.json
    """
    about = machine()
    typer.echo(f"{about['cores']} cores, {about['memory_gib']} GiB, load {about['load_before']}, {about['system']}")
    root = folder if folder is not None else Path(tempfile.mkdtemp(prefix="northing-bench-"))
    sections: dict[str, list[Figure]] = {}
    try:
        if what in ("all", "ingest"):
            sections["ingest"] = _ingest(root / "ingest", seconds)
            print_figures("Ingest", sections["ingest"])
        if what in ("all", "queries"):
            sections["queries"] = _queries(root / "queries", events)
            print_figures(f"Queries over {events:,} events", sections["queries"])
    finally:
        shutil.rmtree(root, ignore_errors=True)
    if json_file is not None:
        write_json(json_file, dict(sections), about)


def _ingest(root: Path, seconds: float) -> list[Figure]:
    with bench_server(root) as server:
        idle = server.memory_bytes() / 1e6
        figures = [
            Figure("start to ready, empty", server.start_seconds, "s", 4, larger_is_better=False),
            Figure("memory, idle, all processes", idle, "MB", 450, larger_is_better=False),
            *measure_single(server, seconds),
            *measure_batches(server, seconds),
            *measure_freshness(server, seconds),
        ]
        return [*figures, *measure_size(server)]


def _queries(root: Path, events: int) -> list[Figure]:
    with bench_server(root):
        pass  # makes the folder, the metadata and project 1
    start = first_day(utc_now())
    took = fill_in_another_process(root, events, start)
    with bench_server(root) as server:
        begun = Figure(f"start to ready with {events:,} events", server.start_seconds, "s", 6, larger_is_better=False)
        figures = [Figure("the engine alone, filling", events / took, "events/s"), begun]
        figures += measure_pages(server)
        figures += measure_users(server)
        figures += measure_queries(server, start, events)
        return [
            *figures,
            Figure("memory after the queries", server.memory_bytes() / 1e6, "MB", 1_200, larger_is_better=False),
        ]
