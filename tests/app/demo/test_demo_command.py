"""`northing demo`: filled through the real door, resumed, topped up, lively."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from northing.app.client import Client
from northing.app.demo import COMPANY
from northing.app.demo.marker import load_marker, save_marker
from northing.app.demo.world import DAY_MS
from tests.app.commands import ask_sql, begin, interrupt, ledger, northing, wait_for

pytestmark = pytest.mark.timeout(300)

SMALL = ("--port", "0", "--events", "3000", "--json")


@contextmanager
def demo(data: Path, *words: str) -> Iterator[dict[str, Any]]:
    """A demo that serves, and what it says of itself."""
    process = begin(data, "demo", "--data", data, *words)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline() or "{}")
    finally:
        interrupt(process)
    assert process.returncode == 0


def expected(data: Path) -> int:
    marker = load_marker(data)
    assert marker is not None
    simulation = marker.simulation
    return sum(len(chunk) for chunk in simulation.chunks(simulation.midnight_ms, marker.through_ms))


def test_a_demo_is_filled_once_and_topped_up_by_a_later_start(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with demo(data, *SMALL, "--no-live") as said:
        found = ledger(data)
        assert found["stored"] == expected(data) == found["received"]
        with Client(said["url"]) as client:
            signed_in = client.ask("POST", "/api/v1/session", {k: said[k] for k in ("email", "password")})
            assert signed_in["projects"][0]["name"] == COMPANY
            assert client.ask("GET", "/api/v1/instance")["demo"] is True
        assert ask_sql(data, "SELECT count() FROM events WHERE timestamp > now()") == [[0]]
        again_said = northing(data, "demo", "--data", data, "--json")  # it says where, and ends
        assert json.loads(again_said.stdout)["url"] == said["url"]
    # As if it had been stopped ten days ago: what is sent again is known, and nothing is doubled.
    marker = load_marker(data)
    assert marker is not None
    save_marker(data, replace(marker, through_ms=marker.through_ms - 10 * DAY_MS))
    with demo(data, *SMALL, "--no-live"):
        again = ledger(data)
        assert again["stored"] == expected(data)
        assert again["deduplicated"] > 100


def test_an_interrupted_fill_goes_on_where_it_stopped(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    words = ("--port", "0", "--events", "40000", "--no-live", "--json")
    process = begin(data, "demo", "--data", data, *words)

    def has_begun() -> bool:
        marker = load_marker(data)
        return marker is not None and marker.through_ms > marker.simulation.midnight_ms

    wait_for(has_begun)
    interrupt(process)
    reached = load_marker(data)
    assert reached is not None
    with demo(data, *words):
        found = ledger(data)
        assert found["stored"] == expected(data)
        assert found["deduplicated"] < 20 * 500


def test_events_happen_while_it_serves(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with demo(data, *SMALL):
        filled = expected(data)
        wait_for(lambda: ledger(data)["stored"] >= filled + 5)
        assert ask_sql(data, "SELECT count() FROM events WHERE timestamp > now() + INTERVAL 1 SECOND") == [[0]]


def test_a_folder_with_other_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "northing.db").write_text("precious")
    for words in ([], ["--fresh"]):
        done = northing(tmp_path, "demo", "--data", tmp_path, *words)
        assert done.returncode == 1
        assert "is not the data folder of a demo" in done.stderr
    assert (tmp_path / "northing.db").read_text() == "precious"
