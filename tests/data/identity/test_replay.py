"""A batch that died between two of its inserts makes, when it is loaded again, what it would have made at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.ingest.changes import Change
from northing.data.ingest.loader import Loader
from northing.data.store import Store
from tests.data.identity.conftest import Project, alias, identify
from tests.data.ingest.test_loader import Crash, DyingStore
from tests.support.engine import next_project_id
from tests.support.ingest import add_projects, begin_behind, event, metadata

INSERTS = 6  # merges, groups, profiles, ids, events, sessions
PEOPLE = st.sampled_from("abcd")
WRITES = st.sampled_from([{"set": {"x": 1}}, {"set": {"x": 2}}, {"set_once": {"x": 3}}, {"unset": ["x"]}, {}])
ACTS = st.one_of(
    st.builds(lambda person, write: event(person=person, **write), PEOPLE, WRITES),
    st.builds(identify, PEOPLE, PEOPLE),
    st.builds(alias, PEOPLE, PEOPLE, st.sampled_from(["$create_alias", "$merge_dangerously"])),
)
BATCHES = st.lists(ACTS, min_size=1, max_size=6)
SETTINGS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def die(project: Project, *, at: int, after: bool) -> None:
    """Load what waits, until the n-th insert."""
    dying = Loader(DyingStore(project.store, at=at, after=after), project.database, project.spool)  # type: ignore[arg-type]
    dying.open()
    try:
        dying.drain(30)
    except Crash:
        pass
    finally:
        dying.close()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, INSERTS + 1))
def test_what_each_wrote_before_they_were_one_stays_theirs(project: Project, at: int, after: bool) -> None:
    project.write(
        event(person="alice", set={"plan": "team"}),
        event(person="anon", set={"plan": "free"}),
        identify("alice", "anon"),
    )
    die(project, at=at, after=after)
    project.load(project.store)
    assert project.profile("anon") == ({"plan": "team"}, True)
    split(project, "anon")
    assert project.profile("anon") == ({"plan": "free"}, False)


@pytest.mark.parametrize("after", [False, True])
def test_a_merge_of_an_earlier_batch_is_not_taken_back(project: Project, after: bool) -> None:
    project.send(event(person="anon", set={"x": 1}), identify("alice", "anon"))
    project.write(event(person="anon", set={"x": 2}), alias("boss", "alice", "$merge_dangerously"))
    die(project, at=1, after=after)
    project.load(project.store)
    split(project, "alice")
    assert project.profile("anon") == project.profile("alice") == ({"x": 2}, True)


def split(project: Project, distinct_id: str) -> None:
    loader = project.loader()
    asked = loader.changes.ask(Change("split", project.project_id, distinct_id, moment_ms=1))
    loader._change_people(None)
    loader.close()
    asked.result(0)


@pytest.fixture(scope="module")
def base(engine: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A loader's surroundings, shared; each world has a project of its own."""
    folder: Path = tmp_path_factory.mktemp("replay")
    (folder / "spool").mkdir()
    database = metadata(folder)
    begin_behind(database, engine)
    yield Project(engine, database, folder / "spool", 0)
    database.close()


@SETTINGS
@given(earlier=BATCHES, batch=BATCHES, at=st.integers(1, INSERTS), after=st.booleans())
def test_a_crash_makes_no_difference(
    base: Project, earlier: list[dict[str, Any]], batch: list[dict[str, Any]], at: int, *, after: bool
) -> None:
    calm, stormy = fresh(base), fresh(base)
    for project in (calm, stormy):
        project.send(*earlier)
        project.write(*batch)
        if project is stormy:
            die(project, at=at, after=after)
        project.load(project.store)
    assert identities(stormy) == identities(calm)


def fresh(base: Project) -> Project:
    project_id = next_project_id()
    add_projects(base.database, project_id)
    return replace(base, project_id=project_id, _sent=1000 * project_id)


def identities(project: Project) -> list[list[list[Any]]]:
    """All that is kept of people, merges, ids and sessions."""
    return [
        project.rows(sql)
        for sql in (
            "SELECT person, parent, target, distinct_id, reason FROM person_overrides FINAL WHERE {own} ORDER BY 1",
            "SELECT person, properties, is_identified FROM persons FINAL WHERE {own} ORDER BY person",
            "SELECT distinct_id, person FROM distinct_ids FINAL WHERE {own} ORDER BY distinct_id",
            "SELECT person, count() FROM events WHERE {own} GROUP BY person ORDER BY person",
        )
    ]
