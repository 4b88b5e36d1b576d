"""The periods of a trend: the one asked for, and the one it is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from northing.data.query.buckets import Buckets, make_buckets
from northing.data.query.ranges import EARLIEST, Range, add_months, is_midnight, previous_range
from northing.data.query.scope import Scope
from northing.data.query.trends_spec import Trends
from northing.kernel.problems import invalid


@dataclass(frozen=True, slots=True)
class Period:
    """One of the two, with its buckets."""

    span: Range
    buckets: Buckets
    is_current: bool


def make_periods(query: Trends, span: Range, scope: Scope) -> tuple[Period, Period | None]:
    """The period asked for, and the one compared with, if any."""
    current = Period(span, make_buckets(span, query.interval, scope), is_current=True)
    if not query.compare:
        return current, None
    before = (
        shifted(span, query.compare_to, scope) if query.compare_to else previous_range(span, query.interval, scope.zone)
    )
    return current, Period(before, make_buckets(before, query.interval, scope), is_current=False)


def shifted(span: Range, back: str, scope: Scope) -> Range:
    """The range so much earlier, each end by itself: hours and minutes by time, all else by the calendar."""
    found = re.fullmatch(r"-(\d+)(min|h|d|w|m|y)", back)
    assert found is not None, "checked when it was read"
    try:
        return Range(*(_moment_before(end, int(found[1]), found[2], scope) for end in (span.start, span.end)))
    except (ValueError, OverflowError):
        raise invalid("compare.to", f"must not lead to before {EARLIEST.year}") from None


def _moment_before(moment: datetime, count: int, unit: str, scope: Scope) -> datetime:
    if unit in ("min", "h"):
        earlier = moment.astimezone(UTC) - timedelta(minutes=count * (60 if unit == "h" else 1))
    else:
        local = moment.astimezone(scope.zone)
        # A day that began later, because clocks skipped its midnight, is moved to the midnight of one that did not.
        at = time() if is_midnight(local) else local.time()
        earlier = datetime.combine(_day_before(local.date(), count, unit), at, scope.zone).astimezone(UTC)
    if earlier < EARLIEST:
        raise ValueError
    return earlier.astimezone(scope.zone)


def _day_before(day: date, count: int, unit: str) -> date:
    if unit in ("d", "w"):
        return day - timedelta(days=count * (7 if unit == "w" else 1))
    return add_months(day, -count * (12 if unit == "y" else 1))
