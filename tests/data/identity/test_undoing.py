"""Merges undone, made by hand, and folded into the events."""

from __future__ import annotations

from typing import Any

import pytest

from northing.data.identity.folding import count_unfolded
from northing.data.ingest.changes import Change
from northing.data.ingest.loader import Loader
from northing.kernel.problems import Problem
from tests.data.identity.conftest import Project, identify
from tests.data.ingest.test_loader import Crash, DyingStore
from tests.support.ingest import event


def change(project: Project, action: Any, distinct_id: str = "", other: str = "") -> dict[str, Any]:
    """What the loader answers, as it does between two batches."""
    loader = project.loader()
    asked = loader.changes.ask(Change(action, project.project_id, distinct_id, other, moment_ms=1))
    loader._change_people(None)
    loader.close()
    return asked.result(0)


@pytest.fixture
def merged(project: Project) -> Project:
    """Alice, who was anonymous on her phone and on her laptop; bob is someone else."""
    project.send(event(person="phone", set={"source": "ad"}), event(person="laptop"), event(person="bob"))
    project.send(identify("alice", "phone"), identify("alice", "laptop"), event(person="alice"))
    assert project.people() == [["alice", "laptop", "phone"], ["bob"]]
    return project


def test_a_split_takes_one_id_out_again(merged: Project) -> None:
    change(merged, "split", "phone")
    assert merged.people() == [["alice", "laptop"], ["bob"], ["phone"]]
    assert merged.profile("phone") == ({"source": "ad"}, False)
    merged.send(event("later", "phone"), event("later", "laptop"))
    assert merged.people() == [["alice", "laptop"], ["bob"], ["phone"]]


def test_what_was_merged_into_it_goes_along(merged: Project) -> None:
    change(merged, "merge", "bob", "alice")
    assert merged.people() == [["alice", "bob", "laptop", "phone"]]
    change(merged, "split", "alice")
    assert merged.people() == [["alice", "laptop", "phone"], ["bob"]]


def test_who_was_split_may_be_merged_again(merged: Project) -> None:
    change(merged, "split", "phone")
    merged.send(identify("alice", "phone"))
    assert merged.people() == [["alice", "laptop", "phone"], ["bob"]]


