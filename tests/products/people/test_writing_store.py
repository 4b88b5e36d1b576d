"""Statements that change who is in cohorts, through the engine process's socket as web workers send them."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from northing.data.store import Edition, LocalStore, QueryLimits, RemoteStore, Store, StoreError, serve_engine
from northing.kernel.problems import Problem

T = TypeVar("T")
COPY = (
    "INSERT INTO cohorts (project_id, cohort, persons, version) "
    # A scalar subquery, as the members of cohorts are.
    "SELECT {p:UInt32}, 1, (SELECT groupBitmapState(toUInt32(number)) FROM numbers(%d)), 1"
)
SLOW = COPY % 10**11


def remotely(store: LocalStore, do: Callable[[RemoteStore], Awaitable[T]]) -> T:
    """Something done by a worker's store, on a socket of its own."""

    async def run() -> T:
        with tempfile.TemporaryDirectory() as folder:
            server = await serve_engine(Path(folder) / "s", store, {})
            remote = RemoteStore(Path(folder) / "s")
            try:
                return await do(remote)
            finally:
                remote.close()
                server.close()

    return asyncio.run(run())


def size(engine: Store, project_id: int) -> list[list[int]]:
    sql = "SELECT bitmapCardinality(persons) FROM cohorts FINAL WHERE project_id = {p:UInt32}"
    return engine.query(sql, {"p": project_id}).rows


def test_a_worker_keeps_what_it_selects(engine: Store, event_store: LocalStore, project_id: int) -> None:
    remotely(event_store, lambda remote: remote.keep(project_id, COPY % 40, {"p": project_id}))
    assert size(engine, project_id) == [[40]]


def test_a_worker_learns_that_a_cohort_has_changed(event_store: LocalStore, project_id: int) -> None:
    async def editions(remote: RemoteStore) -> list[Edition]:
        before = await remote.edition(project_id)
        await remote.keep(project_id, COPY % 40, {"p": project_id})
        return [before, await remote.edition(project_id), await remote.edition(project_id)]

    before, after, still = remotely(event_store, editions)
    assert before.people == after.people
    assert before.cohorts != after.cohorts
    assert after == still


def test_a_limit_ends_it(engine: Store, event_store: LocalStore, project_id: int) -> None:
    limits = QueryLimits(seconds=0.3, rows_to_read=10**15)
    with pytest.raises(Problem) as caught:
        remotely(event_store, lambda remote: remote.keep(project_id, SLOW, {"p": project_id}, limits=limits))
    assert caught.value.code == "query_too_expensive"
    assert size(engine, project_id) == []


def test_an_error_comes_with_its_code(event_store: LocalStore) -> None:
    with pytest.raises(StoreError) as caught:
        remotely(event_store, lambda remote: remote.keep(1, "INSERT INTO nowhere SELECT 1", {}))
    assert caught.value.code == 60


def test_leaving_ends_it(engine: Store, event_store: LocalStore, project_id: int) -> None:
    async def leave(remote: RemoteStore) -> None:
        task = asyncio.create_task(
            remote.keep(project_id, SLOW, {"p": project_id}, limits=QueryLimits(rows_to_read=10**15))
        )
        await until(lambda: running(engine))
        task.cancel()
        await asyncio.wait({task})
        await until(lambda: not running(engine))

    remotely(event_store, leave)
    assert size(engine, project_id) == []


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


def running(engine: Store) -> bool:
    sql = "SELECT count() FROM system.processes WHERE query LIKE {like:String}"
    return bool(engine.query(sql, {"like": f"INSERT INTO cohorts%numbers({10**11})%"}).rows[0][0])
