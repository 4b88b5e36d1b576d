"""The SQL of funnels, first part: one row per actor with its events in order, each packed into one number.

A number holds, from the highest bits down: the event's time in milliseconds since shortly before the range, where it
belongs among events of the same time, and a bit for each step (then for each exclusion) that the event matches. So
one sort of plain integers puts an actor's events in order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from northing.data.query.breakdowns import Columns, breakdown_columns
from northing.data.query.conditions import condition_sql, join_conditions
from northing.data.query.draft import Draft
from northing.data.query.filters import Filter
from northing.data.query.funnel_spec import Funnel
from northing.data.query.funnel_steps import Step, distinct_steps, may_share
from northing.data.query.ranges import Range
from northing.data.query.scan import has_expression, scan
from northing.data.query.sides import side_of
from northing.data.query.statements import EVENTS, ROW

# Times begin here, so that 0 can stand for "not reached" and 1 for "reset".
FIRST_TIME = 2
RESET = 1
_ORDER_BITS = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """What the bits say: a bit for each step and exclusion, and room for the order within one millisecond."""

    steps: int
    exclusions: int
    has_order: bool
    kind: str = "UInt64"

    @property
    def mask_bits(self) -> int:
        return self.steps + self.exclusions

    @property
    def low_bits(self) -> int:
        """All bits below the time's."""
        return self.mask_bits + (_ORDER_BITS if self.has_order else 0)

    @property
    def step_mask(self) -> int:
        return (1 << self.steps) - 1


def marked_steps(funnel: Funnel) -> tuple[Step, ...]:
    """The steps that have a bit each."""
    return tuple(s for s, _ in distinct_steps(funnel.steps)) if funnel.order == "unordered" else funnel.steps


