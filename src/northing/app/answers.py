"""Answers of the query API as plain rows, for tables and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.app.client import Json


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: names of columns, and as many cells in each row."""

    columns: list[str]
    cells: list[list[Any]]


def rows_of(answer: Json) -> Rows:
    """The result as a table; what has no table's shape becomes names and values."""
    result = answer["result"]
    if isinstance(result, list):
        columns = list(dict.fromkeys(name for item in result for name in item))
        return Rows(columns, [[item.get(name) for name in columns] for item in result])
    if "rows" in result and "columns" in result:
        return Rows([column["name"] for column in result["columns"]], result["rows"])
    if "series" in result and answer.get("kind") != "active_users":
        return _series(result)
    plain = [[k, v] for k, v in result.items() if not isinstance(v, list | dict) and k != "incomplete_from"]
    return Rows(["name", "value"], plain)


def _series(result: Json) -> Rows:
    """One row per bucket, one column per series, and one per series before where it was compared."""
    columns = ["time"]
    data = [result["labels"]]
    for series in result["series"]:
        name = " · ".join([str(series["name"]), *map(str, series.get("breakdown") or ())])
        columns.append(name)
        data.append(series["data"])
        if series.get("previous"):
            columns.append(f"{name} (before)")
            data.append([*series["previous"], *[None] * len(series["data"])][: len(series["data"])])
    return Rows(columns, [list(row) for row in zip(*data, strict=True)])
