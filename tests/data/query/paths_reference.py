"""Paths in plain Python, one event at a time: the oracle of the differential tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

GAP = timedelta(minutes=30)


@dataclass(frozen=True)
class Step:
    """One event of a person that is a node."""

    person: int
    at: datetime
    node: str


@dataclass(frozen=True)
class Within:
    """A part of a funnel, and from when to when it lasts for each person that has one."""

    part: str
    bounds: dict[int, tuple[datetime, datetime]]


@dataclass(frozen=True)
class Asked:
    """What of a paths query matters once events have become nodes."""

    start: str = ""
    end: str = ""
    step_limit: int = 5
    edge_limit: int = 50
    least: int = 0
    most: int = 1 << 60
    within: Within | None = None

    @property
    def has_both_ends(self) -> bool:
        return bool(self.start and self.end) or (self.within is not None and self.within.part == "between")

    @property
    def is_last(self) -> bool:
        """Whether the last nodes of longer paths count."""
        return bool(self.end) or (self.within is not None and self.within.part == "before")

    @property
    def has_drop_offs(self) -> bool:
        return not self.end and (self.within is None or self.within.part == "after")


@dataclass
class Found:
    """Counts by key."""

    edges: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    whole: Counter[tuple[str, ...]] = field(default_factory=Counter)
    people: dict[tuple[str, str], set[int]] = field(default_factory=dict)


def answer(steps: list[Step], asked: Asked, order: Callable[[str], int]) -> dict[str, Any]:
    """The result of the kind; `order` decides between events of one moment."""
    found = Found()
    for person in sorted({step.person for step in steps}):
        own = sorted((s for s in steps if s.person == person), key=lambda s: (s.at, order(s.node)))
        for visit in visits(own, asked):
            _count(found, cut(compact(visit), asked), asked, person)
    return _render(found, asked)


def people(steps: list[Step], asked: Asked, order: Callable[[str], int]) -> dict[tuple[str, str], set[int]]:
    """Who walked each edge."""
    found = Found()
    for step in {step.person for step in steps}:
        own = sorted((s for s in steps if s.person == step), key=lambda s: (s.at, order(s.node)))
        for visit in visits(own, asked):
            _count(found, cut(compact(visit), asked), asked, step)
    return found.people


def visits(own: list[Step], asked: Asked) -> Iterable[list[Step]]:
    """One person's events as paths: cut by pauses, or the one within the part of the funnel."""
    if asked.within is None:
        return split(own)
    person = own[0].person
    if person not in asked.within.bounds:
        return []
    since, until = asked.within.bounds[person]
    return [[step for step in own if since <= step.at <= until]]


def split(steps: list[Step]) -> Iterable[list[Step]]:
    visit: list[Step] = []
    for step in steps:
        if visit and step.at - visit[-1].at >= GAP:
            yield visit
            visit = []
        visit = [*visit, step]
    if visit:
        yield visit


def compact(visit: list[Step]) -> list[tuple[datetime, str]]:
    kept: list[tuple[datetime, str]] = []
    for step in visit:
        if not kept or kept[-1][1] != step.node:
            kept.append((step.at, step.node))
    return kept


def cut(path: list[tuple[datetime, str]], asked: Asked) -> list[tuple[datetime, str]]:
    names = [node for _, node in path]
    if asked.start:
        path = path[names.index(asked.start) :] if asked.start in names else []
        names = [node for _, node in path]
    if asked.end:
        path = path[: names.index(asked.end) + 1] if asked.end in names else []
    limit = asked.step_limit
    if len(path) <= limit:
        return path
    if asked.has_both_ends:
        head = limit // 2
        return [*path[:head], (path[head][0], "..."), *path[len(path) - (limit - 1 - head) :]]
    return path[-limit:] if asked.is_last else path[:limit]


def _count(found: Found, path: list[tuple[datetime, str]], asked: Asked, person: int) -> None:
    keys = [f"{i}_{node}" for i, (_, node) in enumerate(path, 1)]
    found.nodes.update(keys)
    for i in range(len(path) - 1):
        edge = (keys[i], keys[i + 1])
        found.edges[edge] += 1
        found.seconds[edge] += (path[i + 1][0] - path[i][0]).total_seconds()  # type: ignore[assignment]
        found.people.setdefault(edge, set()).add(person)
    if path and len(path) < asked.step_limit and asked.has_drop_offs:
        found.ends[keys[-1]] += 1
    if len(path) > 1:
        found.whole[tuple(node for _, node in path)] += 1


def _render(found: Found, asked: Asked) -> dict[str, Any]:
    edges = sorted((-n, *edge) for edge, n in found.edges.items() if asked.least <= n <= asked.most)
    edges = edges[: asked.edge_limit]
    shown = {key for _, source, target in edges for key in (source, target)}
    nodes = [(int(key.split("_")[0]), -found.nodes[key], key.split("_", 1)[1], key) for key in shown]
    ends = sorted((-found.ends[key], key) for key in shown if found.ends[key])
    whole = sorted((-n, list(path)) for path, n in found.whole.items())[:10]
    return {
        "edges": [
            {"source": a, "target": b, "value": -n, "average_seconds": round(found.seconds[a, b] / -n, 3)}
            for n, a, b in edges
        ],
        "nodes": [{"id": key, "name": name, "step": step, "value": -n} for step, n, name, key in sorted(nodes)],
        "drop_offs": [{"node": key, "value": -n, "rate": round(-n / found.nodes[key], 6)} for n, key in ends],
        "common": [{"path": path, "value": -n} for n, path in whole],
    }
