"""The SQL of funnels, second part: an actor's events in order to the steps of the attempt that counts.

For each step there is a slot, which remembers the latest attempt to reach the step by the time that the attempt
began. The slots after each event are arrays beside the events: `__e0`, `__e1`, … An attempt moves on from the slot
before. Columns out: `__i0…` (at which event each step was fulfilled, 0 = not) and `__t0…` (when).
"""

from __future__ import annotations

from itertools import pairwise

from northing.data.query.funnel_actors import RESET, Layout
from northing.data.query.funnel_spec import Funnel

# Columns that may use each other; those of a level before are there as columns, so that no text is repeated.
Level = list[str]


def select_levels(rows: str, levels: list[Level]) -> str:
    """The rows with the columns of all levels."""
    text = rows
    for level in levels:
        text = f"SELECT *, {', '.join(level)} FROM ({text})"
    return text


def split_columns(layout: Layout) -> Level:
    """Times and masks out of the packed numbers."""
    mask = f"to{layout.kind}({(1 << layout.mask_bits) - 1})"
    return [
        f"arrayMap(x -> toUInt64(bitShiftRight(x, {layout.low_bits})), __packed) AS __t",
        f"arrayMap(x -> toUInt32(bitAnd(x, {mask})), __packed) AS __m",
    ]


def exclusion_mask(funnel: Funnel, layout: Layout, k: int) -> int:
    """The bits of the exclusions that end an attempt which is at step `k`."""
    held = [i for i, x in enumerate(funnel.exclusions) if x.from_step <= k < x.to_step]
    return sum(1 << (layout.steps + i) for i in held)


