"""The tables that user SQL may read, each as a subquery over the caller's project with its columns listed."""

from __future__ import annotations

from dataclasses import dataclass, field

from northing.data.query.draft import Draft, merged_away
from northing.data.query.properties import BOUNCED
from northing.data.query.statements import ROW, SESSION, quote_identifier

RESERVED = "__"
PUBLIC_TABLES: dict[str, tuple[str, ...]] = {
    "events": tuple(
        "event timestamp uuid person session distinct_id session_id category properties url host path referrer "
        "referrer_host title utm_source utm_medium utm_campaign utm_term utm_content channel browser browser_version "
        "os os_version device country region city lib ip bot groups received_at".split()
    ),
    "persons": ("person", "created_at", "properties", "is_identified"),
    "distinct_ids": ("distinct_id", "person"),
    "sessions": tuple(
        "session session_id person start end duration is_bounce events pageviews actions entry_url entry_host "
        "entry_path exit_url exit_host exit_path referrer_host channel utm_source utm_medium utm_campaign utm_term "
        "utm_content browser os device country".split()
    ),
    "groups": ("type", "key", "created_at", "properties"),
}
# Kept in versions; only the newest row of each key is meant.
_VERSIONED = frozenset({"persons", "distinct_ids", "sessions", "groups"})


@dataclass(slots=True)
class Source:
    """One entry of a FROM clause. `table` is None for a subquery or CTE.

    `hoisted` maps expressions over `properties` to columns of the subquery: the engine reads single JSON paths only
    where they are named beside the table, and the whole JSON column (five times slower) where they are named outside.
    """

    alias: str
    table: str | None = None
    hoisted: dict[str, str] = field(default_factory=dict)

    @property
    def has_properties(self) -> bool:
        return self.table is None or "properties" in PUBLIC_TABLES[self.table]

    def hoist(self, expression: str) -> str:
        """The column that carries `expression`, which reads `{path}` of this table's row."""
        name = self.hoisted.setdefault(expression, f"{RESERVED}json{len(self.hoisted)}")
        return f"{quote_identifier(self.alias)}.{quote_identifier(name)}"


def json_path(path: str, qualifier: str = "") -> str:
    """A path of `properties`, quoted whole: dots in it separate the levels."""
    return f"{qualifier}properties.{quote_identifier(path)}"


def inner_path(path: str) -> str:
    """The same path inside the subquery of a table."""
    return json_path(path, f"{ROW}.")


def table_sql(source: Source, draft: Draft) -> str:
    """The subquery that stands for a table.

    Every name is qualified with an alias that user SQL cannot define, so no alias or WITH of theirs can take its place.
    """
    assert source.table is not None
    columns = [f"{_column(source.table, name, draft)} AS {name}" for name in PUBLIC_TABLES[source.table]]
    columns += [f"{expression} AS {quote_identifier(name)}" for expression, name in source.hoisted.items()]
    final = " FINAL" if source.table in _VERSIONED else ""
    # PREWHERE, never WHERE: the engine would merge the user's conditions with ours and might try theirs first, on rows
    # of other projects, whose values could then be read from error messages.
    own = f"PREWHERE {ROW}.project_id = {draft.project}"
    inner = f"SELECT {', '.join(columns)} FROM {source.table} AS {ROW}{final} {own}"
    if source.table == "persons" and draft.scope.merged:
        inner += f" WHERE {ROW}.person NOT IN ({merged_away()})"
    return f"({inner}) AS {quote_identifier(source.alias)}"


def _column(table: str, name: str, draft: Draft) -> str:
    """A public column of a row: people after merges, sessions with what follows from their columns."""
    if name == "person" and table != "persons":
        return draft.person
    if table == "sessions" and name == "duration":
        return f"(dateDiff('millisecond', {ROW}.start, {ROW}.end) / 1000)"
    if table == "sessions" and name == "is_bounce":
        return f"toBool({BOUNCED.replace(SESSION, ROW)})"
    return f"{ROW}.{name}"
