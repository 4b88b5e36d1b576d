"""Funnels in plain Python, one event at a time: the oracle of the differential tests. Slow and obvious on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from statistics import median

DAY = 86_400_000


@dataclass(frozen=True)
class Event:
    """One event of a random world; `at` in milliseconds since the range began."""

    event: str
    at: int
    person: int
    page: str = ""
    plan: str = ""


@dataclass(frozen=True)
class Step:
    event: str | None
    page: str = ""
    optional: bool = False

    def matches(self, event: Event) -> bool:
        return self.event in (None, event.event) and self.page in ("", event.page)


@dataclass(frozen=True)
class Exclusion:
    event: str
    first: int
    last: int


@dataclass(frozen=True)
class Question:
    steps: tuple[Step, ...]
    order: str
    window: int
    exclusions: tuple[Exclusion, ...] = ()
    attribution: str = ""
    attribution_step: int = 0
    limit: int = 25
    # Which of several values comes first in events that are else equal.
    hashes: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Attempt:
    """An attempt at the moment it reached a step: when it began, the events of its steps so far, whether it goes on."""

    start: int
    path: dict[int, Event]
    is_alive: bool = True

    @property
    def step(self) -> int:
        return max(self.path)

    @property
    def reached_at(self) -> int:
        return self.path[self.step].at


Path = dict[int, Event]
Begins = Callable[[Event], bool]


def paths(events: Iterable[Event], asked: Question, begins: Begins = lambda _: True) -> dict[int, Path]:
    """By person the events that fulfil the steps, of whoever entered and was not excluded."""
    by_person: dict[int, list[Event]] = {}
    for event in events:
        by_person.setdefault(event.person, []).append(event)
    walk = _assemble if asked.order == "unordered" else _walk
    found = {person: walk(_sorted(own, asked), asked, begins) for person, own in by_person.items()}
    return {person: path for person, path in found.items() if path}


def _matching(event: Event, asked: Question) -> list[int]:
    return [k for k, step in enumerate(asked.steps) if step.matches(event)]


def _is_excluded(event: Event, asked: Question) -> bool:
    return not _matching(event, asked) and any(x.event == event.event for x in asked.exclusions)


def _sorted(events: list[Event], asked: Question) -> list[Event]:
    """By time; then by the first step the event matches, then by its other steps; what is excluded comes last."""

    return sorted(events, key=lambda event: (*_rank(event, asked), event.plan))


def _rank(event: Event, asked: Question) -> tuple[int, int, int]:
    found = _matching(event, asked)
    first = found[0] + 1 if found else 99 if _is_excluded(event, asked) else 0
    return event.at, first, sum(1 << k for k in found)


def _walk(events: list[Event], asked: Question, begins: Begins) -> Path | None:
    """Ordered and strict: for each step the attempt that reached it last."""
    slots: dict[int, Attempt] = {}
    arrivals: list[Attempt] = []
    for event in events:
        if _is_excluded(event, asked):
            _end_attempts(event, arrivals, asked)
        before, matched = dict(slots), _matching(event, asked)
        for k in matched:
            attempt = _arrive(event, k, before, asked, begins)
            if attempt and (k not in before or before[k].start != attempt.start):
                slots[k] = attempt
                arrivals.append(attempt)
        if asked.order == "strict":
            slots = {k: attempt for k, attempt in slots.items() if k in matched}
    furthest = max((a.step for a in arrivals), default=None)
    return next((a.path for a in arrivals if a.step == furthest and a.is_alive), None)


def _arrive(event: Event, k: int, slots: dict[int, Attempt], asked: Question, begins: Begins) -> Attempt | None:
    if k == 0:
        return Attempt(event.at, {0: event}) if begins(event) else None
    # An attempt is where it got furthest; of several attempts that can go on, the latest does.
    places: dict[int, Attempt] = {}
    for j in range(k - 1, -1, -1):
        if j in slots:
            places.setdefault(slots[j].start, slots[j])
        if not asked.steps[j].optional:
            break
    alive = [a for a in places.values() if a.is_alive and event.at - a.start <= asked.window]
    latest = max(alive, key=lambda a: a.start, default=None)
    return Attempt(latest.start, {**latest.path, k: event}) if latest else None


def _end_attempts(event: Event, arrivals: list[Attempt], asked: Question) -> None:
    for attempt in arrivals:
        for x in asked.exclusions:
            is_between = x.first <= attempt.step < x.last and attempt.reached_at < event.at
            if x.event == event.event and is_between and event.at <= attempt.start + asked.window:
                attempt.is_alive = False


def _assemble(events: list[Event], asked: Question, begins: Begins) -> Path | None:
    """Unordered: the most steps in the window before any event, each fulfilled by an event of its own."""
    excluded = [e.at for e in events if _is_excluded(e, asked)]
    found: list[list[Event]] = []
    for i, last in enumerate(events):
        low = max([last.at - asked.window, *(x for x in excluded if x < last.at)])
        window = [e for e in events[: i + 1] if e.at >= low and _matching(e, asked)]
        # What came before the period is no part of an attempt that began in it.
        found.append(_latest_assignable(list(dropwhile(lambda e: not begins(e), window)), asked))
    most = max(map(len, found), default=0)
    for chosen in found:
        began = chosen[0].at if chosen else 0
        is_ended = most < len(asked.steps) and any(began < x <= began + asked.window for x in excluded)
        if most and len(chosen) == most and not is_ended:
            return dict(enumerate(chosen))
    return None


def _latest_assignable(events: list[Event], asked: Question) -> list[Event]:
    chosen: list[Event] = []
    for event in reversed(events):
        if _assignable([*chosen, event], asked) > len(chosen):
            chosen.append(event)
    return chosen[::-1]


def _assignable(events: list[Event], asked: Question) -> int:
    """How many of the events can have a step each (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for k in _matching(events[i], asked):
            if k not in tried:
                tried.add(k)
                if k not in taken or place(taken[k], tried):
                    taken[k] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(events)))


