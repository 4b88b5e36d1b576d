"""The query kind `retention`: what may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from northing.data.query.breakdowns import read_breakdown
from northing.data.query.filters import read_filters
from northing.data.query.lifecycle_activity import PERIODS, Activity, end_of, read_activity, set_dates, start_before
from northing.data.query.properties import Property, property_fault
from northing.data.query.ranges import Interval
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope

Mode = Literal["recurring", "first_time", "first_ever"]
MODES: tuple[Mode, ...] = ("recurring", "first_time", "first_ever")
DEFAULT_EVENT = "$pageview"
MAX_INTERVALS = 60
MAX_COHORTS = 200
MAX_BREAKDOWN_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Column:
    """Periods after that of the cohort, both included, that one column takes together."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Value:
    """A number of the returning events."""

    math: str
    property: str


@dataclass(frozen=True, slots=True)
class Retention:
    """A parsed `retention` query without its dates; `group` is the type of group counted instead of people."""

    target: Activity
    returning: Activity
    period: Interval
    columns: tuple[Column, ...]
    mode: Mode
    mean: str
    cumulative: bool
    rolling: bool
    minimum: int
    value: Value | None
    breakdown: tuple[Property, ...]
    breakdown_limit: int
    group: str

    @property
    def needs_actors(self) -> bool:
        """Whether sets of people by period are not enough."""
        return bool(self.rolling or self.value or self.breakdown or self.group)


def read_retention(reader: Reader, scope: Scope) -> Retention:
    """Read every field; without `date_from`, the last periods up to and with the one that `date_to` lies in."""
    period = _read_period(reader)
    columns, rows = _read_columns(reader)
    _set_range(reader, scope, period, rows)
    shared = read_filters(reader, scope)

    def activity(name: str) -> Activity:
        inner = Reader(reader.raw(name) if reader.has(name) else {}, reader.at(name), reader.notes)
        found = read_activity(inner, scope, shared=shared, default=DEFAULT_EVENT)
        inner.warn_unread()
        return found

    return Retention(
        target=activity("target"),
        returning=activity("returning"),
        period=period,
        columns=columns,
        mode=reader.choice("mode", MODES, "recurring"),  # type: ignore[arg-type]
        mean=reader.choice("mean", ("weighted", "simple"), "weighted"),
        cumulative=reader.boolean("cumulative"),
        rolling=reader.boolean("rolling"),
        minimum=reader.integer("minimum_occurrences", 1, least=1, most=1000),
        value=_read_value(reader) if reader.has("value") else None,
        breakdown=read_breakdown(reader, most=1),
        breakdown_limit=reader.integer("breakdown_limit", 25, least=1, most=MAX_BREAKDOWN_LIMIT),
        group=_read_group(reader),
    )


def _read_period(reader: Reader) -> Interval:
    """`interval` is taken for `period` where only that is given."""
    interval = reader.raw("interval")
    fallback = interval if interval in PERIODS else "day"
    return reader.choice("period", PERIODS, fallback)  # type: ignore[return-value]


def _read_columns(reader: Reader) -> tuple[tuple[Column, ...], int]:
    """The columns, and how many cohorts there are without `date_from`."""
    lengths = reader.items("brackets", lambda v, p: _read_length(v, p, reader), most=MAX_INTERVALS - 1)
    if sum(lengths) >= MAX_COHORTS:
        reader.fault("brackets", f"must add up to less than {MAX_COHORTS} periods")
        lengths = ()
    intervals = reader.integer("intervals", 1 + sum(lengths) if lengths else 8, least=1, most=MAX_INTERVALS)
    if not lengths:
        return tuple(Column(i, i) for i in range(intervals)), intervals
    columns = [Column(0, 0)]
    for length in lengths:
        columns.append(Column(columns[-1].last + 1, columns[-1].last + length))
    return tuple(columns), intervals


def _read_length(value: Any, path: str, parent: Reader) -> int:
    reader = Reader({path: value}, "", parent.notes)
    return reader.integer(path, 1, least=1, most=MAX_COHORTS)


def _set_range(reader: Reader, scope: Scope, period: Interval, rows: int) -> None:
    if reader.has("date_from"):
        reader.values = {**reader.values, "interval": period}
    else:
        set_dates(reader, start_before(end_of(reader, scope, period), period, rows, scope), period)


def _read_value(parent: Reader) -> Value:
    reader = Reader(parent.raw("value"), parent.at("value"), parent.notes)
    math = reader.choice("math", ("sum", "avg"), "sum")
    name = reader.text("property", required=True)
    if name and (fault := property_fault(name)):
        reader.fault("property", fault)
        name = "unknown"
    reader.warn_unread()
    return Value(math, name)


def _read_group(reader: Reader) -> str:
    kind = reader.text("aggregate_by", "person")
    return "" if kind == "person" else kind
