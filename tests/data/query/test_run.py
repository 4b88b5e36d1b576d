"""The runner: cache, sharing, limits, cancellation, and what travels with an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from northing.data.query import QueryRunner, RunnerOptions, Scope
from northing.data.query.slots import Slots
from northing.data.store import Edition, LocalStore, QueryLimits, QueryResult, Store
from northing.kernel.problems import Problem
from northing.server.cache import MemoryCache
from tests.data.query.world import NOW, World

BODY = {"kind": "trends", "series": [{"event": "a"}]}
SLOW = {
    "kind": "sql",
    "sql": "SELECT count() FROM events AS a CROSS JOIN events AS b CROSS JOIN events AS c WHERE a.uuid != b.uuid",
}

T = TypeVar("T")
NO_LIMITS = QueryLimits()


class CountingStore:
    """The real store, counting its statements."""

    def __init__(self, store: LocalStore) -> None:
        self.store = store
        self.statements: list[str] = []
        self.ended: list[str] = []
        self.began = asyncio.Event()
        self.over = asyncio.Event()

    async def query(
        self, sql: str, params: Mapping[str, Any] | None = None, *, limits: QueryLimits = NO_LIMITS
    ) -> QueryResult:
        if "FROM person_overrides" not in sql:
            self.statements.append(sql)
        return await self._counted(self.store.query(sql, params, limits=limits))

    async def query_bytes(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        limits: QueryLimits = NO_LIMITS,
        output: str = "JSONCompact",
    ) -> bytes:
        self.statements.append(sql)
        return await self._counted(self.store.query_bytes(sql, params, limits=limits, output=output))

    async def _counted(self, answer: Coroutine[Any, Any, T]) -> T:
        self.began.set()
        try:
            return await answer
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            self.over.set()
            raise

    async def edition(self, project_id: int) -> Edition:
        return await self.store.edition(project_id)


@pytest.fixture
def counting(event_store: LocalStore) -> CountingStore:
    return CountingStore(event_store)


@pytest.fixture
def scope(world: World) -> Scope:
    world.add("a", "2020-01-02 10:00:00")
    return Scope(world.project_id, "UTC", "sunday", NOW)


Make = Callable[..., QueryRunner]


@pytest.fixture
def make(counting: CountingStore) -> Make:
    return lambda **options: QueryRunner(counting, MemoryCache(), RunnerOptions(**options))


def test_an_answer_says_what_it_is(make: Make, scope: Scope) -> None:
    answer = asyncio.run(make().run({**BODY, "explain": True}, scope))
    assert answer["result"]["series"][0]["total"] == 1
    assert (answer["kind"], answer["timezone"], answer["cached"]) == ("trends", "UTC", False)
    assert (answer["date_from"], answer["date_to"]) == ("2019-12-28T00:00:00Z", "2020-01-05T00:00:00Z")
    assert "number of events" in answer["definition"]
    assert answer["rows_read"] >= 1
    assert f"-- {{p0}} = {scope.project_id}" in answer["sql"]
    assert "cached_at" not in answer


def test_the_second_time_comes_from_the_cache(make: Make, counting: CountingStore, scope: Scope) -> None:
    async def twice() -> dict[str, Any]:
        runner = make()
        await runner.run(BODY, scope)
        return await runner.run({"series": BODY["series"], "kind": "trends"}, scope)

    answer = asyncio.run(twice())
    assert answer["cached"] is True
    assert answer["cached_at"] == "2020-01-04T13:00:00Z"
    assert len(counting.statements) == 1


@pytest.mark.parametrize("change", [{"refresh": True}, {"interval": "week"}, {"timezone": "Europe/Berlin"}])
def test_what_makes_a_question_another(
    make: Make, counting: CountingStore, scope: Scope, change: dict[str, Any]
) -> None:
    async def twice() -> dict[str, Any]:
        runner = make()
        await runner.run(BODY, scope)
        return await runner.run({**BODY, **change}, scope)

    assert asyncio.run(twice())["cached"] is False
    assert len(counting.statements) == 2


def test_projects_do_not_share_answers(make: Make, scope: Scope) -> None:
    async def both() -> list[int]:
        runner = make()
        other = Scope(scope.project_id + 700_000, "UTC", "sunday", NOW)
        answers = [await runner.run(BODY, one) for one in (scope, other)]
        return [answer["result"]["series"][0]["total"] for answer in answers]

    assert asyncio.run(both()) == [1, 0]


def test_the_same_question_at_once_is_asked_once(make: Make, counting: CountingStore, scope: Scope) -> None:
    async def together() -> None:
        runner = make(cache_seconds=0)
        await asyncio.gather(*(runner.run(BODY, scope) for _ in range(20)))

    asyncio.run(together())
    assert len(counting.statements) == 1


def test_an_error_reaches_everyone_who_waits(make: Make, scope: Scope) -> None:
    async def together() -> list[Any]:
        runner = make(limits=QueryLimits(rows_to_read=1, seconds=5))
        body = {"kind": "sql", "sql": "SELECT count() FROM events AS a CROSS JOIN events AS b WHERE a.uuid != b.uuid"}
        return list(await asyncio.gather(*(runner.run(body, scope) for _ in range(3)), return_exceptions=True))

    problems = asyncio.run(together())
    assert [getattr(p, "code", None) for p in problems] == ["query_too_expensive"] * 3


def test_leaving_ends_the_query(make: Make, counting: CountingStore, world: World, scope: Scope) -> None:
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00"} for _ in range(4000))

    async def leave() -> None:
        task = asyncio.create_task(make().run(SLOW, scope))
        await counting.began.wait()
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(counting.over.wait(), 30)

    asyncio.run(leave())
    assert counting.ended == ["cancelled"]
    world.engine.query("SELECT 1")


def test_one_who_leaves_does_not_end_it_for_the_others(make: Make, counting: CountingStore, scope: Scope) -> None:
    async def leave() -> dict[str, Any]:
        runner = make()
        first = asyncio.create_task(runner.run(BODY, scope))
        second = asyncio.create_task(runner.run(BODY, scope))
        await counting.began.wait()
        first.cancel()
        return await second

    assert asyncio.run(leave())["result"]["series"][0]["total"] == 1
    assert counting.ended == []


def test_a_crowd_is_told_to_come_back() -> None:
    async def crowd() -> Problem:
        slots = Slots(1, wait_seconds=0.01)
        async with slots.taken(1):
            async with slots.taken(2):
                pass
            with pytest.raises(Problem) as caught:
                async with slots.taken(1):
                    pass
        async with slots.taken(1):
            return caught.value

    problem = asyncio.run(crowd())
    assert (problem.status, problem.code) == (429, "too_many_queries")
    assert problem.headers["Retry-After"]


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ({"kind": "trends", "series": [{"event": "nope"}]}, "Event nope has never been seen"),
        ({"kind": "trends", "series": [{"event": "a"}], "breakdown": [{"property": "plann"}]}, "Event property plann"),
        (
            {"kind": "trends", "series": [{"event": "a", "math": "sum", "math_property": "prise"}]},
            "Event property prise",
        ),
        *(
            (
                {"kind": "funnel", "view": view, "steps": [{"event": "a"}, {"event": "bb"}]},
                "Event bb has never been seen",
            )
            for view in ("steps", "trend", "time_to_convert", "correlation")
        ),
        ({"kind": "top_events", "filters": [{"type": "person", "property": "x", "value": 1}]}, "Person property x"),
        (
            {"kind": "trends", "series": [{"event": "a", "math": "unique_group", "group_type": "firm"}]},
            "Group type firm",
        ),
        (
            {
                "kind": "trends",
                "series": [{"event": "a"}],
                "breakdown": [{"type": "group", "group_type": "firm", "property": "x"}],
            },
            "Group type firm",
        ),
        (
            {"kind": "funnel", "steps": [{"event": "a"}, {"event": "a"}], "aggregate_by": {"group": "firm"}},
            "Group type firm",
        ),
    ],
)
def test_names_nobody_has_seen_are_warned_of(make: Make, scope: Scope, body: dict[str, Any], warning: str) -> None:
    (said,) = asyncio.run(make().run(body, scope))["warnings"]
    assert said.startswith(warning)


def test_names_that_are_known_are_not(make: Make, scope: Scope) -> None:
    quiet = Scope(scope.project_id, "UTC", "sunday", NOW + timedelta(days=90))
    assert asyncio.run(make().run(BODY, quiet))["warnings"] == []


def test_a_type_of_group_that_is_known_is_not_warned_of(make: Make, scope: Scope, world: World) -> None:
    world.add("b", "2020-01-02 11:00:00", groups={"firm": "acme"})
    body = {"kind": "trends", "series": [{"event": "a", "math": "unique_group", "group_type": "firm"}]}
    assert asyncio.run(make().run(body, scope))["warnings"] == []


def test_all_of_time_begins_with_the_first_event(make: Make, engine: Store, scope: Scope) -> None:
    answer = asyncio.run(make().run({**BODY, "date_from": "all"}, scope))
    assert answer["date_from"] == "2020-01-02T00:00:00Z"


def test_all_of_time_of_an_empty_project(make: Make) -> None:
    answer = asyncio.run(make().run({**BODY, "date_from": "all"}, Scope(3_999_999, "UTC", "sunday", NOW)))
    assert answer["result"]["series"][0]["data"] == [0]
