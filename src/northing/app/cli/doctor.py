"""`northing doctor`."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from northing.app.cli.serve import DATA_OPTION
from northing.app.doctor import examine
from northing.server.settings import load_settings

app = typer.Typer()
_SIGNS = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


@app.command()
def doctor(data: Path = DATA_OPTION) -> None:
    """Check everything the server needs, and say how to mend what is wrong."""
    findings = examine(load_settings(data=data))
    table = Table(box=None, pad_edge=False)
    for heading in ("", "check", "found", "mend"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        table.add_row(_SIGNS[finding.state], finding.check, finding.found, finding.mend)
    Console().print(table)
    failed = sum(finding.state == "fail" for finding in findings)
    warned = sum(finding.state == "warn" for finding in findings)
    typer.echo(f"{len(findings)} checks, {failed} failed, {warned} warnings")
    raise typer.Exit(1 if failed else 0)
