"""Definitions of cohorts: criteria about people, joined by and, or and not; read, and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from northing.data.query.filters import ALWAYS, Filter, Group, Membership, read_filters
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope

MOST_DAYS = 3660
MOST_CRITERIA = 40
MOST_STEPS = 8
MOST_DEPTH = 8
MOST_TIMES = 1_000_000
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
CountOperator = Literal["gte", "lte", "exact"]
COUNT_OPERATORS: tuple[CountOperator, ...] = ("gte", "lte", "exact")


@dataclass(frozen=True, slots=True)
class Did:
    """Which events: of a name (None = any) and of these filters."""

    event: str | None
    filters: Group


@dataclass(frozen=True, slots=True)
class OfPerson:
    """People whose profile meets a condition."""

    condition: Filter


@dataclass(frozen=True, slots=True)
class Behaviour:
    """People who did something so many times in the last `days` (None: ever)."""

    did: Did
    operator: CountOperator
    times: int
    days: int | None


@dataclass(frozen=True, slots=True)
class FirstTime:
    """People who did something for the first time in the last `days`."""

    did: Did
    days: int


@dataclass(frozen=True, slots=True)
class NotDone:
    """People who did not do something in the last `days` (None: ever)."""

    did: Did
    days: int | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """People who did something in the last `before_days` (None: ever), but not in the last `days`."""

    did: Did
    days: int
    before_days: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """People who did all of these one after the other, the last within a time of the first."""

    steps: tuple[Did, ...]
    days: int | None
    within_seconds: int
    within: str


@dataclass(frozen=True, slots=True)
class InCohort:
    """Members of another cohort."""

    cohort: int


@dataclass(frozen=True, slots=True)
class Joined:
    """People who meet all or any of the criteria."""

    joint: Literal["and", "or"]
    members: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """Everyone else."""

    member: Rule


Rule = OfPerson | Behaviour | FirstTime | NotDone | Stopped | Sequence | InCohort | Joined | Negated
_NOBODY = Joined("or", ())


def read_definition(reader: Reader, scope: Scope, name: str = "definition") -> Rule:
    """The field that holds a definition; faults are collected in the reader's notes."""
    value = reader.raw(name)
    if value is None:
        reader.fault(name, 'is required, such as {"and": [{"type": "behaviour", "event": "purchase", "days": 30}]}')
        return _NOBODY
    rule = _read(value, reader.at(name), reader, scope, depth=0)
    if _count(rule) > MOST_CRITERIA:
        reader.fault(name, f"has more than {MOST_CRITERIA} criteria")
    return rule


def cohorts_in(rule: Rule) -> Iterator[int]:
    """The cohorts that a definition reads, those in filters of events too."""
    match rule:
        case InCohort(cohort):
            yield cohort
        case Joined(_, members):
            for member in members:
                yield from cohorts_in(member)
        case Negated(member):
            yield from cohorts_in(member)
        case OfPerson(condition):
            yield from _in_filter(condition)
        case Sequence(steps):
            for step in steps:
                yield from _in_filter(step.filters)
        case _:
            yield from _in_filter(rule.did.filters)


def describe(rule: Rule) -> str:
    """The definition in words, to follow "People who"."""
    match rule:
        case Joined(joint, members):
            return f" {joint} ".join(_bracketed(member) for member in members)
        case Negated(member):
            return f"are not among those who {_bracketed(member)}"
        case OfPerson():
            return "have a profile that meets a condition"
        case InCohort(cohort):
            return f"are in cohort {cohort}"
        case Behaviour(did, operator, times, days):
            return f"did {_did(did)} {_WORDS[operator]} {times} {'time' if times == 1 else 'times'}{_lately(days)}"
        case FirstTime(did, days):
            return f"did {_did(did)} for the first time{_lately(days)}"
        case NotDone(did, days):
            return f"did not do {_did(did)}{_lately(days)}"
        case Stopped(did, days, before):
            return f"did {_did(did)}{_lately(before)}, but not{_lately(days)}"
        case Sequence(steps, days, _, within):
            listed = ", then ".join(_did(step) for step in steps)
            return f"did {listed}, the last within {within} of the first,{_lately(days)}"


_WORDS = {"gte": "at least", "lte": "at most", "exact": "exactly"}


def _bracketed(rule: Rule) -> str:
    return f"({describe(rule)})" if isinstance(rule, Joined) and len(rule.members) > 1 else describe(rule)


def _did(did: Did) -> str:
    name = did.event or "any event"
    return f"{name} (of those that match the filters)" if did.filters.members else name


def _lately(days: int | None) -> str:
    if days is None:
        return " at any time"
    return " today" if days == 1 else f" in the last {days} days"


def _read(value: Any, path: str, parent: Reader, scope: Scope, *, depth: int) -> Rule:
    reader = Reader(value, path, parent.notes)
    if depth > MOST_DEPTH:
        reader.fault(None, f"is nested more than {MOST_DEPTH} deep")
        return _NOBODY
    if not reader.values:
        return _NOBODY if reader.notes.errors else _missing(reader)
    for joint in ("and", "or"):
        if joint in reader.values:
            return _read_joined(reader, scope, joint, depth)
    if "not" in reader.values:
        member = _read(reader.raw("not"), reader.at("not"), reader, scope, depth=depth + 1)
        reader.warn_unread()
        return Negated(member)
    return _read_criterion(reader, scope)


