"""A statement for the engine: text written by us, values bound by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The names of the row at hand, in every statement of ours, and of a person's, a session's and a group's. Conditions and
# columns are written with them, because an alias or a lambda's parameter of the user's takes the place of a bare
# column, even in PREWHERE; names of the user's never begin with two underscores.
ROW = "__northing"
PROFILE = "__profile"
SESSION = "__session"
GROUP = "__group"
EVENTS = f"events AS {ROW}"
PERSONS = f"persons AS {PROFILE} FINAL"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with server-side parameters `{name:Type}` and their values."""

    sql: str
    params: Mapping[str, Any]


@dataclass(slots=True)
class Binder:
    """Collects the values of one statement and hands out their placeholders."""

    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any, kind: str) -> str:
        """The placeholder that stands for `value` in the text."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"

    def text(self, value: str) -> str:
        return self.bind(value, "String")

    def texts(self, values: tuple[str, ...]) -> str:
        return self.bind(list(values), "Array(String)")

    def number(self, value: float) -> str:
        return self.bind(float(value), "Float64")

    def numbers(self, values: tuple[float, ...]) -> str:
        return self.bind([float(v) for v in values], "Array(Float64)")

    def statement(self, sql: str) -> Statement:
        return Statement(sql, dict(self.values))


def quote_identifier(name: str) -> str:
    """An identifier in backticks; the engine's lexer reads `\\` as an escape inside them."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def quote_text(value: str) -> str:
    """A string literal, for text of ours such as zone names that come from a fixed list."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
