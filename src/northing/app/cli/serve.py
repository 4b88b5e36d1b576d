"""`northing serve`."""

from __future__ import annotations

from pathlib import Path

import typer

from northing.app.supervisor import Supervisor
from northing.server.settings import load_settings

app = typer.Typer()

DATA_OPTION = typer.Option(None, "--data", help="Data folder (NORTHING_DATA; default ./northing-data).")


@app.command()
def serve(
    host: str = typer.Option(None, help="Address to listen on (NORTHING_HOST; default 127.0.0.1)."),
    port: int = typer.Option(None, help="Port to listen on; 0 takes a free one (NORTHING_PORT; default 8001)."),
    data: Path = DATA_OPTION,
    workers: int = typer.Option(None, help="Web worker processes (NORTHING_WORKERS; default 1)."),
) -> None:
    """Run the whole server: web workers, loader and event store, in one process tree.

    \b
    northing serve --data /var/lib/northing --host 0.0.0.0 --port 8001
    """
    settings = load_settings(host=host, port=port, data=data, workers=workers)
    supervisor = Supervisor(settings, announce=lambda url: typer.echo(f"Northing is at {url} (Ctrl-C stops it)"))
    raise typer.Exit(supervisor.serve())
