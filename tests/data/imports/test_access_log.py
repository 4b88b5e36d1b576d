"""Web server logs: both formats, escapes, and odd lines that are told and not lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from northing.data.imports import Read, open_source, read_access_log
from tests.support.shared import shared_path

COMMON = '192.0.2.1 - bob [04/Mar/2025:13:00:00 +0100] "GET /a/b?c=d HTTP/1.1" 200 512'
COMBINED = COMMON + ' "https://example.com/" "Mozilla/5.0 (X11)"'


def read(folder: Path, *lines: str) -> list[Read]:
    path = folder / "access.log"
    path.write_text("\n".join(lines) + "\n")
    with open_source(path) as source:
        return list(read_access_log(source))


def only(folder: Path, line: str) -> dict[str, Any]:
    [record] = read(folder, line)
    assert record.event is not None
    assert record.problem is None
    return record.event


def test_the_combined_format(tmp_path: Path) -> None:
    event = only(tmp_path, COMBINED)
    assert len(event.pop("uuid")) == 36
    assert event == {
        "event": "request",
        "distinct_id": "192.0.2.1",
        "timestamp": "2025-03-04T13:00:00+01:00",
        "properties": {
            "ip": "192.0.2.1",
            "remote_user": "bob",
            "method": "GET",
            "path": "/a/b",
            "query": "c=d",
            "protocol": "HTTP/1.1",
            "status": 200,
            "bytes": 512,
            "referrer": "https://example.com/",
            "user_agent": "Mozilla/5.0 (X11)",
        },
    }


def test_the_common_format(tmp_path: Path) -> None:
    properties = only(tmp_path, COMMON)["properties"]
    assert properties["status"] == 200
    assert "user_agent" not in properties


def test_hyphens_mean_nothing(tmp_path: Path) -> None:
    line = '::1 - - [04/Mar/2025:13:00:00 -0330] "-" 408 - "-" "-"'
    event = only(tmp_path, line)
    assert event["timestamp"] == "2025-03-04T13:00:00-03:30"
    assert event["properties"] == {"ip": "::1", "status": 408}


def test_escapes(tmp_path: Path) -> None:
    agent = r"say \"hi\" \\ \x41\t"
    event = only(tmp_path, f'{COMMON} "-" "{agent}"')
    assert event["properties"]["user_agent"] == 'say "hi" \\ A\t'


def test_a_request_that_is_none(tmp_path: Path) -> None:
    event = only(tmp_path, r'192.0.2.1 - - [04/Mar/2025:13:00:00 +0000] "\x16\x03\x01" 400 226 "-" "-"')
    assert event["properties"]["request"] == r"\x16\x03\x01"


@pytest.mark.parametrize("cut", [len(COMBINED) - 1, len(COMBINED) - 25, len(COMMON) - 5, 55])
def test_a_damaged_line_is_kept_and_told(tmp_path: Path, cut: int) -> None:
    odd, fine = read(tmp_path, COMBINED[:cut], COMBINED)
    assert odd.problem is not None
    assert odd.event is not None
    assert odd.event["distinct_id"] == "192.0.2.1"
    assert odd.event["properties"]["malformed"] is True
    assert odd.event["properties"]["line"] == COMBINED[:cut]
    assert fine.problem is None


@pytest.mark.parametrize(
    "line", ["hello", COMBINED[:20], COMBINED.replace("Mar", "Brr"), COMBINED.replace("04/", "44/"), "\x00" * 50]
)
def test_a_line_without_address_or_time_is_told(tmp_path: Path, line: str) -> None:
    odd, fine = read(tmp_path, line, COMBINED)
    assert odd.event is None
    assert odd.problem is not None
    assert (odd.line, fine.line) == (1, 2)
    assert fine.event is not None


def test_a_hostile_line_takes_no_time(tmp_path: Path) -> None:
    hostile = COMMON + ' "' + '\\"' * 200_000
    [record] = read(tmp_path, hostile)
    assert record.problem is not None


def test_the_apache_log() -> None:
    with open_source(shared_path("data/web_logs/apache_logs")) as source:
        found = list(read_access_log(source))
    parsed = [r.event for r in found if r.event and not r.problem]
    [odd] = [r for r in found if r.problem]
    statuses = Counter(e["properties"]["status"] for e in parsed)
    assert (len(found), len(parsed), sum(r.event is not None for r in found)) == (10_000, 9_999, 10_000)
    assert odd.line == 8_899
    assert len({e["distinct_id"] for e in parsed}) == 1_753
    assert [statuses[code] for code in (200, 304, 404, 301, 206)] == [9_125, 445, 213, 164, 45]
    assert len({r.event["uuid"] for r in found if r.event}) == 10_000
