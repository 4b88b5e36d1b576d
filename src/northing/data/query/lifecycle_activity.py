"""What the kinds about coming back share: which events count as activity, whole periods, and what a point names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from northing.data.query.activity import is_hourly, people_set, people_source
from northing.data.query.buckets import MAX_BUCKETS, Buckets, make_buckets
from northing.data.query.conditions import condition_sql, join_conditions
from northing.data.query.draft import Draft
from northing.data.query.filters import ALWAYS, Group, read_filters
from northing.data.query.ranges import EARLIEST, Interval, Range, read_range
from northing.data.query.reader import Notes, Reader
from northing.data.query.scan import has_expression, scan, start_sql
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, quote_text
from northing.data.query.suspects import EventName, Suspect, suspects_of

PERIODS: tuple[Interval, ...] = ("hour", "day", "week", "month")
# At least as long as any bucket of the interval.
_REACH: dict[Interval, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=2),
    "week": timedelta(days=8),
    "month": timedelta(days=32),
}


@dataclass(frozen=True, slots=True)
class Activity:
    """Events that count: of one name (None = any), that match the filters and those of the whole query."""

    event: str | None
    filters: Group
    shared: Group = ALWAYS

    def condition(self, draft: Draft) -> str:
        """Whether the event at hand counts."""
        return join_conditions([part for part in (self.named(draft), self.matching(draft)) if part and part != "true"])

    def named(self, draft: Draft) -> str:
        """Whether the event at hand has the name."""
        return f"{ROW}.event = {draft.text(self.event)}" if self.event is not None else ""

    def matching(self, draft: Draft) -> str:
        """Whether the event at hand matches the filters, whatever its name."""
        parts = [condition_sql(found, draft) for found in (self.shared, self.filters)]
        return join_conditions([part for part in parts if part != "true"])

    def where(self, span: Range, draft: Draft) -> str:
        """The WHERE clause of a pass over these events."""
        return scan(draft, span, [self.condition(draft)], guarded=self.is_guarded)

    @property
    def is_guarded(self) -> bool:
        return has_expression(self.shared, self.filters)

    @property
    def is_plain(self) -> bool:
        """Whether only the event's name matters."""
        return not (self.shared.members or self.filters.members)

    def suspects(self) -> Iterator[Suspect]:
        """The names that may be misspelt."""
        if self.event is not None:
            yield EventName(self.event)
        yield from suspects_of(self.filters, self.shared)

    def words(self) -> str:
        """In words, for definitions."""
        event = f"event {self.event}" if self.event is not None else "any event"
        is_filtered = bool(self.filters.members or self.shared.members)
        return event + (" that matches the filters" if is_filtered else "")


def read_activity(reader: Reader, scope: Scope, *, shared: Group = ALWAYS, default: str | None = None) -> Activity:
    """The fields `event` (null = any; `default` where it is not given) and `filters`."""
    event = reader.text("event") or None
    return Activity(event if "event" in reader.values else default, read_filters(reader, scope), shared)


def whole_periods(span: Range, interval: Interval, scope: Scope, *, before: int = 0) -> tuple[Range, Buckets]:
    """The range widened to whole buckets (and by `before` of them to the left), with its buckets."""
    starts = _starts_around(span, interval, scope, before + 2)
    first = bisect_right(starts, span.start.astimezone(UTC)) - 1 - before
    last = bisect_left(starts, span.end.astimezone(UTC))
    whole = Range(starts[first], starts[last])
    return whole, make_buckets(whole, interval, scope, most=MAX_BUCKETS + before + 1)


def start_before(end: datetime, interval: Interval, count: int, scope: Scope) -> datetime:
    """Where the last `count` buckets begin, of which the last holds the moment before `end`."""
    starts = _starts_around(Range(end, end), interval, scope, count + 2)
    return starts[bisect_left(starts, end.astimezone(UTC)) - count]


def _starts_around(span: Range, interval: Interval, scope: Scope, more: int) -> tuple[datetime, ...]:
    reach = _REACH[interval]
    wide = Range(span.start.astimezone(UTC) - more * reach, span.end.astimezone(UTC) + 3 * reach)
    starts = make_buckets(wide, interval, scope, most=2 * MAX_BUCKETS).starts
    # In UTC: within one zone Python compares by the clock on the wall, and some hours come twice.
    return tuple(start.astimezone(UTC) for start in starts)