class Chain:
    """Writes the columns of ordered and strict funnels."""

    def __init__(self, funnel: Funnel, layout: Layout, *, within: bool = False) -> None:
        self._funnel = funnel
        self._layout = layout
        self._last = len(funnel.steps) - 1
        self._is_strict = funnel.order == "strict"
        # Only attempts that begin from `__from` to before `__until` count.
        self._within = within
        # Where an event has several bits, its own entry into one slot must not help it into the next.
        self._is_shifted = layout.has_order or self._is_strict

    def levels(self) -> list[Level]:
        """All columns, each level using those before it."""
        slots = [self._slot(k) for k in range(self._last + 1)]
        found = [f"__p{k} > 0, __q{k}" for k in range(self._last, -1, -1)]
        starts = [f"__p{k} > 0, __n{k}[__q{k}]" for k in range(self._last, -1, -1)]
        furthest = [f"__p{k} > 0, {k + 1}" for k in range(self._last, -1, -1)]
        best = [
            f"multiIf({', '.join(found)}, 0) AS __at",
            f"if(__at = 0, 0, multiIf({', '.join(furthest)}, 0)) AS __k",
            f"multiIf({', '.join(starts)}, 0) AS __start",
        ]
        return [split_columns(self._layout), *slots, best, *self._fulfilled()]

    def _slot(self, k: int) -> Level:
        """Arrivals `__n`, slot `__e`; where needed the alive `__a`, and the first arrivals at it; `__p` and `__q`."""
        columns = [f"{self._arrivals(k)} AS __n{k}", f"{self._held(k)} AS __e{k}"]
        mask = exclusion_mask(self._funnel, self._layout, k)
        if mask or self._is_strict:
            columns.append(
                f"arrayMap((i, e, b) -> if(e > {RESET} AND e != b, i, 0), arrayEnumerate(__t), __e{k}, "
                f"{_before(f'__e{k}')}) AS __f{k}"
            )
        if self._is_strict:
            columns.append(f"arrayFill(i -> i != 0, __f{k}) AS __h{k}")
        columns.append(f"arrayFirstIndex(n -> n > {RESET}, __n{k}) AS __p{k}")
        return [*columns, *(self._exclusions(k, mask) if mask else [f"__p{k} AS __q{k}"])]

    def _arrivals(self, k: int) -> str:
        """When the attempt began that reaches step `k` with the event, 0 where none does."""
        if k == 0:
            within = " AND t >= __from AND t < __until" if self._within else ""
            return f"arrayMap((t, m) -> if(bitAnd(m, 1) != 0{within}, t, 0), __t, __m)"
        before, names = self._reachable(k)
        source, parameters = [], []
        for name in names:
            source.append(_before(name) if self._is_shifted else name)
            parameters.append(name[2:])
        condition = f"bitAnd(m, {1 << k}) != 0 AND {before} > {RESET} AND t - {before} <= {self._funnel.window_ms}"
        lambda_names = ", ".join(("t", "m", *parameters))
        return f"arrayMap(({lambda_names}) -> if({condition}, {before}, 0), __t, __m, {', '.join(source)})"

    def _reachable(self, k: int) -> tuple[str, list[str]]:
        """The start of the latest attempt that can reach `k`, as an expression over the slots that are named."""
        required = self._funnel.required_before(k)
        slots = list(range(k - 1, required - 1, -1))
        if not self._is_strict and not any(self._mask(j) for j in slots):
            # The last required slot always holds the latest attempt of them.
            return f"e{required}", [f"__e{required}"]
        text, names = self._alive(slots[0])[2:], [self._alive(slots[0])]
        for later, j in pairwise(slots):
            # An attempt that is in two slots is where it got furthest.
            text = f"if(e{j} = e{later}, {text}, greatest({self._alive(j)[2:]}, {text}))"
            names += [f"__e{later}", f"__e{j}", self._alive(j)]
        return text, list(dict.fromkeys(names))

    def _mask(self, k: int) -> int:
        return exclusion_mask(self._funnel, self._layout, k)

    def _alive(self, k: int) -> str:
        return f"__a{k}" if self._mask(k) else f"__e{k}"

    def _held(self, k: int) -> str:
        if not self._is_strict:
            return f"arrayFill(n -> n != 0, __n{k})"
        # An event resets every step that it does not match.
        kept = f"if(n != 0, n, if(bitAnd(m, {1 << k}) != 0, 0, {RESET}))"
        return f"arrayFill(n -> n != 0, arrayMap((n, m) -> {kept}, __n{k}, __m))"

    def _exclusions(self, k: int, mask: int) -> Level:
        """`__a` the slot while its attempt is alive, `__q` the first arrival that stays alive."""
        excluded = f"arrayFill(x -> x != 0, arrayMap((t, m) -> if(bitAnd(m, {mask}) != 0, t, 0), __t, __m))"
        reached = f"arrayFill(t -> t != 0, arrayMap((t, f) -> if(f != 0, t, 0), __t, __f{k}))"
        alive = f"arrayMap((e, r, x) -> if(x > r, 0, e), __e{k}, __r{k}, __x{k})"
        dead = f"arrayExists(x -> x > t AND x <= e + {self._funnel.window_ms}, __y{k})"
        return [
            f"{excluded} AS __x{k}",
            f"arrayFilter((t, m) -> bitAnd(m, {mask}) != 0, __t, __m) AS __y{k}",
            f"{reached} AS __r{k}",
            f"{alive} AS __a{k}",
            f"arrayFirstIndex((f, t, e) -> f != 0 AND NOT {dead}, __f{k}, __t, __e{k}) AS __q{k}",
        ]

    def _fulfilled(self) -> list[Level]:
        """The steps of the attempt that counts, walked backwards from the furthest."""
        levels: list[Level] = []
        for j in range(self._last, -1, -1):
            cursor = f"__c{j + 1}" if j < self._last else "0"
            levels.append([f"{self._index(j, cursor)} AS __i{j}", f"if(__i{j} != 0, __i{j}, {cursor}) AS __c{j}"])
        if not self._is_strict and not any(step.optional for step in self._funnel.steps):
            levels = [[level[0] for level in levels]]
        times = [f"if(__i{j} = 0, 0, __t[__i{j}]) AS __t{j}" for j in range(1, self._last + 1)]
        return [*levels, ["if(__k = 0, 0, __start) AS __t0", *times]]

    def _index(self, j: int, cursor: str) -> str:
        """At which event the attempt fulfilled step `j`; `cursor` is the next event of the attempt."""
        if j == self._last:
            return f"if(__k = {j + 1}, __at, 0)"
        if self._is_strict:
            found = f"if(__e{j}[{cursor} - 1] = __start, __h{j}[{cursor} - 1], 0)"
        else:
            # Starts in a slot only grow, so the first place where it holds this one is where the attempt reached it.
            found = f"indexOf(__e{j}, __start)"
            if self._funnel.steps[j].optional:
                found = f"if({found} < {cursor}, {found}, 0)"
        return f"multiIf(__k = {j + 1}, __at, __k > {j + 1}, {found}, 0)"


def _before(name: str) -> str:
    """The slot as it was before each event."""
    return f"arrayPopBack(arrayPushFront({name}, 0))"
