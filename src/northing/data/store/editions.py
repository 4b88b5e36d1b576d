"""Which edition of a project's people and cohorts answers are of: one from before a merge is of an older edition."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


class Edition(NamedTuple):
    """Two words that are never used again once who is who, or who is in a cohort, has changed."""

    people: str
    cohorts: str


class Editions:
    """Kept by the process that makes all changes, in memory: after a restart every edition is a new one."""

    def __init__(self) -> None:
        self._start = secrets.token_hex(6)
        self._lock = threading.Lock()
        self._everywhere = 0
        self._people: Counter[int] = Counter()
        self._cohorts: Counter[int] = Counter()

    def of(self, project_id: int) -> Edition:
        """The present edition of a project."""
        start = f"{self._start}.{self._everywhere}"
        return Edition(f"{start}.{self._people[project_id]}", f"{start}.{self._cohorts[project_id]}")

    def people_changed(self, projects: Iterable[int] | None = None) -> None:
        """Stored events are of other people now, in these projects or in all; call it once that can be read."""
        with self._lock:
            if projects is None:
                self._everywhere += 1
            else:
                self._people.update(projects)

    def cohorts_changed(self, project_id: int | None = None) -> None:
        """Other people are in a cohort of this project, or of any; call it once that can be read."""
        with self._lock:
            if project_id is None:
                self._everywhere += 1
            else:
                self._cohorts[project_id] += 1
