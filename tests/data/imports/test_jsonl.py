"""JSON lines: any compression, odd lines told, resumable, the same ids every time."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from northing.data.imports import Read, open_source, read_jsonl
from northing.kernel.problems import Problem

LINES = [json.dumps({"event": "viewed", "distinct_id": f"person {n}"}) for n in range(5)]
TEXT = ("\n".join(LINES) + "\n").encode()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def read(path: Path, start: int = 0) -> list[Read]:
    with open_source(path) as source:
        return list(read_jsonl(source, start=start))


def write(folder: Path, content: bytes, name: str = "events.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd])
def test_any_compression(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    found = read(write(tmp_path, pack(TEXT)))
    assert [r.line for r in found] == [1, 2, 3, 4, 5]
    assert [r.event and r.event["distinct_id"] for r in found] == [f"person {n}" for n in range(5)]
    assert found == read(write(tmp_path, TEXT, "plain"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd])
def test_resumes_behind_any_record(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path, pack(TEXT))
    found = read(path)
    for number, record in enumerate(found):
        assert read(path, record.resume) == found[number + 1 :]


def test_ids_stay_when_a_file_grows_or_moves_but_differ_between_records_and_files(tmp_path: Path) -> None:
    repeated = (LINES[0] + "\n").encode() * 3
    ids = [r.event["uuid"] for r in read(write(tmp_path, repeated)) if r.event]
    grown = [r.event["uuid"] for r in read(write(tmp_path, repeated * 2, "moved")) if r.event]
    other = [r.event["uuid"] for r in read(write(tmp_path, TEXT)) if r.event]
    assert len(set(grown)) == 6
    assert grown[:3] == ids
    assert not {*other} & {*grown}


def test_an_event_keeps_its_own_id(tmp_path: Path) -> None:
    [record] = read(write(tmp_path, b'{"event":"a","distinct_id":"b","uuid":"mine"}'))
    assert record.event is not None
    assert record.event["uuid"] == "mine"


def test_tells_odd_lines_and_reads_on(tmp_path: Path) -> None:
    odd = [b"", b"no json", b"[]", b'{"a":' + b"[" * 200, b'"' + b"x" * (3 << 20) + b'"', b'{"event":NaN}', b"\xff{}"]
    found = read(write(tmp_path, b"\r\n".join([*odd, LINES[0].encode()])))
    assert [(r.line, r.event is not None) for r in found] == [
        (2, False),
        (3, False),
        (4, False),
        (5, False),
        (6, True),
        (7, False),
        (8, True),
    ]
    assert all(r.problem for r in found if r.event is None)
    assert "longer than 1 MiB" in (found[3].problem or "")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_tells_a_file_that_is_cut_off(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path, pack(TEXT * 1000)[:-20])
    with pytest.raises(Problem) as told:
        read(path)
    assert told.value.code == "damaged_file"


def test_tells_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem) as told:
        read(tmp_path / "none")
    assert told.value.code == "unreadable_file"


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path, b"")) == []


def test_position_reaches_the_size(tmp_path: Path) -> None:
    with open_source(write(tmp_path, gzip.compress(TEXT))) as source:
        assert list(read_jsonl(source))
        assert source.position == source.size
