"""Rows of `trends` to its answer: series with zeros filled in, totals, Other, formula, cumulation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from northing.data.query.buckets import Buckets
from northing.data.query.formula import Formula, evaluate
from northing.data.query.trends_spec import LETTERS, Trends
from northing.data.query.trends_splits import Edges, bin_label

NONE_LABEL = "(none)"
OTHER_LABEL = "Other"
Number = float | int


@dataclass(frozen=True, slots=True)
class Line:
    """One period of one series for one breakdown value."""

    data: tuple[Number, ...]
    total: Number


# A line of the period asked for, and of the one before.
Lines = tuple[Line, Line]


@dataclass(frozen=True, slots=True)
class Value:
    """A combination of breakdown values; `is_other` is the rest taken together."""

    parts: tuple[str, ...]
    is_other: bool = False

    @property
    def labels(self) -> list[str]:
        return [OTHER_LABEL] if self.is_other else [part or NONE_LABEL for part in self.parts]


@dataclass(frozen=True, slots=True)
class Table:
    """All lines: by period (current or not), breakdown value, series."""

    lines: dict[tuple[bool, Value, int], Line]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows (overall, current, bucket, values…, other, numbers…) of these series.

    Where they are `summed`, totals are the sums of the buckets, and there are no overall rows.
    """

    rows: list[list[Any]]
    series: tuple[int, ...]
    summed: bool


def distinct_values(rows: Iterable[list[Any]], width: int) -> int:
    """How many different combinations of breakdown values the rows have."""
    return len({tuple(row[3 : 3 + width]) for row in rows})


def make_table(batches: Iterable[Batch], query: Trends, current: Buckets, previous: Buckets | None) -> Table:
    """Sort the rows into lines with zeros filled in."""
    index = {True: current.index(), False: previous.index() if previous else {}}
    lines: dict[tuple[bool, Value, int], Line] = {}
    for batch in batches:
        lines |= _lines(batch, len(query.breakdown), index)
    return Table(lines, _ordered_values(lines, len(query.series)))


def _lines(batch: Batch, width: int, index: dict[bool, dict[Any, int]]) -> dict[tuple[bool, Value, int], Line]:
    data: dict[tuple[bool, Value, int], list[Number]] = {}
    totals: dict[tuple[bool, Value, int], Number] = {}
    for row in batch.rows:
        is_current = bool(row[1])
        value = Value(tuple(row[3 : 3 + width]), bool(row[3 + width]))
        for i, found in zip(batch.series, row[4 + width :], strict=True):
            key = (is_current, value, i)
            line = data.setdefault(key, [0] * len(index[is_current]))
            number: Number = found or 0
            if row[0]:
                totals[key] = number
            elif (at := index[is_current].get(row[2])) is not None:
                line[at] = number
    return {k: Line(tuple(line), sum(line) if batch.summed else totals.get(k, 0)) for k, line in data.items()}


def _ordered_values(lines: dict[tuple[bool, Value, int], Line], count: int) -> tuple[Value, ...]:
    """By the sum of the series' current totals, greatest first; ties by text; Other last."""

    def rank(value: Value) -> tuple[bool, float, tuple[str, ...]]:
        total = sum(lines[k].total for i in range(count) if (k := (True, value, i)) in lines)
        return value.is_other, -total, value.parts

    return tuple(sorted({value for _, value, _ in lines}, key=rank))


def render(
    table: Table, query: Trends, current: Buckets, previous: Buckets | None, *, edges: Edges
) -> list[dict[str, Any]]:
    """The `series` of the answer."""
    values = table.values if query.breakdown else (Value(()),)
    sizes = (len(current.starts), len(previous.starts) if previous else 0)

    def lines(value: Value, i: int) -> Lines:
        current_line = table.lines.get((True, value, i)) or Line((0,) * sizes[0], 0)
        return current_line, table.lines.get((False, value, i)) or Line((0,) * sizes[1], 0)

    def series(value: Value, found: Lines, name: str, letter: str | None = None) -> dict[str, Any]:
        return {"name": name, **_series(query, value, found, edges), **({"letter": letter} if letter else {})}

    if query.formula is not None:
        each = [(value, [lines(value, i) for i in range(len(query.series))]) for value in values]
        return [series(value, _combine(query.formula, parts), query.formula_text) for value, parts in each]
    ordered = [(i, value) for i in range(len(query.series)) for value in _of_series(table, values, i)]
    return [series(value, lines(value, i), query.series[i].name, LETTERS[i]) for i, value in ordered]


def _of_series(table: Table, values: tuple[Value, ...], i: int) -> list[Value]:
    """The values in the order of this series' own totals."""

    def rank(value: Value) -> tuple[bool, float]:
        line = table.lines.get((True, value, i))
        return value.is_other, -(line.total if line else 0)

    return sorted(values, key=rank)


def _combine(formula: Formula, parts: list[Lines]) -> Lines:
    """The formula at each point and over the totals, for both periods."""
    current, previous = ([part[period] for part in parts] for period in (0, 1))
    return _combine_period(formula, current), _combine_period(formula, previous)


def _combine_period(formula: Formula, lines: list[Line]) -> Line:
    points = zip(*(line.data for line in lines), strict=True)
    data = tuple(evaluate(formula, dict(zip(LETTERS, point, strict=False))) for point in points)
    totals = [line.total for line in lines]
    return Line(data, evaluate(formula, dict(zip(LETTERS, totals, strict=False))))


def _series(query: Trends, value: Value, lines: Lines, edges: Edges) -> dict[str, Any]:
    current, previous = lines
    answer: dict[str, Any] = {"data": _shown(current, query), "total": current.total}
    if query.breakdown:
        answer["breakdown"] = value.labels if value.is_other else _labels(value, edges)
        answer["is_other"] = value.is_other
    if query.compare:
        answer["previous"] = _shown(previous, query)
        answer["previous_total"] = previous.total
    return answer


def _labels(value: Value, edges: Edges) -> list[str]:
    """The values in words; a bin's is its number until here."""
    return [
        bin_label(edges[i], int(value.parts[i])) if i in edges and value.parts[i] else label
        for i, label in enumerate(value.labels)
    ]


def _shown(line: Line, query: Trends) -> list[Number]:
    data = list(line.data)
    if query.smoothing > 1:
        data = [_average(data[max(0, i + 1 - query.smoothing) : i + 1]) for i in range(len(data))]
    return list(accumulate(data)) if query.cumulative else data


def _average(numbers: list[Number]) -> Number:
    return sum(numbers) / len(numbers)
