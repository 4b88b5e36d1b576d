"""The sandbox of user SQL: parse, then write a new statement from what is allowed, narrowed to one project.

Text of the user's never reaches the engine. The statement is parsed (sqlglot, ClickHouse's dialect), and a new one is
written from an allow-list of node types, functions and types; names are quoted, parameters bound, and each table is
replaced by a subquery over the caller's project. Engine functions such as `file()` or `url()` work even in read-only
mode, so filtering the text would not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from northing.data.query.draft import Draft
from northing.data.query.sandbox_door import DEFAULT_LIMIT, MAX_LIMIT
from northing.data.query.sandbox_parser import parse_select, refuse
from northing.data.query.sandbox_select import Selects
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement

__all__ = ["DEFAULT_LIMIT", "MAX_LIMIT", "Rebuilt", "rebuild"]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The statement that runs, its columns where they are known, and the parameters of the user's it does not read."""

    statement: Statement
    columns: tuple[str, ...] | None
    unused_params: tuple[str, ...]


def rebuild(
    sql: str, params: Mapping[str, Any], *, scope: Scope, limit: int = DEFAULT_LIMIT, draft: Draft | None = None
) -> Rebuilt:
    """User SQL as a statement that reads only the scope's project and returns at most `limit` rows and one more.

    Its values are bound in the `draft`, where one is given that the statement becomes a part of.
    Raises `Problem` 422 `invalid_sql` that says what is refused.
    """
    tree = parse_select(sql)
    draft = draft or Draft(scope)
    columns = tuple(tree.named_selects) if isinstance(tree, exp.Query) else ("*",)
    try:
        selects = Selects(draft, params)
        text = selects.outermost(tree, limit=limit)
    except RecursionError:
        raise refuse("is nested too deeply") from None
    unused = tuple(sorted(set(map(str, params)) - selects.expressions.used))
    return Rebuilt(draft.statement(text), None if "*" in columns else columns, unused)
