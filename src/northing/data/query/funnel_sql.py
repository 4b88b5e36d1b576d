"""The SQL of funnels, third part: the attempts of all actors to the numbers of each view."""

from __future__ import annotations

from dataclasses import dataclass, replace

from northing.data.query.buckets import Buckets
from northing.data.query.draft import Draft
from northing.data.query.funnel_actors import FIRST_TIME, Actors, Wanted
from northing.data.query.funnel_chain import Chain, select_levels
from northing.data.query.funnel_entrances import has_plain_order, select_entrances
from northing.data.query.funnel_spec import Funnel
from northing.data.query.funnel_unordered import Assembly
from northing.data.query.ranges import Range
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement

_MEDIAN = "quantileExactInclusive"


@dataclass(frozen=True, slots=True)
class FunnelPlan:
    """A funnel over a range; `buckets` where attempts are told apart by the period in which they began."""

    funnel: Funnel
    scope: Scope
    span: Range
    buckets: Buckets | None = None

    @property
    def steps(self) -> range:
        return range(len(self.funnel.steps))


class Attempts:
    """Writes the SELECT of the attempt that counts of each actor (and entrance bucket).

    Columns: `__actor`, `__k` (steps reached, 0 = none or excluded), `__t0…` (when, 0 = not), `__b0…` (breakdown),
    `__other` where values are ranked first, `__bucket` with buckets, `__people` where wanted.
    """

    def __init__(self, plan: FunnelPlan, draft: Draft) -> None:
        self.plan = plan
        self.draft = draft
        self.actors = Actors(plan.funnel, draft, plan.span)

    def select(self, *, people: bool = False) -> str:
        """The SELECT, one row per actor that has an attempt."""
        buckets = self.plan.buckets
        rows = self.actors.select(Wanted(buckets.expression if buckets else "", people))
        kind = Assembly if self.plan.funnel.order == "unordered" else Chain
        chain = kind(self.plan.funnel, self.actors.layout, within=buckets is not None).levels()
        kept = ["__actor", *(["__people"] if people else [])]
        if buckets:
            rows = self._by_bucket(rows, buckets)
            kept.append("__bucket")
        if self.actors.ranks_first:
            kept.append("__other")
        values = self.actors.names
        if self.actors.has_step_values:
            at = self.plan.funnel.attribution_step
            values = [f"if(__i{at} = 0, '', __v{i}[__i{at}]) AS __b{i}" for i in range(self.actors.width)]
        kept += ["__k", *(f"__t{j}" for j in self.plan.steps)]
        return f"SELECT {', '.join([*kept, *values])} FROM ({select_levels(rows, chain)}) WHERE __k != 0"

    def _by_bucket(self, rows: str, buckets: Buckets) -> str:
        """A row for each period in which the actor entered, with the period's times and the events that can matter."""
        base = round(self.plan.span.start.timestamp() * 1000) - FIRST_TIME
        end = round(self.plan.span.end.timestamp() * 1000) - base
        starts = [max(FIRST_TIME, round(s.timestamp() * 1000) - base) for s in buckets.starts]
        ends = [*starts[1:], end]
        lasts = [min(until + self.plan.funnel.window_ms, end) for until in ends]
        keys = self.draft.texts(tuple(str(key) for key in buckets.keys))
        place = f"indexOf({keys}, __bucket)"
        columns = ", ".join(
            f"{self.draft.bind(list(times), 'Array(UInt64)')}[{place}] AS {name}"
            for name, times in (("__from", starts), ("__until", ends), ("__last", lasts))
        )
        joined = f"SELECT *, __bucket, {columns} FROM ({rows}) ARRAY JOIN __buckets AS __bucket"
        return f"SELECT * EXCEPT ({', '.join(self._beside)}), {self._near()} FROM ({joined}) AS __all"

    @property
    def _beside(self) -> list[str]:
        """The arrays that hold an entry for each event."""
        return ["__packed", *(self.actors.arrays if self.actors.has_step_values else ())]

    def _near(self) -> str:
        """Those arrays without the events before the period, or later than any attempt begun in it may reach."""
        time = f"bitShiftRight(x, {self.actors.layout.low_bits})"
        near = f"{time} >= __all.__from AND {time} <= __all.__last"
        return ", ".join(
            f"arrayFilter((y, x) -> {near}, __all.{name}, __all.__packed) AS {name}" for name in self._beside
        )


