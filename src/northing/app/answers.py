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
        return _objects(result)
    if "rows" in result and "columns" in result:
        return Rows([column["name"] for column in result["columns"]], result["rows"])
    if "series" in result and answer.get("kind") != "active_users":
        return _series(result)
    listed = _listed(result)
    if listed is not None:
        return listed
    plain = [[k, v] for k, v in result.items() if not isinstance(v, list | dict) and k != "incomplete_from"]
    return Rows(["name", "value"], plain)


def _objects(items: list[Json]) -> Rows:
    columns = list(dict.fromkeys(name for item in items for name in item))
    return Rows(columns, [[item.get(name) for name in columns] for item in items])


def _listed(result: Json) -> Rows | None:
    """What the answer lists, such as steps, edges, cohorts or periods; None where it lists nothing."""
    for name in ("edges", "segments", "events"):
        if name in result:
            return _objects(result[name])
    if "steps" in result or "cohorts" in result:
        return _objects(_by_breakdown(result))
    if "success" in result:
        sides = (("converted", result["success"]), ("dropped", result["failure"]))
        return _objects([{"more_often": side, **item} for side, items in sides for item in items])
    bins = result.get("bins", result.get("times", {}).get("bins"))
    if bins is not None:
        return Rows(["seconds", "people"], bins)
    trend = result.get("trend")
    if trend is None:
        return None
    names = [name for name in trend if name not in ("labels", "incomplete_from")]
    rows = zip(trend["labels"], *(trend[name] for name in names), strict=True)
    return Rows(["time", *names], [list(row) for row in rows])


def _by_breakdown(result: Json) -> list[Json]:
    """The rows of everyone, then those of each value of the breakdown, which is named first."""
    rows = _of_one(result, result)
    if "breakdowns" not in result:
        return rows
    found = [{"breakdown": "all", **row} for row in rows]
    for line in result["breakdowns"]:
        name = " · ".join(map(str, line["breakdown"])) if line["breakdown"] else "Other"
        found += [{"breakdown": name, **row} for row in _of_one(line, result)]
    return found


def _of_one(line: Json, result: Json) -> list[Json]:
    """The steps of a funnel; or the cohorts of retention, with a column for each period."""
    if "steps" in line:
        return list(line["steps"])
    periods = result["labels"][1:]
    width = len(periods)
    return [
        {
            "cohort": cohort["date"],
            "size": cohort["size"],
            **dict(zip(periods, [*cohort["values"][1:], *[None] * width][:width], strict=True)),
        }
        for cohort in line["cohorts"]
    ]


def _series(result: Json) -> Rows:
    """One row per bucket, one column per series, and one per series before where it was compared."""
    # Labels are times, but of stickiness, which counts periods.
    columns = ["periods" if any(isinstance(label, int) for label in result["labels"]) else "time"]
    data = [result["labels"]]
    for series in result["series"]:
        name = " · ".join([str(series["name"]), *map(str, series.get("breakdown") or ())])
        columns.append(name)
        data.append(series["data"])
        if series.get("previous"):
            columns.append(f"{name} (before)")
            data.append([*series["previous"], *[None] * len(series["data"])][: len(series["data"])])
    return Rows(columns, [list(row) for row in zip(*data, strict=True)])
