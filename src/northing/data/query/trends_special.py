"""The SQL of the maths of `trends` that need a pass of their own, one series and one period at a time.

Each gives the same columns as the shared pass: overall, current, bucket, values…, other, number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from northing.data.query.activity import is_hourly, people_set, people_source
from northing.data.query.buckets import Buckets, make_buckets
from northing.data.query.draft import Draft
from northing.data.query.properties import access_session
from northing.data.query.ranges import EARLIEST, Range, earlier, moment_before, start_of_day
from northing.data.query.scan import end_sql, start_sql
from northing.data.query.statements import ROW, SESSION, Statement
from northing.data.query.trends_spec import FIRST, PER_ACTOR, ROLLING, SESSION_DURATION, SQL, Series, of_sessions
from northing.data.query.trends_sql import TrendsPlan, Writer, aggregate, select_pass
from northing.data.query.trends_sums import can_roll


@dataclass(frozen=True, slots=True)
class Window:
    """Whole local days, both included."""

    first: date
    last: date

    def span(self, plan: TrendsPlan) -> Range:
        """The time of these days, as far as the period reaches."""
        zone = plan.scope.zone
        end = start_of_day(self.last + timedelta(days=1), zone)
        return Range(start_of_day(self.first, zone), earlier(end, plan.span.end))


def plan_special(plan: TrendsPlan, buckets: Buckets) -> Statement:
    """The statement of the plan's only series over the buckets of its period."""
    writer = Writer(plan, Draft(plan.scope))
    series = plan.query.series[plan.series[0]]
    if series.math in ROLLING:
        sql = _rolling(plan, writer, series, buckets)
    elif series.math in FIRST:
        sql = _first(plan, writer, series)
    elif series.math == SQL:
        other, defined = _other(plan, writer)
        sql = select_pass(plan, writer, defined, other)
    else:
        sql = _by_actor(plan, writer, series)
    return writer.draft.statement(sql)


def _by_actor(plan: TrendsPlan, writer: Writer, series: Series) -> str:
    """One number per person, their count, or per session, its length, and then the maths over those numbers."""
    actor = f"{ROW}.session" if of_sessions(series) else writer.draft.person
    other, defined = _other(plan, writer)
    keys = [*writer.names, *(["__other"] if plan.width else [])]
    each = ", ".join([*keys, "__who"])
    grouped = (
        f"WITH {', '.join([f'{plan.bucket} AS __bucket', *defined, f'{actor} AS __who'])} "
        f"SELECT grouping(__bucket) AS __whole, __bucket, {each}, count() AS __number "
        f"FROM {writer.source} {writer.where(plan.span)} GROUP BY GROUPING SETS ((__bucket, {each}), ({each}))"
    )
    number, math = "__number", PER_ACTOR.get(series.math, series.math)
    if of_sessions(series):
        grouped = f"SELECT * FROM ({grouped}) AS __one INNER JOIN ({_durations(plan, writer)}) AS __two USING __who"
        number = "__seconds"
    columns = ["__whole", str(int(plan.is_current)), "__bucket", *writer.names, other, aggregate(math, number)]
    return f"SELECT {', '.join(columns)} FROM ({grouped}) GROUP BY {', '.join(['__whole', '__bucket', *keys])}"


def _durations(plan: TrendsPlan, writer: Writer) -> str:
    """The length of each session that may have an event in the period."""
    draft = writer.draft
    return (
        # A client may keep a session's name for days, and then it has a row for each time it came back.
        f"SELECT {SESSION}.session AS __who, max({access_session(SESSION_DURATION).number}) AS __seconds "
        f"FROM sessions AS {SESSION} FINAL WHERE {SESSION}.project_id = {draft.project} AND {SESSION}.session != 0 "
        f"AND {SESSION}.start < {end_sql(plan.span, draft)} AND {SESSION}.end >= {start_sql(plan.span, draft)} "
        "GROUP BY __who"
    )


def _other(plan: TrendsPlan, writer: Writer) -> tuple[str, list[str]]:
    """The column that tells Other, and what has to be defined for it and the values."""
    if not plan.width:
        return "0", []
    return "__other", [f"{writer.is_other()} AS __other", *writer.named_values(without_other=True)]


