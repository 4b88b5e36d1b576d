"""Merges, splits and folds, mixed at random, against a plain reading: a fold changes no answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from northing.data.ingest.changes import Action, Change
from northing.data.ingest.loader import Loader
from northing.data.query.persons import plan_meant, plan_merges
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement
from northing.data.store import Store
from northing.kernel.problems import Problem
from tests.data.identity.conftest import NOON, Project, alias, identify
from tests.support.engine import next_project_id
from tests.support.ingest import add_projects, begin_behind, event, metadata

IDS = "abcde"
KINDS = st.sampled_from(["identify", "alias", "dangerous", "merge", "split", "split", "turn", "turn", "fold"])
STEPS = st.lists(st.tuples(KINDS, st.sampled_from(IDS), st.sampled_from(IDS)), min_size=3, max_size=12)
SETTINGS = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass
class Reading:
    """Who is one person. Each id has a place, its own at first; places are parts of places.

    A fold puts every id at the place of its person. A split frees the place of an id, and all that is part of it; one
    that was put elsewhere by a fold goes back to its own place alone.
    """

    places: dict[str, str] = field(default_factory=lambda: {one: one for one in IDS})
    parts: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def root(self, one: str) -> str:
        place = self.places[one]
        while place in self.parts:
            place = self.parts[place]
        return place

    def claim(self, kind: str, one: str, other: str) -> None:
        target, source = self.root(one), self.root(other)
        if source != target and (source not in self.known or kind in ("dangerous", "merge")):
            self.parts[source] = self.places[one]
            self.known.add(target)
        if kind == "identify":
            self.known.add(self.root(one))

    def split(self, one: str) -> None:
        if self.places[one] != one:
            self.places[one] = one
        else:
            self.parts.pop(one, None)

    def fold(self) -> None:
        self.places = {one: self.root(one) for one in IDS}
        self.parts = {}

    def people(self) -> list[list[str]]:
        together: dict[str, list[str]] = {}
        for one in IDS:
            together.setdefault(self.root(one), []).append(one)
        return sorted(together.values())


@dataclass
class Played:
    """The same steps, taken by a loader."""

    project: Project
    loader: Loader
    reading: Reading = field(default_factory=Reading)

    def take(self, kind: str, one: str, other: str) -> None:
        if kind in ("merge", "split", "fold"):
            self.finish()  # as what is asked for waits
        match kind:
            case "turn":
                self._turn()
            case "fold":
                self._ask("fold")
                self.reading.fold()
            case "split":
                self._ask("split", one)
                self.reading.split(one)
            case "merge":
                self._ask("merge", one, other)
                self.reading.claim(kind, one, other)
            case _:
                self._send(kind, one, other)
                self.reading.claim(kind, one, other)

    def finish(self) -> None:
        while self.loader._folding is not None:
            self.loader._fold_turn()

    def _turn(self) -> None:
        if self.loader._folding is None:
            self.reading.fold()
        self.loader._fold_turn()

    def _ask(self, action: Action, one: str = "", other: str = "") -> None:
        asked = self.loader.changes.ask(Change(action, self.project.project_id, one, other, moment_ms=1))
        self.loader._change_people(None)
        refused = asked.exception(0)
        assert refused is None or isinstance(refused, Problem), refused

    def _send(self, kind: str, one: str, other: str) -> None:
        names = {"alias": "$create_alias", "dangerous": "$merge_dangerously"}
        self.project.write(identify(one, other) if kind == "identify" else alias(one, other, names[kind]))
        assert self.loader.drain(30)


@pytest.fixture(scope="module")
def base(engine: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A loader's surroundings, shared; each world has a project of its own."""
    folder: Path = tmp_path_factory.mktemp("folding")
    (folder / "spool").mkdir()
    database = metadata(folder)
    begin_behind(database, engine)
    yield Project(engine, database, folder / "spool", 0)
    database.close()


FOLD = ("fold", "a", "a")
# Folded into somebody who is folded and merged on; merged by an id that is not the person's own; merged during a fold.
FOLDED_ON = [("merge", "b", "a"), FOLD, ("merge", "c", "b"), FOLD, ("merge", "d", "c"), ("split", "a", "a")]
BY_ANOTHER_ID = [("merge", "b", "a"), ("merge", "c", "a"), FOLD, ("split", "b", "b"), ("split", "a", "a")]
MEANWHILE = [("merge", "b", "a"), ("turn", "a", "a"), ("dangerous", "c", "b"), ("split", "b", "b")]


@SETTINGS
@given(steps=STEPS)
@example(steps=FOLDED_ON)
@example(steps=BY_ANOTHER_ID)
@example(steps=MEANWHILE)
def test_people_are_who_they_are_before_during_and_after_folds(
    base: Project, steps: list[tuple[str, str, str]]
) -> None:
    project = fresh(base)
    project.send(*(event(person=one) for one in IDS))
    numbers = dict(project.rows("SELECT distinct_id, person FROM distinct_ids FINAL WHERE {own}"))
    played = Played(project, project.loader())
    for step in steps:
        played.take(*step)
        assert project.people() == played.reading.people()
        assert meant(project, numbers) == {one: numbers[played.reading.root(one)] for one in IDS}
    played.finish()
    played.loader.close()
    assert project.people() == played.reading.people()
    assert merges_shown(project, set(numbers.values())) == sorted(row[0] for row in project.merges())


def fresh(base: Project) -> Project:
    project_id = next_project_id()
    add_projects(base.database, project_id)
    return replace(base, project_id=project_id, _sent=1000 * project_id)


def meant(project: Project, numbers: dict[str, int]) -> dict[str, int]:
    """Whom the first number of each id leads to."""
    return {one: answer(project, plan_meant(scope(project), number))[0][0] for one, number in numbers.items()}


def merges_shown(project: Project, numbers: set[int]) -> list[int]:
    """The merges on the pages of all people who are somebody."""
    people = {answer(project, plan_meant(scope(project), number))[0][0] for number in numbers}
    return sorted(row[0] for person in people for row in answer(project, plan_merges(scope(project), person)))


def answer(project: Project, statement: Statement) -> list[list[Any]]:
    return project.store.query(statement.sql, statement.params).rows


def scope(project: Project) -> Scope:
    return Scope(project.project_id, "UTC", "sunday", NOON, merged=True)
