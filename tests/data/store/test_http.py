"""The store by HTTP: what a server adds to the ways of failing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.ingest.loader import Loader
from northing.data.store import LocalStore, QueryLimits, Store, StoreError
from northing.data.store.errors import UNREACHABLE
from northing.data.store.literals import place_large
from northing.kernel.problems import Problem
from tests.support.bridge import PASSWORD, Bridge
from tests.support.bridge_request import Question
from tests.support.ingest import begin_behind, event, metadata, native_record, write_spool
from tests.support.server import running_server

MANY = [f"visitor-{n:06}-{'é' * 10}" for n in range(5_000)]


@pytest.fixture
def store(http_store: LocalStore) -> Store:
    return http_store.store


@pytest.fixture
def losing(bridge: Bridge) -> Iterator[list[str]]:
    """Loses the answer to one insert into events: it was run, and nobody hears of it."""
    lost: list[str] = []

    def lose(question: Question) -> bool:
        if lost or not question.statement.startswith("INSERT INTO events"):
            return False
        lost.append(question.statement)
        return True

    bridge.losing = lose
    yield lost
    bridge.losing = lambda _: False


def test_tables_are_in_the_database_of_the_dsn(store: Store) -> None:
    found = store.query("SELECT name FROM system.tables WHERE database = 'by_http' AND name = 'events'")
    assert found.rows == [["events"]]


def test_values_may_be_larger_than_an_address(store: Store) -> None:
    sql = "SELECT count() FROM (SELECT arrayJoin({ids:Array(String)}) AS id) WHERE id IN {ids:Array(String)}"
    assert store.query(sql, {"ids": MANY}).rows == [[5_000]]
    store.command("CREATE TABLE IF NOT EXISTS large (text String, numbers Array(UInt64)) ENGINE = Memory")
    large = {"text": "\\'\n\0" * 100_000, "numbers": list(range(2**63, 2**63 + 40_000))}
    store.command("INSERT INTO large SELECT {text:String}, {numbers:Array(UInt64)}", large)
    assert store.query("SELECT * FROM large").rows == [[large["text"], large["numbers"]]]


def test_values_may_be_more_than_a_form_has_fields(store: Store) -> None:
    names = [f"v{n}" for n in range(1_200)]
    sql = f"SELECT arraySum([{', '.join(f'{{{name}:UInt32}}' for name in names)}])"
    assert store.query(sql, dict.fromkeys(names, 2)).rows == [[2_400]]


@settings(max_examples=40, deadline=None)
@given(st.text(), st.lists(st.text(max_size=10), max_size=4), st.lists(st.integers(0, 2**64 - 1), max_size=4))
def test_a_large_value_means_what_a_small_one_means(
    http_store: LocalStore, text: str, texts: list[str], numbers: list[int]
) -> None:
    filler = "x" * 5_000
    asked = {
        "text": text.encode("utf-8", "replace").decode() + filler,
        "texts": [t.encode("utf-8", "replace").decode() for t in texts] + [filler],
        "numbers": numbers + [1] * 5_000,
    }
    sql = "SELECT {text:String}, {texts:Array(String)}, {numbers:Array(UInt64)}"
    assert place_large(sql, asked)[1] == {}
    assert http_store.store.query(sql, asked).rows == [list(asked.values())]


@pytest.mark.parametrize("quoted", ["'it\\'s {v:String}'", '"{v:String}"', "`\\`{v:String}`", "/* {v:String} */"])
def test_a_placeholder_in_a_text_is_no_placeholder(quoted: str) -> None:
    placed, _ = place_large(f"SELECT {quoted}, {{v:String}}", {"v": "x" * 5_000})
    assert placed == f"SELECT {quoted}, CAST('{'x' * 5_000}', 'String')"


def test_what_is_small_stays_a_parameter() -> None:
    assert place_large("SELECT {v:String}", {"v": "x"}) == ("SELECT {v:String}", {"v": "x"})


def test_an_insert_whose_answer_was_lost_is_not_sent_again(store: Store, project_id: int, losing: list[str]) -> None:
    with pytest.raises(StoreError) as lost:
        store.insert("events", ("project_id", "event"), project_id.to_bytes(4, "little") + b"\x06viewed")
    assert (lost.value.code, len(losing)) == (UNREACHABLE, 1)
    assert _count(store, project_id) == 1


def test_events_are_stored_once_though_an_answer_was_lost(
    store: Store, project_id: int, losing: list[str], tmp_path: Path, spool_folder: Path
) -> None:
    database = metadata(tmp_path, project_id)
    begin_behind(database, store)
    write_spool(spool_folder, [native_record(project_id, [event() for _ in range(50)])])
    loader = Loader(store, database, spool_folder)
    loader.open()
    loader.resume()
    assert loader.drain(30)
    loader.close()
    database.close()
    assert losing
    assert _count(store, project_id) == 50


def test_inserts_are_not_gathered_by_the_server(store: Store, project_id: int, bridge: Bridge) -> None:
    with bridge.watched() as asked:
        store.insert("events", ("project_id", "event"), project_id.to_bytes(4, "little") + b"\x06viewed")
    assert [q.settings["async_insert"] for q in asked if q.data] == ["0"]


def test_an_answer_is_awaited_whole_so_that_an_error_midway_is_one(store: Store, bridge: Bridge) -> None:
    """A server that sends what it has writes its error after the rows, under a status that says all is well."""
    with bridge.watched() as asked, pytest.raises(StoreError) as failed:
        store.query_bytes("SELECT throwIf(number = 500000) FROM numbers(1000000)", output="CSVWithNames")
    assert failed.value.code == 395
    assert [question.fields["wait_end_of_query"] for question in asked] == ["1"]


def test_an_error_is_the_engines_own(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        store.query("SELECT missing FROM events")
    assert refused.value.code == 47
    assert refused.value.message.startswith("Unknown expression")
    assert "127.0.0.1" not in refused.value.message
    assert refused.value.message.endswith("(UNKNOWN_IDENTIFIER)")


def test_a_server_that_is_away_is_a_503(engine_folder: Path) -> None:
    gone = Bridge(engine_folder)
    store = LocalStore(Store.open(gone.make_database("gone")))
    gone.close()
    for _ in range(2):  # with a handle from before, and with a new one
        with pytest.raises(Problem) as refused:
            asyncio.run(store.query("SELECT 1", limits=QueryLimits()))
        assert (refused.value.status, refused.value.code) == (503, "store_unavailable")
    store.close()


def test_a_wrong_password_is_told_without_it(bridge: Bridge) -> None:
    with pytest.raises(Problem) as refused:
        Store.open(bridge.dsn(password="not-" + PASSWORD))
    assert "Authentication failed" in refused.value.message
    assert PASSWORD not in refused.value.message


def test_a_missing_database_is_named(bridge: Bridge) -> None:
    with pytest.raises(Problem) as refused:
        Store.open(bridge.dsn("nowhere"))
    assert "nowhere" in refused.value.message


def test_a_server_may_keep_the_events_of_an_installation(bridge: Bridge, tmp_path: Path) -> None:
    dsn = bridge.make_database("installation")
    with running_server(tmp_path / "data", NORTHING_EVENTS_DSN=dsn) as server:
        assert server.send([{"event": "viewed", "distinct_id": name} for name in ("alice", "bob")]) == 200
        server.wait_loaded()
        assert server.rows("SELECT distinct_id FROM events ORDER BY 1") == [["alice"], ["bob"]]
    assert not (tmp_path / "data" / "events").exists()


def _count(store: Store, project_id: int) -> int:
    return int(store.query("SELECT count() FROM events WHERE project_id = {p:UInt32}", {"p": project_id}).rows[0][0])