def end_of(reader: Reader, scope: Scope, interval: Interval) -> datetime:
    """The end that the field `date_to` will be read as; faults are told when it is read for good."""
    body = {"date_from": "all", "date_to": reader.values.get("date_to")}
    return read_range(Reader(body, "", Notes()), scope, interval, earliest=EARLIEST).end


def set_dates(reader: Reader, start: datetime, interval: Interval) -> None:
    """Give the reader a start and interval of the kind's own, in place of the usual seven days."""
    # A new dict: the caller's body stays as it was.
    reader.values = {**reader.values, "date_from": start.isoformat(), "interval": interval}


def index_sql(key: str, buckets: Buckets) -> str:
    """The index of a bucket by its key, -1 for one that is not among the buckets."""
    keys = ", ".join(_key_sql(buckets, i) for i in range(len(buckets.keys)))
    # A number of the engine's may be of a narrower type than ours.
    value = key if isinstance(buckets.keys[0], str) else f"toInt64({key})"
    return f"toInt32(transform({value}, [{keys}], [{', '.join(map(str, range(len(buckets.keys))))}], -1))"


def _key_sql(buckets: Buckets, i: int) -> str:
    key = buckets.keys[i]
    if not isinstance(key, str):
        return f"toInt64({key})"
    return f"{'toDate32' if 'toDate32' in buckets.expression else 'toDate'}({quote_text(key)})"


def sets_by_bucket(activity: Activity, span: Range, buckets: Buckets, draft: Draft) -> str:
    """A SELECT of `__index` and `__set`: who was active in each bucket that has anyone."""
    source, people = _people(activity, span, draft, buckets.starts)
    per_key = f"SELECT {buckets.expression} AS __key, {people} AS __members FROM {source} GROUP BY __key"
    return f"SELECT {index_sql('__key', buckets)} AS __index, __members AS __set FROM ({per_key})"


def sets_of_history(activity: Activity, span: Range, buckets: Buckets, draft: Draft, *, counted: str = "") -> str:
    """The same with everyone before the range as index -1, and `__earlier`: who was active in any bucket before.

    With a condition, `__counted` are those with an event of the bucket that meets it.
    """
    # One set for all that is old, however many buckets it would have, under a key that no bucket has.
    old = f"{ROW}.timestamp < {start_sql(span, draft)}"
    key = f"if({old}, {_key_sql(buckets, 0)} - 1, {buckets.expression})"
    some = f", groupBitmapStateIf({draft.person}, NOT {old} AND {counted}) AS __some" if counted else ""
    bounds = (span.start, *buckets.starts)
    source, people = _people(activity, Range(EARLIEST, span.end), draft, bounds, needs_events=bool(counted))
    per_key = f"SELECT {key} AS __key, {people} AS __members{some} FROM {source} GROUP BY __key"
    sets = (
        f"SELECT {index_sql('__key', buckets)} AS __index, __members AS __set, "
        f"{'__some' if counted else '__members'} AS __counted FROM ({per_key})"
    )
    return (
        "SELECT __index, __set, __counted, groupBitmapOrState(__set) OVER (ORDER BY __index ROWS BETWEEN UNBOUNDED "
        f"PRECEDING AND 1 PRECEDING) AS __earlier FROM ({sets})"
    )


def _people(
    activity: Activity, span: Range, draft: Draft, bounds: Sequence[datetime], *, needs_events: bool = False
) -> tuple[str, str]:
    """What is read, WHERE clause included, and the set of its people: sums of activity where those suffice."""
    if activity.is_plain and not needs_events and is_hourly(span.start, span.end, *bounds):
        return people_source(draft, span, bounds, activity.event), people_set(draft)
    # What is counted may hold an expression of the user's, too.
    where = scan(draft, span, [activity.condition(draft)], guarded=activity.is_guarded or needs_events)
    return f"{EVENTS} {where}", f"groupBitmapState({draft.person})"


def percent(part: float, whole: float) -> float | None:
    """Per cent to two places; None of nothing."""
    return round(100 * part / whole, 2) if whole else None


def shown_zone(interval: Interval, scope: Scope) -> str:
    """The end of a definition: which buckets."""
    weeks = f", weeks starting on {scope.week_start.capitalize()}" if interval == "week" else ""
    return f"in {scope.timezone}{weeks}"
