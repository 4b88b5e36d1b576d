"""The SQL of unordered funnels: the most different steps that an actor completes within one window.

After each event, the window reaches back from it. One event fulfils one step, so where events could fulfil several,
the number of steps completed is that of the greatest assignment. By Hall's theorem it is, over all sets of steps that
share events, the least of (steps outside the set) + (events that match the set). Steps that share none count alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from northing.data.query.funnel_actors import Layout
from northing.data.query.funnel_chain import Level, exclusion_mask, split_columns
from northing.data.query.funnel_spec import Funnel
from northing.data.query.funnel_steps import Members, distinct_steps, sharing_steps


class Assembly:
    """Writes the columns of unordered funnels: `__k` steps completed, `__i0…` and `__t0…` which events and when."""

    def __init__(self, funnel: Funnel, layout: Layout, *, within: bool = False) -> None:
        self._funnel = funnel
        self._layout = layout
        self._within = within
        self._counts = [count for _, count in distinct_steps(funnel.steps)]
        self._groups = sharing_steps(funnel.steps)
        self._excluded = exclusion_mask(funnel, layout, 0)

    def levels(self) -> list[Level]:
        """All columns, each level using those before it."""
        steps = range(len(self._funnel.steps))
        return [
            split_columns(self._layout),
            self._bounds(),
            *self._latest(),
            [f"{self._completed()} AS __n"],
            ["arrayMax(__n) AS __most"],
            [f"{self._ending()} AS __at", "if(__at = 0, 0, __most) AS __k"],
            [f"arrayReverse({self._events_of('__at', '__k')}) AS __i"],
            [f"if(__k > {j}, __i[{j + 1}], 0) AS __i{j}" for j in steps],
            [f"if(__k > {j}, __t[__i{j}], 0) AS __t{j}" for j in steps],
        ]

    def _bounds(self) -> Level:
        """`__low` is where the window of each event begins: no chain reaches across an excluded event."""
        window = self._funnel.window_ms
        low = f"arrayMap(t -> if(t > {window}, t - {window}, 1), __t)"
        columns = []
        if self._excluded:
            marked = f"arrayMap((t, m) -> if(bitAnd(m, {self._excluded}) != 0, t, 0), __t, __m)"
            columns = [f"{marked} AS __x", "arrayFilter(x -> x != 0, __x) AS __y"]
            low = f"arrayMap((low, x) -> greatest(low, x), {low}, arrayFill(x -> x != 0, __x))"
        if self._within:
            low = f"arrayMap(low -> greatest(low, __from), {low})"
            mask = self._layout.step_mask
            begun = f"arrayMap((t, m) -> if(bitAnd(m, {mask}) != 0 AND t >= __from AND t < __until, t, 0), __t, __m)"
            columns.append(f"arrayFill(t -> t != 0, {begun}) AS __begun")
        return [*columns, f"{low} AS __low"]

    def _sets(self) -> Iterator[Members]:
        for group in self._groups:
            for size in range(1, len(group) + 1):
                yield from combinations(group, size)

    def _latest(self) -> list[Level]:
        """`__l_set_q`: when the q-th latest event so far that matches any step of the set was."""
        sizes = {chosen: self._size(chosen) for chosen in self._sets()}
        return [
            [self._latest_one(chosen, q) for chosen, size in sizes.items() if q <= size]
            for q in range(1, max(sizes.values()) + 1)
        ]

    def _latest_one(self, chosen: Members, q: int) -> str:
        name, mask = _name(chosen), _mask(chosen)
        # At an event of the set, what was the latest before becomes the next latest; in between it stays.
        source = f"arrayPopBack(arrayPushFront({name}{q - 1}, 0))" if q > 1 else "__t"
        moved = f"arrayMap((l, m) -> if(bitAnd(m, {mask}) != 0, l, 0), {source}, __m)"
        return f"arrayFill(t -> t != 0, {moved}) AS {name}{q}"

    def _completed(self) -> str:
        """How many steps the window of each event completes."""
        names = [f"{_name(chosen)}{q}" for chosen in self._sets() for q in range(1, self._size(chosen) + 1)]
        text = self._matched(lambda s: " + ".join(f"({_name(s)[2:]}{q} >= low)" for q in range(1, self._size(s) + 1)))
        if self._within:
            text = f"if(begun >= low, {text}, 0)"
            names.append("__begun")
        return f"arrayMap((low, {', '.join(n[2:] for n in names)}) -> {text}, __low, {', '.join(names)})"

    def _matched(self, count: Callable[[Members], str]) -> str:
        """The size of the greatest assignment; `count` tells the events that match a set, at most its own size."""
        sums = []
        for group in self._groups:
            whole = self._size(group)
            chosen = [c for size in range(1, len(group) + 1) for c in combinations(group, size)]
            bounds = [f"{whole - self._size(c)} + {count(c)}" for c in chosen]
            sums.append(f"least({', '.join(bounds)})" if len(bounds) > 1 else count(group))
        return f"toUInt8({' + '.join(sums)})"

    def _ending(self) -> str:
        """The event by which the most steps are completed for the first time, 0 where an exclusion ends them all."""
        first = "if(__most = 0, 0, arrayFirstIndex(n -> n = __most, __n))"
        if not self._excluded:
            return first
        most = "arrayFilter((i, n) -> n = __most, arrayEnumerate(__n), __n) AS __ends"
        began = f"arrayMap(p -> __t[{self._events_of('p', '__most')}[-1]], __ends)"
        dead = f"arrayExists(x -> x > b AND x <= b + {self._funnel.window_ms}, __y)"
        alive = f"arrayFirst((p, b) -> NOT {dead}, {most}, {began})"
        return f"multiIf(__most = 0, 0, __most = {len(self._funnel.steps)}, {first}, {alive})"

    def _events_of(self, end: str, count: str) -> str:
        """The latest events up to number `end` that complete `count` steps, the last of them first."""
        sums = [
            f"arrayCumSum(m -> bitAnd(m, {_mask(c)}) != 0, arrayReverse(arraySlice(__m, 1, {end})))"
            for c in self._sets()
        ]
        names = [f"c{_name(c)[2:]}" for c in self._sets()]
        matched = self._matched(lambda c: f"least({self._size(c)}, c{_name(c)[2:]})")
        size = f"arrayMap(({', '.join(names)}) -> toInt16({matched}), {', '.join(sums)})"
        # Walking backwards, an event belongs to the assignment where it makes it greater.
        grown = f"arrayPopFront(arrayDifference(arrayPushFront({size}, 0)))"
        numbers = f"arrayReverse(arraySlice(arrayEnumerate(__m), 1, {end}))"
        return f"arraySlice(arrayFilter((i, d) -> d > 0, {numbers}, {grown}), 1, {count})"

    def _size(self, chosen: Members) -> int:
        return sum(self._counts[i] for i in chosen)


def _name(chosen: Members) -> str:
    return f"__l{'_'.join(map(str, chosen))}_"


def _mask(chosen: Members) -> int:
    return sum(1 << i for i in chosen)
