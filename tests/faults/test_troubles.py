"""Full disks, frozen processes, corrupt tails, jumping clocks: nothing is lost, nothing refuses to start."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from northing.data.ingest.books import read_ledger
from northing.data.ingest.loader import Loader
from northing.data.ingest.segments import list_segments
from northing.data.store import Store
from tests.faults.load import assert_exactly_once, under_load
from tests.support.disks import small_disk_at
from tests.support.ingest import event, metadata, native_record, write_spool
from tests.support.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


def large_events(count: int = 20) -> list[dict[str, Any]]:
    """Events whose text does not compress away."""
    made = [uuid.uuid4() for _ in range(count)]
    return [
        {"event": "load", "distinct_id": "p", "uuid": str(u), "properties": {"text": os.urandom(20_000).hex()}}
        for u in made
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 160 MiB."""
    with small_disk_at(tmp_path / "disk", "160m") as folder:
        yield folder


def test_a_disk_that_fills_refuses_in_time_and_recovers(small_disk: Path) -> None:
    server = Server(small_disk / "data", {"NORTHING_DISK_FLOOR_MB": "60", "NORTHING_LOAD_INTERVAL_MS": "200"})
    server.start()
    try:
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"\1" * (30 << 20))
        acknowledged: set[str] = set()
        status = 200
        deadline = time.monotonic() + 120
        while status == 200 and time.monotonic() < deadline:
            events = large_events()
            status = server.send(events)
            if status == 200:
                acknowledged.update(e["uuid"] for e in events)
        assert status == 429
        assert server.request("GET", "/healthz")[0] == 200
        assert server.rows("SELECT count() FROM events WHERE event = 'load'")  # reading still works
        ballast.unlink()
        last = large_events(1)
        # How much is free is looked at now and then; clients come back when told to, and so does this one.
        while (status := server.send(last)) == 429 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert status == 200
        assert_exactly_once(server, acknowledged | {last[0]["uuid"]})
    finally:
        server.stop()


def test_a_frozen_engine_costs_nothing_but_time(fresh_server: Server) -> None:
    engine = fresh_server.children()["engine"]

    def freeze() -> None:
        time.sleep(0.5)
        os.kill(engine, signal.SIGSTOP)
        time.sleep(3)
        os.kill(engine, signal.SIGCONT)
        time.sleep(0.5)

    acknowledged = under_load(fresh_server, freeze)
    assert len(acknowledged) > 50  # accepted while the engine stood still, too
    assert_exactly_once(fresh_server, acknowledged)


def test_a_frozen_web_worker_goes_on_where_it_was(fresh_server: Server) -> None:
    web = fresh_server.children()["web"]

    def freeze() -> None:
        time.sleep(0.3)
        os.kill(web, signal.SIGSTOP)
        time.sleep(2)
        os.kill(web, signal.SIGCONT)
        time.sleep(1)

    assert_exactly_once(fresh_server, under_load(fresh_server, freeze))


@pytest.mark.parametrize("tail", [b"\xabNR1 torn", b"\0" * 5000, os.urandom(3000)], ids=["torn", "zeros", "noise"])
def test_a_corrupt_tail_is_cut_off_and_reported(tmp_path: Path, tail: bytes) -> None:
    server = Server(tmp_path / "data", {"NORTHING_LOAD_INTERVAL_MS": "60000"})
    server.start()
    events = [event("load") for _ in range(5)]
    assert server.send([event("load")]) == 200
    server.wait_loaded()  # the first batch goes at once, the next only in a minute
    assert server.send(events) == 200
    server.kill()
    segment = list_segments(tmp_path / "data" / "spool")[-1]
    with segment.open("ab") as file:
        file.write(tail)
    server.start()
    try:
        assert_exactly_once(server, {e["uuid"] for e in events})
        assert [p.read_bytes() for p in (tmp_path / "data" / "quarantine").iterdir()] == [tail]
        assert "spool_damaged" in server.log.read_text()
    finally:
        server.stop()


def test_sigterm_loads_what_is_pending(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", {"NORTHING_LOAD_INTERVAL_MS": "60000"})
    server.start()
    events = [event("load") for _ in range(50)]
    assert server.send(events[:1]) == 200
    server.wait_loaded()
    assert server.send(events) == 200
    assert server.stop() == 0
    assert list_segments(tmp_path / "data" / "spool") == []
    server.start()
    try:
        assert_exactly_once(server, {e["uuid"] for e in events})
    finally:
        server.stop()


def test_two_servers_never_share_a_folder(fresh_server: Server) -> None:
    second = Server(fresh_server.folder)
    second.start(wait=False)
    assert second.process is not None
    assert second.process.wait(30) == 1
    assert "in use by process" in fresh_server.log.read_text()
    assert fresh_server.send([event("load")]) == 200


def test_jumping_clocks_change_no_count(
    engine: Store, tmp_path: Path, spool_folder: Path, project_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)  # the file names' clock stands still
    database = metadata(tmp_path, project_id)
    moments = (1_760_000_000_000, 1_700_000_000_000, 4_000_000_000_000, 1_760_000_000_001)
    records = [replace(native_record(project_id, [event()]), received_ms=at) for at in moments]
    for number, record in enumerate(records):
        write_spool(spool_folder, [record], worker=f"w{number}")
    loader = Loader(engine, database, spool_folder)
    loader.open()
    assert loader.drain(30)
    loader.close()
    ledger = read_ledger(database, spool_folder, project_id)
    assert (ledger.received, ledger.stored, ledger.pending) == (4, 4, 0)