@pytest.mark.parametrize(
    ("action", "distinct_id", "other", "code"),
    [
        ("split", "bob", "", "not_merged"),
        ("split", "nobody", "", "unknown_distinct_id"),
        ("merge", "bob", "nobody", "unknown_distinct_id"),
    ],
)
def test_what_cannot_be_done_is_said(merged: Project, action: str, distinct_id: str, other: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        change(merged, action, distinct_id, other)
    assert refused.value.code == code


def test_what_nobody_waits_for_any_more_is_not_done(merged: Project) -> None:
    loader = merged.loader()
    given_up, wanted = (
        loader.changes.ask(Change("split", merged.project_id, distinct_id, "", moment_ms=1))
        for distinct_id in ("phone", "laptop")
    )
    given_up.cancel()
    loader._change_people(None)
    loader.close()
    assert wanted.result(0)["merges"] == []
    assert merged.people() == [["alice", "phone"], ["bob"], ["laptop"]]


def test_folding_changes_no_answer_and_leaves_no_merge_to_apply(merged: Project) -> None:
    events = merged.rows("SELECT count(), uniqExact(uuid) FROM events WHERE {own}")
    assert change(merged, "fold")["folded"] >= 2
    assert count_unfolded(merged.store)[0] == 0
    assert merged.rows("SELECT count(), uniqExact(uuid) FROM events WHERE {own}") == events
    assert merged.rows("SELECT uniqExact(person) FROM events WHERE {own}") == [[2]]
    assert merged.rows("SELECT uniqExact(person) FROM sessions FINAL WHERE {own}") == [[2]]
    merged.send(event("later", "phone"), event("later", "alice"))
    assert merged.rows("SELECT uniqExact(person) FROM events WHERE {own}") == [[2]]
    assert merged.profile("phone") == merged.profile("alice") == ({"source": "ad"}, True)


def test_a_folded_merge_can_be_undone_too(merged: Project) -> None:
    change(merged, "fold")
    change(merged, "split", "phone")
    merged.send(event("later", "phone"))
    assert merged.rows(
        "SELECT arraySort(groupUniqArray(distinct_id)) AS ids FROM events WHERE {own} GROUP BY person ORDER BY ids"
    ) == [[["alice", "laptop"]], [["bob"]], [["phone"]]]
    assert merged.profile("phone") == ({"source": "ad"}, False)


def test_a_folded_number_is_not_given_to_a_stranger(merged: Project) -> None:
    merged.send(identify("bob", "tablet"), event(person="tablet"))
    newest = merged.rows("SELECT max(person) FROM distinct_ids WHERE {own}")
    change(merged, "fold")
    for table in ("distinct_ids", "person_overrides"):
        merged.store.command(f"OPTIMIZE TABLE {table} FINAL")  # what the engine does by itself, some day
    assert merged.rows("SELECT max(person) FROM distinct_ids WHERE {own}") < newest
    merged.send(event(person="stranger"))
    change(merged, "split", "tablet")
    assert merged.people() == [["alice", "laptop", "phone"], ["bob"], ["stranger"], ["tablet"]]


def test_an_undoing_that_died_half_way_may_be_asked_for_again(merged: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    change(merged, "fold")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("northing.data.ingest.loader.rebuild", die)
        with pytest.raises(KeyboardInterrupt):
            change(merged, "split", "phone")
    owners = "SELECT uniqExact(person) FROM distinct_ids FINAL WHERE {own} AND distinct_id IN ('phone', 'alice')"
    assert merged.rows(owners) == [[1]]  # so that it is not taken for done
    change(merged, "split", "phone")
    assert merged.rows(owners) == [[2]]
    assert merged.people() == [["alice", "laptop"], ["bob"], ["phone"]]


def test_folding_twice_does_nothing_the_second_time(merged: Project) -> None:
    change(merged, "fold")
    assert change(merged, "fold") == {"folded": 0}


def test_cohorts_follow_a_fold(merged: Project) -> None:
    person = merged.rows("SELECT person FROM distinct_ids FINAL WHERE {own} AND distinct_id = 'phone'")[0][0]
    merged.store.command(f"INSERT INTO cohorts SELECT {merged.project_id}, 1, groupBitmapState(toUInt32({person})), 1")
    change(merged, "fold")
    alice = merged.rows("SELECT person FROM distinct_ids FINAL WHERE {own} AND distinct_id = 'alice'")[0][0]
    assert merged.rows("SELECT bitmapToArray(persons) FROM cohorts FINAL WHERE {own}") == [[[alice]]]


def test_folding_works_before_anything_is_summed_up(merged: Project) -> None:
    merged.store.command("TRUNCATE TABLE activity")
    assert change(merged, "fold")["folded"] >= 2
    change(merged, "split", "phone")
    assert merged.rows("SELECT uniqExact(person) FROM events WHERE {own}") == [[3]]


def test_a_merge_of_one_person_with_themselves_is_told(merged: Project) -> None:
    with pytest.raises(Problem) as refused:
        change(merged, "merge", "alice", "phone")
    assert (refused.value.status, refused.value.code) == (409, "one_person_already")


@pytest.mark.parametrize("at", [1, 2])
def test_a_merge_by_hand_that_died_half_way_may_be_asked_for_again(merged: Project, at: int) -> None:
    dying = Loader(DyingStore(merged.store, at=at, after=at == 1), merged.database, merged.spool)  # type: ignore[arg-type]
    dying.open()
    asked = dying.changes.ask(Change("merge", merged.project_id, "bob", "alice", moment_ms=1))
    with pytest.raises(Crash):
        dying._change_people(None)
    assert isinstance(asked.exception(0), Crash)
    change(merged, "merge", "bob", "alice")
    assert merged.people() == [["alice", "bob", "laptop", "phone"]]
    assert merged.profile("bob") == ({"source": "ad"}, True)
