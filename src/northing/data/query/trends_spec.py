"""The query kind `trends`: what may be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from northing.data.query.draft import MERGED_PERSON
from northing.data.query.filters import Group, read_filters
from northing.data.query.formula import Formula, FormulaError, parse_formula
from northing.data.query.properties import property_fault
from northing.data.query.ranges import Interval, read_interval
from northing.data.query.reader import Reader
from northing.data.query.sandbox_door import parse_aggregate
from northing.data.query.scope import Scope
from northing.data.query.trends_splits import Split, read_splits
from northing.kernel.problems import Problem

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_BREAKDOWN_LIMIT = 500
COUNTING = ("total", "unique", "sessions", "unique_group")
# Different people of the days that end with a bucket, by how many days those are.
ROLLING = {"weekly_active": 7, "monthly_active": 30}
FIRST = ("first_time_for_user", "first_matching_event")
LEVELS = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
OF_PROPERTY = ("sum", "avg", "min", "max", *LEVELS)
PER_ACTOR = {f"{name}_count_per_actor": name for name in ("avg", "min", "max", *LEVELS)}
SQL = "sql"
MATHS = (*COUNTING, *ROLLING, *FIRST, *OF_PROPERTY, *PER_ACTOR, SQL)
SESSION_DURATION = "$session_duration"
MAX_SMOOTHING = 400
_LONGEST_SQL = 2000
_ALIASES = {
    "dau": "unique",
    "hogql": SQL,
    "unique_session": "sessions",
    "first_matching_event_for_user": "first_matching_event",
    **{f"{name}_count_per_person": f"{name}_count_per_actor" for name in ("avg", "min", "max", *LEVELS)},
}
_SHIFT = re.compile(r"-\d{1,5}(min|h|d|w|m|y)")


@dataclass(frozen=True, slots=True)
class Series:
    """One series: which events (None = any) and what is computed of them, for groups of the type `group`.

    `sql` is an aggregate of the user's own, as it was written and as it reads in projects without merges, and with.
    """

    event: str | None
    name: str
    math: str
    property: str | None
    filters: Group
    group: str = ""
    sql: tuple[str, str, str] = ("", "", "")


def of_sessions(series: Series) -> bool:
    """Whether the numbers are durations, one of each session."""
    return series.property == SESSION_DURATION


def is_special(series: Series) -> bool:
    """Whether the numbers need a pass of their own."""
    return series.math not in (*COUNTING, *OF_PROPERTY) or of_sessions(series)


@dataclass(frozen=True, slots=True)
class Trends:
    """A parsed `trends` query without its dates.

    `compare_to` says how far back the period compared with lies; '' for the one just before.
    """

    series: tuple[Series, ...]
    filters: Group
    interval: Interval
    breakdown: tuple[Split, ...]
    breakdown_limit: int
    formula: Formula | None
    formula_text: str
    compare: bool
    compare_to: str
    cumulative: bool
    smoothing: int


def read_trends(reader: Reader, scope: Scope) -> Trends:
    """Read every field but the dates; faults are collected in the reader's notes."""
    series = reader.items("series", lambda v, p: _read_series(v, p, reader, scope), most=len(LETTERS))
    if not series:
        series = (Series(None, "Any event", "total", None, read_filters(Reader({}, "", reader.notes), scope)),)
        if reader.raw("series") is None:
            reader.fault("series", 'is required, such as [{"event": "$pageview"}]')
        elif reader.raw("series") == []:
            reader.fault("series", "must have at least one entry")
    formula, formula_text = _read_formula(reader, len(series))
    compare, compare_to = _read_compare(reader)
    interval = read_interval(reader)
    if interval in ("minute", "hour") and any(one.math in ROLLING for one in series):
        reader.fault("interval", "must be day, week or month for weekly_active and monthly_active")
    return Trends(
        series=series,
        filters=read_filters(reader, scope),
        interval=interval,
        breakdown=read_splits(reader),
        breakdown_limit=reader.integer("breakdown_limit", 25, least=1, most=MAX_BREAKDOWN_LIMIT),
        formula=formula,
        formula_text=formula_text,
        compare=compare,
        compare_to=compare_to,
        cumulative=reader.boolean("cumulative"),
        smoothing=reader.integer("smoothing", 1, least=1, most=MAX_SMOOTHING),
    )


def _read_series(value: Any, path: str, parent: Reader, scope: Scope) -> Series:
    reader = Reader(value, path, parent.notes)
    event = reader.text("event") or None
    math = _read_math(reader)
    name = reader.text("math_property")
    if math in OF_PROPERTY and not name:
        reader.fault("math_property", f"is required for {math}")
    elif name and (fault := property_fault(name)):
        reader.fault("math_property", fault)
    series = Series(
        event=event,
        name=reader.text("name") or event or "Any event",
        math=math,
        property=name if math in OF_PROPERTY else None,
        filters=read_filters(reader, scope),
        group=reader.text("group_type", required=True) if math == "unique_group" else "",
        sql=_read_sql(reader) if math == SQL else ("", "", ""),
    )
    reader.warn_unread()
    return series


def _read_sql(reader: Reader) -> tuple[str, str, str]:
    name = "math_hogql" if reader.has("math_hogql") else "math_sql"
    text = reader.text(name, required=True, longest=_LONGEST_SQL).strip()
    try:
        return (text, parse_aggregate(text), parse_aggregate(text, person=MERGED_PERSON)) if text else ("", "", "")
    except Problem as problem:
        reader.fault(name, problem.errors[0].message)
        return ("", "", "")


def _read_math(reader: Reader) -> str:
    value = reader.raw("math")
    math = _ALIASES.get(value, value) if isinstance(value, str) else value
    if math is not None and math not in MATHS:
        reader.fault("math", f"must be one of {', '.join(MATHS)}")
        return "total"
    return math or "total"


def _read_compare(reader: Reader) -> tuple[bool, str]:
    """`true` for the period just before, or `{"to": "-1y"}` for the one that lies so far back."""
    value = reader.raw("compare")
    if not isinstance(value, dict):
        return reader.boolean("compare"), ""
    inner = Reader(value, reader.at("compare"), reader.notes)
    to = inner.text("to", required=True)
    if to and not (_SHIFT.fullmatch(to) and any(digit in "123456789" for digit in to)):
        inner.fault("to", "must say how far back, such as -4w or -1y")
    inner.warn_unread()
    return True, to


def _read_formula(reader: Reader, count: int) -> tuple[Formula | None, str]:
    text = reader.text("formula", longest=500)
    if not text.strip():
        return None, ""
    try:
        return parse_formula(text, LETTERS[:count]), text.strip()
    except FormulaError as error:
        reader.fault("formula", str(error))
        return None, ""
