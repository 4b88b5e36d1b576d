"""The query kind `trends`: what may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.data.query.breakdowns import read_breakdown
from northing.data.query.filters import Group, read_filters
from northing.data.query.formula import Formula, FormulaError, parse_formula
from northing.data.query.properties import Property, property_fault
from northing.data.query.ranges import Interval, read_interval
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_BREAKDOWN_LIMIT = 500
COUNTING = ("total", "unique", "sessions")
LEVELS = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
OF_PROPERTY = ("sum", "avg", "min", "max", *LEVELS)
_ALIASES = {"dau": "unique", "unique_session": "sessions"}


@dataclass(frozen=True, slots=True)
class Series:
    """One series: which events (None = any) and what is computed of them."""

    event: str | None
    name: str
    math: str
    property: str | None
    filters: Group


@dataclass(frozen=True, slots=True)
class Trends:
    """A parsed `trends` query without its dates."""

    series: tuple[Series, ...]
    filters: Group
    interval: Interval
    breakdown: tuple[Property, ...]
    breakdown_limit: int
    formula: Formula | None
    formula_text: str
    compare: bool
    cumulative: bool


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
    return Trends(
        series=series,
        filters=read_filters(reader, scope),
        interval=read_interval(reader),
        breakdown=read_breakdown(reader),
        breakdown_limit=reader.integer("breakdown_limit", 25, least=1, most=MAX_BREAKDOWN_LIMIT),
        formula=formula,
        formula_text=formula_text,
        compare=reader.boolean("compare"),
        cumulative=reader.boolean("cumulative"),
    )


def _read_series(value: Any, path: str, parent: Reader, scope: Scope) -> Series:
    reader = Reader(value, path, parent.notes)
    event = reader.text("event") or None
    reader_math = reader.raw("math")
    math = _ALIASES.get(reader_math, reader_math) if isinstance(reader_math, str) else reader_math
    if math is not None and math not in (*COUNTING, *OF_PROPERTY):
        reader.fault("math", f"must be one of {', '.join((*COUNTING, *OF_PROPERTY))}")
        math = None
    name = reader.text("math_property")
    if math in OF_PROPERTY and not name:
        reader.fault("math_property", f"is required for {math}")
    elif name and (fault := property_fault(name)):
        reader.fault("math_property", fault)
    series = Series(
        event=event,
        name=reader.text("name") or event or "Any event",
        math=math or "total",
        property=name if math in OF_PROPERTY else None,
        filters=read_filters(reader, scope),
    )
    reader.warn_unread()
    return series


def _read_formula(reader: Reader, count: int) -> tuple[Formula | None, str]:
    text = reader.text("formula", longest=500)
    if not text.strip():
        return None, ""
    try:
        return parse_formula(text, LETTERS[:count]), text.strip()
    except FormulaError as error:
        reader.fault("formula", str(error))
        return None, ""
