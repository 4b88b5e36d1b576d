"""The SQL of `trends`: all series in one pass over the rows where their maths allow it, totals beside the buckets.

Totals of distinct counts and percentiles cannot be summed from buckets, so the engine computes both by GROUPING SETS.
Columns of ours begin with two underscores, which nothing of the user's can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from northing.data.query.activity import dimension_source, people_count, sessions_count
from northing.data.query.conditions import condition_sql, join_conditions
from northing.data.query.draft import Draft
from northing.data.query.filters import Group
from northing.data.query.properties import access_event
from northing.data.query.ranges import Range, earlier, later
from northing.data.query.scan import end_sql, has_expression, scan, start_sql
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.query.trends_spec import LEVELS, Series, Trends, is_special
from northing.data.query.trends_splits import Bins, Columns, Edges, edges_sql, number_of, split_columns

SAMPLE_ROWS = 50_000
ADDITIVE = frozenset({"total", "sum"})
# In the place of the greatest values: all of them have a line, and none is Other.
EVERY: tuple[tuple[str, ...], ...] = ((),)


@dataclass(frozen=True, slots=True)
class TrendsPlan:
    """What one pass needs to know: the query, the project, the range read, the bucket key.

    `current` is where the asked-for period begins inside `span`, where that also covers the one before; without it the
    pass is of one period, which `is_current` or not. `ranked` is the range whose greatest breakdown values get a line:
    `top`, once they are known. `edges` are those of the bins. `dimension` is the column whose sums are read in place of
    the events; `bounds` are the moments that sums have to tell apart.
    """

    query: Trends
    scope: Scope
    span: Range
    bucket: str
    ranked: Range
    current: datetime | None = None
    is_current: bool = True
    series: tuple[int, ...] = ()
    top: tuple[tuple[str, ...], ...] | None = None
    edges: Edges = field(default_factory=dict)
    dimension: str = ""
    bounds: tuple[datetime, ...] = ()

    @property
    def needs_overall(self) -> bool:
        """Whether totals must come from the engine rather than from adding up the buckets."""
        return any(self.query.series[i].math not in ADDITIVE for i in self.series)

    @property
    def width(self) -> int:
        return len(self.query.breakdown)


def plan_plain(plan: TrendsPlan, *, row_limit: int | None = None) -> Statement:
    """Every breakdown value by itself: columns overall, current, bucket, values…, other, series…"""
    writer = Writer(plan, Draft(plan.scope))
    sql = select_pass(plan, writer, writer.named_values(), "0")
    return writer.draft.statement(sql + (f" LIMIT {row_limit}" if row_limit else ""))


def plan_ranked(plan: TrendsPlan) -> Statement:
    """The greatest breakdown values by themselves and the rest together: the same columns."""
    writer = Writer(plan, Draft(plan.scope))
    defined = [f"{writer.is_other()} AS __other", *writer.named_values(without_other=True)]
    return writer.draft.statement(select_pass(plan, writer, defined, "__other"))


def plan_top(plan: TrendsPlan) -> Statement:
    """The greatest breakdown values of all series together."""
    writer = Writer(plan, Draft(plan.scope))
    return writer.draft.statement(writer.top())


def plan_sample(plan: TrendsPlan) -> Statement:
    """How many breakdown values a sample has, up to 100: decides which of the two plans is cheaper."""
    writer = Writer(plan, Draft(plan.scope))
    rows = (
        f"SELECT {', '.join(writer.named_values())} FROM {writer.source} {writer.where(plan.span)} LIMIT {SAMPLE_ROWS}"
    )
    return writer.draft.statement(f"SELECT uniqUpTo(100)({', '.join(writer.names)}) FROM ({rows})")


def plan_edges(plan: TrendsPlan) -> Statement:
    """One row: the edges of each split into bins, in order."""
    writer = Writer(plan, Draft(plan.scope))
    return writer.draft.statement(f"SELECT {', '.join(writer.edge_texts().values())}")


class PassWriter(Protocol):
    """What a grouped pass is written with: the source, narrowed to a span, its values by name, and the numbers."""

    draft: Draft
    names: list[str]

    def rows(self, span: Range) -> str:
        """What is read, WHERE clause included."""

    def measures(self) -> list[str]:
        """The numbers of the plan's series."""


