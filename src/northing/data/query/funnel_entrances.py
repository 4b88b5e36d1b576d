"""The SQL of a funnel's trend where the order is plain: every start with the earliest time at which it completes.

Read backwards from the last step, the earliest completion after an event is that of the next event of the next step. So
one walk over an actor's events tells it for all starts at once, however many periods they fall in. What optional steps,
exclusions and the other orders need is walked period by period instead.
"""

from __future__ import annotations

from northing.data.query.buckets import Buckets
from northing.data.query.draft import Draft
from northing.data.query.funnel_actors import FIRST_TIME, Actors, Wanted
from northing.data.query.funnel_chain import Level, select_levels, split_columns
from northing.data.query.funnel_spec import Funnel
from northing.data.query.ranges import Range
from northing.data.query.statements import ROW


def has_plain_order(funnel: Funnel) -> bool:
    """Whether entrances can be read this way."""
    is_plain = funnel.order == "ordered" and not funnel.exclusions
    by_step = bool(funnel.breakdown) and funnel.attribution == "step"
    return is_plain and not by_step and not any(step.optional for step in funnel.steps)


def select_entrances(actors: Actors, span: Range, buckets: Buckets) -> str:
    """Rows `__actor`, `__bucket`, `__from` and `__to` (whether it got there), values; one for each start."""
    funnel, draft = actors.funnel, actors.draft
    levels = [split_columns(actors.layout)]
    for end in (funnel.from_step, funnel.to_step):
        levels += _completions(actors, end)
    starts = (
        f"arrayFilter((s, m) -> bitAnd(m, 1) != 0, arrayZip(__t, __d{funnel.from_step}_0, __d{funnel.to_step}_0), __m)"
    )
    values = [*(["__other"] if actors.ranks_first else []), *actors.names]
    rows = (
        f"SELECT {', '.join(['__actor', *values])}, arrayJoin({starts}) AS __begun "
        f"FROM ({select_levels(actors.select(Wanted()), levels)})"
    )
    reached = [
        f"__begun.{i} != 0 AND __begun.{i} - __begun.1 <= {funnel.window_ms} AS {name}"
        for i, name in ((2, "__from"), (3, "__to"))
    ]
    bucket = f"toString({_bucket(span, buckets, draft)}) AS __bucket"
    return f"SELECT {', '.join(['__actor', bucket, *reached, *values])} FROM ({rows})"


def _completions(actors: Actors, end: int) -> list[Level]:
    """`__d_end_k`: after each event, the earliest completion of step `end` by way of step `k`."""
    levels: list[Level] = []
    for k in range(end, -1, -1):
        after = "__t" if k == end else f"__d{end}_{k + 1}"
        if k != end and actors.layout.has_order:
            # An event must not be two steps of one attempt.
            after = f"arrayPushBack(arrayPopFront({after}), 0)"
        matching = f"arrayMap((d, m) -> if(bitAnd(m, {1 << k}) != 0, d, 0), {after}, __m)"
        levels.append([f"arrayReverseFill(d -> d != 0, {matching}) AS __d{end}_{k}"])
    return levels


def _bucket(span: Range, buckets: Buckets, draft: Draft) -> str:
    """The bucket of a start."""
    base = draft.bind(round(span.start.timestamp() * 1000) - FIRST_TIME, "Int64")
    return buckets.expression.replace(
        f"{ROW}.timestamp", f"fromUnixTimestamp64Milli(toInt64(__begun.1) + {base}, 'UTC')"
    )