def counts(found: Iterable[Path], asked: Question) -> list[int]:
    listed = list(found)
    return [sum(k in path for path in listed) for k in range(len(asked.steps))]


def medians(found: Iterable[Path], asked: Question) -> list[float | None]:
    """Seconds since the step before that was not skipped."""
    listed, shown = list(found), []
    for k in range(1, len(asked.steps)):
        taken = [path[k].at - path[max(j for j in path if j < k)].at for path in listed if k in path]
        shown.append(round(median(taken) / 1000, 3) if taken else None)
    return [None, *shown]


def lines(events: list[Event], asked: Question) -> dict[str, list[int]]:
    """Counts by the value of `plan`."""
    if asked.attribution == "all_events":
        return _with_other(_lines_of_events(events, asked), asked)
    groups: dict[str, list[Path]] = {}
    for person, path in paths(events, asked).items():
        groups.setdefault(_value(person, path, events, asked), []).append(path)
    ordered = sorted(groups, key=lambda value: (-len(groups[value]), value))
    rest = [path for value in ordered[asked.limit :] for path in groups[value]]
    kept = {value or "(none)": counts(groups[value], asked) for value in ordered[: asked.limit]}
    return {**kept, "Other": counts(rest, asked)} if rest else kept


def _value(person: int, path: Path, events: list[Event], asked: Question) -> str:
    if asked.attribution == "step":
        return path[asked.attribution_step].plan if asked.attribution_step in path else ""
    own = [e for e in events if e.person == person and e.plan and _matching(e, asked)]
    own.sort(key=lambda e: (*_rank(e, asked), asked.hashes[e.plan]))
    return own[0 if asked.attribution == "first_touch" else -1].plan if own else ""


def _lines_of_events(events: list[Event], asked: Question) -> dict[str, list[Event]]:
    """The events by value; those beyond the limit together."""

    def enters(event: Event) -> bool:
        found = _matching(event, asked)
        return bool(found) if asked.order == "unordered" else 0 in found

    people = {
        plan: len({e.person for e in events if e.plan == plan and enters(e)}) for plan in {e.plan for e in events}
    }
    entered = sorted((plan for plan, count in people.items() if count), key=lambda plan: (-people[plan], plan))
    kept = {plan or "(none)": [e for e in events if e.plan == plan] for plan in entered[: asked.limit]}
    return {**kept, "Other": [e for e in events if e.plan not in entered[: asked.limit]]}


def _with_other(groups: dict[str, list[Event]], asked: Question) -> dict[str, list[int]]:
    found = {label: paths(own, asked) for label, own in groups.items()}
    return {label: counts(of.values(), asked) for label, of in found.items() if of}


def by_entrance(events: list[Event], asked: Question, days: int) -> list[tuple[int, int]]:
    """By the day on which people entered: how many, and how many of them completed the last step."""
    shown = []
    for day in range(days):

        def begins(event: Event, day: int = day) -> bool:
            return event.at // DAY == day

        totals = counts(paths(events, replace(asked), begins).values(), asked)
        shown.append((totals[0], totals[-1]))
    return shown