def plan_steps(plan: FunnelPlan) -> Statement:
    """One row: for each step its count, median and sum of milliseconds since the step before."""
    draft = Draft(plan.scope)
    attempts = Attempts(plan, draft).select()
    columns = [*_counts(plan), *_medians(plan, "If"), *_sums(plan)]
    return draft.statement(f"SELECT {', '.join(columns)} FROM ({attempts})")


def plan_broken_steps(plan: FunnelPlan) -> Statement:
    """The same by breakdown value: columns overall, other, values…, and those of `plan_steps`."""
    draft = Draft(plan.scope)
    writer = Attempts(plan, draft)
    names, count = writer.actors.names, len(plan.steps)
    first = ["__other", *names] if writer.actors.ranks_first else names
    states = [*_counts(plan), *_medians(plan, "StateIf"), *_sums(plan)]
    grouped = f"SELECT {', '.join([*first, *states])} FROM ({writer.select()}) GROUP BY {', '.join(first)}"
    ranked = _ranked(grouped, writer, "__c0")
    merged = [f"sum(__c{j})" for j in range(count)]
    merged += [f"{_MEDIAN}Merge(0.5)(__q{j})" for j in range(1, count)]
    merged += [f"sum(__s{j})" for j in range(1, count)]
    sets = f"GROUPING SETS ((__rest, {', '.join(_shown(names))}), ())"
    columns = ["grouping(__rest)", "__rest", *_shown(names), *merged]
    return draft.statement(f"SELECT {', '.join(columns)} FROM ({ranked}) GROUP BY {sets}")


def _ranked(grouped: str, writer: Attempts, rank: str) -> str:
    """The rows with `__rest` and `__z0…`: those after the greatest values together, without values of their own."""
    names, limit = writer.actors.names, writer.plan.funnel.breakdown_limit
    if writer.actors.ranks_first:
        rest = "__other"
    else:
        order = f"row_number() OVER (ORDER BY {rank} DESC, {', '.join(names)})"
        grouped, rest = f"SELECT *, {order} AS __rank FROM ({grouped})", f"toBool(__rank > {limit})"
    shown = ", ".join(f"if(__rest, '', {name}) AS {z}" for name, z in zip(names, _shown(names), strict=True))
    return f"SELECT *, {rest} AS __rest, {shown} FROM ({grouped})"


def _shown(names: list[str]) -> list[str]:
    return [f"__z{i}" for i in range(len(names))]


def _counts(plan: FunnelPlan) -> list[str]:
    return [f"countIf(__t{j} != 0) AS __c{j}" for j in plan.steps]


def _medians(plan: FunnelPlan, combinator: str) -> list[str]:
    return [f"{_MEDIAN}{combinator}(0.5)(__t{j} - {_before(plan, j)}, __t{j} != 0) AS __q{j}" for j in plan.steps if j]


def _sums(plan: FunnelPlan) -> list[str]:
    return [f"sumIf(__t{j} - {_before(plan, j)}, __t{j} != 0) AS __s{j}" for j in plan.steps if j]


def _before(plan: FunnelPlan, j: int) -> str:
    """When the attempt fulfilled the step before `j`, passing over optional ones that it skipped."""
    required = plan.funnel.required_before(j)
    found = [f"__t{i} != 0, __t{i}" for i in range(j - 1, required, -1)]
    return f"multiIf({', '.join(found)}, __t{required})" if found else f"__t{required}"


