"""Answers from activity by the hour where a question asks for nothing that is not in it.

What has been summed up comes from the sums, what is newer from the events; the bound is read once per statement.
"""

from __future__ import annotations

from datetime import datetime

from northing.data.query.draft import PROJECT, Draft, merge_arrays
from northing.data.query.ranges import Range
from northing.data.query.scan import end_sql, start_sql
from northing.data.query.statements import EVENTS, ROW

# The first batch of the project that is not summed up.
_NEXT = f"(SELECT if(count() = 0, 0, max(__sum.upto) + 1) FROM activity AS __sum WHERE __sum.project_id = {PROJECT})"
_MOMENT = f"toUnixTimestamp64Milli({ROW}.timestamp)"
_HOUR = f"fromUnixTimestamp64Milli({_MOMENT} - positiveModulo({_MOMENT}, 3600000), 'UTC')"


def is_hourly(*moments: datetime) -> bool:
    """Whether all moments begin an hour of UTC; those of zones such as India's do not."""
    return all(moment.timestamp() % 3600 == 0 for moment in moments)


def activity_source(draft: Draft, span: Range, event_condition: str) -> str:
    """A source in place of `EVENTS`, under the same name, for whole hours: columns event, timestamp (the hour),
    events (how many) and persons (a bitmap of stored numbers: read it by `people_set` or `people_count`).

    `event_condition` may name the event's name only.
    """
    where = [
        f"{ROW}.project_id = {draft.project}",
        f"{ROW}.timestamp >= {start_sql(span, draft)}",
        f"{ROW}.timestamp < {end_sql(span, draft)}",
        *([event_condition] if event_condition else []),
    ]
    own = " AND ".join(where)
    summed = (
        f"SELECT {ROW}.event AS event, {ROW}.timestamp AS timestamp, {ROW}.events AS events, {ROW}.persons AS persons "
        f"FROM activity AS {ROW} WHERE {own} AND {ROW}.upto < {_NEXT}"
    )
    newer = (
        f"SELECT {ROW}.event AS event, {_HOUR} AS timestamp, count() AS events, "
        f"groupBitmapState({ROW}.person) AS persons FROM {EVENTS} WHERE {own} AND {ROW}.batch >= {_NEXT} "
        "GROUP BY event, timestamp"
    )
    return f"({summed} UNION ALL {newer}) AS {ROW}"


def people_set(draft: Draft, condition: str = "") -> str:
    """The bitmap of the people of a group of rows of `activity_source`, after merges."""
    merged = (
        f"groupBitmapMergeStateIf({ROW}.persons, {condition})" if condition else f"groupBitmapMergeState({ROW}.persons)"
    )
    if not draft.scope.merged:
        return merged
    # Once per group, not per row: a transformation costs by the number of merges.
    old, new = merge_arrays()
    return f"bitmapTransform({merged}, {old}, {new})"


def people_count(draft: Draft, condition: str = "") -> str:
    """How many different people a group of rows of `activity_source` has, after merges."""
    return f"bitmapCardinality({people_set(draft, condition)})"
