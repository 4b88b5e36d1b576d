"""The SQL of `retention`. Two plans that give the same numbers, which a test compares.

Where people and periods are all there is to know, sets of people per period and their intersections: one pass over the
events and some hundred small steps. Else one row per actor and start, with all that the actor did later as an array.
"""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.breakdowns import breakdown_columns
from northing.data.query.buckets import Buckets
from northing.data.query.draft import Draft
from northing.data.query.filters import ALWAYS
from northing.data.query.lifecycle_activity import Activity, index_sql, sets_by_bucket
from northing.data.query.properties import access_event
from northing.data.query.ranges import EARLIEST, Interval, Range
from northing.data.query.retention_spec import Retention
from northing.data.query.scan import scan, start_sql
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement

HOUR_MS = 3_600_000
LENGTHS_MS: dict[Interval, int] = {
    "hour": HOUR_MS, "day": 24 * HOUR_MS, "week": 7 * 24 * HOUR_MS, "month": 30 * 24 * HOUR_MS,
}  # fmt: skip
_MOMENT = f"toUnixTimestamp64Milli({ROW}.timestamp)"


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """The query, the project, and the whole periods read: one bucket per cohort."""

    query: Retention
    scope: Scope
    span: Range
    buckets: Buckets


def plan_sets(plan: RetentionPlan) -> Statement:
    """Rows cohort, column, people; column 0 is the size. Only what sets can tell: see `Retention.needs_actors`."""
    draft, query = Draft(plan.scope), plan.query
    # Read once where both are the same events.
    is_one = query.mode == "recurring" and query.minimum == 1 and query.target == query.returning
    roles = "[0, 1]" if is_one else "[0]"
    sets = f"SELECT __index, __set, arrayJoin({roles}) AS __role FROM ({_starting_sets(plan, draft)})"
    if not is_one:
        sets += f" UNION ALL SELECT __index, __set, 1 AS __role FROM ({_returning_sets(plan, draft)})"
    columns = ", ".join(f"({i}, {c.first}, {_length(plan, i)})" for i, c in enumerate(query.columns))
    lists = (
        "SELECT groupArrayIf((__index, __set), __role = 0) AS __starts, groupArrayIf((__index, __set), __role = 1) "
        f"AS __returns FROM ({sets}) WHERE __index >= 0"
    )
    cells = (
        "SELECT __start.1 AS __cohort, __start.2 AS __members, __column.1 AS __place, if(__place = 0, [__start], "
        "arrayFilter(__r -> __r.1 >= __cohort + __column.2 AND __r.1 < __cohort + __column.2 + __column.3, __returns)) "
        f"AS __counted FROM ({lists}) ARRAY JOIN __starts AS __start ARRAY JOIN [{columns}] AS __column"
    )
    return draft.statement(
        "SELECT __cohort, __place, bitmapAndCardinality(any(__members), groupBitmapOrState(__one.2)) "
        f"FROM ({cells}) ARRAY JOIN __counted AS __one GROUP BY __cohort, __place"
    )


def _length(plan: RetentionPlan, i: int) -> int:
    """How many periods a column takes together."""
    if plan.query.cumulative:
        return len(plan.buckets.keys)
    return plan.query.columns[i].last - plan.query.columns[i].first + 1


def _returning_sets(plan: RetentionPlan, draft: Draft) -> str:
    activity, least = plan.query.returning, plan.query.minimum
    if least == 1:
        return sets_by_bucket(activity, plan.span, plan.buckets, draft)
    often = (
        f"SELECT {plan.buckets.expression} AS __key, {draft.person} AS __one FROM {EVENTS} "
        f"{activity.where(plan.span, draft)} GROUP BY __key, __one HAVING count() >= {least}"
    )
    sets = f"SELECT __key, groupBitmapState(__one) AS __members FROM ({often}) GROUP BY __key"
    return f"SELECT {index_sql('__key', plan.buckets)} AS __index, __members AS __set FROM ({sets})"


def _starting_sets(plan: RetentionPlan, draft: Draft) -> str:
    if plan.query.mode == "recurring":
        return sets_by_bucket(plan.query.target, plan.span, plan.buckets, draft)
    return (
        f"SELECT __cohort AS __index, groupBitmapState(__actor) AS __set FROM ({_starts(plan, draft)}) GROUP BY __index"
    )