def select_pass(plan: TrendsPlan, writer: PassWriter, defined: list[str], other: str) -> str:
    """One grouped pass; `defined` gives the columns of values their names."""
    keys = [*writer.names, *(["__other"] if other == "__other" else [])]
    current, groups = str(int(plan.is_current)), keys
    if plan.current:
        since = start_sql(Range(plan.current, plan.span.end), writer.draft)
        defined = [f"{ROW}.timestamp >= {since} AS __current", *defined]
        current, groups = "__current", ["__current", *keys]
    overall = "grouping(__bucket)" if plan.needs_overall else "0"
    columns = [f"{overall} AS __overall", current, "__bucket", *writer.names, other, *writer.measures()]
    sets = f"(__bucket{''.join(', ' + g for g in groups)})"
    grouping = f"GROUPING SETS ({sets}, ({', '.join(groups)}))" if plan.needs_overall else sets[1:-1]
    # The keys are defined in WITH, so that each is named once and every clause sees the same expression.
    text = f"WITH {', '.join([f'{plan.bucket} AS __bucket', *defined])} SELECT {', '.join(columns)}"
    return f"{text} FROM {writer.rows(plan.span)} GROUP BY {grouping}"


class Writer:
    """Pieces of SQL that share one draft: the source with its breakdown columns, conditions, measures, ranking."""

    def __init__(self, plan: TrendsPlan, draft: Draft, edge_texts: Mapping[int, str] = MappingProxyType({})) -> None:
        self._plan = plan
        self.draft = draft
        self.edges = edge_texts
        if plan.dimension:
            read = Range(earlier(plan.span.start, plan.ranked.start), later(plan.span.end, plan.ranked.end))
            self.columns = Columns((f"{ROW}.value",), "", ())
            self.source = dimension_source(draft, read, plan.bounds, plan.dimension)
        else:
            self.columns = split_columns(plan.query.breakdown, draft, plan.edges, edge_texts)
            self.source = EVENTS + self.columns.joins
        self.values = self.columns.values
        self.names = [f"__b{i}" for i in range(plan.width)]
        self._shared = condition_sql(plan.query.filters, draft)
        self._conditions = [self.condition(series) for series in plan.query.series]

    def named_values(self, *, without_other: bool = False) -> list[str]:
        """The values with their names; '' instead where the row belongs to Other."""
        texts = [f"if(__other, '', {text})" if without_other else text for text in self.values]
        return [f"{text} AS {name}" for text, name in zip(texts, self.names, strict=True)]

    def is_other(self, values: Sequence[str] | None = None) -> str:
        """Whether the values are not among the greatest."""
        values = self.values if values is None else values
        left = f"({', '.join(values)})" if len(values) > 1 else values[0]
        top = self._plan.top
        if top == EVERY:
            return "false"
        if top is None:
            return f"({left} NOT IN ({self.top()}))"
        if len(values) == 1:
            return f"({left} NOT IN {self.draft.texts(tuple(found[0] for found in top))})"
        kind = f"Array(Tuple({', '.join(['String'] * len(values))}))"
        return f"({left} NOT IN {self.draft.bind([tuple(found) for found in top], kind)})"

    def top(self) -> str:
        """The greatest values of the ranked range, by the sum of what all series rank by."""
        keys = [f"__t{i}" for i in range(len(self.values))]
        named = [f"{text} AS {key}" for text, key in zip(self.values, keys, strict=True)]
        return (
            f"SELECT {', '.join(named)} FROM {self.source} {self._where_any(self._plan.ranked)} "
            f"GROUP BY {', '.join(keys)} ORDER BY {self._rank()} DESC, {', '.join(keys)} "
            f"LIMIT {self._plan.query.breakdown_limit}"
        )

    def edge_texts(self) -> dict[int, str]:
        """For each split into bins a subquery: where they begin, and where the last ends, over events of all series."""
        return {
            i: f"(SELECT {edges_sql(split, number_of(split, f'__side{i}'))} "
            f"FROM {self.source} {self._where_any(self._plan.ranked)})"
            for i, split in enumerate(self._plan.query.breakdown)
            if isinstance(split, Bins)
        }

    def rows(self, span: Range) -> str:
        """What a pass over `span` reads for the plan's series."""
        read = f"{self.source} {self.where(span)}"
        is_nested = self._plan.dimension and self._plan.needs_overall
        return in_buckets(self._plan, self.draft, read) if is_nested else read

    def where(self, span: Range) -> str:
        """The WHERE clause of a pass over `span` for the plan's series."""
        chosen = self._plan.series
        return self._scan(span, chosen, [self._conditions[chosen[0]]] if len(chosen) == 1 else [])

    def where_event(self, span: Range, series: Series, conditions: Sequence[str] = ()) -> str:
        """The WHERE clause for all events of the series' name, whatever its filters say."""
        event = f"{ROW}.event = {self.draft.text(series.event)}" if series.event is not None else ""
        return scan(self.draft, span, [event, *conditions], guarded=self._is_guarded())

    def _where_any(self, span: Range) -> str:
        """The WHERE clause for events of any series."""
        any_of = "" if "true" in self._conditions else join_conditions(self._conditions, "or")
        return self._scan(span, tuple(range(len(self._conditions))), [any_of])

    def _scan(self, span: Range, chosen: tuple[int, ...], conditions: list[str]) -> str:
        if self._plan.dimension:
            since, until = start_sql(span, self.draft), end_sql(span, self.draft)
            return f"WHERE {ROW}.timestamp >= {since} AND {ROW}.timestamp < {until}"
        parts = [self._event_set(chosen), self._shared, *conditions]
        return scan(self.draft, span, parts, guarded=self._is_guarded())

    def _is_guarded(self) -> bool:
        query = self._plan.query
        own = any(series.sql[0] for series in query.series)
        return own or has_expression(query.filters, *(series.filters for series in query.series))

    def measures(self) -> list[str]:
        """The numbers of the plan's series."""
        alone = len(self._plan.series) == 1
        return [f"{self._measure(i, alone=alone)} AS __m{i}" for i in self._plan.series]

    def condition(self, series: Series) -> str:
        """Whether an event is one of the series'."""
        event = f"{ROW}.event = {self.draft.text(series.event)}" if series.event is not None else ""
        own = condition_sql(series.filters, self.draft)
        return join_conditions([part for part in (event, own) if part and part != "true"])

    def matching(self, series: Series) -> str:
        """Whether an event of the series' name meets all filters."""
        return condition_sql(Group("and", (self._plan.query.filters, series.filters)), self.draft)

    def _rank(self) -> str:
        """The sum of all series' values; what is not a number counts nothing."""
        alone = len(self._conditions) == 1
        found = [self._rank_of(i, alone=alone) for i in range(len(self._conditions))]
        return f"({' + '.join(f'ifNull(ifNotFinite(toFloat64({one}), 0), 0)' for one in found)})"

    def _rank_of(self, i: int, *, alone: bool) -> str:
        if not is_special(self._plan.query.series[i]):
            return self._measure(i, alone=alone)
        # What needs a pass of its own is ranked by how many events there are.
        return "count()" if alone or self._conditions[i] == "true" else f"countIf({self._conditions[i]})"

    def _event_set(self, chosen: tuple[int, ...]) -> str:
        events = [self._plan.query.series[i].event for i in chosen]
        if len(events) == 1 or None in events:
            return ""
        return f"{ROW}.event IN {self.draft.texts(tuple(sorted({e for e in events if e is not None})))}"

    def _measure(self, i: int, *, alone: bool) -> str:
        series = self._plan.query.series[i]
        if self._plan.dimension:
            return sum_of(series, self.draft)
        condition = "" if alone or self._conditions[i] == "true" else self._conditions[i]
        match series.math:
            case "total":
                return f"countIf({condition})" if condition else "count()"
            case "sessions":
                return f"uniqExactIf({ROW}.session, {join_conditions([condition, f'{ROW}.session != 0'])})"
            case "unique_group":
                key = f"{ROW}.groups[{self.draft.text(series.group)}]"
                return f"uniqExactIf({key}, {join_conditions([condition, f'''{key} != '' '''])})"
            case "unique":
                return _call("uniqExact", self.draft.person, condition)
            case "sql":
                # Always a pass of its own, so the rows are the series' own.
                return f"toFloat64({series.sql[1 + self._plan.scope.merged]})"
        return aggregate(series.math, access_event(series.property or "").number, condition)


