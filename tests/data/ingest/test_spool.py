"""The durable log: what is acknowledged is on disk, what is not leaves no trace."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from northing.data.ingest import spool as spool_module
from northing.data.ingest.records import frame
from northing.data.ingest.segments import list_segments, scan, set_aside, writer_is_gone
from northing.data.ingest.spool import Spool
from northing.kernel.problems import Problem
from tests.support.disks import small_disk_at
from tests.support.ingest import event, native_record, write_spool

ALL = 1 << 60


def test_an_acknowledged_record_is_in_the_file(spool_folder: Path) -> None:
    async def append() -> bytes:
        spool = Spool(spool_folder, "w0", disk_floor_bytes=1)
        await spool.append(frame(native_record(1, [event()])))
        data = list_segments(spool_folder)[0].read_bytes()  # before close: the acknowledgement alone counts
        await spool.close()
        return data

    assert len(asyncio.run(append())) > 50


def test_appends_at_once_share_one_sync(spool_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    real = os.fdatasync

    def count(handle: int) -> None:
        syncs.append(handle)
        real(handle)

    monkeypatch.setattr(os, "fdatasync", count)

    async def append() -> None:
        spool = Spool(spool_folder, "w0", disk_floor_bytes=1)
        record = frame(native_record(1, [event()]))
        await asyncio.gather(*(spool.append(record) for _ in range(500)))
        await spool.close()

    asyncio.run(append())
    assert len(syncs) < 20
    assert len(scan(list_segments(spool_folder)[0], 0, most_events=ALL).frames) == 500


def test_a_full_segment_is_followed_by_another(spool_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "SEGMENT_BYTES", 1000)
    write_spool(spool_folder, [native_record(1, [event()]) for _ in range(20)])
    segments = list_segments(spool_folder)
    assert len(segments) > 2
    assert sum(scan(path, 0, most_events=ALL).events for path in segments) == 20


def test_below_the_disk_floor_nothing_is_written(spool_folder: Path) -> None:
    async def append() -> None:
        spool = Spool(spool_folder, "w0", disk_floor_bytes=1 << 60)
        await spool.append(frame(native_record(1, [event()])))

    with pytest.raises(Problem) as refused:
        asyncio.run(append())
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "30")
    assert list_segments(spool_folder) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB."""
    with small_disk_at(tmp_path / "disk", "256k") as folder:
        yield folder


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(small_disk: Path) -> None:
    async def fill() -> tuple[int, Problem]:
        spool = Spool(small_disk, "w0", disk_floor_bytes=1)
        record = frame(native_record(1, [event(properties={"text": "x" * 20_000})]))
        for acknowledged in range(100):
            try:
                await spool.append(record)
            except Problem as problem:
                await spool.close()
                return acknowledged, problem
        raise AssertionError("the disk never filled")

    acknowledged, problem = asyncio.run(fill())
    assert problem.code == "disk_nearly_full"
    found = scan(list_segments(small_disk)[0], 0, most_events=ALL)
    assert (len(found.frames), found.damaged) == (acknowledged, ())


def test_a_torn_tail_waits_while_its_writer_lives(spool_folder: Path) -> None:
    async def torn() -> tuple[bool, int]:
        spool = Spool(spool_folder, "w0", disk_floor_bytes=1)
        await spool.append(frame(native_record(1, [event()])))
        path = list_segments(spool_folder)[0]
        with path.open("ab") as file:
            file.write(b"\xabNR1 half a rec")
        stretch = scan(path, 0, most_events=ALL)
        gone = writer_is_gone(path)
        await spool.close()
        return gone, len(stretch.damaged)

    assert asyncio.run(torn()) == (False, 0)


def test_a_torn_tail_of_a_dead_writer_is_set_aside(spool_folder: Path, tmp_path: Path) -> None:
    write_spool(spool_folder, [native_record(1, [event()])])
    path = list_segments(spool_folder)[0]
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\xabNR1 half a rec")
    stretch = scan(path, 0, most_events=ALL)
    assert (len(stretch.frames), stretch.end) == (1, whole + 15)
    assert set_aside(stretch, tmp_path / "quarantine") == 15
    assert [p.read_bytes() for p in (tmp_path / "quarantine").iterdir()] == [b"\xabNR1 half a rec"]


def test_records_behind_damage_are_still_loaded(spool_folder: Path) -> None:
    write_spool(spool_folder, [native_record(1, [event()]) for _ in range(3)])
    path = list_segments(spool_folder)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF  # inside the second record
    path.write_bytes(data)
    stretch = scan(path, 0, most_events=ALL)
    assert (len(stretch.frames), len(stretch.damaged)) == (2, 1)
