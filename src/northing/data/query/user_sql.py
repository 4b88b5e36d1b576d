"""The query kind `sql`: a SELECT of the user's, rebuilt by the sandbox and narrowed to the project."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from northing.data.query.draft import Draft
from northing.data.query.kinds import Kind
from northing.data.query.people import People, everyone_sql
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.sandbox_door import DEFAULT_LIMIT, MAX_LIMIT, rebuild
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import ROW
from northing.data.store.errors import StoreError
from northing.kernel.problems import FieldError, Problem, invalid

# People are gathered as numbers, so their rows need no limit but those of every query.
_EVERY_ROW = 1 << 40
_UNKNOWN_IDENTIFIER = 47  # the engine's own code
_NAMES = "A property is written properties.name, and text stands in single quotes."
# What follows one of these in the engine's words is our rewriting, which the user did not write.
_OURS = (
    " In query ",
    " in query: ",
    " In scope ",
    " in scope ",
    "(version ",
    ": While processing",
    ": while executing",
)


@dataclass(frozen=True, slots=True)
class UserSql:
    """The user's text, parameters and row limit."""

    sql: str
    params: Mapping[str, Any]
    limit: int


def read_user_sql(reader: Reader, scope: Scope) -> UserSql:
    """The statement and how many of its rows are shown."""
    return read_statement(reader, default_limit=DEFAULT_LIMIT, max_limit=MAX_LIMIT)


def read_statement(reader: Reader, *, default_limit: int, max_limit: int) -> UserSql:
    """Read the statement; whether it may run is the sandbox's to say."""
    params = reader.raw("params")
    if params is not None and not isinstance(params, dict):
        reader.fault("params", "must be an object of names and values")
    sql = reader.text("sql", required=True, longest=20_000)
    limit = reader.integer("limit", default_limit, least=1, most=max_limit)
    return UserSql(sql, params if isinstance(params, dict) else {}, limit)


async def answer_user_sql(query: UserSql, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Columns and rows; a warning where rows were cut off."""
    # In a thread: a long statement takes a third of a second to parse, and the event loop has others to serve.
    rebuilt = await asyncio.to_thread(rebuild, query.sql, query.params, scope=scope, limit=query.limit)
    try:
        result = await ask(rebuilt.statement)
    except StoreError as error:
        raise engine_refusal(error) from error
    warnings = [f"params.{name} is not used by the statement." for name in rebuilt.unused_params]
    if len(result.rows) > query.limit:
        more = f"ask for more with limit (at most {MAX_LIMIT}), or for all as a file"
        warnings.append(f"Only the first {query.limit} rows are shown; {more}.")
    columns = [{"name": column.name, "type": column.type} for column in result.columns]
    body = {"columns": columns, "rows": result.rows[: query.limit]}
    definition = "The rows of the SQL statement, over this project's own data, people after merges."
    return Answer(body, definition, warnings=tuple(warnings))


def without_ours(error: StoreError) -> str:
    """The engine's words without what it says of our own statement around the user's."""
    message = error.message
    for marker in _OURS:
        message = message.split(marker)[0]
    return message.strip().rstrip(".").replace(f"{ROW}.", "")[:500]


def engine_refusal(error: StoreError) -> Problem:
    """What the engine says against the user's statement, in words about that statement."""
    message = without_ours(error)
    hint = _NAMES if error.code == _UNKNOWN_IDENTIFIER else None
    return Problem(422, "invalid_sql", f"sql: {message}.", hint, (FieldError("sql", message),))


def people_of_user_sql(query: UserSql, span: Range, scope: Scope, point: Reader) -> People:
    """The people in the column `person` of all rows; the point has no fields. Numbers of nobody are left out."""
    draft = Draft(scope)
    rebuilt = rebuild(query.sql, query.params, scope=scope, limit=_EVERY_ROW, draft=draft)
    if rebuilt.columns is not None and "person" not in rebuilt.columns:
        raise invalid("query.sql", "has no column named person, so it names nobody: select person, or … AS person")
    rows = f"SELECT accurateCastOrNull(__rows.person, 'UInt32') AS __number FROM ({rebuilt.statement.sql}) AS __rows"
    sql = (
        f"SELECT assumeNotNull(__number) AS __person FROM ({rows}) "
        f"WHERE isNotNull(__number) AND __person IN ({everyone_sql(draft)})"
    )
    return People(draft, sql, "People in the column person of the rows of the SQL statement.")


USER_SQL = Kind("sql", read_user_sql, answer_user_sql, people_of_user_sql, is_dated=False)