def plan_actors(plan: RetentionPlan) -> Statement:
    """Rows cohort, value, is_other, (columns, people), (columns, sums, numbers): everything that may be asked."""
    draft = Draft(plan.scope)
    ones = "sumMap(__columns, arrayMap(__c -> toUInt64(1), __columns))"
    sums = "sumMap(__marks.1, __marks.2, __marks.3)"
    return draft.statement(
        f"SELECT __cohort, __value, __other, {ones}, {sums} FROM ({actors(plan, draft)}) "
        "GROUP BY __cohort, __value, __other"
    )


def actors(plan: RetentionPlan, draft: Draft) -> str:
    """A SELECT of each actor's starts: `__actor __cohort __value __other`, the `__columns` it counts in, `__marks`.

    Marks are (column, sum, numbers) of what it did in there. Times are counted from `__base` in units: buckets by their
    index, or milliseconds from the actor's own start.
    """
    query = plan.query
    base, unit = ("__from", LENGTHS_MS[query.period]) if query.rolling else ("toInt64(__cohort)", 1)
    after = f"arrayFilter(__h -> __h.1 >= {base}, __hits)"
    offsets = f"arrayMap(__h -> intDiv(__h.1 - {base}, {unit}), {after})"
    enough = "__offsets"
    if query.rolling and query.minimum > 1:
        enough = f"arrayFilter(__o -> countEqual(__offsets, __o) >= {query.minimum}, arrayDistinct(__offsets))"
    timed = (
        f"SELECT __actor, __cohort, __value, __other, {after} AS __after, {offsets} AS __offsets, {enough} AS __enough "
        f"FROM ({_starts(plan, draft)}) AS __start LEFT ANY JOIN ({_hits(plan, draft)}) AS __hit "
        "ON __start.__actor = __hit.__who"
    )
    chosen = "arrayFilter((__h, __o) -> has(__enough, __o), __after, __offsets)"
    places = f"arrayMap(__o -> {_place('__o', plan)}, arrayFilter(__o -> has(__enough, __o), __offsets))"
    marks = f"arrayFilter(__m -> __m.1 >= 0, arrayMap((__h, __p) -> (__p, __h.2, __h.3), {chosen}, {places}))"
    columns = "arrayDistinct(arrayPushFront(__marks.1, toInt32(0)))"
    if query.cumulative:
        columns = "arrayMap(__i -> toInt32(__i), range(toUInt32(arrayMax(arrayPushFront(__marks.1, toInt32(0))) + 1)))"
    return f"SELECT __actor, __cohort, __value, __other, {marks} AS __marks, {columns} AS __columns FROM ({timed})"


def _place(offset: str, plan: RetentionPlan) -> str:
    """The column of an offset, -1 for none."""
    columns = plan.query.columns
    last = columns[-1].last
    places = [i for i, column in enumerate(columns) for _ in range(column.first, column.last + 1)]
    end = str(len(columns) - 1) if plan.query.cumulative else "-1"
    return f"toInt32(if({offset} > {last}, {end}, {places}[toUInt32({offset} + 1)]))"


def _hits(plan: RetentionPlan, draft: Draft) -> str:
    """A SELECT of `__who` and `__hits`: (when, sum, numbers) of the returning events."""
    query = plan.query
    number = access_event(query.value.property).number if query.value else "CAST(NULL AS Nullable(Float64))"
    where = _where(plan, query.returning, plan.span, draft)
    rows = f"SELECT {_actor(plan, draft)} AS __who"
    if query.rolling:
        rows += f", {_MOMENT} AS __when, ifNull({number}, 0) AS __sum, toUInt64(isNotNull({number})) AS __numbers "
        rows += f"FROM {EVENTS} {where}"
    else:
        rows += (
            f", {plan.buckets.expression} AS __key, ifNull(sum({number}), 0) AS __sum, count({number}) AS __numbers "
        )
        rows += f"FROM {EVENTS} {where} GROUP BY __who, __key HAVING count() >= {query.minimum}"
        when = f"toInt64({index_sql('__key', plan.buckets)})"
        rows = f"SELECT __who, {when} AS __when, __sum, __numbers FROM ({rows})"
    return f"SELECT __who, groupArray((__when, __sum, __numbers)) AS __hits FROM ({rows}) GROUP BY __who"


