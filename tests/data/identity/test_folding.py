"""Folds in turns: what is loaded, and which cohorts are worked out, while one is under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from northing.data.identity import folding
from northing.data.identity.cohorts_members import ids_bitmap, plan_keep
from northing.data.identity.folding import count_unfolded
from northing.data.ingest.changes import Change
from northing.data.ingest.loader import Loader
from northing.data.query.draft import Draft
from northing.data.query.scope import Scope
from northing.data.store import QueryLimits, Store
from tests.data.identity.conftest import NOON, Project, identify
from tests.support.ingest import event

MONTHS = ("2025-01-05T12:00:00Z", "2025-02-05T12:00:00Z", "2025-03-05T12:00:00Z")


@pytest.fixture
def loader(project: Project) -> Iterator[Loader]:
    """A phone of three months, which is alice's, and somebody else's laptop."""
    project.send(*(event(person="phone", timestamp=at) for at in MONTHS), event(person="laptop"))
    project.send(identify("alice", "phone"))
    loader = project.loader()
    yield loader
    loader.close()


def folds(loader: Loader) -> bool:
    return loader._folding is not None


def number(project: Project, distinct_id: str) -> int:
    found = project.rows(f"SELECT person FROM distinct_ids FINAL WHERE {{own}} AND distinct_id = '{distinct_id}'")
    return int(found[0][0])


def members(project: Project) -> list[int]:
    return [row[0] for row in project.rows("SELECT arrayJoin(bitmapToArray(persons)) FROM cohorts FINAL WHERE {own}")]


def keep(store: Store, project: Project, version: int) -> None:
    """Make the person with the phone a cohort, as one who knows of no merge."""
    draft = Draft(Scope(project.project_id, "UTC", "sunday", NOON))
    statement = plan_keep(draft, ids_bitmap(["phone"], draft), cohort=1, version=version)
    store.keep(project.project_id, statement.sql, statement.params, limits=QueryLimits(), tag="keep")


def test_what_is_loaded_between_two_turns_needs_no_merge(project: Project, loader: Loader) -> None:
    alice = number(project, "alice")
    loader._fold_turn()
    assert folds(loader)
    while folds(loader):
        project.write(event("later", "phone"))
        assert loader.drain(30)
        loader._fold_turn()
    assert count_unfolded(project.store)[0] == 0
    assert project.rows("SELECT DISTINCT person FROM events WHERE {own} AND distinct_id = 'phone'") == [[alice]]
    assert project.rows("SELECT uniqExact(person) FROM sessions FINAL WHERE {own}") == [[2]]


def test_each_month_is_a_turn_of_its_own(project: Project, loader: Loader) -> None:
    old = number(project, "phone")
    loader._fold_turn()
    months = []
    while folds(loader):
        months += project.rows(f"SELECT uniqExact(toYYYYMM(timestamp)) FROM events WHERE {{own}} AND person = {old}")
        loader._fold_turn()
    assert [left for (left,) in months] == [3, 2, 1, 0]


def test_a_turn_waits_while_sums_are_taken_and_loading_goes_on(
    project: Project, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader._fold_turn()
    left = len(loader._folding.partitions) if loader._folding else 0
    monkeypatch.setattr(loader, "_next_turn_at", 0.0)
    with project.store.rewriting:
        loader._change_people(None)
        assert loader._folding is not None
        assert len(loader._folding.partitions) == left
    loader._change_people(None)
    assert len(loader._folding.partitions) == left - 1


def test_what_is_asked_for_waits_for_the_fold(project: Project, loader: Loader) -> None:
    loader._fold_turn()
    asked = loader.changes.ask(Change("split", project.project_id, "phone", moment_ms=1))
    loader._change_people(None)
    assert not asked.done()
    while folds(loader):
        loader._fold_turn()
    loader._change_people(None)
    assert asked.done()
    assert project.people() == [["alice"], ["laptop"], ["phone"]]


def test_a_fold_that_died_is_done_before_what_is_asked_for(
    project: Project, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader._fold_turn()
    again = project.loader()
    asked = again.changes.ask(Change("split", project.project_id, "phone", moment_ms=1))
    again._change_people(None)
    assert (folds(again), asked.done()) == (False, False)  # what it died of may do so again: loading comes first
    monkeypatch.setattr(again, "_next_turn_at", 0.0)
    again._change_people(None)
    assert (folds(again), asked.done()) == (True, False)
    while folds(again):
        again._fold_turn()
    again._change_people(None)
    again.close()
    assert asked.result()["person"] == number(project, "phone") != number(project, "alice")


def test_a_merge_made_during_a_fold_is_undone_by_itself(project: Project, loader: Loader) -> None:
    project.write(event(person="alice"), event(person="boss"))
    assert loader.drain(30)
    loader._fold_turn()
    loader._change(Change("merge", project.project_id, "boss", "alice", moment_ms=1))
    while folds(loader):
        loader._fold_turn()
    loader._change(Change("split", project.project_id, "alice", moment_ms=1))
    assert project.people() == [["alice", "phone"], ["boss"], ["laptop"]]


def test_a_cohort_that_is_being_worked_out_puts_the_end_of_a_fold_off(project: Project, loader: Loader) -> None:
    old, alice = number(project, "phone"), number(project, "alice")
    with project.store.keeping.inside():
        for _ in range(6):
            loader._fold_turn()
        assert folds(loader)
        project.store.command(
            f"INSERT INTO cohorts SELECT {project.project_id}, 1, groupBitmapState(toUInt32({old})), 1"
        )
    loader._fold_turn()
    assert not folds(loader)
    assert members(project) == [alice]


def test_a_cohort_asked_for_while_numbers_move_waits(
    project: Project, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = number(project, "alice")
    move, begun = folding._move_bitmaps, threading.Event()

    def keeping() -> None:
        begun.set()
        keep(project.store, project, 1)

    other = threading.Thread(target=keeping)

    def move_and_try(store: Store) -> None:
        move(store)
        other.start()
        begun.wait()
        other.join(0.3)
        assert other.is_alive()

    monkeypatch.setattr(folding, "_move_bitmaps", move_and_try)
    assert loader._fold() >= 1
    other.join(10)
    assert members(project) == [alice]
