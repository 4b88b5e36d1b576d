"""SIGKILL at random moments under load: every acknowledged event is stored exactly once."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.load import assert_exactly_once, under_load
from tests.support.server import Server

pytestmark = pytest.mark.faults


def _kill_and_restart(server: Server, times: int, chance: random.Random) -> None:
    for _ in range(times):
        time.sleep(chance.uniform(0.05, 1.2))
        victim = chance.choice(("parent", "parent", "engine", "web"))
        if victim == "parent":
            server.kill()
            server.start(wait=chance.random() < 0.7)
            continue
        pid = server.children().get(victim)
        if pid is not None:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
    server.wait_ready()


def _survive(folder: Path, kills: int, seed: int) -> int:
    server = Server(folder, {"NORTHING_LOAD_INTERVAL_MS": "100"})
    server.start()
    try:
        acknowledged = under_load(server, lambda: _kill_and_restart(server, kills, random.Random(seed)))
        server.wait_ready()
        assert_exactly_once(server, acknowledged)
    finally:
        server.stop()
    return len(acknowledged)


@pytest.mark.timeout(300)
def test_twenty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    assert _survive(tmp_path / "data", kills=20, seed=20) > 100


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_a_thousand_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    for round_number in range(20):
        assert _survive(tmp_path / f"data-{round_number}", kills=50, seed=round_number) > 100
