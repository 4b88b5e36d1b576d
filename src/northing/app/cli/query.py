"""`northing query`."""

from __future__ import annotations

import csv
import io
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

_FILES = ("csv", "parquet")
_FORMATS = ("table", "json", *_FILES)


@app.command()
def query(
    question: str = typer.Argument(None, help='The query as JSON, or "-" to read it from standard input.'),
    sql: str = typer.Option(None, "--sql", help="Your own SQL instead: one SELECT."),
    project: int = typer.Option(None, help="Number of the project; may be left out where there is only one."),
    output: str = typer.Option(
        "table", "--format", help="table, json, csv or parquet; the last two hold all rows of SQL, up to a million."
    ),
    out: Path = typer.Option(None, "--out", help="Write to this file, not to standard output."),
    as_json: bool = typer.Option(False, "--json", help="The same as --format json."),
    data: Path = DATA_OPTION,
) -> None:
    """Ask a question and print the answer.

    Uses the server that runs on the data folder, or starts one for as long as it takes.

    \b
    northing query '{"kind": "trends", "series": [{"event": "signup"}], "date_from": "-7d"}'
    northing query --sql 'SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC'
    northing query --sql 'SELECT event, timestamp, person FROM events' --format parquet --out events.parquet
    """
    asked = _question(question, sql)
    output = "json" if as_json else output
    _check_way(asked, output, out)
    with server_for(load_settings(data=data)) as server, Client(server.url, server.key) as client:
        path = f"/api/v1/projects/{find_project(client, project)['id']}/query"
        if output in _FILES and _is_sql(asked):
            _hand_out(client.fetch("POST", f"{path}/export", {**asked, "format": output}).body, out)
            return
        answer: Json = client.ask("POST", path, asked)
    for warning in answer.get("warnings", ()):
        typer.echo(f"Note: {_said(warning)}", err=True)
    if output == "table":
        _print_table(rows_of(answer), answer)
    else:
        text = json.dumps(answer, ensure_ascii=False) + "\n" if output == "json" else _csv(rows_of(answer))
        _hand_out(text.encode(), out)


def _check_way(asked: Any, output: str, out: Path | None) -> None:
    """Refuse what cannot be handed out before anything is asked."""
    if output not in _FORMATS:
        raise invalid("format", f"must be {', '.join(_FORMATS)}")
    if out is not None and output == "table":
        raise invalid("out", "is for json, csv and parquet: say which with --format")
    if output == "parquet" and not _is_sql(asked):
        raise invalid("format", "parquet is for SQL only: take csv, or ask with --sql")
    if output == "parquet" and out is None and sys.stdout.isatty():
        raise invalid("format", "parquet is not for terminals: name a file with --out, or send it on with >")


def _is_sql(asked: Any) -> bool:
    return isinstance(asked, dict) and asked.get("kind") == "sql"


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


def _hand_out(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise invalid("out", f"cannot be written: {error.strerror}") from error


def _csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows([_plain(value) for value in row] for row in rows.cells)
    return text.getvalue()


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else value


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
