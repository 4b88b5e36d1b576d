"""Date ranges: relative and absolute text to moments, in the zone of the query."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from northing.data.query.reader import Reader
from northing.data.query.scope import Scope

Interval = Literal["minute", "hour", "day", "week", "month"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_RELATIVE = re.compile(r"-(\d{1,5})(min|h|d|w|m|y)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DEFAULT_DAYS = 7
_SECONDS_PER = {"min": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Range:
    """Half-open: events with `start <= timestamp < end` are meant."""

    start: datetime
    end: datetime


def read_zone(reader: Reader) -> str:
    """The field `timezone`, or an empty text for the project's own."""
    name = reader.text("timezone", longest=64)
    if name and not is_zone(name):
        reader.fault("timezone", "is not a known time zone; write one like Europe/Berlin or UTC")
        return ""
    return name


def is_zone(name: str) -> bool:
    """Whether the name is one of the IANA zones."""
    # ZoneInfo reads files by name, so shapes that are no zone name must not reach it.
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def read_interval(reader: Reader) -> Interval:
    """The field `interval`, by default a day."""
    return reader.choice("interval", INTERVALS, "day")  # type: ignore[return-value]


def read_range(reader: Reader, scope: Scope, interval: Interval, *, earliest: datetime | None) -> Range:
    """The fields `date_from` and `date_to`: by default to the end of the running day (hour, minute), from seven days
    before the last one.

    `earliest` is the moment of the project's first event, for "all".
    """
    end = _read_end(reader, scope, interval)
    start = _read_start(reader, scope, earliest) if reader.has("date_from") else _days_before(end, scope)
    # In UTC here and below: within one zone Python compares and counts by the clock on the wall, which jumps.
    if start.astimezone(UTC) >= end.astimezone(UTC):
        reader.fault("date_from", "must be before date_to")
        return Range(end - timedelta(days=1), end)
    return Range(start, end)


def wants_earliest(value: object) -> bool:
    """Whether `date_from` asks for everything there is."""
    return value == "all"


def _read_start(reader: Reader, scope: Scope, earliest: datetime | None) -> datetime:
    text = reader.text("date_from", f"-{_DEFAULT_DAYS}d", longest=40)
    if text == "all":
        first = (earliest or scope.now).astimezone(scope.zone)
        return start_of_day(first.date(), scope.zone)
    moment, is_exact = _parse_moment(reader, "date_from", text, scope)
    return moment if is_exact else start_of_day(moment.date(), scope.zone)


def _days_before(end: datetime, scope: Scope) -> datetime:
    last = moment_before(end).astimezone(scope.zone).date()
    return start_of_day(last - timedelta(days=_DEFAULT_DAYS), scope.zone)


def _read_end(reader: Reader, scope: Scope, interval: Interval) -> datetime:
    text = reader.text("date_to", longest=40)
    if not text:
        return end_of_running(scope.local_now, interval)
    moment, is_exact = _parse_moment(reader, "date_to", text, scope)
    if not is_exact:
        return start_of_day(moment.date() + timedelta(days=1), scope.zone)
    # People write 23:59:59 for the end of a day, and mean its last second wholly.
    if moment.second == 59:
        return (moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)).astimezone(scope.zone)
    return moment


def _parse_moment(reader: Reader, name: str, text: str, scope: Scope) -> tuple[datetime, bool]:
    """The moment in the scope's zone, and whether it is exact (else it names its whole day)."""
    moment = parse_moment(text, scope)
    if moment is None:
        reader.fault(name, "must be a date such as 2026-01-31 or 2026-01-31T12:00:00Z, or relative such as -7d or -24h")
        return scope.local_now, False
    if not EARLIEST <= moment[0] <= LATEST:
        reader.fault(name, f"must be between {EARLIEST.year} and {LATEST.year}")
        return scope.local_now, False
    return moment


def parse_moment(text: str, scope: Scope) -> tuple[datetime, bool] | None:
    """A relative or absolute moment and whether it is exact to the second; None where the text is neither."""
    relative = _RELATIVE.fullmatch(text)
    try:
        if relative:
            return _before(scope.local_now, int(relative[1]), relative[2])
        if _DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time(), scope.zone), False
        parsed = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=scope.zone)
    try:
        return aware.astimezone(scope.zone), True
    except OverflowError:
        return None


def _before(now: datetime, count: int, unit: str) -> tuple[datetime, bool]:
    if unit in _SECONDS_PER:
        return (now.astimezone(UTC) - timedelta(seconds=count * _SECONDS_PER[unit])).astimezone(now.tzinfo), True
    if unit in ("d", "w"):
        day = now.date() - timedelta(days=count * (7 if unit == "w" else 1))
    else:
        day = add_months(now.date(), -count * (12 if unit == "y" else 1))
    return datetime.combine(day, time(), now.tzinfo), False


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day where it has none such (31 March - 1 = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of a local day: where daylight saving skips midnight, the moment after the gap."""
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def moment_before(end: datetime) -> datetime:
    """The last moment before an exclusive end."""
    return (end.astimezone(UTC) - timedelta(microseconds=1)).astimezone(end.tzinfo)


def earlier(one: datetime, other: datetime) -> datetime:
    """The earlier of two moments."""
    return min(one, other, key=datetime.timestamp)


def later(one: datetime, other: datetime) -> datetime:
    """The later of two moments."""
    return max(one, other, key=datetime.timestamp)


def end_of_running(local: datetime, interval: Interval) -> datetime:
    """The end of the running minute or hour for those intervals, else of the running day."""
    if interval in ("minute", "hour"):
        seconds = 60 if interval == "minute" else 3600
        past = (local.minute * 60 + local.second) % seconds
        floor = local.astimezone(UTC) - timedelta(seconds=past, microseconds=local.microsecond)
        return (floor + timedelta(seconds=seconds)).astimezone(local.tzinfo)
    zone = local.tzinfo or UTC
    return start_of_day(local.date() + timedelta(days=1), zone)


def previous_range(current: Range, interval: Interval, zone: tzinfo) -> Range:
    """The period of the same length that ends where `current` starts, in months or days where it is whole ones."""
    start, end = current.start.astimezone(zone), current.end.astimezone(zone)
    if not (is_midnight(start) and is_midnight(end)):
        began = current.start.astimezone(UTC)
        return Range((began - (current.end.astimezone(UTC) - began)).astimezone(zone), current.start)
    if interval == "month" and start.day == 1 and end.day == 1:
        months = (end.year - start.year) * 12 + end.month - start.month
        return Range(start_of_day(add_months(start.date(), -months), zone), current.start)
    return Range(start_of_day(start.date() - (end.date() - start.date()), zone), current.start)


def is_midnight(local: datetime) -> bool:
    """Whether a local day begins with the moment."""
    zone = local.tzinfo or UTC
    return local.astimezone(UTC) == start_of_day(local.date(), zone).astimezone(UTC)
