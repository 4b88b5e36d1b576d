"""The door to the engine: parameters, limits, failures, and what must never leak from one query to the next."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, QueryLimits, RemoteStore, Store, StoreError, serve_engine
from northing.data.store.schema import MIGRATIONS
from northing.kernel.problems import Problem

pytestmark = pytest.mark.both_stores

ENDLESS = "SELECT sum(sipHash64(number)) FROM numbers(100000000000)"
GENEROUS = QueryLimits(seconds=60, rows_to_read=10**12)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=4))
def test_parameters_arrive_as_they_were(engine: Store, text: str, texts: list[str]) -> None:
    text = text.encode("utf-8", "replace").decode()
    texts = [t.encode("utf-8", "replace").decode() for t in texts]
    found = engine.query("SELECT {text:String}, {texts:Array(String)}", {"text": text, "texts": texts}).rows
    assert found == [[text, texts]]


def test_parameters_that_the_statement_does_not_name_change_nothing(engine: Store) -> None:
    assert engine.query("SELECT 7 % 3, '100%', '%(p0)s'", {"p0": 1}).rows == [[1, "100%", "%(p0)s"]]


def test_large_integers_are_exact(engine: Store) -> None:
    assert engine.query("SELECT toUInt64(18446744073709551615), -5").rows == [[18446744073709551615, -5]]


def test_a_failed_query_leaves_nothing_for_the_next(engine: Store) -> None:
    def run() -> None:
        with pytest.raises(StoreError):
            engine.query(ENDLESS, limits=GENEROUS, tag="doomed")

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    engine.kill("doomed")
    thread.join()
    for _ in range(20):
        assert engine.query("SELECT 1").rows == [[1]]


@pytest.mark.parametrize(
    "limits",
    [QueryLimits(seconds=0.2, rows_to_read=10**12), QueryLimits(rows_to_read=1000)],
    ids=["seconds", "rows"],
)
def test_a_limit_that_is_hit_is_a_problem_with_a_hint(event_store: LocalStore, limits: QueryLimits) -> None:
    with pytest.raises(Problem) as refused:
        asyncio.run(event_store.query(ENDLESS, limits=limits))
    assert (refused.value.status, refused.value.code) == (422, "query_too_expensive")
    assert refused.value.hint


def test_too_much_memory_is_refused(event_store: LocalStore) -> None:
    limits = QueryLimits(memory_bytes=30 << 20)
    sql = "SELECT count() FROM (SELECT toString(number) AS t, groupArray(number) FROM numbers(5000000) GROUP BY t)"
    with pytest.raises(Problem) as refused:
        asyncio.run(event_store.query(sql, limits=limits))
    assert refused.value.code == "query_too_expensive"


@pytest.mark.parametrize(
    "sql",
    ["SELECT range(number % 2, 2000000)::Array(UInt8) FROM numbers(2)", "SELECT range(1000) FROM numbers(1000)"],
    ids=["by the engine", "a constant, which the engine counts once"],
)
def test_too_large_an_answer_is_refused(event_store: LocalStore, sql: str) -> None:
    with pytest.raises(Problem, match="result_bytes") as refused:
        asyncio.run(event_store.query(sql, limits=QueryLimits(result_bytes=1 << 20)))
    assert refused.value.code == "query_too_expensive"


def test_a_block_comes_back_as_it_went(engine: Store) -> None:
    engine.command("CREATE TABLE IF NOT EXISTS blocks (n UInt8, t LowCardinality(String), j JSON) ENGINE = Memory")
    sql = """SELECT 1 AS n, 'é'::LowCardinality(String) AS t, '{"a": {"b": [1, "x"]}, "c": null}'::JSON AS j"""
    engine.insert_block("blocks", engine.query_bytes(sql, output="Native"), output="Native")
    assert engine.query("SELECT * FROM blocks").rows == engine.query(sql).rows


def test_migrations_may_run_again(engine: Store) -> None:
    engine.migrate()
    found = engine.query("SELECT number FROM schema_versions ORDER BY 1").rows
    assert found == [[step.number] for step in MIGRATIONS]


def test_a_question_by_rpc_has_the_same_answer(engine: Store, event_store: LocalStore, tmp_path: Path) -> None:
    async def ask() -> list[list[int]]:
        server = await serve_engine(tmp_path / "s", event_store, {})
        remote = RemoteStore(tmp_path / "s")
        answers = await asyncio.gather(*(remote.query("SELECT {n:UInt32}", {"n": n}) for n in range(20)))
        remote.close()
        server.close()
        return [row for answer in answers for row in answer.rows]

    assert asyncio.run(ask()) == [[n] for n in range(20)]


@pytest.mark.parametrize("output", ["CSVWithNames", "Parquet"])
def test_an_answer_by_rpc_is_what_the_engine_wrote(event_store: LocalStore, tmp_path: Path, output: str) -> None:
    sql, params = "SELECT number AS n, {t:String} AS t FROM numbers(100000)", {"t": "é"}

    async def ask() -> bytes:
        server = await serve_engine(tmp_path / "s", event_store, {})
        remote = RemoteStore(tmp_path / "s")
        with pytest.raises(StoreError) as failed:
            await remote.query_bytes("SELECT throwIf(number = 500000) FROM numbers(1000000)", output=output)
        assert failed.value.code == 395
        written = await remote.query_bytes(sql, params, output=output)
        remote.close()
        server.close()
        return written

    written = asyncio.run(ask())
    assert written == event_store.store.query_bytes(sql, params, output=output)
    assert written.startswith({"CSVWithNames": b'"n","t"\n0,', "Parquet": b"PAR1"}[output])


def test_times_in_csv_say_their_zone_and_nothing_is_an_empty_cell(engine: Store) -> None:
    times = "toDateTime('2026-01-02 03:04:05', 'Asia/Tokyo'), toDateTime64('2026-01-02 03:04:05.6', 3, 'UTC')"
    written = engine.query_bytes(f"SELECT {times}, NULL, '', 'a,\"b\"', ['a/b']", output="CSV")
    assert written == b'''"2026-01-01T18:04:05Z","2026-01-02T03:04:05.600Z",,"","a,""b""","['a/b']"\n'''


def test_too_many_rows_are_told_from_too_many_bytes(event_store: LocalStore) -> None:
    with pytest.raises(Problem, match=r"limit of result_rows: the answer has more than 10.00 rows\.") as refused:
        asyncio.run(event_store.query_bytes("SELECT number FROM numbers(11)", limits=QueryLimits(result_rows=10)))
    assert "give it a limit" in str(refused.value.hint)


def test_a_question_left_alone_is_over_when_the_caller_is_told(event_store: LocalStore, tmp_path: Path) -> None:
    """So that those who leave questions which the engine cannot interrupt have no more of its threads than others."""
    one_row = "arrayCount(x -> match(concat(repeat('a', 35), toString(x)), '(a|b|.|..|...){1,900}z'), range(40000))"
    running = "SELECT count() FROM system.processes WHERE query LIKE '%arrayCount%' AND query NOT LIKE '%processes%'"

    async def ask() -> list[list[int]]:
        server = await serve_engine(tmp_path / "s", event_store, {})
        remote = RemoteStore(tmp_path / "s")
        left = asyncio.create_task(remote.query(f"SELECT {one_row}"))
        await _until(remote, running, 1)
        left.cancel()
        await asyncio.wait({left})
        assert left.cancelled()
        found = await remote.query(running)
        remote.close()
        server.close()
        return found.rows

    assert asyncio.run(ask()) == [[0]]


def test_who_asks_an_engine_that_answers_nobody_may_leave(tmp_path: Path) -> None:
    """As the readiness check does, which would else never say that the engine hangs."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        await over.wait()
        writer.close()

    async def leave(question: Coroutine[Any, Any, Any]) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(question, 0.1)

    async def ask() -> None:
        server = await asyncio.start_unix_server(hang, path=str(tmp_path / "s"))
        remote = RemoteStore(tmp_path / "s")
        await leave(remote.call("status"))
        await leave(remote.query("SELECT 1", limits=QueryLimits(seconds=0.1)))
        over.set()
        server.close()
        await server.wait_closed()

    over = asyncio.Event()
    asyncio.run(asyncio.wait_for(ask(), 10))


@pytest.mark.parametrize(
    ("sql", "limits", "said"),
    [
        (ENDLESS, QueryLimits(seconds=1, rows_to_read=10**12), "seconds: it took longer than 1 seconds."),
        (ENDLESS, QueryLimits(rows_to_read=1000), "rows_to_read: it would read more than 1.00 thousand rows."),
        ("SELECT number FROM numbers(5000)", QueryLimits(result_rows=1000), "result_rows: the answer has more than"),
        (
            "SELECT groupArray(number) FROM numbers(1e7)",
            QueryLimits(memory_bytes=20 << 20),
            "memory_bytes: it needs",
        ),
    ],
)
def test_a_limit_is_told_in_words(event_store: LocalStore, sql: str, limits: QueryLimits, said: str) -> None:
    with pytest.raises(Problem) as caught:
        asyncio.run(event_store.query(sql, limits=limits))
    assert f"The query went over its limit of {said}" in caught.value.message


def test_errors_cross_the_socket_as_they_are(event_store: LocalStore, tmp_path: Path) -> None:
    async def ask() -> None:
        server = await serve_engine(tmp_path / "s", event_store, {})
        remote = RemoteStore(tmp_path / "s")
        with pytest.raises(StoreError) as unknown:
            await remote.query("SELECT missing_column FROM events")
        assert unknown.value.code == 47
        with pytest.raises(Problem) as limited:
            await remote.query(ENDLESS, limits=QueryLimits(rows_to_read=1000))
        assert limited.value.code == "query_too_expensive"
        remote.close()
        server.close()

    asyncio.run(ask())


def test_a_question_nobody_waits_for_is_killed(engine: Store, event_store: LocalStore, tmp_path: Path) -> None:
    async def leave() -> None:
        server = await serve_engine(tmp_path / "s", event_store, {})
        remote = RemoteStore(tmp_path / "s")
        asked = asyncio.create_task(remote.query(ENDLESS, limits=GENEROUS))
        await asyncio.sleep(0.5)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        running = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sum(sipHash64(number))%'"
        await _until(remote, running, 0)
        remote.close()
        server.close()

    asyncio.run(leave())


def test_an_absent_engine_is_a_503(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        asyncio.run(RemoteStore(tmp_path / "nobody").query("SELECT 1"))
    assert (refused.value.status, refused.value.code) == (503, "store_unavailable")


FAILURES = [
    "SELECT throwIf(number = 500000), number, repeat('secret', 9) FROM numbers(1000000)",
    "SELECT number, repeat('secret', 20) FROM numbers(100000000) WHERE sleepEachRow(0.00001) = 0",
    "SELECT nonsense",
]


@pytest.mark.parametrize("output", ["JSONCompact", "CSVWithNames", "Parquet"])
@pytest.mark.parametrize("sql", FAILURES)
def test_a_failure_leaves_nothing_in_the_next_answers(engine: Store, sql: str, output: str) -> None:
    for _ in range(3):
        with pytest.raises(StoreError):
            engine.query_bytes(sql, limits=QueryLimits(seconds=0.3), output=output)
        assert [engine.query_bytes("SELECT 7", output="TSV") for _ in range(3)] == [b"7\n"] * 3


def test_failures_leave_no_threads_behind(engine: Store) -> None:
    def fail(times: int) -> int:
        for _ in range(times):
            with pytest.raises(StoreError):
                engine.query("SELECT nonsense")
        return len(list(Path("/proc/self/task").iterdir()))

    before = fail(1)
    assert fail(20) <= before + 5


async def _until(remote: RemoteStore, count: str, wanted: int) -> None:
    for _ in range(300):
        if (await remote.query(count)).rows == [[wanted]]:
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"it never was {wanted}: {count}")
