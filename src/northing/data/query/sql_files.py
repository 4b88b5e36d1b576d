"""SQL of the user's answered as a file, which the engine writes: CSV or Parquet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from northing.data.query.ranges import read_zone
from northing.data.query.reader import Notes, Reader
from northing.data.query.sandbox_door import rebuild
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import Statement, quote_identifier
from northing.data.query.user_sql import UserSql, engine_refusal, read_statement
from northing.data.store.errors import StoreError
from northing.kernel.problems import invalid

MOST_ROWS = 1_000_000
Write = Callable[[Statement, str], Awaitable[bytes]]

_ANSWER = "__answer"
_WRAPPED = r"^(?:Nullable\(|LowCardinality\()*"
# JSON is written as text by itself, but takes the engine more bytes until then, which count.
_COMPOUND = re.compile(_WRAPPED + r"(?:Array|Map|Tuple|Nested|JSON)\b")
_TEXT = re.compile(_WRAPPED + r"(?:String|FixedString|Enum)")
_MIXED = re.compile(_WRAPPED + r"(?:Dynamic|Variant)\b")
# What Parquet has no type for: in it as JSON, or as text where it is a plain value.
_NOT_IN_PARQUET = re.compile(r"\b(?:JSON|Dynamic|Variant|Nothing)\b")
_TEXT_IN_PARQUET = re.compile(_WRAPPED + r"(?:U?Int(?:128|256)|IPv[46]|Enum|FixedString|Time|Interval)")
_FORMULA = re.compile(r"^[=+@\t\r-]")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file: its name for callers and for the engine, and what it is called on the web."""

    name: str
    output: str
    media_type: str


CSV = FileFormat("csv", "CSVWithNames", "text/csv; charset=utf-8")
PARQUET = FileFormat("parquet", "Parquet", "application/vnd.apache.parquet")
FORMATS = {one.name: one for one in (CSV, PARQUET)}


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A statement to be answered as a file. `is_cut`: a limit was given, which the file ends at."""

    query: UserSql
    format: FileFormat
    scope: Scope
    is_cut: bool
    for_spreadsheets: bool


@dataclass(frozen=True, slots=True)
class SqlFile:
    """A file, whole."""

    format: FileFormat
    content: bytes


def parse_file_request(body: object, scope: Scope) -> FileRequest:
    """The JSON body as a request: the fields of the kind `sql` and those of the file.

    Raises one `Problem` 422 that lists every field at fault. Fields that are not known are: a file carries no warnings.
    """
    notes = Notes()
    reader = Reader(body, "", notes)
    if reader.text("kind", "sql") != "sql":
        reader.fault("kind", "must be sql, or be left out: other kinds are no tables, so ask them at /query")
    chosen = FORMATS[reader.choice("format", FORMATS, CSV.name)]
    for_spreadsheets = reader.boolean("for_spreadsheets")
    if for_spreadsheets and chosen is not CSV:
        reader.fault("for_spreadsheets", "is for csv only; texts of other files are never run")
    scope = scope.in_zone(read_zone(reader))
    query = read_statement(reader, default_limit=MOST_ROWS, max_limit=MOST_ROWS)
    for ignored in ("refresh", "explain"):
        reader.boolean(ignored)
    reader.refuse_unread()
    notes.raise_if_any()
    return FileRequest(query, chosen, scope, reader.has("limit"), for_spreadsheets)


async def write_file(request: FileRequest, ask: Ask, write: Write) -> SqlFile:
    """The rows of the statement in the format asked for; an answer of more rows than `MOST_ROWS` is left to `write` to
    refuse, unless a limit was given.
    """
    query = request.query
    rebuilt = await asyncio.to_thread(rebuild, query.sql, query.params, scope=request.scope, limit=query.limit)
    statement = rebuilt.statement
    try:
        # It also works out scalar subqueries, which are paid for twice: the price of knowing what the columns are.
        described = await ask(Statement(f"DESCRIBE TABLE ({statement.sql})", statement.params))
        columns = [(str(row[0]), str(row[1])) for row in described.rows]
        content = await write(_plan_file(statement, columns, request), request.format.output)
    except StoreError as error:
        raise engine_refusal(error) from error
    return SqlFile(request.format, content)


def _plan_file(statement: Statement, columns: list[tuple[str, str]], request: FileRequest) -> Statement:
    """The statement with each column as the file can hold it, under its name as written."""
    names = [name for name, _ in columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise invalid("sql", f"has two columns named {twice}; give one of them another name with AS")
    written = ", ".join(_column(name, kind, request) for name, kind in columns)
    # The statement ends one row past the limit, by which a table sees that it was cut; a file has no room for it.
    cut = f" LIMIT {request.query.limit}" if request.is_cut else ""
    return Statement(f"SELECT {written} FROM ({statement.sql}) AS {_ANSWER}{cut}", statement.params)


def _column(name: str, kind: str, request: FileRequest) -> str:
    value = f"{_ANSWER}.{quote_identifier(name)}"
    if request.format is PARQUET:
        return f"{_parquet_value(value, kind)} AS {quote_identifier(name)}"
    if request.for_spreadsheets:
        shown = f"'{name}" if _FORMULA.match(name) else name
        return f"{_harmless_value(value, kind)} AS {quote_identifier(shown)}"
    return f"{_csv_value(value, kind)} AS {quote_identifier(name)}"


def _csv_value(value: str, kind: str) -> str:
    return f"toJSONString({value})" if _COMPOUND.match(kind) else value


def _harmless_value(value: str, kind: str) -> str:
    """With an apostrophe before text that a spreadsheet would run; what reads as a number is none."""
    if _MIXED.match(kind):
        value = f"toString({value})"
    elif not _TEXT.match(kind):
        return _csv_value(value, kind)
    runs = f"match({value}, '^[=+@\\\\t\\\\r-]') AND toFloat64OrNull(toString({value})) IS NULL"
    return f"if({runs}, concat('\\'', {value}), {value})"


def _parquet_value(value: str, kind: str) -> str:
    if kind == "Nullable(Nothing)":
        return f"CAST({value} AS Nullable(String))"
    if _NOT_IN_PARQUET.search(kind):
        return f"toJSONString({value})"
    return f"toString({value})" if _TEXT_IN_PARQUET.match(kind) else value
