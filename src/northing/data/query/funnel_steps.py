"""The steps of a funnel, and which of them one event could fulfil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.data.query.filters import ALWAYS, Condition, Group
from northing.data.query.properties import Property

# Thirty-one sets of steps; each costs a handful of arrays per actor.
MAX_SHARING = 5
Members = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Events that fulfil one step (`event` None = any)."""

    event: str | None
    name: str
    filters: Group = ALWAYS
    optional: bool = False


def distinct_steps(steps: tuple[Step, ...]) -> tuple[tuple[Step, int], ...]:
    """The different steps with how often each is there: to unordered funnels equal steps are one."""
    found: dict[tuple[Any, ...], list[Step]] = {}
    for step in steps:
        found.setdefault((step.event, step.filters), []).append(step)
    return tuple((same[0], len(same)) for same in found.values())


def sharing_steps(steps: tuple[Step, ...]) -> list[Members]:
    """The different steps by number, grouped so that steps of two groups never share an event."""
    different = [step for step, _ in distinct_steps(steps)]
    groups: list[Members] = []
    for i, step in enumerate(different):
        touching = [g for g in groups if any(may_share(step, different[j]) for j in g)]
        joined = tuple(sorted((i, *(j for g in touching for j in g))))
        groups = [*(g for g in groups if g not in touching), joined]
    return sorted(groups)


def sharing_fault(steps: tuple[Step, ...]) -> str | None:
    """Why an unordered funnel of these steps would cost too much, or None."""
    if max(map(len, sharing_steps(steps))) <= MAX_SHARING:
        return None
    return (
        f"has more than {MAX_SHARING} different steps that one event could fulfil, which an unordered funnel cannot "
        "have; tell them apart by exact values of one property"
    )


def may_share(one: Step, other: Step) -> bool:
    """Whether some event could fulfil both steps; when in doubt, yes."""
    if one.event is not None and other.event is not None and one.event != other.event:
        return False
    mine, others = _fixed(one.filters), _fixed(other.filters)
    return not any(mine[name].isdisjoint(others[name]) for name in mine.keys() & others.keys())


def _fixed(filters: Group) -> dict[Property, frozenset[str]]:
    """The properties that must have one of some texts. Numbers have several spellings, so they prove nothing."""
    if filters.joint != "and":
        return {}
    exact = [m for m in filters.members if isinstance(m, Condition) and m.operator in ("exact", "in")]
    return {m.property: frozenset(m.values) for m in exact if not any(map(_is_numeric, m.values))}


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
