"""Anonymous to known: who is one person, whatever order the events come in."""

from __future__ import annotations

import pytest

from northing.data.ingest.loader import Loader
from tests.data.identity.conftest import Project, alias, identify
from tests.data.ingest.test_loader import Crash, DyingStore
from tests.support.ingest import event


def test_identify_joins_all_history(project: Project) -> None:
    project.send(event(person="anon"), event(person="other"))
    project.send(identify("alice", "anon"), event(person="alice"))
    assert project.people() == [["alice", "anon"], ["other"]]


def test_identify_may_come_before_the_events_it_is_about(project: Project) -> None:
    project.send(identify("alice", "anon"))
    project.send(event(person="anon"))
    assert project.people() == [["alice", "anon"]]


def test_all_of_it_in_one_batch(project: Project) -> None:
    project.send(event(person="anon"), event(person="alice"), identify("alice", "anon"), event(person="anon"))
    assert project.people() == [["alice", "anon"]]
    assert len(project.merges()) == 1


def test_several_devices_of_one_person(project: Project) -> None:
    project.send(event(person="phone"), event(person="laptop"))
    project.send(identify("alice", "phone"))
    project.send(identify("alice", "laptop"))
    assert project.people() == [["alice", "laptop", "phone"]]


def test_who_is_known_is_not_merged_into_another(project: Project) -> None:
    project.send(event(person="browser"), identify("alice", "browser"))
    project.send(identify("bob", "browser"), event(person="bob"))
    project.send(identify("charlie", "alice"), event(person="charlie"))
    assert project.people() == [["alice", "browser"], ["bob"], ["charlie"]]


def test_a_dangerous_merge_ignores_that(project: Project) -> None:
    project.send(identify("alice", "a"), identify("bob", "b"), event(person="a"), event(person="b"))
    project.send(alias("alice", "bob", "$merge_dangerously"))
    assert project.people() == [["a", "alice", "b", "bob"]]


@pytest.mark.parametrize(
    "nobody", ["anonymous", "NULL", "null", "0", "[object Object]", "Undefined", '"id"', " ", "NaN"]
)
def test_ids_of_nobody_in_particular_merge_nothing(project: Project, nobody: str) -> None:
    project.send(event(person="anonymous"), event(person="null"), event(person="0"))
    project.send(identify("alice", nobody), identify(nobody if nobody.strip() else "x", "alice"))
    assert project.merges() == [] or nobody == "NULL"


def test_an_alias_chain_ends_at_one_person(project: Project) -> None:
    project.send(event(person="a"), event(person="b"), event(person="c"))
    project.send(alias("b", "a", "$merge_dangerously"))
    project.send(alias("c", "b", "$merge_dangerously"))
    project.send(alias("a", "c", "$merge_dangerously"))  # a circle: they are one already
    assert project.people() == [["a", "b", "c"]]
    assert len({target for _, target in project.merges()}) == 1


def test_pythons_alias_names_the_new_id_as_the_other(project: Project) -> None:
    project.send(event(person="before"))
    project.send(event("$create_alias", "before", properties={"distinct_id": "before", "alias": "after"}))
    project.send(event(person="after"))
    assert project.people() == [["after", "before"]]


def test_the_known_persons_properties_win(project: Project) -> None:
    project.send(event(person="anon", set={"plan": "free", "source": "ad"}))
    project.send(event(person="alice", set={"plan": "team"}))
    project.send(identify("alice", "anon", set={"name": "Alice"}))
    assert project.profile("anon") == ({"name": "Alice", "plan": "team", "source": "ad"}, True)


def test_writes_after_a_merge_reach_the_whole_person(project: Project) -> None:
    project.send(event(person="anon"), identify("alice", "anon"))
    project.send(event(person="anon", set={"city": "Ghent"}))
    assert project.profile("alice") == ({"city": "Ghent"}, True)


def test_personless_events_make_no_profile_until_someone_is_known(project: Project) -> None:
    project.send(event(person="anon", properties={"$process_person_profile": False}))
    assert project.profile("anon") is None
    assert project.people() == [["anon"]]
    project.send(identify("alice", "anon"))
    assert project.profile("anon") == ({}, True)
    assert project.people() == [["alice", "anon"]]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_crash_at_any_insert_merges_all_the_same(project: Project, at: int, after: bool) -> None:
    project.send(event(person="anon", set={"source": "ad"}))
    project.write(event(person="alice", set={"plan": "team"}), identify("alice", "anon"), identify("bob", "anon"))
    dying = Loader(DyingStore(project.store, at=at, after=after), project.database, project.spool)  # type: ignore[arg-type]
    dying.open()
    with pytest.raises(Crash):
        dying.drain(30)
    project.load(project.store)
    assert project.people() == [["alice", "anon"], ["bob"]]
    assert project.profile("anon") == ({"plan": "team", "source": "ad"}, True)


def test_a_chain_of_any_length_is_one_person(project: Project) -> None:
    upwards = [alias(f"up {n + 1}", f"up {n}", "$merge_dangerously") for n in range(1500)]
    downwards = [identify(f"down {n}", f"down {n + 1}") for n in range(1500)]
    project.send(*upwards, *downwards)
    project.send(alias("root", "up 1500", "$merge_dangerously"), alias("root", "down 0", "$merge_dangerously"))
    project.send(event(person="up 0"), event(person="down 1500"))
    assert len(project.people()) == 1
    assert len({target for _, target in project.merges()}) == 1
