"""docs/configuration.md, from the table of settings."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from northing.server.settings import PREFIX, Settings

INTRODUCTION = """# Configuration

Every setting is an environment variable, and those that `northing serve --help` lists are flags too. A flag wins over
the environment, the environment over a file, a file over the default. `NORTHING_X_FILE=/path` reads `NORTHING_X` from
that file, so that secrets stay out of the environment and of process listings. A value that cannot be used stops
the start, with a message that names the setting and says how to mend it.

Nothing needs to be set for a first start: events, metadata and spool go into `./northing-data`.

| setting | type | default | what it does |
|---|---|---|---|
"""


def render() -> str:
    """The page."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return INTRODUCTION + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    help_text = (field.description or "").replace("|", "\\|")
    limits = _limits(field)
    return f"| `{PREFIX}{name.upper()}` | {_type(field)}{limits} | {_default(field.default)} | {help_text} |"


def _type(field: FieldInfo) -> str:
    kind = field.annotation
    if kind is SecretStr:
        return "secret text"
    words = {int: "whole number", float: "number", str: "text", bool: "true or false"}
    if isinstance(kind, type):
        return words.get(kind, "path" if issubclass(kind, PurePath) else kind.__name__)
    return str(kind)


def _limits(field: FieldInfo) -> str:
    """` 1–64` for a range, ` ≥ 1` for a lower end."""
    low = next((item.ge for item in field.metadata if hasattr(item, "ge")), None)
    high = next((item.le for item in field.metadata if hasattr(item, "le")), None)
    if low is None and high is None:
        return ""
    return f", at least {low:,}" if high is None else f", {low:,} to {high:,}"


def _default(value: Any) -> str:
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if text == "":
        return "empty"
    if isinstance(text, bool):
        return f"`{str(text).lower()}`"
    return f"`{text}`"
