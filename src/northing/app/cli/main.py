"""The command line: each command is thin, parses its words, calls one function and prints the answer.

Only the module of the command that was asked for is imported, so that `serve` stays light and all start quickly.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from northing import __version__
from northing.kernel.problems import Problem

# Command (or group) to the module whose `app` holds it, in the order of `--help`.
COMMANDS = {
    "serve": "northing.app.cli.serve",
    "demo": "northing.app.cli.demo",
    "import": "northing.app.cli.imports",
    "query": "northing.app.cli.query",
    "keys": "northing.app.cli.keys",
    "backup": "northing.app.cli.backup",
    "restore": "northing.app.cli.backup",
    "doctor": "northing.app.cli.doctor",
    "bench": "northing.app.cli.bench",
}


def build_app(names: Sequence[str] = tuple(COMMANDS)) -> typer.Typer:
    """The application with these commands."""
    app = typer.Typer(
        name="northing",
        help="Northing: product analytics, experiments, monitoring and growth in one server.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        callback=_options,
    )
    for module in dict.fromkeys(COMMANDS[name] for name in names):
        app.add_typer(import_module(module).app)
    return app


def run() -> None:
    """The console script: a problem is one line and its hint, exit code 1."""
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    try:
        build_app([asked] if asked in COMMANDS and "--help" not in sys.argv[:2] else tuple(COMMANDS))()
    except Problem as problem:
        typer.secho(f"Error: {problem.message}", err=True, fg="red")
        if problem.hint:
            typer.echo(problem.hint, err=True)
        sys.exit(1)


def _print_version(wanted: bool) -> None:  # shape: a Typer callback
    if wanted:
        typer.echo(f"northing {__version__}")
        raise typer.Exit


def _options(  # shape: a Typer callback
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Print the version."),
) -> None:
    """One server a team installs instead of five."""


if __name__ == "__main__":
    run()