def _missing(reader: Reader) -> Rule:
    reader.fault(None, "is empty: it needs and, or, not, or a type")
    return _NOBODY


def _read_joined(reader: Reader, scope: Scope, joint: Literal["and", "or"], depth: int) -> Rule:
    members = reader.items(joint, lambda v, p: _read(v, p, reader, scope, depth=depth + 1), most=MOST_CRITERIA)
    if reader.raw(joint) == []:
        reader.fault(joint, "must have at least one entry")
    reader.warn_unread()
    return Joined(joint, members)


def _read_criterion(reader: Reader, scope: Scope) -> Rule:
    kind = reader.choice("type", _CRITERIA, "")
    if not kind:
        if not reader.has("type"):
            reader.fault("type", f"is required: one of {', '.join(_CRITERIA)}")
        return _NOBODY
    rule = _CRITERIA[kind](reader, scope)
    if kind != "person":
        reader.warn_unread()
    return rule


def _read_person(reader: Reader, scope: Scope) -> Rule:
    # Read as the filter that it is, at its own path.
    head, _, name = reader.path.rpartition(".")
    return OfPerson(read_filters(Reader({name: reader.values}, head, reader.notes), scope, name))


def _read_behaviour(reader: Reader, scope: Scope) -> Rule:
    did, days = _read_did(reader, scope), _read_days(reader)
    count = reader.raw("count")
    if count is None:
        return Behaviour(did, "gte", 1, days)
    inner = Reader(count, reader.at("count"), reader.notes)
    operator: CountOperator = inner.choice("operator", COUNT_OPERATORS, "gte")  # type: ignore[assignment]
    # At least none would be everyone, which nobody means.
    times = inner.integer("value", 1, least=1 if operator == "gte" else 0, most=MOST_TIMES)
    inner.warn_unread()
    return Behaviour(did, operator, times, days)


def _read_first_time(reader: Reader, scope: Scope) -> Rule:
    return FirstTime(_read_did(reader, scope), _need_days(reader))


def _read_not_done(reader: Reader, scope: Scope) -> Rule:
    return NotDone(_read_did(reader, scope), _read_days(reader))


def _read_stopped(reader: Reader, scope: Scope) -> Rule:
    did, days, before = _read_did(reader, scope), _need_days(reader), _read_days(reader, "before_days")
    if before is not None and before <= days:
        reader.fault("before_days", "must be more than days: it says how far back they did it")
    return Stopped(did, days, before)


def _read_sequence(reader: Reader, scope: Scope) -> Rule:
    steps = reader.items("events", lambda v, p: _read_step(v, p, reader, scope), most=MOST_STEPS)
    if len(steps) < 2 and isinstance(reader.raw("events") or [], list) and len(reader.raw("events") or ()) < 2:
        reader.fault("events", "must have at least two entries")
    within = Reader(reader.raw("within") or {"value": 14, "unit": "day"}, reader.at("within"), reader.notes)
    unit = within.choice("unit", _SECONDS, "day")
    value = within.integer("value", 14, least=1, most=MOST_DAYS * 86_400 // _SECONDS[unit])
    within.warn_unread()
    return Sequence(steps, _read_days(reader), value * _SECONDS[unit], f"{value} {unit}{'' if value == 1 else 's'}")


def _read_step(value: Any, path: str, parent: Reader, scope: Scope) -> Did:
    reader = Reader(value, path, parent.notes)
    did = _read_did(reader, scope)
    reader.warn_unread()
    return did


def _read_cohort(reader: Reader, scope: Scope) -> Rule:
    head, _, name = reader.path.rpartition(".")
    found = read_filters(Reader({name: {**reader.values, "operator": "in"}}, head, reader.notes), scope, name)
    numbers = [n for member in found.members if isinstance(member, Membership) for n in member.cohorts]
    reader.raw("value")
    return InCohort(numbers[0]) if len(numbers) == 1 else Joined("or", tuple(map(InCohort, numbers)))


_CRITERIA = {
    "person": _read_person,
    "behaviour": _read_behaviour,
    "first_time": _read_first_time,
    "not_done": _read_not_done,
    "stopped": _read_stopped,
    "sequence": _read_sequence,
    "cohort": _read_cohort,
}


def _read_did(reader: Reader, scope: Scope) -> Did:
    if "event" not in reader.values:
        reader.fault("event", "is required; null means any event")
        return Did(None, ALWAYS)
    return Did(reader.text("event") or None, read_filters(reader, scope))


def _read_days(reader: Reader, name: str = "days") -> int | None:
    return reader.integer(name, 1, least=1, most=MOST_DAYS) if reader.has(name) else None


def _need_days(reader: Reader) -> int:
    if not reader.has("days"):
        reader.fault("days", "is required")
    return _read_days(reader) or 1


def _count(rule: Rule) -> int:
    if isinstance(rule, Joined):
        return sum(map(_count, rule.members))
    return _count(rule.member) if isinstance(rule, Negated) else 1


def _in_filter(found: Filter) -> Iterator[int]:
    if isinstance(found, Membership):
        yield from found.cohorts
    elif isinstance(found, Group):
        for member in found.members:
            yield from _in_filter(member)
