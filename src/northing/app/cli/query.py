"""`northing query`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from northing.app.answers import Rows, rows_of
from northing.app.background import server_for
from northing.app.cli.serve import DATA_OPTION
from northing.app.client import Client, Json
from northing.app.project import find_project
from northing.kernel.problems import Problem, invalid
from northing.server.settings import load_settings

app = typer.Typer()

_FORMATS = ("table", "json", "csv")


@app.command()
def query(
    question: str = typer.Argument(None, help='The query as JSON, or "-" to read it from standard input.'),
    sql: str = typer.Option(None, "--sql", help="Your own SQL instead: one SELECT."),
    project: int = typer.Option(None, help="Number of the project; may be left out where there is only one."),
    output: str = typer.Option("table", "--format", help="table, json (the whole answer) or csv."),
    as_json: bool = typer.Option(False, "--json", help="The same as --format json."),
    data: Path = DATA_OPTION,
) -> None:
    """Ask a question and print the answer.

    Uses the server that runs on the data folder, or starts one for as long as it takes.

    \b
    northing query '{"kind": "trends", "series": [{"event": "signup"}], "date_from": "-7d"}'
    northing query --sql 'SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC'
    """
    if output not in _FORMATS:
        raise invalid("format", f"must be {', '.join(_FORMATS)}")
    asked = _question(question, sql)
    with server_for(load_settings(data=data)) as server, Client(server.url, server.key) as client:
        found = find_project(client, project)
        answer: Json = client.ask("POST", f"/api/v1/projects/{found['id']}/query", asked)
    for warning in answer.get("warnings", ()):
        typer.echo(f"Note: {_said(warning)}", err=True)
    if as_json or output == "json":
        print(json.dumps(answer, ensure_ascii=False))
    else:
        rows = rows_of(answer)
        _print_csv(rows) if output == "csv" else _print_table(rows, answer)


def _question(text: str | None, sql: str | None) -> Any:
    if (text is None) == (sql is None):
        raise Problem(422, "no_question", "Give either a query as JSON or --sql.", "See northing query --help.")
    if sql is not None:
        return {"kind": "sql", "sql": sql}
    assert text is not None
    try:
        return msgspec.json.decode(sys.stdin.read() if text == "-" else text)
    except msgspec.DecodeError as error:
        raise Problem(422, "malformed_json", f"The query is not JSON: {error}.") from error


def _said(warning: Any) -> str:
    return str(warning.get("message", warning)) if isinstance(warning, dict) else str(warning)


def _print_csv(rows: Rows) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows(rows.cells)


def _print_table(rows: Rows, answer: Json) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(rows.columns):
        numbers = any(isinstance(row[place], int | float) for row in rows.cells)
        table.add_column(escape(name), justify="right" if numbers else "left", overflow="fold")
    for row in rows.cells:
        table.add_row(*(escape(_cell(value)) for value in row))
    console = Console()
    console.print(table)
    age = "from the cache" if answer.get("cached") else f"{answer.get('elapsed_ms', 0):,.0f} ms"
    console.print(f"{len(rows.cells):,} rows, {answer.get('rows_read', 0):,} read, {age}", style="dim")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")
