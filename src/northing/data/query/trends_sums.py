"""Trends from sums of activity: counts, people and sessions by the hour, without reading the events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from northing.data.query.activity import activity_source, is_hourly, overall_source
from northing.data.query.buckets import Buckets
from northing.data.query.draft import Draft
from northing.data.query.properties import Property, access_event
from northing.data.query.ranges import Range
from northing.data.query.statements import ROW, Statement
from northing.data.query.trends_spec import Series, Trends
from northing.data.query.trends_sql import TrendsPlan, in_buckets, select_pass, sum_of
from northing.data.store.dimensions import DIMENSIONS

SUMMED = frozenset({"total", "unique"})
# Of all events together sessions are kept as well.
OVERALL = SUMMED | {"sessions"}
_ROLLING = frozenset({"weekly_active", "monthly_active"})


def can_sum(plan: TrendsPlan, periods: Iterable[Buckets]) -> bool:
    """Whether the sums hold all that a pass without breakdown asks for."""
    series = [plan.query.series[i] for i in plan.series]
    maths = OVERALL if _are_overall(series) else SUMMED
    return not plan.query.breakdown and all(one.math in maths for one in series) and _are_plain(plan, series, periods)


def can_roll(plan: TrendsPlan, days: Buckets) -> bool:
    """Whether they hold what a pass over the days of rolling windows asks for."""
    series = [plan.query.series[i] for i in plan.series]
    return not plan.query.breakdown and all(s.math in _ROLLING for s in series) and _are_plain(plan, series, [days])


def split_overall(plan: TrendsPlan, periods: Iterable[Buckets]) -> list[TrendsPlan]:
    """Passes over different sums: of all events together their sessions, their people and numbers; and the rest."""
    parts: dict[str, list[int]] = {"sessions": [], "overall": [], "rest": []}
    for i in plan.series:
        series = plan.query.series[i]
        is_overall = _are_overall([series]) and series.math in OVERALL
        parts["rest" if not is_overall else "sessions" if series.math == "sessions" else "overall"].append(i)
    passes = [replace(plan, series=tuple(part)) for part in parts.values() if part]
    overall = replace(plan, series=(*parts["sessions"], *parts["overall"]))
    return passes if overall.series and can_sum(overall, periods) else [plan]


def dimension_of(plan: TrendsPlan, periods: Iterable[Buckets]) -> str:
    """The column by whose sums the breakdown can be answered, '' for none."""
    query = plan.query
    split = query.breakdown[0] if len(query.breakdown) == 1 else None
    if not isinstance(split, Property) or split.owner != "event":
        return ""
    access = access_event(split.name)
    name = (access.column or "").removeprefix(f"{ROW}.") if access.path is None else ""
    series = [query.series[i] for i in plan.series]
    if name not in DIMENSIONS or any(one.math not in SUMMED for one in series):
        return ""
    fits = all((one.event or "") == DIMENSIONS[name] for one in series)
    return name if fits and _are_plain(plan, series, periods) else ""


def _are_overall(series: Iterable[Series]) -> bool:
    return all(one.event is None for one in series)


def _are_plain(plan: TrendsPlan, series: Iterable[Series], periods: Iterable[Buckets]) -> bool:
    """Whether nothing is asked that sums by the hour do not tell apart."""
    query: Trends = plan.query
    if query.filters.members or query.interval == "minute" or any(one.filters.members for one in series):
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
        if not named:
            hours = overall_source(self.draft, plan.span, plan.bounds)
        else:
            condition = "" if None in events else f"{ROW}.event IN {self.draft.texts(named)}"
            hours = activity_source(self.draft, plan.span, plan.bounds, condition)
        has_people = any(series.math == "unique" for _, series in self._series)
        self._rows = in_buckets(plan, self.draft, hours) if has_people else hours

    def rows(self, span: Range) -> str:
        """The source is narrowed to the plan's span already."""
        return self._rows

    def measures(self) -> list[str]:
        """The numbers of the plan's series."""
        return [f"{self._measure(series)} AS __m{i}" for i, series in self._series]

    def _measure(self, series: Series) -> str:
        is_alone = series.event is None or len(self._series) == 1
        return sum_of(series, self.draft, "" if is_alone else f"{ROW}.event = {self.draft.text(series.event or '')}")
