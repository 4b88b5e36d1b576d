"""docs/reference/cli.md, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from northing.app.cli.main import build_app

# Typer carries its own copy of click, whose types it does not publish.
Command = Any

INTRODUCTION = """# Command line

Every command has `--help` with an example, leaves with a code other than 0 when it fails, and talks to the running
server where one holds the data folder. Those that come to an end have `--json` for machines.

"""


def render() -> str:
    """The page."""
    return INTRODUCTION + "\n".join(_command(name, command) for name, command in list_commands()) + "\n"


def list_commands() -> list[tuple[str, Command]]:
    """Every command that does something, with its full name, such as `northing keys create`."""
    return sorted(_walk("northing", typer.main.get_command(build_app())), key=lambda pair: pair[0])


def _walk(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for key, child in inner.items():
        if not child.hidden:
            yield from _walk(f"{name} {key}", child)


def _command(name: str, command: Command) -> str:
    parts = [f"## {name}\n", _prose(command.help or ""), ""]
    rows = [row for parameter in command.params if (row := _parameter(parameter))]
    if rows:
        parts += ["| argument or option | default | what it does |", "|---|---|---|", *rows, ""]
    return "\n".join(parts)


def _prose(text: str) -> str:
    """Help text as Markdown: `\\b` marks, which keep line breaks on a terminal, become code blocks."""
    blocks = []
    for block in text.strip().split("\n\n"):
        lines = block.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            blocks.append("```sh\n" + "\n".join(line.strip() for line in lines[1:]) + "\n```")
        else:
            blocks.append("\n".join(line.strip() for line in lines))
    return "\n\n".join(blocks)


def _parameter(parameter: Any) -> str | None:
    if getattr(parameter, "hidden", False) or parameter.name == "help":
        return None
    help_text = (getattr(parameter, "help", None) or "").replace("|", "\\|").replace("\n", " ")
    if parameter.param_type_name == "option":
        names = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
    else:
        names = f"`{(parameter.name or '').upper()}`"
    shown = parameter.default if parameter.default not in (None, False, (), ...) else ""
    default = "required" if parameter.required else (f"`{shown}`" if str(shown) and not callable(shown) else "")
    return f"| {names} | {default} | {help_text} |"
