"""The query kind `growth_accounting`: where the change in active people from period to period comes from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from northing.data.query.buckets import Buckets, first_incomplete
from northing.data.query.draft import Draft
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle import Lifecycle, read_lifecycle
from northing.data.query.lifecycle_activity import percent, sets_of_history, shown_zone, whole_periods
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import Statement
from northing.data.query.suspects import Suspect
from northing.kernel.clock import rfc3339

_SETS = {
    "active": "__now",
    "new": "bitmapAndnot(__now, __past)",
    "retained": "bitmapAnd(__now, __before)",
    "resurrected": "bitmapAndnot(bitmapAnd(__now, __past), __before)",
    "churned": "bitmapAndnot(__before, __now)",
}
STATUSES = tuple(_SETS)


async def answer_growth(query: Lifecycle, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Five series, the quick ratio and the growth rate, each per period."""
    whole, buckets = whole_periods(span, query.interval, scope, before=1)
    rows = (await ask(plan_growth(query, whole, scope, buckets))).rows
    found = {int(row[0]): dict(zip(STATUSES, map(int, row[1:]), strict=True)) for row in rows}
    none = dict.fromkeys(STATUSES, 0)
    points = [found.get(i, none) for i in range(len(buckets.starts))]
    starts = buckets.starts[1:]
    body: dict[str, Any] = {
        "labels": [rfc3339(start) for start in starts],
        "series": [{"name": name, "data": [point[name] for point in points[1:]]} for name in STATUSES],
        "quick_ratio": [_quick_ratio(point) for point in points[1:]],
        "growth_rate": [
            percent(point["active"] - before["active"], before["active"]) for before, point in pairwise(points)
        ],
    }
    incomplete = first_incomplete(Buckets(starts, buckets.keys[1:], buckets.expression), whole.end, scope.now)
    if incomplete is not None:
        body["incomplete_from"] = incomplete
    return Answer(body, define_growth(query, scope), starts[0], whole.end)


def _quick_ratio(point: dict[str, int]) -> float | None:
    return round((point["new"] + point["resurrected"]) / point["churned"], 2) if point["churned"] else None


def plan_growth(query: Lifecycle, whole: Range, scope: Scope, buckets: Buckets) -> Statement:
    """Rows bucket and the counts of `STATUSES`; bucket 0 is the one before the range asked for."""
    draft = Draft(scope)
    counts = ", ".join(f"bitmapCardinality({expression})" for expression in _SETS.values())
    return draft.statement(f"SELECT __at, {counts} FROM ({_states(query, whole, buckets, draft)})")


def _states(query: Lifecycle, whole: Range, buckets: Buckets, draft: Draft) -> str:
    """Per bucket: who is active now, who was in the bucket before, and who at any time earlier."""
    history = sets_of_history(query.activity, whole, buckets, draft)
    handed = f"SELECT __index + __role AS __at, __set, __earlier, __role FROM ({history}) ARRAY JOIN [0, 1] AS __role"
    return (
        "SELECT __at, groupBitmapOrStateIf(__set, __role = 0) AS __now, "
        "groupBitmapOrStateIf(__set, __role = 1) AS __before, "
        "groupBitmapOrStateIf(__earlier, __role = 0) AS __past "
        f"FROM ({handed}) WHERE __at BETWEEN 0 AND {len(buckets.keys) - 1} GROUP BY __at"
    )


def plan_growth_people(query: Lifecycle, span: Range, scope: Scope, point: Reader) -> People:
    """The point is `{bucket, status}`: the index of a label, and active, new, retained, resurrected or churned."""
    whole, buckets = whole_periods(span, query.interval, scope, before=1)
    bucket = point.integer("bucket", 0, least=0, most=len(buckets.starts) - 2)
    status = point.choice("status", STATUSES, "active")
    draft = Draft(scope)
    states = _states(query, whole, buckets, draft)
    sql = f"SELECT arrayJoin(bitmapToArray({_SETS[status]})) AS __person FROM ({states}) WHERE __at = {bucket + 1}"
    start = buckets.starts[bucket + 1]
    return People(draft, sql, f"The {status} of {start:%Y-%m-%d %H:%M}. {define_growth(query, scope)}")


def define_growth(query: Lifecycle, scope: Scope) -> str:
    """The definition in words."""
    return (
        f"People by {query.interval} {shown_zone(query.interval, scope)}; active means {query.activity.words()}. New: "
        "never active before, in all history. Retained: active in the period before, too. Resurrected: active before, "
        "but not in the period before. Churned: active in the period before and not in this one. So active = new + "
        "retained + resurrected, and its change = new + resurrected - churned. Quick ratio: (new + resurrected) / "
        "churned. Growth rate: the change in per cent of the period before. Whole periods are read."
    )


def _suspects(query: Lifecycle, result: dict[str, Any]) -> Iterator[Suspect]:
    if not any(any(series["data"]) for series in result["series"]):
        yield from query.activity.suspects()


GROWTH_ACCOUNTING = Kind("growth_accounting", read_lifecycle, answer_growth, plan_growth_people, _suspects)
