"""The command line: each command is thin, parses its words, calls one function and prints the answer."""

from __future__ import annotations

import sys

import typer

from northing import __version__
from northing.app.cli import serve
from northing.kernel.problems import Problem

COMMANDS = (serve.app,)

app = typer.Typer(
    name="northing",
    help="Northing: product analytics, experiments, monitoring and growth in one server.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.add_typer(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"northing {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Print the version."),
) -> None:
    """One server a team installs instead of five."""


def run() -> None:
    """The console script: a problem is one line and its hint, exit code 1."""
    try:
        app()
    except Problem as problem:
        typer.secho(f"Error: {problem.message}", err=True, fg="red")
        if problem.hint:
            typer.echo(problem.hint, err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
