"""`northing doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from northing.app.cli.serve import DATA_OPTION
from northing.app.doctor import Finding, examine
from northing.server.settings import load_settings

app = typer.Typer()
_SIGNS = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


@app.command()
def doctor(
    data: Path = DATA_OPTION,
    as_json: bool = typer.Option(False, "--json", help="Print the findings as JSON."),
) -> None:
    """Check everything the server needs, and say how to mend what is wrong. Exit code 1 where a check failed.

    \b
    northing doctor --data /var/lib/northing
    """
    findings = examine(load_settings(data=data))
    failed = sum(finding.state == "fail" for finding in findings)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        _print(findings, failed)
    raise typer.Exit(1 if failed else 0)


def _print(findings: list[Finding], failed: int) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "check", "found", "mend"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        table.add_row(_SIGNS[finding.state], finding.check, finding.found, finding.mend)
    Console().print(table)
    warned = sum(finding.state == "warn" for finding in findings)
    typer.echo(f"{len(findings)} checks, {failed} failed, {warned} warnings")