def plan_durations(plan: FunnelPlan) -> Statement:
    """One row: how many took how long from one step to another; least second, width, average, median, bin counts."""
    draft = Draft(plan.scope)
    funnel = plan.funnel
    first, last = f"__t{funnel.from_step}", f"__t{funnel.to_step}"
    taken = (
        f"SELECT {last} - {first} AS __ms FROM ({Attempts(plan, draft).select()}) WHERE {first} != 0 AND {last} != 0"
    )
    facts = (
        f"SELECT groupArray(__ms) AS __all, count() AS __n, avg(__ms) AS __mean, {_MEDIAN}(0.5)(__ms) AS __middle, "
        f"intDiv(min(__ms), 1000) AS __low, intDiv(max(__ms) + 999, 1000) AS __high FROM ({taken})"
    )
    bins = str(funnel.bins) if funnel.bins else "toUInt64(least(60, greatest(1, ceil(cbrt(__n)))))"
    widths = (
        f"SELECT *, if(__high = __low, 1, {bins}) AS __bins, "
        f"greatest(60, intDiv(__high - __low + __bins - 1, __bins)) AS __width FROM ({facts})"
    )
    places = "arrayMap(ms -> least(__bins, intDiv(ms - __low * 1000, __width * 1000)), __all) AS __places"
    counts = "arrayMap(bin -> countEqual(__places, bin), range(__bins + 1))"
    return draft.statement(
        f"SELECT __n, __low, __width, __mean, __middle, {counts} FROM (SELECT *, {places} FROM ({widths}))"
    )


def plan_trend(plan: FunnelPlan) -> Statement:
    """Rows bucket, reached_from, reached_to; with a breakdown other and values… after the bucket."""
    draft = Draft(plan.scope)
    writer = Attempts(plan, draft)
    names = writer.actors.names
    first = ["__bucket", *(["__other"] if writer.actors.ranks_first else []), *names]
    grouped = f"SELECT {', '.join(first)}, {_entered(plan, writer)} GROUP BY {', '.join(first)}"
    if not names:
        return draft.statement(grouped)
    if not writer.actors.ranks_first:
        total = f"sum(__c0) OVER (PARTITION BY {', '.join(names)}) AS __total"
        grouped = f"SELECT *, {total} FROM ({grouped})"
        order = f"dense_rank() OVER (ORDER BY __total DESC, {', '.join(names)}) AS __rank"
        grouped = f"SELECT *, {order} FROM ({grouped})"
    rest = "__other" if writer.actors.ranks_first else f"toBool(__rank > {plan.funnel.breakdown_limit})"
    shown = [f"if(__rest, '', {name}) AS {z}" for name, z in zip(names, _shown(names), strict=True)]
    keys = ["__bucket", "__rest", *_shown(names)]
    columns = ["__bucket", f"{rest} AS __rest", *shown, "sum(__c0)", "sum(__c1)"]
    return draft.statement(f"SELECT {', '.join(columns)} FROM ({grouped}) GROUP BY {', '.join(keys)}")


def _entered(plan: FunnelPlan, writer: Attempts) -> str:
    """Counts of those who reached the two steps, and the rows they are of."""
    if has_plain_order(plan.funnel) and plan.buckets:
        counts = [f"uniqExactIf(__actor, {name}) AS __c{i}" for i, name in enumerate(("__from", "__to"))]
        return f"{', '.join(counts)} FROM ({select_entrances(writer.actors, plan.span, plan.buckets)})"
    ends = (plan.funnel.from_step, plan.funnel.to_step)
    counts = [f"countIf(__t{j} != 0) AS __c{i}" for i, j in enumerate(ends)]
    return f"{', '.join(counts)} FROM ({writer.select()})"


def without_breakdown(plan: FunnelPlan) -> FunnelPlan:
    """The same funnel as a whole."""
    return replace(plan, funnel=replace(plan.funnel, breakdown=()))
