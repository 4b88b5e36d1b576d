"""Rows of `retention` to its answer: cohorts with their columns, what is not over yet, and the mean line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from northing.data.query.lifecycle_activity import percent
from northing.data.query.ranges import Interval
from northing.data.query.retention_spec import Column, Retention
from northing.data.query.retention_sql import LENGTHS_MS, RetentionPlan
from northing.data.query.trends_result import NONE_LABEL, OTHER_LABEL
from northing.kernel.clock import rfc3339

_NOUNS: dict[Interval, str] = {"hour": "Hour", "day": "Day", "week": "Week", "month": "Month"}
_LABELS: dict[Interval, str] = {"hour": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m"}
Cell = tuple[int, int]


@dataclass(slots=True)
class Matrix:
    """People, and sums and numbers of the returning events, by (cohort, column)."""

    people: dict[Cell, int] = field(default_factory=dict)
    sums: dict[Cell, float] = field(default_factory=dict)
    numbers: dict[Cell, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(count for (_, column), count in self.people.items() if not column)


def matrix_of_sets(rows: Iterable[list[Any]]) -> Matrix:
    """From the rows of `plan_sets`."""
    return Matrix({(int(row[0]), int(row[1])): int(row[2]) for row in rows})


def matrices_of_actors(rows: Iterable[list[Any]], query: Retention) -> dict[tuple[bool, str], Matrix]:
    """From the rows of `plan_actors`, by (is_other, value)."""
    found: dict[tuple[bool, str], Matrix] = {}
    for cohort, value, other, (columns, people), (places, sums, numbers) in rows:
        matrix = found.setdefault((bool(other), value), Matrix())
        matrix.people |= _cells(cohort, columns, people)
        matrix.sums |= _cells(cohort, places, sums)
        matrix.numbers |= _cells(cohort, places, numbers)
        if query.cumulative:
            _sum_backwards(matrix, cohort, len(query.columns))
    return found


def _cells(cohort: int, columns: list[int], numbers: list[Any]) -> dict[Cell, Any]:
    return {(cohort, int(column)): number for column, number in zip(columns, map(_number, numbers), strict=True)}


def _number(value: Any) -> float:
    # Whole numbers of 64 bits may come as text.
    return int(value) if isinstance(value, str) else value


def _sum_backwards(matrix: Matrix, cohort: int, count: int) -> None:
    """On or after: what was in later columns is in this one, too."""
    for cells in (matrix.sums, matrix.numbers):
        running = 0.0
        for column in reversed(range(count)):
            running += cells.get((cohort, column), 0)
            cells[cohort, column] = running


def render(matrix: Matrix, plan: RetentionPlan, now: datetime) -> dict[str, Any]:
    """`cohorts` and `mean`."""
    timeline = _Timeline(plan, now)
    cohorts = [_cohort(matrix, timeline, i) for i in range(timeline.started)]
    return {"cohorts": cohorts, "mean": _means(cohorts, timeline)}


def column_labels(query: Retention) -> list[str]:
    """`Day 0`, `Day 1`; brackets of several periods as `Day 2-4`."""
    noun = _NOUNS[query.period]
    return [f"{noun} {c.first}" if c.first == c.last else f"{noun} {c.first}-{c.last}" for c in query.columns]


def breakdown_of(matrices: dict[tuple[bool, str], Matrix], plan: RetentionPlan, now: datetime) -> list[dict[str, Any]]:
    """One table per value, most people first, ties by value, Other last."""

    def rank(key: tuple[bool, str]) -> tuple[bool, int, str]:
        return key[0], -matrices[key].size, key[1]

    return [
        {
            "breakdown": [OTHER_LABEL if is_other else value or NONE_LABEL],
            "is_other": is_other,
            **render(matrices[is_other, value], plan, now),
        }
        for is_other, value in sorted(matrices, key=rank)
    ]


class _Timeline:
    """Which cells there are by now, and which are over."""

    def __init__(self, plan: RetentionPlan, now: datetime) -> None:
        self.query = plan.query
        self.starts = plan.buckets.starts
        # In UTC: within one zone Python counts and compares by the clock on the wall, which jumps.
        self._edges = [edge.astimezone(UTC) for edge in (*self.starts, plan.span.end)]
        self._now = now.astimezone(UTC)
        self._horizon = min(self._now, self._edges[-1])
        self.started = sum(edge <= self._now for edge in self._edges[:-1])

    def exists(self, cohort: int, column: Column) -> bool:
        """Whether the column of the cohort has begun, within the range."""
        if not self.query.rolling:
            return cohort + column.first < self.started
        return not column.first or self._edges[cohort] + self._length(column.first) < self._horizon

    def is_over(self, cohort: int, column: Column) -> bool:
        """Whether nothing can come into the column any more, for anyone of the cohort."""
        if self.query.rolling and column.last:
            return self._edges[cohort + 1] + self._length(column.last + 1) <= self._horizon
        end = cohort + column.last + 1
        return end < len(self._edges) and self._edges[end] <= self._now

    def _length(self, periods: int) -> timedelta:
        return timedelta(milliseconds=LENGTHS_MS[self.query.period] * periods)


def _cohort(matrix: Matrix, timeline: _Timeline, i: int) -> dict[str, Any]:
    query = timeline.query
    shown = [(at, column) for at, column in enumerate(query.columns) if timeline.exists(i, column)]
    values = [matrix.people.get((i, at), 0) for at, _ in shown]
    start = timeline.starts[i]
    body: dict[str, Any] = {
        "date": rfc3339(start),
        "label": start.strftime(_LABELS[query.period]),
        "size": values[0],
        "values": values,
        "rates": [percent(value, values[0]) or 0 for value in values],
    }
    if query.value:
        body["amounts"] = [_amount(matrix, (i, at), query.value.math) for at, _ in shown]
    open_from = next((at for at, column in shown if not timeline.is_over(i, column)), None)
    if open_from is not None:
        body["incomplete_from"] = open_from
    return body


def _amount(matrix: Matrix, cell: Cell, math: str) -> float:
    total, count = matrix.sums.get(cell, 0), matrix.numbers.get(cell, 0)
    return total if math == "sum" else total / count if count else 0


def _means(cohorts: list[dict[str, Any]], timeline: _Timeline) -> list[float | None]:
    """Per column over the cohorts in which it is over; cohorts without people have no rate."""
    return [
        _mean([c for c in cohorts if _is_over(c, at)], at, timeline.query) for at in range(len(timeline.query.columns))
    ]


def _is_over(cohort: dict[str, Any], at: int) -> bool:
    return bool(cohort["size"] and at < cohort.get("incomplete_from", len(cohort["values"])))


def _mean(cohorts: list[dict[str, Any]], at: int, query: Retention) -> float | None:
    if query.mean == "weighted":
        return percent(sum(c["values"][at] for c in cohorts), sum(c["size"] for c in cohorts))
    rates = [c["values"][at] / c["size"] for c in cohorts]
    return percent(sum(rates), len(rates))
