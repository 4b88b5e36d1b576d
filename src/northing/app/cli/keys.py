"""`northing keys`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from northing.app.background import server_for
from northing.app.cli.serve import DATA_OPTION
from northing.app.client import Client, Json
from northing.app.project import find_project
from northing.kernel.clock import rfc3339, utc_now
from northing.server.settings import load_settings

keys = typer.Typer(name="keys", help="Secret keys of a project: list, make, revoke.", no_args_is_help=True)
app = typer.Typer()
app.add_typer(keys)

PROJECT_OPTION = typer.Option(None, help="Number of the project; may be left out where there is only one.")
JSON_OPTION = typer.Option(False, "--json", help="Print JSON.")


@keys.command(name="list")
def list_keys(project: int = PROJECT_OPTION, data: Path = DATA_OPTION, as_json: bool = JSON_OPTION) -> None:
    """List the keys; secrets are never shown again.

    \b
    northing keys list
    """
    with _asking(project, data) as (client, path):
        items = client.items(path)
    if as_json:
        print(json.dumps(items))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "name", "ends with", "scopes", "expires", "last used"):
        table.add_column(heading, overflow="fold")
    for key in items:
        times = [str(key[name] or "never")[:16] for name in ("expires_at", "last_used_at")]
        table.add_row(str(key["id"]), escape(key["name"]), f"…{key['last_four']}", " ".join(key["scopes"]), *times)
    Console().print(table if items else "There are no keys yet. Make one with northing keys create.")


@keys.command()
def create(
    name: str = typer.Argument(..., help="What it is for."),
    scopes: list[str] = typer.Option(["query:read", "events:read", "project:read"], "--scope", help="Repeatable."),
    days: int = typer.Option(None, min=1, help="How many days it is valid; for ever where not given."),
    project: int = PROJECT_OPTION,
    data: Path = DATA_OPTION,
    as_json: bool = JSON_OPTION,
) -> None:
    """Make a key and print its secret, which is shown only this once.

    \b
    northing keys create "Nightly report"
    northing keys create Deploys --scope ingest:write --days 90
    """
    expires = {"expires_at": rfc3339(utc_now() + timedelta(days=days))} if days else {}
    with _asking(project, data) as (client, path):
        key: Json = client.ask("POST", path, {"name": name, "scopes": scopes, **expires})
    if as_json:
        print(json.dumps(key))
        return
    # Alone on standard output, so that a script can take it.
    typer.echo(f"Key {key['id']} ({', '.join(key['scopes'])}). Its secret is shown only now:", err=True)
    typer.echo(key["secret"])


@keys.command()
def revoke(
    key_id: int = typer.Argument(..., help="Number of the key, as listed."),
    project: int = PROJECT_OPTION,
    data: Path = DATA_OPTION,
    as_json: bool = JSON_OPTION,
) -> None:
    """End a key at once.

    \b
    northing keys revoke 3
    """
    with _asking(project, data) as (client, path):
        client.ask("DELETE", f"{path}/{key_id}")
    typer.echo(json.dumps({"revoked": key_id}) if as_json else f"Key {key_id} is refused from now on.")


@contextmanager
def _asking(project: int | None, data: Path | None) -> Iterator[tuple[Client, str]]:
    """A client with every right, and the path of the project's keys."""
    with server_for(load_settings(data=data)) as server, Client(server.url, server.key) as client:
        found = find_project(client, project)
        yield client, f"/api/v1/projects/{found['id']}/keys"
