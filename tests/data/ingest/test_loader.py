"""Each event exactly once, whatever happens between spool and store."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest

from northing.data.ingest import loader as loader_module
from northing.data.ingest.books import Ledger, read_ledger
from northing.data.ingest.cut import save_intent
from northing.data.ingest.loader import Loader, Pace
from northing.data.ingest.models import LoaderCheckpoint
from northing.data.ingest.segments import list_segments
from northing.data.store import Store, StoreError
from northing.kernel.clock import utc_now
from northing.server.db.base import Database
from tests.support.ingest import add_projects, begin_behind, event, native_record, write_spool


def load(store: Store, database: Database, folder: Path) -> None:
    loader = Loader(store, database, folder)
    loader.open()
    loader.resume()
    assert loader.drain(30)
    loader.close()


def ledger(database: Database, folder: Path, project_id: int) -> Ledger:
    return read_ledger(database, folder, project_id)


def stored(store: Store, project_id: int, columns: str = "event, distinct_id") -> list[list[Any]]:
    sql = f"SELECT {columns} FROM events WHERE project_id = {{project:UInt32}} ORDER BY timestamp, event"
    return store.query(sql, {"project": project_id}).rows


@pytest.fixture
def database(database: Database, engine: Store, project_id: int) -> Database:
    """On SQLite and on PostgreSQL, with one project."""
    add_projects(database, project_id)
    begin_behind(database, engine)
    return database


def test_events_arrive_with_their_properties(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    write_spool(spool_folder, [native_record(project_id, [event("paid", properties={"amount": 12.5})])])
    load(engine, database, spool_folder)
    rows = stored(engine, project_id, "event, distinct_id, properties.amount.:Float64, person")
    assert rows == [["paid", "alice", 12.5, 1]]
    assert list_segments(spool_folder) == []


def test_text_stays_text_and_types_stay_types(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    sent = {"day": "2025-01-01", "at": "2025-01-01T10:00:00Z", "n": "12", "i": 3, "f": 1.5, "b": True, "list": [1, "a"]}
    write_spool(spool_folder, [native_record(project_id, [event(properties=sent, set={"since": "2025-01-01"})])])
    load(engine, database, spool_folder)
    types = stored(engine, project_id, "JSONAllPathsWithTypes(properties)")[0][0]
    assert types["day"] == types["at"] == types["n"] == "String"
    assert (types["i"], types["f"], types["b"]) == ("Int64", "Float64", "Bool")
    assert stored(engine, project_id, "properties.at.:String") == [["2025-01-01T10:00:00Z"]]
    assert profile(engine, project_id) == [[{"since": "2025-01-01"}, False]]


def test_pending_events_are_in_the_ledger(database: Database, spool_folder: Path, project_id: int) -> None:
    write_spool(spool_folder, [native_record(project_id, [event(), event()])])
    found = ledger(database, spool_folder, project_id)
    assert (found.received, found.pending, found.stored) == (2, 2, 0)
    assert found.lag_seconds > 0


def test_repeats_within_a_batch_and_across_batches_are_counted(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    once, twice = event("once"), event("twice")
    write_spool(spool_folder, [native_record(project_id, [once, twice, twice])])
    load(engine, database, spool_folder)
    write_spool(spool_folder, [native_record(project_id, [twice]), native_record(project_id, [once])])
    load(engine, database, spool_folder)
    found = ledger(database, spool_folder, project_id)
    assert (found.received, found.stored, found.deduplicated) == (5, 2, 3)
    assert [name for name, _ in stored(engine, project_id)] == ["once", "twice"]


def test_dropped_events_carry_their_reason(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    write_spool(spool_folder, [native_record(project_id, [event(), {"event": "nobody"}, {"distinct_id": "x"}])])
    load(engine, database, spool_folder)
    found = ledger(database, spool_folder, project_id)
    assert found.dropped == {"missing_distinct_id": 1, "missing_event_name": 1}
    assert found.received == 3


def test_events_of_a_deleted_project_are_dropped_and_counted(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE projects SET deleted_at = '2026-01-01 00:00:00+00'")
    write_spool(spool_folder, [native_record(project_id, [event()])])
    load(engine, database, spool_folder)
    assert ledger(database, spool_folder, project_id).dropped == {"project_deleted": 1}


def test_person_numbers_are_dense_and_stay(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    write_spool(spool_folder, [native_record(project_id, [event(person=p) for p in ("alice", "bob", "alice")])])
    load(engine, database, spool_folder)
    write_spool(spool_folder, [native_record(project_id, [event(person=p) for p in ("charlie", "bob")])])
    load(engine, database, spool_folder)
    rows = engine.query(
        "SELECT DISTINCT distinct_id, person FROM events WHERE project_id = {p:UInt32} ORDER BY person",
        {"p": project_id},
    ).rows
    assert rows == [["alice", 1], ["bob", 2], ["charlie", 3]]


class Crash(BaseException):
    """The process dies here."""


class DyingStore:
    """The real store, until its n-th insert: then it dies before or after the engine has done it."""

    def __init__(self, store: Store, *, at: int, after: bool) -> None:
        self._store = store
        self._left = at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes) -> None:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Crash
        self._store.insert(table, columns, rows)
        if self._left == 0:
            raise Crash


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_crash_at_any_insert_loses_and_doubles_nothing(
    engine: Store, database: Database, spool_folder: Path, project_id: int, at: int, after: bool
) -> None:
    repeated = event("repeated")
    write_spool(spool_folder, [native_record(project_id, [event("first"), repeated, repeated])])
    dying = Loader(DyingStore(engine, at=at, after=after), database, spool_folder)  # type: ignore[arg-type]
    dying.open()
    with pytest.raises(Crash):
        dying.drain(30)
    write_spool(spool_folder, [native_record(project_id, [event("later"), repeated])], worker="w1")
    load(engine, database, spool_folder)
    found = ledger(database, spool_folder, project_id)
    assert (found.received, found.stored, found.deduplicated) == (5, 3, 2)
    assert sorted(name for name, _ in stored(engine, project_id)) == ["first", "later", "repeated"]
    assert len(profile(engine, project_id)) == 1


def test_a_crash_between_store_and_books_loses_and_doubles_nothing(
    engine: Store, database: Database, spool_folder: Path, project_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise Crash

    write_spool(spool_folder, [native_record(project_id, [event(), event()])])
    with monkeypatch.context() as patch:
        patch.setattr("northing.data.ingest.loader.save_batch", die)
        loader = Loader(engine, database, spool_folder)
        loader.open()
        with pytest.raises(Crash):
            loader.drain(30)
    load(engine, database, spool_folder)
    assert len(stored(engine, project_id)) == 2
    assert ledger(database, spool_folder, project_id).stored == 2


class FailingStore(DyingStore):
    """The real store, whose n-th insert is done and then reported as failed."""

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes) -> None:
        self._store.insert(table, columns, rows)
        self._left -= 1
        if self._left == 0:
            raise StoreError(999, "the connection was lost")


def test_an_insert_that_only_seemed_to_fail_is_not_repeated(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    write_spool(spool_folder, [native_record(project_id, [event(), event(), event()])])
    load(FailingStore(engine, at=3, after=True), database, spool_folder)  # type: ignore[arg-type]
    assert len(stored(engine, project_id)) == 3


def test_properties_the_engine_cannot_read_are_kept_as_text(
    engine: Store, database: Database, spool_folder: Path, project_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from northing.data.ingest import rows as rows_module

    real = rows_module.RowMaker.row

    def spoil(self: Any, item: Any, *more: Any) -> Any:
        row = real(self, item, *more)
        return row._replace(properties=b'{"broken": 1e999}') if item.event == "odd" else row

    monkeypatch.setattr(rows_module.RowMaker, "row", spoil)
    write_spool(spool_folder, [native_record(project_id, [event("even"), event("odd"), event("even")])])
    load(engine, database, spool_folder)
    rows = stored(engine, project_id, "event, properties.`$unreadable`.:String")
    assert rows == [["even", None], ["even", None], ["odd", '{"broken": 1e999}']]


def test_a_record_no_decoder_can_read_does_not_stop_the_others(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    from dataclasses import replace

    poison = replace(native_record(project_id, [event(), event()]), body=b"\xff not json")
    write_spool(spool_folder, [poison, native_record(project_id, [event()])])
    load(engine, database, spool_folder)
    found = ledger(database, spool_folder, project_id)
    assert (found.dropped, found.stored, found.received) == ({"undecodable": 2}, 1, 3)


def profile(store: Store, project_id: int) -> list[list[Any]]:
    sql = "SELECT properties, is_identified FROM persons FINAL WHERE project_id = {p:UInt32} ORDER BY person"
    return store.query(sql, {"p": project_id}).rows


def test_profiles_follow_set_set_once_and_unset(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    first = event(set={"plan": "free", "age": 40}, set_once={"source": "ad"})
    write_spool(spool_folder, [native_record(project_id, [first, event(person="bob")])])
    load(engine, database, spool_folder)
    second = event("$identify", set={"plan": "team"}, set_once={"source": "friend", "city": "Ghent"}, unset=["age"])
    write_spool(spool_folder, [native_record(project_id, [second])])
    load(engine, database, spool_folder)
    assert profile(engine, project_id) == [[{"city": "Ghent", "plan": "team", "source": "ad"}, True], [{}, False]]


def test_a_person_begins_with_their_earliest_event(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    days = ("2025-03-02T00:00:00Z", "2025-03-01T00:00:00Z", "2025-03-03T00:00:00Z")
    write_spool(spool_folder, [native_record(project_id, [event(timestamp=day) for day in days])])
    load(engine, database, spool_folder)
    sql = "SELECT created_at FROM persons FINAL WHERE project_id = {p:UInt32}"
    assert engine.query(sql, {"p": project_id}).rows == [["2025-03-01 00:00:00.000"]]


def test_writes_to_a_profile_are_seen_before_they_are_stored(
    engine: Store, database: Database, spool_folder: Path, project_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Event()
    slow = SlowStore(engine, at=0, after=False)
    loader = Loader(slow, database, spool_folder, Pace(interval_seconds=0.05))  # type: ignore[arg-type]
    loader.open()
    thread = Thread(target=loader.run, args=(stop,))
    thread.start()
    for number, change in enumerate(({"plan": "pro"}, {"name": "Ann"}, {"age": 3}, {"city": "Ghent"})):
        write_spool(spool_folder, [native_record(project_id, [event(set=change)])], worker=f"w{number}")
        sleep(0.15)
    while ledger(database, spool_folder, project_id).pending:
        sleep(0.05)
    stop.set()
    thread.join()
    loader.close()
    assert profile(engine, project_id) == [[{"age": 3, "city": "Ghent", "name": "Ann", "plan": "pro"}, False]]


class SlowStore(DyingStore):
    """The real store, whose inserts take their time."""

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes) -> None:
        sleep(0.2)
        self._store.insert(table, columns, rows)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"set": {"a.b": 1}}, {"set": {"a.b": 2}}, {"a": {"b": 2}}),
        ({"set": {"a": {"b": 1, "c": 2}}}, {"unset": ["a.b"]}, {"a": {"c": 2}}),
        ({"set": {"a.b": 1, "c": 1}}, {"unset": ["a"]}, {"c": 1}),
        ({"set": {"a.b": 1}}, {"set": {"a": "text"}}, {"a": "text"}),
        ({"set_once": {"a.b": 1}}, {"set_once": {"a.b": 2}}, {"a": {"b": 1}}),
    ],
)
def test_dotted_profile_properties_are_paths(
    engine: Store,
    database: Database,
    spool_folder: Path,
    project_id: int,
    *,
    first: dict[str, Any],
    second: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    for write in (first, second):
        write_spool(spool_folder, [native_record(project_id, [event(**write)])])
        load(engine, database, spool_folder)
    assert profile(engine, project_id) == [[expected, False]]


def test_metadata_from_an_older_copy_doubles_nothing(
    engine: Store, database: Database, spool_folder: Path, project_id: int
) -> None:
    batches = [[event(f"event {number}") for number in range(5)] for _ in range(3)]
    for number, batch in enumerate(batches):
        write_spool(spool_folder, [native_record(project_id, batch)], worker=f"w{number}")
        load(engine, database, spool_folder)
    with database.transaction() as session:
        session.merge(LoaderCheckpoint(id=1, batch=1, loaded_at=utc_now()))
    for number, batch in enumerate(batches):
        write_spool(spool_folder, [native_record(project_id, batch)], worker=f"v{number}")
    load(engine, database, spool_folder)
    assert len(stored(engine, project_id)) == 15


def test_a_database_that_is_away_does_not_end_the_loader(
    engine: Store, database: Database, spool_folder: Path, project_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from northing.app import engine as engine_process

    failures = [OSError(28, "No space left on device"), StoreError(999, "away")]
    real = save_intent

    def fail_first(*words: Any) -> None:
        if failures:
            raise failures.pop()
        real(*words)

    monkeypatch.setattr(loader_module, "save_intent", fail_first)
    monkeypatch.setattr(engine_process, "_RETRY_SECONDS", (0.05,))
    loader = Loader(engine, database, spool_folder, Pace(interval_seconds=0.05))
    stop = Event()
    thread = Thread(target=engine_process._load, args=(loader, stop))
    thread.start()
    write_spool(spool_folder, [native_record(project_id, [event(), event()])])
    while ledger(database, spool_folder, project_id).pending:
        sleep(0.05)
    stop.set()
    thread.join()
    loader.close()
    assert (failures, len(stored(engine, project_id))) == ([], 2)
