"""Rows of `funnel` to its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.data.query.buckets import Buckets
from northing.data.query.funnel_spec import Funnel
from northing.data.query.trends_result import Value

_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Reached:
    """Counts by step; of the steps after the first, median and sum of milliseconds since the step before."""

    counts: tuple[int, ...]
    medians: tuple[float, ...]
    sums: tuple[int, ...]


def read_reached(cells: list[Any], count: int) -> Reached:
    """The columns of `plan_steps`."""
    medians = tuple(cells[count : 2 * count - 1])
    sums = tuple(int(n) for n in cells[2 * count - 1 : 3 * count - 2])
    return Reached(tuple(int(n) for n in cells[:count]), medians, sums)


def show_steps(reached: Reached, funnel: Funnel) -> list[dict[str, Any]]:
    """The `steps` of an answer."""
    return [_show_step(reached, funnel, j) for j in range(len(funnel.steps))]


def _show_step(reached: Reached, funnel: Funnel, j: int) -> dict[str, Any]:
    count = reached.counts[j]
    before = reached.counts[funnel.required_before(j)] if j else count
    has_times = j > 0 and count > 0
    shown: dict[str, Any] = {
        "name": step_name(funnel, j),
        "event": funnel.steps[j].event if funnel.order != "unordered" else None,
        "count": count,
        "conversion_from_first": percent(count, reached.counts[0]),
        "conversion_from_previous": percent(count, before),
        "drop_off": before - count,
        "median_seconds": seconds(reached.medians[j - 1]) if has_times else None,
        "mean_seconds": seconds(reached.sums[j - 1] / count) if has_times else None,
    }
    return {**shown, "optional": True} if funnel.steps[j].optional else shown


def step_name(funnel: Funnel, j: int) -> str:
    """What a step is called; steps of an unordered funnel have no events of their own."""
    if funnel.order != "unordered":
        return funnel.steps[j].name
    return f"Completed {j + 1} step{'s' if j else ''}"


def bottleneck(reached: Reached, funnel: Funnel) -> int | None:
    """The step with the greatest share lost from the step before; the first of several, None where none is lost."""
    worst, found = 0.0, None
    for j in range(1, len(funnel.steps)):
        before = reached.counts[funnel.required_before(j)]
        lost = (before - reached.counts[j]) / before if before else 0
        if lost > worst and not funnel.steps[j].optional:
            worst, found = lost, j
    return found


def show_broken(rows: list[list[Any]], funnel: Funnel) -> list[dict[str, Any]]:
    """The `breakdowns` of an answer: those with the most entering first, ties by text, Other last."""
    width, count = len(funnel.breakdown), len(funnel.steps)
    found = [
        (Value(tuple(row[2 : 2 + width]), bool(row[1])), read_reached(row[2 + width :], count))
        for row in rows
        if not row[0]
    ]
    found.sort(key=lambda pair: (pair[0].is_other, -pair[1].counts[0], pair[0].parts))
    return [
        {"breakdown": value.labels, "is_other": value.is_other, "steps": show_steps(reached, funnel)}
        for value, reached in found
    ]


def show_durations(row: list[Any]) -> dict[str, Any]:
    """The view `time_to_convert`."""
    count, low, width, mean, median, counts = row
    if not count:
        return {"bins": [], "average": None, "median": None, "count": 0}
    bins = [[low + i * width, n] for i, n in enumerate(counts)]
    return {"bins": bins, "average": seconds(mean), "median": seconds(median), "count": count}


def show_trend(rows: list[list[Any]], funnel: Funnel, buckets: Buckets) -> list[dict[str, Any]]:
    """The series of the view `trend`."""
    width = len(funnel.breakdown)
    index = {str(key): i for i, key in enumerate(buckets.keys)}
    lines: dict[Value, list[list[int]]] = {}
    if not width:
        lines[Value(())] = [[0, 0] for _ in buckets.keys]
    for row in rows:
        value = Value(tuple(row[2 : 2 + width]), bool(row[1])) if width else Value(())
        line = lines.setdefault(value, [[0, 0] for _ in buckets.keys])
        line[index[row[0]]] = [int(n) for n in row[-2:]]
    ordered = sorted(lines.items(), key=lambda pair: (pair[0].is_other, -sum(n for n, _ in pair[1]), pair[0].parts))
    return [_series(value, line, funnel) for value, line in ordered]


def _series(value: Value, line: list[list[int]], funnel: Funnel) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": f"{step_name(funnel, funnel.from_step)} → {step_name(funnel, funnel.to_step)}",
        "data": [percent(to, begun) for begun, to in line],
        "reached_from": [begun for begun, _ in line],
        "reached_to": [to for _, to in line],
    }
    return {**shown, "breakdown": value.labels, "is_other": value.is_other} if funnel.breakdown else shown


def percent(part: int, whole: int) -> float:
    """Per cent with two decimals; of nothing, 0."""
    return round(100 * part / whole, 2) if whole else 0.0


def seconds(milliseconds: float) -> float:
    """Milliseconds as seconds, to the millisecond."""
    return round(float(milliseconds) / _SECOND, 3)
