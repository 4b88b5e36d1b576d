"""Who is behind one number of a trend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from northing.data.query.conditions import join_conditions
from northing.data.query.draft import Draft
from northing.data.query.people import People
from northing.data.query.properties import access_event
from northing.data.query.ranges import EARLIEST, Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope
from northing.data.query.statements import ROW
from northing.data.query.trends_periods import Period, make_periods
from northing.data.query.trends_result import NONE_LABEL
from northing.data.query.trends_spec import FIRST, ROLLING, Series, Trends, of_sessions
from northing.data.query.trends_special import first_events, rolling_windows
from northing.data.query.trends_splits import Bins, number_of
from northing.data.query.trends_sql import TrendsPlan, Writer

_NUMBER = r"(-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)"
_BIN = re.compile(rf"\[{_NUMBER}, {_NUMBER}([\])])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Point:
    """One number: of a series, in a bucket (None: the whole range), for breakdown labels or for Other."""

    series: int
    bucket: int | None
    labels: tuple[str, ...]
    is_other: bool
    is_current: bool


def people_of_trends(query: Trends, span: Range, scope: Scope, reader: Reader) -> People:
    """Who was counted.

    The point: `series`, its place in the request, 0 being the first; `bucket`, the place of its label, or null for the
    whole range; `breakdown`, the labels of a line, or `is_other`; `period`, "current" or "previous".
    """
    current, previous = make_periods(query, span, scope)
    point = _read_point(reader, query, current, previous)
    period = current if point.is_current or previous is None else previous
    plan = TrendsPlan(query, scope, period.span, period.buckets.expression, span, series=(point.series,))
    series = query.series[point.series]
    draft = Draft(scope)
    writer = _writer(plan, draft, point)
    when = _when(plan, series, period, point.bucket)
    sql = _first_people(plan, writer, point, when) if series.math in FIRST else _people(plan, writer, point, when)
    words = f"People behind {series.name} from {when.start:%Y-%m-%d %H:%M} to before {when.end:%Y-%m-%d %H:%M}"
    of = " in Other" if point.is_other else f" for {', '.join(point.labels)}" if point.labels else ""
    return People(draft, sql, f"{words}{of}.")


def _read_point(reader: Reader, query: Trends, current: Period, previous: Period | None) -> Point:
    is_current = reader.choice("period", ("current", "previous"), "current") == "current"
    if not is_current and previous is None:
        reader.fault("period", "cannot be previous where nothing is compared")
    period = current if is_current or previous is None else previous
    bucket = reader.integer("bucket", -1, least=0, most=len(period.buckets.starts) - 1)
    labels = reader.items("breakdown", lambda value, path: _read_label(value, path, reader), most=len(query.breakdown))
    is_other = reader.boolean("is_other")
    if query.breakdown and not is_other and len(labels) not in (0, len(query.breakdown)):
        reader.fault("breakdown", f"must have {len(query.breakdown)} labels")
        labels = ()
    return Point(
        series=reader.integer("series", 0, least=0, most=len(query.series) - 1),
        bucket=bucket if bucket >= 0 else None,
        labels=() if is_other else labels,
        is_other=is_other and bool(query.breakdown),
        is_current=is_current,
    )


def _read_label(value: object, path: str, parent: Reader) -> str:
    return Reader({"label": value}, path, parent.notes).text("label", longest=10_000)


def _writer(plan: TrendsPlan, draft: Draft, point: Point) -> Writer:
    """For Other the bins have to be found again; a line's label tells its own."""
    writer = Writer(plan, draft)
    return Writer(plan, draft, writer.edge_texts()) if point.is_other else writer


def _when(plan: TrendsPlan, series: Series, period: Period, bucket: int | None) -> Range:
    """The time whose events count for the number."""
    if series.math in ROLLING:
        return rolling_windows(plan, series, period.buckets)[-1 if bucket is None else bucket].span(plan)
    if bucket is None:
        return period.span
    ends = [*period.buckets.starts[1:], period.span.end]
    return Range(max(period.buckets.starts[bucket], period.span.start), min(ends[bucket], period.span.end))


def _people(plan: TrendsPlan, writer: Writer, point: Point, when: Range) -> str:
    counted = _counted(plan.query.series[point.series], writer.draft)
    chosen = _chosen(plan, writer, point, writer.values)
    # The values of joins and cohorts are there after them, so they are looked at in a select of their own.
    columns = ", ".join([f"{writer.draft.person} AS __person", f"{counted} AS __counted", f"{chosen} AS __chosen"])
    found = f"SELECT {columns} FROM {writer.source} {writer.where(when)}"
    return f"SELECT __person FROM ({found}) WHERE __counted AND __chosen"


def _counted(series: Series, draft: Draft) -> str:
    """Whether an event adds to the number, besides being one of the series'."""
    if of_sessions(series) or series.math == "sessions":
        return f"{ROW}.session != 0"
    if series.math == "unique_group":
        return f"{ROW}.groups[{draft.text(series.group)}] != ''"
    return f"isNotNull({access_event(series.property).number})" if series.property else "true"


def _first_people(plan: TrendsPlan, writer: Writer, point: Point, when: Range) -> str:
    found = first_events(plan, writer, plan.query.series[point.series], Range(EARLIEST, when.end))
    values = [f"{ROW}.__v{i}" for i in range(plan.width)]
    since = writer.draft.bind(round(when.start.timestamp() * 1000), "Int64")
    return (
        f"SELECT {ROW}.__who AS __person FROM ({found}) AS {ROW} "
        f"WHERE toUnixTimestamp64Milli({ROW}.timestamp) >= {since} AND {_chosen(plan, writer, point, values)}"
    )


def _chosen(plan: TrendsPlan, writer: Writer, point: Point, values: Sequence[str]) -> str:
    """Whether the values are those of the point's line."""
    if point.is_other:
        return writer.is_other(values)
    splits = plan.query.breakdown
    if not point.labels:
        return "true"
    parts = []
    for i, (label, value) in enumerate(zip(point.labels, values, strict=True)):
        split = splits[i]
        text = "" if label == NONE_LABEL else label
        bin_of = _bin_condition(split, label, f"__side{i}", writer.draft) if isinstance(split, Bins) else None
        parts.append(bin_of or f"{value} = {writer.draft.text(text)}")
    return join_conditions(parts)


def _bin_condition(split: Bins, label: str, column: str, draft: Draft) -> str | None:
    found = _BIN.fullmatch(label)
    number = number_of(split, column)
    if found is None:
        return f"isNull({number})"
    least, most = (draft.number(float(found[i])) for i in (1, 2))
    return f"ifNull({number} >= {least} AND {number} {'<=' if found[3] == ']' else '<'} {most}, false)"
