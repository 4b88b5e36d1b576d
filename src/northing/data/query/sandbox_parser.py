"""User SQL as a syntax tree: ClickHouse's dialect with every function kept under the name it was written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from sqlglot import TokenType, exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.errors import SqlglotError
from sqlglot.parsers.clickhouse import ClickHouseParser

from northing.data.query.sandbox_functions import aggregate_name
from northing.kernel.problems import FieldError, Problem

MAX_SQL = 20_000


class _Parser(ClickHouseParser):
    """Functions stay anonymous: what sqlglot knows of other dialects' functions would rename or rewrite them."""

    FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
        "CAST": ClickHouseParser.FUNCTION_PARSERS["CAST"],
    }
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}

    def _parse_types(self, *args: Any, **options: Any) -> exp.Expr | None:
        """Never try `Array(…)` as a type where it can be a function: nested tries double the time with each level."""
        if options.get("check_func") and self._next and self._next.token_type == TokenType.L_PAREN:
            return None
        found = super()._parse_types(*args, **options)
        return found if isinstance(found, exp.Expr) else None

    def _parse_as_command(self, start: Any) -> exp.Command:
        """Statements sqlglot keeps as bare text (and logs) are none of ours."""
        self.raise_error("only SELECT is understood", start)
        return exp.Command(this="")

    @classmethod
    def _resolve_clickhouse_agg(cls, name: str) -> tuple[str, Sequence[str]] | None:
        return (name, ()) if aggregate_name(name) else None


class NorthingSql(ClickHouse):
    """The dialect of user SQL."""

    # Array positions stay as written; sqlglot would count them from nought.
    INDEX_OFFSET = 0
    Parser = _Parser


def parse_select(sql: str) -> exp.Expr:
    """One SELECT (or UNION of some) as a tree. Raises `Problem` for anything else."""
    statements = _parse(sql)
    if len(statements) != 1 or statements[0] is None:
        raise refuse("holds more than one statement" if len(statements) > 1 else "is empty")
    if not isinstance(statements[0], (exp.Select, exp.SetOperation, exp.Subquery)):
        raise refuse("must be a SELECT; everything else is refused")
    return statements[0]


def refuse(message: str, *, hint: str | None = None) -> Problem:
    """The 422 for user SQL that may not run."""
    return Problem(422, "invalid_sql", f"sql: {message}.", hint, (FieldError("sql", message),))


def _parse(sql: str) -> list[exp.Expr | None]:
    if len(sql) > MAX_SQL:
        raise refuse(f"is too long (at most {MAX_SQL} characters)")
    if "\0" in sql:
        raise refuse("has a NUL character")
    try:
        return list(NorthingSql().parse(sql))
    except SqlglotError as error:
        raise refuse(f"cannot be read: {_first_line(error)}") from None
    except RecursionError:
        raise refuse("is nested too deeply") from None
    except (ValueError, AttributeError, TypeError, IndexError, KeyError) as error:
        # The parser is not ours; whatever it trips over is a statement we do not run.
        raise refuse(f"cannot be read ({type(error).__name__})") from None


def _first_line(error: SqlglotError) -> str:
    # sqlglot underlines the place with terminal codes.
    text = str(error).replace("\x1b[4m", "«").replace("\x1b[0m", "»")
    return " ".join(text.split())[:300]
