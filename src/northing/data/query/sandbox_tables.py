"""The tables that user SQL may read, each as a subquery over the caller's project with its columns listed."""

from __future__ import annotations

from dataclasses import dataclass, field

from northing.data.query.statements import ROW, quote_identifier

RESERVED = "__"
PUBLIC_TABLES: dict[str, tuple[str, ...]] = {
    "events": tuple(
        "event timestamp uuid person session distinct_id session_id category properties url host path referrer "
        "referrer_host title utm_source utm_medium utm_campaign utm_term utm_content channel browser browser_version "
        "os os_version device country region city lib ip bot groups received_at".split()
    ),
    "persons": ("person", "created_at", "properties", "is_identified"),
    "distinct_ids": ("distinct_id", "person"),
}
# Kept in versions; only the newest row of each key is meant.
_VERSIONED = frozenset({"persons", "distinct_ids"})


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


def table_sql(source: Source, project: str) -> str:
    """The subquery that stands for a table; `project` is the placeholder of the project's number.

    Every name is qualified with an alias that user SQL cannot define, so no alias or WITH of theirs can take its place.
    """
    assert source.table is not None
    columns = [f"{ROW}.{name} AS {name}" for name in PUBLIC_TABLES[source.table]]
    columns += [f"{expression} AS {quote_identifier(name)}" for expression, name in source.hoisted.items()]
    final = " FINAL" if source.table in _VERSIONED else ""
    # PREWHERE, never WHERE: the engine would merge the user's conditions with ours and might try theirs first, on rows
    # of other projects, whose values could then be read from error messages.
    inner = f"SELECT {', '.join(columns)} FROM {source.table} AS {ROW}{final} PREWHERE {ROW}.project_id = {project}"
    return f"({inner}) AS {quote_identifier(source.alias)}"