def in_buckets(plan: TrendsPlan, draft: Draft, hours: str) -> str:
    """Sums by the hour to sums by the bucket, so that a total merges few large sets and not all small ones again."""
    keys = [plan.bucket]
    if plan.current:
        keys.append(f"{ROW}.timestamp >= {start_sql(Range(plan.current, plan.span.end), draft)}")
    return (
        f"(SELECT min({ROW}.timestamp) AS timestamp, {ROW}.event AS event, {ROW}.value AS value, "
        f"sum({ROW}.events) AS events, groupBitmapMergeState({ROW}.persons) AS persons, "
        f"uniqExactIfMergeState({ROW}.sessions) AS sessions FROM {hours} "
        f"GROUP BY {', '.join(keys)}, {ROW}.event, {ROW}.value) AS {ROW}"
    )


def sum_of(series: Series, draft: Draft, condition: str = "") -> str:
    """What a series counts, over sums of activity."""
    if series.math == "unique":
        return people_count(draft, condition)
    if series.math == "sessions":
        return sessions_count()
    return f"sumIf({ROW}.events, {condition})" if condition else f"sum({ROW}.events)"


def aggregate(math: str, number: str, condition: str = "") -> str:
    """A sum, average, extreme or percentile of numbers."""
    if math in LEVELS:
        # Exact and interpolating: `quantile` samples and would differ from run to run.
        return _call("quantileExactInclusive", number, condition, f"({LEVELS[math]})")
    return _call(math, number, condition)


def _call(function: str, argument: str, condition: str, parameters: str = "") -> str:
    if condition:
        return f"{function}If{parameters}({argument}, {condition})"
    return f"{function}{parameters}({argument})"
