"""Dense person numbers: the first time a project's distinct id is seen, it gets the next number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from northing.data.store import Store
from northing.data.store.rowbinary import text, u32, u64

_LOOKUP_CHUNK = 5_000
_CACHE_IDS = 500_000
COLUMNS = ("project_id", "distinct_id", "person", "version")
# A number whose ids were folded into another is nobody's id any more, yet must not be given to a stranger: the merge
# is known by it. Merges later than the last id are of a batch that died, which gets the same numbers again; those that
# a fold marked are of no batch, and of their earlier rows, which batches made, the engine keeps none.
_HIGHEST = """
WITH (SELECT max(version) FROM distinct_ids WHERE project_id = {project:UInt32}) AS settled
SELECT greatest(max(person), (SELECT max(person) FROM person_overrides
  WHERE project_id = {project:UInt32} AND (version <= settled OR is_folded))), count()
FROM distinct_ids WHERE project_id = {project:UInt32}
"""


@dataclass(slots=True)
class _Project:
    next_person: int = 1
    numbers: dict[str, int] = field(default_factory=dict)
    complete: bool = True  # `numbers` holds every id the store has: one that is missing is new


class PersonNumbers:
    """The loader's map from distinct id to person number; only one loader gives numbers out."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._projects: dict[int, _Project] = {}

    def resolve(self, project_id: int, distinct_ids: Iterable[str]) -> tuple[dict[str, int], list[str]]:
        """The number of each distinct id, and those that are new and must be stored before their events."""
        project = self._projects.get(project_id) or self._open(project_id)
        missing = [d for d in dict.fromkeys(distinct_ids) if d not in project.numbers]
        if missing and not project.complete:
            self._look_up(project_id, project, missing)
            missing = [d for d in missing if d not in project.numbers]
        for distinct_id in missing:
            project.numbers[distinct_id] = project.next_person
            project.next_person += 1
        return project.numbers, missing

    def find(self, project_id: int, distinct_id: str) -> int | None:
        """The number of a distinct id that somebody has, else None."""
        project = self._projects.get(project_id) or self._open(project_id)
        if distinct_id not in project.numbers and not project.complete:
            self._look_up(project_id, project, [distinct_id])
        return project.numbers.get(distinct_id)

    def forget(self) -> None:
        """Read all numbers anew: some ids have others now."""
        self._projects = {}

    def trim(self) -> None:
        """Keep memory bounded; call between batches, because `resolve` lends its map out."""
        for project in self._projects.values():
            if len(project.numbers) > _CACHE_IDS:
                keep = list(project.numbers.items())[_CACHE_IDS // 2 :]
                project.numbers = dict(keep)
                project.complete = False

    def _open(self, project_id: int) -> _Project:
        known = self._store.query(_HIGHEST, {"project": project_id}).rows[0]
        project = _Project(next_person=int(known[0]) + 1, complete=known[1] <= _CACHE_IDS // 2)
        if project.complete:
            rows = self._store.query(
                "SELECT distinct_id, person FROM distinct_ids FINAL WHERE project_id = {project:UInt32}",
                {"project": project_id},
            ).rows
            project.numbers = {str(distinct_id): int(person) for distinct_id, person in rows}
        self._projects[project_id] = project
        return project

    def _look_up(self, project_id: int, project: _Project, missing: list[str]) -> None:
        for at in range(0, len(missing), _LOOKUP_CHUNK):
            rows = self._store.query(
                "SELECT distinct_id, person FROM distinct_ids FINAL"
                " WHERE project_id = {project:UInt32} AND distinct_id IN {ids:Array(String)}",
                {"project": project_id, "ids": missing[at : at + _LOOKUP_CHUNK]},
            ).rows
            project.numbers.update((distinct_id, person) for distinct_id, person in rows)


def distinct_id_rows(project_id: int, new: list[str], numbers: dict[str, int], version: int) -> bytes:
    """RowBinary rows of `distinct_ids` for ids that are new."""
    return b"".join(u32(project_id) + text(d) + u32(numbers[d]) + u64(version) for d in new)
