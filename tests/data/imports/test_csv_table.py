"""CSV tables: mapped columns, typed properties, times in a zone, odd rows told."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from northing.data.imports import CsvMapping, Read, open_source, read_csv
from northing.data.imports.csv_table import typed
from northing.kernel.problems import Problem
from tests.support.shared import shared_path

BY_USER = CsvMapping({"distinct_id": "user"})


def read(path: Path, mapping: CsvMapping = BY_USER, start: int = 0) -> list[Read]:
    with open_source(path) as source:
        return list(read_csv(source, mapping, start=start))


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def only(folder: Path, text: str, mapping: CsvMapping = BY_USER) -> dict[str, Any]:
    [record] = read(table(folder, text), mapping)
    assert record.event is not None, record.problem
    return record.event


def test_a_row(tmp_path: Path) -> None:
    text = "event,user,timestamp,plan,amount,empty\nbought,alice,2025-03-04 12:00:00,pro,12.5,\n"
    event = only(tmp_path, text)
    assert len(event.pop("uuid")) == 36
    assert event == {
        "event": "bought",
        "distinct_id": "alice",
        "timestamp": "2025-03-04T12:00:00+00:00",
        "properties": {"plan": "pro", "amount": 12.5},
    }


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_finds_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    event = only(tmp_path, "event,user,a b\nx,y,z\n".replace(",", delimiter))
    assert event["properties"] == {"a b": "z"}


def test_a_name_for_every_row_and_a_zone(tmp_path: Path) -> None:
    mapping = CsvMapping(
        {"distinct_id": "id", "timestamp": "day"},
        constants={"event": "order"},
        timezone=ZoneInfo("Europe/Berlin"),
        timestamp_format="%d.%m.%Y",
    )
    event = only(tmp_path, "id,day,event\n7,04.07.2025,mail\n", mapping)
    assert event["event"] == "order"
    assert event["timestamp"] == "2025-07-04T00:00:00+02:00"
    assert event["properties"] == {"event": "mail"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("007", "007"),
        ("7.50", 7.5),
        ("1e5", "1e5"),
        ("9" * 16, "9" * 16),
        ("True", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("٧", "٧"),
        (" 7", " 7"),
    ],
)
def test_types_cells(cell: str, value: object) -> None:
    assert typed(cell) == value
    assert type(typed(cell)) is type(value)


def test_quoted_cells_may_span_lines_and_rows_are_resumable(tmp_path: Path) -> None:
    text = 'event,user,note\na,b,"one\ntwo, ""three"""\n\nc,d,e\n"x\ny",f,g\n'
    for content in (text.encode(), gzip.compress(text.encode()), b"\xef\xbb\xbf" + text.encode()):
        path = table(tmp_path, content)
        found = read(path)
        assert [r.line for r in found] == [2, 5, 6]
        assert found[0].event is not None
        assert found[0].event["properties"] == {"note": 'one\ntwo, "three"'}
        assert read(path, start=found[0].resume) == found[1:]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a,b", "has 2 columns"),
        (",b,2025-01-01", "no event"),
        ("a, ,2025-01-01", "no distinct_id"),
        ("a,b,soon", "cannot be read"),
        ("a,b," + "x" * 200_000, "not CSV"),
    ],
)
def test_tells_odd_rows_and_reads_on(tmp_path: Path, row: str, problem: str) -> None:
    odd, fine = read(table(tmp_path, f"event,user,timestamp\n{row}\na,b,2025-01-01\n"))
    assert odd.event is None
    assert odd.problem is not None
    assert problem in odd.problem
    assert fine.event is not None


def test_a_row_with_more_columns_is_kept_and_told(tmp_path: Path) -> None:
    [record] = read(table(tmp_path, "event,user\na,b,c\n"))
    assert record.event is not None
    assert record.problem is not None


@pytest.mark.parametrize(
    ("text", "mapping", "told"),
    [
        ("", BY_USER, "needs a header"),
        ("event,\ruser\na,b\n", BY_USER, "not a CSV header"),
        ("event,person\na,b\n", BY_USER, "has no column 'user'"),
        ("event,user\na,b\n", CsvMapping(), "No column gives 'distinct_id'"),
        ("event,user\na,b\n", CsvMapping({"distinct_id": "user", "name": "event"}), "not a field"),
    ],
)
def test_refuses_a_mapping_that_cannot_work(tmp_path: Path, text: str, mapping: CsvMapping, told: str) -> None:
    with pytest.raises(Problem, match=told):
        read(table(tmp_path, text), mapping)


def test_the_clickstream() -> None:
    path = shared_path("data/ecom_clickstream/ecom.csv.gz")
    found = read(path, CsvMapping({"distinct_id": "user_id"}))
    events = [r.event for r in found if r.event and not r.problem]
    assert len(events) == len(found) == 31_106
    assert len({e["distinct_id"] for e in events}) == 600
    assert len({e["session_id"] for e in events}) == 3_605
    assert len({e["uuid"] for e in events}) == 31_106