def _first(plan: TrendsPlan, writer: Writer, series: Series) -> str:
    """The first event of each person in all history, and of those the ones in the period.

    Of several at the same moment the one whose values come first in order counts, so that there is but one.
    """
    history = Range(EARLIEST, plan.span.end)
    found = first_events(plan, writer, series, history)
    other, defined = "0", [f"{plan.bucket} AS __bucket"]
    if plan.width:
        own = [f"{ROW}.__v{i}" for i in range(plan.width)]
        other = "__other"
        defined += [f"{writer.is_other(own)} AS __other"]
        defined += [f"if(__other, '', {value}) AS {name}" for value, name in zip(own, writer.names, strict=True)]
    keys = [*writer.names, *(["__other"] if plan.width else [])]
    # In Other, somebody in several cohorts has several rows.
    counted = f"uniqExact({ROW}.__who)" if writer.columns.repeats else "count()"
    return (
        f"WITH {', '.join(defined)} SELECT 0, {int(plan.is_current)}, {', '.join(['__bucket', *writer.names, other])}, "
        f"{counted} FROM ({found}) AS {ROW} WHERE {ROW}.timestamp >= {start_sql(plan.span, writer.draft)} "
        f"GROUP BY {', '.join(['__bucket', *keys])}"
    )


def first_events(plan: TrendsPlan, writer: Writer, series: Series, history: Range) -> str:
    """A SELECT of `__who`, the `timestamp` of their first event and its values `__v0…`."""
    matching = writer.matching(series)
    is_any = series.math == "first_time_for_user" and matching != "true"
    where = writer.where_event(history, series, [] if is_any else [matching])
    # Who is in several cohorts has a first event in each.
    fixed = {i: f"__v{i}" for i in writer.columns.repeats}
    moving = [i for i in range(plan.width) if i not in fixed]
    row = f"({', '.join([f'{ROW}.timestamp', *(writer.values[i] for i in moving)])})" if moving else f"{ROW}.timestamp"
    first = f"minIf({row}, {matching})" if is_any else f"min({row})"
    having = f" HAVING countIf({matching}) > 0 AND min({ROW}.timestamp) = minIf({ROW}.timestamp, {matching})"
    named = [f"{writer.values[i]} AS {name}" for i, name in fixed.items()]
    grouped = (
        f"SELECT {', '.join([f'{writer.draft.person} AS __who', *named, f'{first} AS __first'])} "
        f"FROM {writer.source} {where} GROUP BY {', '.join(['__who', *fixed.values()])}{having if is_any else ''}"
    )
    columns = [f"__first.{moving.index(i) + 2} AS __v{i}" if i in moving else fixed[i] for i in range(plan.width)]
    moment = "__first.1" if moving else "__first"
    return f"SELECT {', '.join(['__who', f'{moment} AS timestamp', *columns])} FROM ({grouped})"


def _rolling(plan: TrendsPlan, writer: Writer, series: Series, buckets: Buckets) -> str:
    """One bitmap of people per day, then the union of those in each bucket's window; the last window also as total."""
    windows = rolling_windows(plan, series, buckets)
    days = make_buckets(Range(windows[0].span(plan).start, plan.span.end), "day", plan.scope, most=100_000)
    other, defined = _other(plan, writer)
    keys = [*writer.names, *(["__other"] if plan.width else [])]
    draft = writer.draft
    span = Range(days.starts[0], plan.span.end)
    source, people = f"{writer.source} {writer.where(span)}", f"groupBitmapState({draft.person})"
    if can_roll(plan, days) and is_hourly(span.start, span.end):
        source, people = people_source(draft, span, days.starts, series.event), people_set(draft)
    per_day = (
        f"WITH {', '.join([f'{days.expression} AS __day', *defined])} "
        f"SELECT {', '.join(['__day', *keys])}, {people} AS __people FROM {source} "
        f"GROUP BY {', '.join(['__day', *keys])}"
    )
    windows = [*windows, windows[-1]]
    first, last = (
        draft.bind([(day - date(1970, 1, 1)).days for day in found], "Array(Int32)")
        for found in ([w.first for w in windows], [w.last for w in windows])
    )
    labels = draft.texts((*map(str, buckets.keys), str(buckets.keys[-1])))
    day = "toInt32(toDate32(__day))"
    places = f"arrayFilter(__i -> {first}[__i] <= {day} AND {day} <= {last}[__i], range(1, {len(windows) + 1}))"
    columns = [f"__place = {len(windows)}", str(int(plan.is_current)), f"{labels}[__place]", *writer.names, other]
    return (
        f"SELECT {', '.join(columns)}, groupBitmapMerge(__people) FROM ({per_day}) ARRAY JOIN {places} AS __place "
        f"GROUP BY {', '.join(['__place', *keys])}"
    )


def rolling_windows(plan: TrendsPlan, series: Series, buckets: Buckets) -> list[Window]:
    """For each bucket the days that end with its last one, or with the last of the period where that comes first."""
    zone = plan.scope.zone
    length = timedelta(days=ROLLING[series.math] - 1)
    until: list[datetime] = [*buckets.starts[1:], plan.span.end]
    lasts = [moment_before(earlier(end, plan.span.end)).astimezone(zone).date() for end in until]
    return [Window(last - length, last) for last in lasts]
