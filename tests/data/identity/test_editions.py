"""No answer from before a merge or a split is given after it, and no other change throws answers away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from northing.data.identity.cohorts_members import ids_bitmap, plan_keep
from northing.data.ingest.changes import Change
from northing.data.ingest.loader import Loader
from northing.data.query.draft import Draft
from northing.data.query.run import QueryRunner, RunnerOptions
from northing.data.query.scope import Scope
from northing.data.store import LocalStore
from northing.server.cache import MemoryCache
from tests.data.identity.conftest import NOON, Project, identify
from tests.support.ingest import event

AT = "2025-03-01T10:00:00Z"
PEOPLE = {"kind": "trends", "series": [{"event": "viewed", "math": "dau"}], "date_from": "2025-03-01"}
MEMBERS = {**PEOPLE, "filters": [{"type": "cohort", "value": 1}]}


@dataclass
class Site:
    """A project with a loader that runs, and somebody who asks the same again and again."""

    project: Project
    loader: Loader
    runner: QueryRunner

    def load(self, *events: dict[str, Any]) -> None:
        self.project.write(*events)
        assert self.loader.drain(30)

    def ask(self, body: dict[str, Any] = PEOPLE) -> tuple[int, bool]:
        """How many people, and whether that was known already."""
        answer = asyncio.run(self.runner.run(body, self.scope))
        return answer["result"]["series"][0]["total"], answer["cached"]

    def change(self, change: Change) -> None:
        asked = self.loader.changes.ask(change)
        self.loader._change_people(None)
        asked.result(0)

    def keep(self, *ids: str, version: int) -> None:
        """Make these people cohort 1."""
        draft = Draft(self.scope)
        statement = plan_keep(draft, ids_bitmap(ids, draft), cohort=1, version=version)
        asyncio.run(self.runner.write(statement, self.project.project_id))

    @property
    def scope(self) -> Scope:
        return Scope(self.project.project_id, "UTC", "sunday", NOON)


@pytest.fixture
def site(project: Project, event_store: LocalStore) -> Iterator[Site]:
    loader = project.loader()
    runner = QueryRunner(event_store, MemoryCache(), RunnerOptions(cache_seconds=3600))
    site = Site(project, loader, runner)
    site.load(*(event(person=one, timestamp=AT) for one in ("phone", "laptop")))
    assert [site.ask(), site.ask()] == [(2, False), (2, True)]
    yield site
    loader.close()


def test_a_merge_that_is_loaded_is_in_the_next_answer(site: Site) -> None:
    site.load(identify("laptop", "phone"))
    assert [site.ask(), site.ask()] == [(1, False), (1, True)]


def test_a_split_and_a_merge_by_hand_too(site: Site) -> None:
    number = site.project.project_id
    site.change(Change("merge", number, "laptop", "phone", moment_ms=1))
    assert site.ask() == (1, False)
    site.change(Change("split", number, "phone", moment_ms=1))
    assert site.ask() == (2, False)


def test_an_undone_fold_too(site: Site) -> None:
    site.load(identify("laptop", "phone"))
    site.change(Change("fold"))
    assert site.ask() == (1, False)
    site.change(Change("split", site.project.project_id, "phone", moment_ms=1))
    assert site.ask() == (2, False)


@pytest.mark.parametrize(
    "more", [event(person="tablet", timestamp=AT), identify("desk", "unheard-of"), identify("laptop", "unheard-of")]
)
def test_other_events_throw_no_answer_away(site: Site, more: dict[str, Any]) -> None:
    site.load(more)
    assert site.ask() == (2, True)


def test_one_project_is_nothing_to_another(site: Site) -> None:
    site.runner._store.store.editions.people_changed((site.project.project_id + 1,))  # type: ignore[attr-defined]
    assert site.ask() == (2, True)


def test_a_cohort_worked_out_anew_is_in_the_next_answer_that_reads_one(site: Site) -> None:
    site.keep("phone", version=1)
    assert [site.ask(MEMBERS), site.ask(MEMBERS)] == [(1, False), (1, True)]
    site.keep("phone", "laptop", version=2)
    assert site.ask(MEMBERS) == (2, False)
    assert site.ask() == (2, True)


def test_what_is_remembered_of_people_goes_with_a_merge(site: Site) -> None:
    async def load() -> str:
        return "new"

    def remember(people_of: int | None) -> Any:
        return asyncio.run(site.runner.remembered("key", 60, load, people_of=people_of))

    asyncio.run(site.runner._cache.set("key", b'"old"', seconds=60))
    assert remember(None) == "old"
    assert remember(site.project.project_id) == "new"
