"""Who is behind one number of a trend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from northing.data.query.conditions import join_conditions
from northing.data.query.draft import Draft
from northing.data.query.people import People
from northing.data.query.properties import access_event
from northing.data.query.ranges import EARLIEST, Range, earlier, later
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope
from northing.data.query.statements import ROW
from northing.data.query.trends_periods import Period, make_periods
from northing.data.query.trends_result import NONE_LABEL
from northing.data.query.trends_spec import FIRST, ROLLING, Series, Trends, of_sessions
from northing.data.query.trends_special import first_events, rolling_windows
from northing.data.query.trends_splits import bin_by
from northing.data.query.trends_sql import TrendsPlan, Writer

_NUMBER = r"(-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)"
_BIN = re.compile(rf"\[{_NUMBER}, {_NUMBER}[\])]", re.ASCII)


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
    # Bins are asked again: numbers from beyond the range are in the first or the last, which no label tells.
    writer = Writer(plan, draft, Writer(plan, draft).edge_texts())
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


def _when(plan: TrendsPlan, series: Series, period: Period, bucket: int | None) -> Range:
    """The time whose events count for the number."""
    if series.math in ROLLING:
        return rolling_windows(plan, series, period.buckets)[-1 if bucket is None else bucket].span(plan)
    if bucket is None:
        return period.span
    ends = [*period.buckets.starts[1:], period.span.end]
    return Range(later(period.buckets.starts[bucket], period.span.start), earlier(ends[bucket], period.span.end))


def _people(plan: TrendsPlan, writer: Writer, point: Point, when: Range) -> str:
    counted = _counted(plan.query.series[point.series], writer.draft)
    chosen = _chosen(writer, point, writer.values)
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
        f"WHERE toUnixTimestamp64Milli({ROW}.timestamp) >= {since} AND {_chosen(writer, point, values)}"
    )


def _chosen(writer: Writer, point: Point, values: Sequence[str]) -> str:
    """Whether the values are those of the point's line."""
    if point.is_other:
        return writer.is_other(values)
    named = zip(values, point.labels, strict=False)
    return join_conditions([f"{value} = {_value_of(label, writer, i)}" for i, (value, label) in enumerate(named)])


def _value_of(label: str, writer: Writer, i: int) -> str:
    """The value that a label of the split stands for; of a bin its place, found by where it begins."""
    if i not in writer.edges:
        return writer.draft.text("" if label == NONE_LABEL else label)
    found = _BIN.fullmatch(label)
    return bin_by(writer.draft.number(float(found[1])), writer.edges[i]) if found else "''"
