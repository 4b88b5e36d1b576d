"""Merges: which stored person numbers mean which other person, in one forest per project.

A merge is an edge from the person merged away to the number it was merged into. All edges are kept apart, so that each
can be undone by itself; what queries need, the end of the chain, is written beside each edge as its target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from northing.data.store import Store
from northing.data.store.rowbinary import i64, text, u8, u32, u64

COLUMNS = (
    "project_id", "person", "parent", "target", "distinct_id", "reason", "merged_at", "is_active", "is_folded",
    "batch", "version",
)  # fmt: skip


class Edge(NamedTuple):
    """Why a person became part of another: by which distinct id, when (ms), and in which batch."""

    parent: int
    distinct_id: str
    reason: str
    merged_ms: int
    batch: int


@dataclass(slots=True)
class Forest:
    """The merges of one project that are not folded into the events yet."""

    edges: dict[int, Edge] = field(default_factory=dict)
    children: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    newest_read: int = 0  # the last batch that made a merge among those read from the store
    # Someone further up, so that a long chain is walked once and not for every event.
    _further: dict[int, int] = field(default_factory=dict)

    def root(self, person: int) -> int:
        """The person whom a stored number means."""
        passed = []
        while (edge := self.edges.get(person)) is not None:
            passed.append(person)
            person = self._further.get(person, edge.parent)
        for number in passed[:-1]:
            self._further[number] = person
        return person

    def moved_with(self, persons: Iterable[int]) -> set[int]:
        """Those of the persons who are part of another, and everyone merged into any of them, directly or not."""
        return self._with_all_below(persons) & self.edges.keys()

    def join(self, person: int, edge: Edge) -> None:
        """Merge a person that is nobody's part yet; the parent must not be part of it."""
        if person in self.edges or self.root(edge.parent) == person:
            raise ValueError("a merge must not close a circle")
        self.edges[person] = edge
        self.children[edge.parent].add(person)

    def cut(self, person: int) -> Edge:
        """Undo one merge; what was merged into this person stays with it. Raises `KeyError` where there is none."""
        edge = self._remove(person)
        # Whoever is not below this person has no short cut past the edge; a split writes all who are anew anyway.
        for number in self._with_all_below((person,)):
            self._further.pop(number, None)
        return edge

    def take_back(self, batch: int) -> None:
        """Undo what a batch merged before it died: it is about to be taken again, from where it began."""
        if self.newest_read != batch:
            return
        for person in [person for person, edge in self.edges.items() if edge.batch == batch]:
            self._remove(person)
        self.newest_read = 0
        self._further.clear()

    def _remove(self, person: int) -> Edge:
        edge = self.edges.pop(person)
        self.children[edge.parent].discard(person)
        return edge

    def _with_all_below(self, persons: Iterable[int]) -> set[int]:
        # Neither recursive nor one after the other: whoever may send events may build a chain of any length.
        found, waiting = set[int](), list(persons)
        while waiting:
            person = waiting.pop()
            if person not in found:
                found.add(person)
                waiting += self.children.get(person, ())
        return found


class Merges:
    """The loader's forests; only one loader merges."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._forests: dict[int, Forest] = {}

    def forest(self, project_id: int) -> Forest:
        """The forest of a project, read from the store when it is first asked for."""
        found = self._forests.get(project_id)
        if found is None:
            found = self._forests[project_id] = self._load(project_id)
        return found

    def forget(self) -> None:
        """Read all forests anew: merges were folded."""
        self._forests = {}

    def folded(self, project_id: int, distinct_id: str) -> list[int]:
        """The numbers that a distinct id brought into a merge that is folded by now, the latest first."""
        rows = self._store.query(
            "SELECT person FROM person_overrides FINAL WHERE project_id = {project:UInt32} "
            "AND distinct_id = {id:String} AND is_active AND is_folded ORDER BY merged_at DESC",
            {"project": project_id, "id": distinct_id},
        ).rows
        return [int(person) for (person,) in rows]

    def _load(self, project_id: int) -> Forest:
        rows = self._store.query(
            "SELECT person, parent, distinct_id, reason, toUnixTimestamp64Milli(merged_at), batch "
            "FROM person_overrides FINAL WHERE project_id = {project:UInt32} AND is_active AND NOT is_folded",
            {"project": project_id},
        ).rows
        forest = Forest()
        for person, parent, distinct_id, reason, merged_ms, batch in rows:
            forest.edges[person] = Edge(parent, distinct_id, reason, merged_ms, batch)
            forest.children[parent].add(person)
            forest.newest_read = max(forest.newest_read, batch)
        return forest


def override_rows(project_id: int, forest: Forest, persons: set[int], *, version: int) -> bytes:
    """RowBinary rows of `person_overrides` for persons that are part of another now."""
    return b"".join(
        _row(project_id, person, forest.edges[person], forest.root(person), version=version, is_active=True)
        for person in sorted(persons)
        if person in forest.edges
    )


def cut_row(project_id: int, person: int, edge: Edge, *, version: int) -> bytes:
    """The row of a merge that was undone; it stays as its history."""
    return _row(project_id, person, edge, edge.parent, version=version, is_active=False)


def _row(project_id: int, person: int, edge: Edge, target: int, *, version: int, is_active: bool) -> bytes:
    numbers = u32(project_id) + u32(person) + u32(edge.parent) + u32(target)
    said = text(edge.distinct_id) + text(edge.reason) + i64(edge.merged_ms)
    return numbers + said + u8(is_active) + u8(0) + u64(edge.batch) + u64(version)
