"""Time buckets: their starts by the zone's own rules, and the expression that gives an event its bucket.

The starts are worked out here from the zone's offsets, never by adding seconds, so that the 23 and 25 hour days of
daylight saving (and Lord Howe's half-hour change) have exactly one bucket per local day and per local hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from northing.data.query.ranges import Interval, Range, add_months, moment_before, start_of_day
from northing.data.query.scope import Scope, WeekStart
from northing.data.query.statements import ROW, quote_text
from northing.kernel.problems import FieldError, Problem

MAX_BUCKETS = 2000
_SECONDS = {"minute": 60, "hour": 3600}
_COARSER: dict[Interval, Interval] = {"minute": "hour", "hour": "day", "day": "week", "week": "month", "month": "month"}


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets that meet a range: starts in the zone, and the key the engine gives each."""

    starts: tuple[datetime, ...]
    keys: tuple[Any, ...]
    expression: str

    def index(self) -> dict[Any, int]:
        return {key: i for i, key in enumerate(self.keys)}


def make_buckets(span: Range, interval: Interval, scope: Scope, *, most: int = MAX_BUCKETS) -> Buckets:
    """The buckets of a range; raises `Problem` where there would be more than `most`."""
    if interval in ("minute", "hour"):
        buckets = _clock_buckets(span, interval, scope.zone, most)
    else:
        buckets = _calendar_buckets(span, interval, scope)
    _refuse_above(len(buckets.starts), interval, most)
    return buckets


def first_incomplete(buckets: Buckets, end: datetime, now: datetime) -> int | None:
    """Index of the first bucket that is not over yet at `now`."""
    ends = (*buckets.starts[1:], end)
    return next((i for i, bucket_end in enumerate(ends) if bucket_end > now), None)


def _calendar_buckets(span: Range, interval: Interval, scope: Scope) -> Buckets:
    zone = scope.zone
    first = span.start.astimezone(zone).date()
    last = moment_before(span.end).astimezone(zone).date()
    days = tuple(islice(_days(first, last, interval, scope.week_start), MAX_BUCKETS * 2 + 1))
    if interval == "day":
        # Samoa had no 30 December 2011: it crossed the date line.
        days = tuple(day for day in days if start_of_day(day, zone).date() == day)
    starts = tuple(start_of_day(day, zone) for day in days)
    # `toDate` holds 1970 to 2149 only; `toDate32` is slower and holds all we accept.
    cast = "toDate" if first.year >= 1970 and last.year < 2149 else "toDate32"
    local = f"{cast}({ROW}.timestamp, {quote_text(scope.timezone)})"
    mode = 1 if scope.week_start == "monday" else 0
    expressions = {
        "day": local,
        "week": f"toStartOfWeek({local}, {mode})",
        "month": f"toStartOfMonth({local})",
    }
    return Buckets(starts, tuple(day.isoformat() for day in days), expressions[interval])


def _days(first: date, last: date, interval: Interval, week_start: WeekStart) -> Iterator[date]:
    day = start_of_bucket(first, interval, week_start)
    while day <= last:
        yield day
        day = add_months(day, 1) if interval == "month" else day + timedelta(days=7 if interval == "week" else 1)


def start_of_bucket(day: date, interval: Interval, week_start: WeekStart) -> date:
    """First day of the local day, week or month that holds `day`."""
    if interval == "month":
        return day.replace(day=1)
    if interval == "week":
        return day - timedelta(days=day.weekday() if week_start == "monday" else day.isoweekday() % 7)
    return day


def _clock_buckets(span: Range, interval: Interval, zone: tzinfo, most: int) -> Buckets:
    """Minutes and hours of the local clock; a change of offset starts a new bucket."""
    step = _SECONDS[interval]
    start, end = _unix(span.start), _unix(moment_before(span.end)) + 1
    _refuse_above((end - start) // step, interval, most)
    segments = _offset_segments(start, end, zone)
    keys = tuple(_clock_starts(segments, start, end, step))
    starts = tuple(datetime.fromtimestamp(key, UTC).astimezone(zone) for key in keys)
    return Buckets(starts, keys, _clock_expression(segments, step))


def _offset_segments(start: int, end: int, zone: tzinfo) -> list[tuple[int, int]]:
    """Pairs (first second, offset) of the spans of constant offset; the first begins before `start`."""
    segments = [(start - 86_400, _offset(start, zone))]
    at = start
    while at < end:
        after = min(at + 86_400, end)
        if _offset(after, zone) != _offset(at, zone):
            segments.append((_transition(at, after, zone), _offset(after, zone)))
        at = after
    return segments


def _transition(low: int, high: int, zone: tzinfo) -> int:
    """The second at which the offset changes, by bisection."""
    before = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _clock_starts(segments: list[tuple[int, int]], start: int, end: int, step: int) -> Iterator[int]:
    for i, (first, offset) in enumerate(segments):
        until = min(segments[i + 1][0] if i + 1 < len(segments) else end, end)
        at = max(first, _floor(max(first, start), offset, step))
        while at < until:
            yield at
            at = _floor(at, offset, step) + step


def _clock_expression(segments: list[tuple[int, int]], step: int) -> str:
    """Unix second of the bucket's start; one subtraction wherever the offsets agree within a step."""
    second = f"toUnixTimestamp64Second({ROW}.timestamp)"
    floors = [f"{second} - positiveModulo({second} + {offset % step}, {step})" for _, offset in segments]
    if len({offset % step for _, offset in segments}) == 1 and all((t + o) % step == 0 for t, o in segments[1:]):
        return floors[0]
    clipped = [floors[0]] + [f"greatest({t}, {floor})" for (t, _), floor in zip(segments[1:], floors[1:], strict=True)]
    branches = [f"{second} < {t}, {clipped[i]}" for i, (t, _) in enumerate(segments[1:])]
    return f"multiIf({', '.join(branches)}, {clipped[-1]})"


def _floor(second: int, offset: int, step: int) -> int:
    return second - (second + offset) % step


def _unix(moment: datetime) -> int:
    return int(moment.timestamp() // 1)


def _offset(second: int, zone: tzinfo) -> int:
    delta = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
    return int(delta.total_seconds()) if delta is not None else 0


def _refuse_above(count: int, interval: Interval, most: int) -> None:
    if count <= most:
        return
    message = f"gives more than {MAX_BUCKETS} points for this date range"
    hint = f"Choose interval {_COARSER[interval]}, or a shorter range." if interval != "month" else "Shorten the range."
    raise Problem(422, "invalid_request", f"interval: {message}.", hint, (FieldError("interval", message),))