def make_layout(funnel: Funnel, span: Range) -> Layout:
    """The layout that fits the funnel and the range; 64 bits wherever they do."""
    steps = marked_steps(funnel)
    has_order = any(may_share(steps[i], steps[j]) for i in range(len(steps)) for j in range(i))
    layout = Layout(len(steps), len(funnel.exclusions), has_order)
    longest = round((span.end.timestamp() - span.start.timestamp()) * 1000) + FIRST_TIME
    fits = longest.bit_length() + layout.low_bits <= 64
    return layout if fits else replace(layout, kind="UInt128")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What else a row of an actor shall have: its entrance buckets by this expression, its people."""

    bucket: str = ""
    people: bool = False


class Actors:
    """Writes the SELECT of actors: `__actor`, `__packed`, `__b0…` and `__other` where broken down, and the wanted."""

    def __init__(self, funnel: Funnel, draft: Draft, span: Range) -> None:
        self.funnel = funnel
        self.draft = draft
        self.span = span
        self.layout = make_layout(funnel, span)
        self.width = len(funnel.breakdown)
        self._by_person = funnel.actor == "person" and all(p.owner == "person" for p in funnel.breakdown)
        self._columns = self._value_columns()
        self._actor = self._actor_sql()

    @property
    def ranks_first(self) -> bool:
        """Whether the breakdown values are ranked before the actors are made, since an actor may have several."""
        return self.width > 0 and not self._by_person and self.funnel.attribution == "all_events"

    @property
    def has_step_values(self) -> bool:
        """Whether values are kept beside the events, as `__v0…`, for the one that fulfils a step."""
        return self.width > 0 and not self._by_person and self.funnel.attribution == "step"

    def select(self, wanted: Wanted) -> str:
        """The SELECT."""
        bucket = f"toString({wanted.bucket})" if wanted.bucket else "''"
        rows = f"FROM {EVENTS}{self._columns.joins} {self._where()}"
        marks, actor, person, values = f"WITH {self._marks()} ", self._actor, self.draft.person, self._values()
        if self.ranks_first:
            # In a select of their own: with cohorts in a filter the engine does not know them again in GROUP BY.
            own = [f"{actor} AS __who", f"{person} AS __one", f"{bucket} AS __key", "__mask", "__pack", *values]
            rows = f"FROM ({marks}SELECT {', '.join(own)} {rows})"
            marks, actor, person, bucket, values = "", "__who", "__one", "__key", ["__other", *self.names]
        columns = [f"{actor} AS __actor", *self._packed(), *values]
        if wanted.bucket:
            columns.append(f"groupUniqArrayIf({bucket}, {self._enters}) AS __buckets")
        if wanted.people:
            people = "[toUInt32(__actor)]" if self.funnel.actor == "person" else f"groupUniqArray({person})"
            columns.append(f"{people} AS __people")
        keys = ["__actor", *(values if self.ranks_first else ())]
        # Whoever never enters costs no more than this.
        enters = f"arrayExists(x -> bitAnd(x, {self._entering}) != 0, __packed)"
        text = f"{marks}SELECT {', '.join(columns)} {rows} GROUP BY {', '.join(keys)} HAVING {enters}"
        return self._with_profiles(text) if self.width and self._by_person else text

    @property
    def names(self) -> list[str]:
        return [f"__b{i}" for i in range(self.width)]

    @property
    def _enters(self) -> str:
        return f"bitAnd(__mask, {self._entering}) != 0"

    @property
    def _entering(self) -> int:
        """The bits of the steps by which one enters."""
        return self.layout.step_mask if self.funnel.order == "unordered" else 1

    def _value_columns(self) -> Columns:
        return Columns((), "") if self._by_person else breakdown_columns(self.funnel.breakdown, self.draft)

    def _actor_sql(self) -> str:
        if self.funnel.actor == "session":
            return f"{ROW}.session"
        if self.funnel.actor == "group":
            return f"{ROW}.groups[{self.draft.text(self.funnel.of)}]"
        return self.draft.person

    def _marks(self) -> str:
        """Definitions of an event's mask and of its packed number."""
        steps = [
            f"if({self._match(step.event, step.filters)}, {1 << i}, 0)"
            for i, step in enumerate(marked_steps(self.funnel))
        ]
        mask = f"toUInt32({' + '.join(steps)})"
        if self.funnel.exclusions:
            # What fulfils a step is no exclusion.
            others = [
                f"if({self._match(x.event, x.filters)}, {1 << (self.layout.steps + i)}, 0)"
                for i, x in enumerate(self.funnel.exclusions)
            ]
            mask = f"if({mask} AS __steps != 0, __steps, toUInt32({' + '.join(others)}))"
        start = self.draft.bind(round(self.span.start.timestamp() * 1000) - FIRST_TIME, "Int64")
        time = f"to{self.layout.kind}(toUnixTimestamp64Milli({ROW}.timestamp) - {start})"
        low = "__mask"
        if self.layout.has_order:
            first = "if(__mask = 0, 0, bitCount(bitXor(__mask, toUInt32(__mask - 1))))"
            low = f"bitOr(bitShiftLeft(to{self.layout.kind}({first}), {self.layout.mask_bits}), __mask)"
        return f"{mask} AS __mask, bitOr(bitShiftLeft({time}, {self.layout.low_bits}), {low}) AS __pack"

    def _match(self, event: str | None, filters: Filter) -> str:
        own = condition_sql(filters, self.draft)
        named = f"{ROW}.event = {self.draft.text(event)}" if event is not None else ""
        return join_conditions([part for part in (named, own) if part and part != "true"])

    def _where(self, *more: str) -> str:
        funnel = self.funnel
        parts = [condition_sql(funnel.filters, self.draft), *self._events(), *more]
        if funnel.actor == "session":
            parts.append(f"{ROW}.session != 0")
        elif funnel.actor == "group":
            parts.append(f"{self._actor} != ''")
        return scan(self.draft, self.span, parts, guarded=has_expression(*funnel.every_filter))

    def _events(self) -> list[str]:
        """Only events that can matter; of a strict funnel all do."""
        if self.funnel.order == "strict":
            return []
        named = [s.event for s in self.funnel.steps] + [x.event for x in self.funnel.exclusions]
        events = tuple(sorted({event for event in named if event is not None}))
        parts = [] if None in named else [f"{ROW}.event IN {self.draft.texts(events)}"]
        filters = [s.filters for s in self.funnel.steps] + [x.filters for x in self.funnel.exclusions]
        return [*parts, "__mask != 0"] if None in named or any(f.members for f in filters) else parts

    def _packed(self) -> list[str]:
        if not self.has_step_values:
            return ["arraySort(groupArray(__pack)) AS __packed"]
        rows = f"arraySort(groupArray(({', '.join(('__pack', *self._columns.values))}))) AS __rows"
        parts = [f"arrayMap(r -> r.{i + 1}, __rows) AS {name}" for i, name in enumerate(("__packed", *self.arrays))]
        return [rows, *parts]

    @property
    def arrays(self) -> list[str]:
        """The columns of values beside the events."""
        return [f"__v{i}" for i in range(self.width)]

    def _values(self) -> list[str]:
        """The actor's value of each breakdown, by the attribution."""
        if not self.width or self._by_person or self.has_step_values:
            return []
        texts = self._columns.values
        if self.ranks_first:
            return [f"{self._is_other()} AS __other", *(f"if(__other, '', {t}) AS __b{i}" for i, t in enumerate(texts))]
        function = "argMinIf" if self.funnel.attribution == "first_touch" else "argMaxIf"
        some = " OR ".join(f"{text} != ''" for text in texts)
        is_step = f"bitAnd(__mask, {self.layout.step_mask}) != 0"
        # A hash of the values settles ties, so that the answer is the same every time; one number is compared fast.
        wide = "toUInt128" if self.layout.kind == "UInt64" else "toUInt256"
        key = f"bitOr(bitShiftLeft({wide}(__pack), 64), {wide}(cityHash64({', '.join(texts)})))"
        return [f"{function}({text}, {key}, {is_step} AND ({some})) AS __b{i}" for i, text in enumerate(texts)]

    def _is_other(self) -> str:
        """Whether the event's values are not among those with the most actors entering."""
        texts, keys = self._columns.values, [f"__t{i}" for i in range(self.width)]
        named = ", ".join(f"{text} AS {key}" for text, key in zip(texts, keys, strict=True))
        top = (
            f"SELECT {', '.join(keys)} FROM (WITH {self._marks()} SELECT {named}, {self._actor} AS __who "
            f"FROM {EVENTS}{self._columns.joins} {self._where(self._enters)}) "
            f"GROUP BY {', '.join(keys)} ORDER BY uniqExact(__who) DESC, {', '.join(keys)} "
            f"LIMIT {self.funnel.breakdown_limit}"
        )
        row = f"({', '.join(texts)})" if self.width > 1 else texts[0]
        return f"({row} NOT IN ({top}))"

    def _with_profiles(self, text: str) -> str:
        """The actors with the properties of their profiles."""
        joins = [
            replace(side_of(found, self.draft), row="__all.__actor").join(f"__profile{i}")
            for i, found in enumerate(self.funnel.breakdown)
        ]
        values = ", ".join(f"__profile{i} AS __b{i}" for i in range(self.width))
        return f"SELECT __all.*, {values} FROM ({text}) AS __all{''.join(joins)}"
