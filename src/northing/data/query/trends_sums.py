"""Trends from sums of activity: counts and different people by event and hour, without reading the events."""

from __future__ import annotations

from collections.abc import Container, Iterable

from northing.data.query.activity import activity_source, is_hourly, people_count
from northing.data.query.buckets import Buckets
from northing.data.query.draft import Draft
from northing.data.query.ranges import Range
from northing.data.query.statements import ROW, Statement
from northing.data.query.trends_spec import Series
from northing.data.query.trends_sql import TrendsPlan, select_pass

MATHS = frozenset({"total", "unique"})


def can_sum(plan: TrendsPlan, maths: Container[str], periods: Iterable[Buckets]) -> bool:
    """Whether the sums hold all that the pass asks for, whose series have such maths."""
    query = plan.query
    series = [query.series[i] for i in plan.series]
    if query.breakdown or query.filters.members or query.interval == "minute":
        return False
    if any(one.math not in maths or one.filters.members for one in series):
        return False
    bounds = [plan.span.start, plan.span.end, *([plan.current] if plan.current else [])]
    return is_hourly(*bounds, *(start for buckets in periods for start in buckets.starts))


def plan_sums(plan: TrendsPlan) -> Statement:
    """The same columns as a pass over the events gives."""
    writer = _SumsWriter(plan)
    return writer.draft.statement(select_pass(plan, writer, [], "0"))


class _SumsWriter:
    """What `select_pass` needs, over sums of activity."""

    def __init__(self, plan: TrendsPlan) -> None:
        self.draft = Draft(plan.scope)
        self.names: list[str] = []
        self._series = [(i, plan.query.series[i]) for i in plan.series]
        events = {series.event for _, series in self._series}
        named = tuple(sorted(event for event in events if event is not None))
        condition = "" if None in events else f"{ROW}.event IN {self.draft.texts(named)}"
        self.source = activity_source(self.draft, plan.span, condition)

    def where(self, span: Range) -> str:
        """Nothing more: the source is narrowed already."""
        return ""

    def measures(self) -> list[str]:
        """The numbers of the plan's series."""
        return [f"{self._measure(series)} AS __m{i}" for i, series in self._series]

    def _measure(self, series: Series) -> str:
        is_alone = series.event is None or len(self._series) == 1
        condition = "" if is_alone else f"{ROW}.event = {self.draft.text(series.event or '')}"
        if series.math == "unique":
            return people_count(self.draft, condition)
        return f"sumIf({ROW}.events, {condition})" if condition else f"sum({ROW}.events)"