def _starts(plan: RetentionPlan, draft: Draft) -> str:
    """A SELECT of `__actor __cohort __from __value __other`: who is in which cohort, and since which millisecond."""
    query = plan.query
    rows = _recurring(plan, draft) if query.mode == "recurring" else _first(plan, draft)
    if not query.breakdown:
        return f"SELECT *, 0 AS __other FROM ({rows})"
    again = _recurring(plan, draft) if query.mode == "recurring" else _first(plan, draft)
    top = (
        f"SELECT __value FROM ({again}) GROUP BY __value ORDER BY uniqExact(__actor) DESC, __value "
        f"LIMIT {query.breakdown_limit}"
    )
    return (
        f"SELECT __actor, __cohort, min(__since) AS __from, if(__other, '', __kept) AS __value, __other FROM (SELECT "
        f"__actor, __cohort, __from AS __since, __value AS __kept, __value NOT IN ({top}) AS __other FROM ({rows})) "
        "GROUP BY __actor, __cohort, __value, __other"
    )


def _recurring(plan: RetentionPlan, draft: Draft) -> str:
    query = plan.query
    columns = breakdown_columns(query.breakdown, draft)
    value = f"{columns.values[0]} AS __value" if columns.values else "'' AS __value"
    # Times and values cost something where nothing needs them.
    since = f"min({_MOMENT})" if query.rolling else "toInt64(0)"
    keys = "__actor, __key, __value" if columns.values else "__actor, __key"
    where = _where(plan, query.target, plan.span, draft)
    rows = (
        f"SELECT {_actor(plan, draft)} AS __actor, {plan.buckets.expression} AS __key, {since} AS __from, {value} "
        f"FROM {EVENTS}{columns.joins} {where} GROUP BY {keys}"
    )
    return f"SELECT __actor, {index_sql('__key', plan.buckets)} AS __cohort, __from, __value FROM ({rows})"


def _first(plan: RetentionPlan, draft: Draft) -> str:
    """Each actor's first target event in all history, where it lies in the range.

    In the mode `first_ever` the first event of that name must match the filters; of several at once, any.
    """
    query = plan.query
    columns = breakdown_columns(query.breakdown, draft)
    value = columns.values[0] if columns.values else "''"
    is_ever = query.mode == "first_ever"
    matching = query.target.matching(draft) if is_ever else "true"
    counted = Activity(query.target.event, ALWAYS) if is_ever else query.target
    where = _where(plan, counted, Range(EARLIEST, plan.span.end), draft)
    having = f"countIf({matching}) > 0 AND minIf({ROW}.timestamp, {matching}) = __first" if is_ever else "true"
    firsts = (
        f"SELECT {_actor(plan, draft)} AS __actor, min({ROW}.timestamp) AS __first, "
        f"argMinIf({value}, ({_MOMENT}, {value}), {matching}) AS __value FROM {EVENTS}{columns.joins} {where} "
        f"GROUP BY __actor HAVING {having}"
    )
    named = (
        f"SELECT __actor, __first AS timestamp, __value FROM ({firsts}) WHERE __first >= {start_sql(plan.span, draft)}"
    )
    index = index_sql(plan.buckets.expression, plan.buckets)
    return f"SELECT __actor, {index} AS __cohort, {_MOMENT} AS __from, __value FROM ({named}) AS {ROW}"


def _actor(plan: RetentionPlan, draft: Draft) -> str:
    return f"{ROW}.groups[{draft.text(plan.query.group)}]" if plan.query.group else draft.person


def _where(plan: RetentionPlan, activity: Activity, span: Range, draft: Draft) -> str:
    """The WHERE clause of the events that have an actor."""
    has_actor = f"{_actor(plan, draft)} != ''" if plan.query.group else ""
    return scan(draft, span, [activity.condition(draft), has_actor], guarded=activity.is_guarded)
