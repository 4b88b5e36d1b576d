"""Merges and sessions against a plain reading of their definitions, on random worlds cut into random batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.ingest.loader import Loader
from northing.data.store import Store
from northing.kernel.clock import rfc3339
from tests.data.identity.conftest import NOON, Project, alias, identify
from tests.support.engine import next_project_id
from tests.support.ingest import add_projects, begin_behind, event, metadata

PEOPLE = st.sampled_from("abcde")
Act = tuple[str, str, str]
ACTS = st.tuples(
    st.sampled_from(["view", "identify", "alias", "dangerous"]), PEOPLE, st.sampled_from(["null", *"abcde"])
)
WORLDS = st.lists(st.lists(ACTS, min_size=1, max_size=6), min_size=1, max_size=3)
MINUTES = st.lists(st.tuples(PEOPLE, st.integers(0, 2000)), min_size=1, max_size=20)
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass
class Reading:
    """Who is one person, by the words of docs/identity.md."""

    parts: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def root(self, person: str) -> str:
        return self.root(self.parts[person]) if person in self.parts else person

    def take(self, act: Act) -> None:
        kind, person, other = act
        if kind != "view":
            self._claim(person, other, is_forced=kind == "dangerous")
        if kind == "identify":
            self.known.add(self.root(person))

    def _claim(self, person: str, other: str, *, is_forced: bool) -> None:
        target, source = self.root(person), self.root(other)
        if source == target or other == "null" or (source in self.known and not is_forced):
            return
        self.parts[source] = target
        self.known.add(target)

    def people(self, seen: set[str]) -> list[list[str]]:
        together: dict[str, list[str]] = {}
        for person in sorted(seen):
            together.setdefault(self.root(person), []).append(person)
        return sorted(together.values())


def sent(act: Act) -> dict[str, Any]:
    kind, person, other = act
    if kind == "view":
        return event(person=person)
    if kind == "identify":
        return identify(person, other)
    return alias(person, other, "$create_alias" if kind == "alias" else "$merge_dangerously")


@pytest.fixture(scope="module")
def base(engine: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A loader's surroundings, shared; each world has a project of its own."""
    folder: Path = tmp_path_factory.mktemp("reference")
    (folder / "spool").mkdir()
    database = metadata(folder)
    begin_behind(database, engine)
    yield Project(engine, database, folder / "spool", 0)
    database.close()


def fresh(base: Project) -> Project:
    project_id = next_project_id()
    add_projects(base.database, project_id)
    return replace(base, project_id=project_id)


@SETTINGS
@given(world=WORLDS, restarts=st.booleans())
def test_people_are_who_the_definition_says(base: Project, world: list[list[Act]], *, restarts: bool) -> None:
    project, reading = fresh(base), Reading()
    loader: Loader | None = None if restarts else project.loader()
    for number, batch in enumerate(world):
        project._sent = 1000 * project.project_id + number
        project.write(*map(sent, batch))
        current = loader or project.loader()
        assert current.drain(30)
        for act in batch:
            reading.take(act)
    assert project.people() == reading.people({act[1] for batch in world for act in batch})


def sessions_by_hand(events: list[tuple[str, int]]) -> list[tuple[int, int]]:
    """(how many events, how many minutes) of each session: a pause over 30 minutes or a length over a day ends it."""
    found: list[tuple[int, int]] = []
    for person in sorted({person for person, _ in events}):
        times = sorted(minute for who, minute in events if who == person)
        start, last, count = times[0], times[0], 0
        for minute in times:
            if minute - last > 30 or minute - start > 24 * 60:
                found.append((count, last - start))
                start, count = minute, 0
            last, count = minute, count + 1
        found.append((count, last - start))
    return sorted(found)


@SETTINGS
@given(events=MINUTES, cuts=st.sets(st.integers(1, 19), max_size=3))
def test_sessions_are_what_the_definition_says(base: Project, events: list[tuple[str, int]], cuts: set[int]) -> None:
    project = fresh(base)
    ordered = sorted(events, key=lambda item: item[1])
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    for number, (first, last) in enumerate(itertools.pairwise(edges)):
        project._sent = 1000 * project.project_id + number
        batch = [event(person=who, timestamp=rfc3339(NOON + timedelta(minutes=at))) for who, at in ordered[first:last]]
        project.send(*reversed(batch))
    rows = project.rows("SELECT events, dateDiff('minute', start, end) FROM sessions FINAL WHERE {own}")
    assert sorted(map(tuple, rows)) == sessions_by_hand(events)
