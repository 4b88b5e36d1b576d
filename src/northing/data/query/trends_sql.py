"""The SQL of `trends`: all series in one pass over the rows, with totals beside the buckets.

Totals of distinct counts and percentiles cannot be summed from buckets, so the engine computes both by GROUPING SETS.
Columns of ours begin with two underscores, which nothing of the user's can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from northing.data.query.breakdowns import breakdown_columns
from northing.data.query.conditions import condition_sql, join_conditions
from northing.data.query.draft import Draft
from northing.data.query.properties import access_event
from northing.data.query.ranges import Range
from northing.data.query.scan import has_expression, scan, start_sql
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.query.trends_spec import LEVELS, Series, Trends

SAMPLE_ROWS = 50_000
_ADDITIVE = frozenset({"total", "sum"})


@dataclass(frozen=True, slots=True)
class TrendsPlan:
    """What one pass needs to know: the query, the project, the range read, the bucket key.

    `current` is where the asked-for period begins inside `span`, which also covers the one before when comparing.
    """

    query: Trends
    scope: Scope
    span: Range
    current: datetime
    bucket: str

    @property
    def needs_overall(self) -> bool:
        """Whether totals must come from the engine rather than from adding up the buckets."""
        return any(series.math not in _ADDITIVE for series in self.query.series)

    @property
    def width(self) -> int:
        return len(self.query.breakdown)


def plan_plain(plan: TrendsPlan, *, row_limit: int | None = None) -> Statement:
    """Every breakdown value by itself: columns overall, current, bucket, values…, series…"""
    writer = _Writer(plan)
    keys = [f"__b{i}" for i in range(plan.width)]
    values = [f"{text} AS __b{i}" for i, text in enumerate(writer.values)]
    return writer.draft.statement(_select(plan, writer, values, keys) + (f" LIMIT {row_limit}" if row_limit else ""))


def plan_ranked(plan: TrendsPlan) -> Statement:
    """The greatest breakdown values by themselves and the rest together: columns as before, then `other`."""
    writer = _Writer(plan)
    inner = [f"__t{i}" for i in range(plan.width)]
    named = [f"{text} AS {key}" for text, key in zip(writer.values, inner, strict=True)]
    top = (
        f"SELECT {', '.join(named)} FROM {writer.source} {writer.where(Range(plan.current, plan.span.end))} "
        f"GROUP BY {', '.join(inner)} ORDER BY {writer.rank()} DESC, {', '.join(inner)} "
        f"LIMIT {plan.query.breakdown_limit}"
    )
    left = f"({', '.join(writer.values)})" if plan.width > 1 else writer.values[0]
    values = [f"if(__other, '', {text}) AS __b{i}" for i, text in enumerate(writer.values)]
    keys = [f"__b{i}" for i in range(plan.width)]
    is_other = f"({left} NOT IN ({top})) AS __other"
    return writer.draft.statement(_select(plan, writer, [is_other, *values], [*keys, "__other"]))


def plan_sample(plan: TrendsPlan) -> Statement:
    """How many breakdown values a sample has, up to 100: decides which of the two plans is cheaper."""
    writer = _Writer(plan)
    texts = ", ".join(f"{text} AS __b{i}" for i, text in enumerate(writer.values))
    rows = f"SELECT {texts} FROM {writer.source} {writer.where(plan.span)} LIMIT {SAMPLE_ROWS}"
    keys = ", ".join(f"__b{i}" for i in range(plan.width))
    return writer.draft.statement(f"SELECT uniqUpTo(100)({keys}) FROM ({rows})")


def _select(plan: TrendsPlan, writer: _Writer, values: list[str], keys: list[str]) -> str:
    """One grouped pass; `keys` are the names of the columns defined in `values`."""
    current = (
        f"{ROW}.timestamp >= {start_sql(Range(plan.current, plan.span.end), writer.draft)}"
        if plan.query.compare
        else "true"
    )
    groups = ["__current", *keys] if plan.query.compare else keys
    overall = "grouping(__bucket)" if plan.needs_overall else "0"
    defined = [f"{plan.bucket} AS __bucket", f"{current} AS __current", *values]
    order = [f"{overall} AS __overall", "__current", "__bucket", *keys, *writer.measures()]
    sets = f"(__bucket{''.join(', ' + g for g in groups)})"
    grouping = f"GROUPING SETS ({sets}, ({', '.join(groups)}))" if plan.needs_overall else sets[1:-1]
    # The keys are defined in WITH, so that each is named once and every clause sees the same expression.
    text = f"WITH {', '.join(defined)} SELECT {', '.join(order)} FROM {writer.source}"
    return f"{text} {writer.where(plan.span)} GROUP BY {grouping}"


class _Writer:
    """Pieces of SQL that share one draft."""

    def __init__(self, plan: TrendsPlan) -> None:
        self._plan = plan
        self.draft = Draft(plan.scope)
        columns = breakdown_columns(plan.query.breakdown, self.draft)
        self.values = columns.values
        self.source = EVENTS + columns.joins
        self._shared = condition_sql(plan.query.filters, self.draft)
        self._conditions = [self._series_condition(series) for series in plan.query.series]

    def where(self, span: Range) -> str:
        """The WHERE clause of a pass over `span`."""
        query = self._plan.query
        parts = [self._event_set(), self._shared, *(self._conditions if len(self._conditions) == 1 else ())]
        guarded = has_expression(query.filters, *(series.filters for series in query.series))
        return scan(self.draft, span, parts, guarded=guarded)

    def measures(self) -> list[str]:
        return [f"{self._measure(i)} AS __m{i}" for i in range(len(self._plan.query.series))]

    def rank(self) -> str:
        """The sum of all series' values; what is not a number counts nothing."""
        sums = [f"ifNull(ifNotFinite(toFloat64({self._measure(i)}), 0), 0)" for i in range(len(self._conditions))]
        return f"({' + '.join(sums)})"

    def _series_condition(self, series: Series) -> str:
        event = f"{ROW}.event = {self.draft.text(series.event)}" if series.event is not None else ""
        own = condition_sql(series.filters, self.draft)
        return join_conditions([part for part in (event, own) if part and part != "true"])

    def _event_set(self) -> str:
        events = [series.event for series in self._plan.query.series]
        if len(events) == 1 or None in events:
            return ""
        return f"{ROW}.event IN {self.draft.texts(tuple(sorted({e for e in events if e is not None})))}"

    def _measure(self, i: int) -> str:
        series = self._plan.query.series[i]
        condition = "" if len(self._conditions) == 1 or self._conditions[i] == "true" else self._conditions[i]
        if series.math == "total":
            return f"countIf({condition})" if condition else "count()"
        if series.math == "sessions":
            return f"uniqExactIf({ROW}.session, {join_conditions([condition, f'{ROW}.session != 0'])})"
        if series.math == "unique":
            return _call("uniqExact", self.draft.person, condition)
        number = access_event(series.property or "").number
        if series.math in LEVELS:
            # Exact and interpolating: `quantile` samples and would differ from run to run.
            return _call("quantileExactInclusive", number, condition, f"({LEVELS[series.math]})")
        return _call(series.math, number, condition)


def _call(function: str, argument: str, condition: str, parameters: str = "") -> str:
    if condition:
        return f"{function}If{parameters}({argument}, {condition})"
    return f"{function}{parameters}({argument})"
