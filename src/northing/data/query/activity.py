"""Answers from activity by the hour and the day where a question asks for nothing that is not in it.

What has been summed up comes from the sums, what is newer from the events; the bound is read once per statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from northing.data.query.draft import PROJECT, Draft, merge_arrays
from northing.data.query.ranges import Range
from northing.data.query.scan import end_sql, start_sql
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.store.dimensions import ALL, BY_EVENT, DIMENSIONS, MARKED

_MOMENT = f"toUnixTimestamp64Milli({ROW}.timestamp)"
_HOUR = f"fromUnixTimestamp64Milli({_MOMENT} - positiveModulo({_MOMENT}, 3600000), 'UTC')"

# More days than these with a bound inside are not told apart from the rest: then all is read by the hour.
_MOST_CUT = 100


def is_hourly(*moments: datetime) -> bool:
    """Whether all moments begin an hour of UTC; those of zones such as India's do not."""
    return all(moment.timestamp() % 3600 == 0 for moment in moments)


def activity_source(draft: Draft, span: Range, bounds: Iterable[datetime], event_condition: str) -> str:
    """A source in place of `EVENTS`, under the same name, for whole hours: columns event, timestamp (where the hour
    or day begins), events (how many) and persons (a bitmap of stored numbers: read it by `people_set` or
    `people_count`).

    `bounds` are the moments that what is asked tells apart, such as those where buckets begin; days of UTC with none
    inside are read as one. `event_condition` may name the event's name only.
    """
    return _source(draft, span, bounds, BY_EVENT, conditions=[event_condition] if event_condition else [])


def overall_source(draft: Draft, span: Range, bounds: Iterable[datetime]) -> str:
    """The same of all events together, with their sessions: read those by `sessions_count`."""
    return _source(draft, span, bounds, ALL)


def people_source(draft: Draft, span: Range, bounds: Iterable[datetime], event: str | None) -> str:
    """The same of the events of one name, or of all together."""
    if event is None:
        return overall_source(draft, span, bounds)
    return activity_source(draft, span, bounds, f"{ROW}.event = {draft.text(event)}")


def dimension_source(draft: Draft, span: Range, bounds: Iterable[datetime], dimension: str) -> str:
    """The same by a column of `DIMENSIONS`, whose value is the column `value`."""
    event = DIMENSIONS[dimension]
    return _source(draft, span, bounds, dimension, conditions=[f"{ROW}.event = '{event}'"] if event else [])


def _in_grain(draft: Draft, bounds: Iterable[datetime]) -> str:
    """Whether a row of sums is to be read: of whole days those by the day, of days with a bound inside by the hour."""
    moments = {bound.astimezone(UTC) for bound in bounds}
    cut = sorted({moment.date() for moment in moments if moment.time() != time()})
    if not cut:
        return f"{ROW}.hours = 24"
    if len(cut) > _MOST_CUT:
        return f"{ROW}.hours = 1"
    days = draft.bind([day.isoformat() for day in cut], "Array(Date32)")
    is_cut = f"has({days}, toDate32({ROW}.timestamp, 'UTC'))"
    return f"(({ROW}.hours = 24 AND NOT {is_cut}) OR ({ROW}.hours = 1 AND {is_cut}))"


def _next_sql(dimension: str) -> str:
    """The first batch of the project that is not summed up: any, once the dimension is crowded.

    Readers ask that before, and do better to read the events; but it may turn crowded between the two statements.
    """
    marked = f"__sum.dimension = '{dimension}' AND __sum.timestamp = {MARKED}"
    either = f"(__sum.dimension = '{ALL}'{f' OR {marked}' if dimension in DIMENSIONS else ''})"
    is_none = f"countIf({marked}) > 0 OR count() = 0" if dimension in DIMENSIONS else "count() = 0"
    return (
        f"(SELECT if({is_none}, 0, max(__sum.upto) + 1) FROM activity AS __sum "
        f"WHERE __sum.project_id = {PROJECT} AND {either})"
    )


def _source(
    draft: Draft, span: Range, bounds: Iterable[datetime], dimension: str, *, conditions: Iterable[str] = ()
) -> str:
    own = " AND ".join(
        [
            f"{ROW}.project_id = {draft.project}",
            f"{ROW}.timestamp >= {start_sql(span, draft)}",
            f"{ROW}.timestamp < {end_sql(span, draft)}",
            *conditions,
        ]
    )
    next_batch = _next_sql(dimension)
    event = f"{ROW}.event" if dimension == BY_EVENT else "''"
    value = f"toString({ROW}.{dimension})" if dimension in DIMENSIONS else "''"
    columns = ", ".join(f"{ROW}.{name} AS {name}" for name in ("timestamp", "value", "events", "persons", "sessions"))
    summed = (
        f"SELECT {event} AS event, {columns} FROM activity AS {ROW} "
        f"WHERE {own} AND {ROW}.dimension = '{dimension}' AND {_in_grain(draft, (span.start, span.end, *bounds))} "
        f"AND {ROW}.upto < {next_batch}"
    )
    sessions = f"uniqExactIfState({ROW}.session, toUInt8({int(dimension == ALL)} AND {ROW}.session != 0))"
    newer = (
        f"SELECT {event} AS event, {_HOUR} AS timestamp, {value} AS value, count() AS events, "
        f"groupBitmapState({ROW}.person) AS persons, {sessions} AS sessions FROM {EVENTS} "
        f"WHERE {own} AND {ROW}.batch >= {next_batch} GROUP BY event, timestamp, value"
    )
    return f"({summed} UNION ALL {newer}) AS {ROW}"


def plan_crowded(scope: Scope, dimension: str) -> Statement:
    """A row where some events of the project are not summed up by the column, which has too many values."""
    draft = Draft(scope)
    return draft.statement(
        f"SELECT 1 FROM activity AS {ROW} WHERE {ROW}.project_id = {draft.project} "
        f"AND {ROW}.dimension = '{dimension}' AND {ROW}.timestamp = {MARKED} LIMIT 1"
    )


def sessions_count() -> str:
    """How many different sessions a group of rows of `overall_source` has."""
    return f"uniqExactIfMerge({ROW}.sessions)"


def people_set(draft: Draft, condition: str = "") -> str:
    """The bitmap of the people of a group of rows of `activity_source`, after merges."""
    stored = (
        f"groupBitmapMergeStateIf({ROW}.persons, {condition})" if condition else f"groupBitmapMergeState({ROW}.persons)"
    )
    if not draft.scope.merged:
        return stored
    # Only those who were merged are looked up: a transformation of the whole set costs by the number of all merges.
    old, _ = merge_arrays()
    away = f"bitmapBuild({old})"
    moved = f"arrayMap(__one -> {draft.person_of('__one')}, bitmapToArray(bitmapAnd({stored}, {away})))"
    return f"bitmapOr(bitmapAndnot({stored}, {away}), bitmapBuild({moved}))"


def people_count(draft: Draft, condition: str = "") -> str:
    """How many different people a group of rows of `activity_source` has, after merges."""
    if draft.scope.merged:
        return f"bitmapCardinality({people_set(draft, condition)})"
    return f"groupBitmapMergeIf({ROW}.persons, {condition})" if condition else f"groupBitmapMerge({ROW}.persons)"
