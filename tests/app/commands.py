"""Running our commands as a user does: in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from northing.app.client import Client
from northing.app.folder import DataFolder, find_running

SECONDS = 110.0
COMMAND = [sys.executable, "-m", "northing.app.cli.main"]
TOKEN = "0123456789abcdef0123456789abcdef"


def environment(data: Path) -> dict[str, str]:
    """Ours without settings of whoever runs the tests, on this data folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NORTHING_")}
    ours = {"NORTHING_DATA": str(data), "NORTHING_PROJECT_TOKEN": TOKEN, "NORTHING_DISK_FLOOR_MB": "1"}
    return clean | ours | {"COLUMNS": "160", "NO_COLOR": "1"}


def northing(data: Path, *words: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(data),
        timeout=SECONDS,
        check=False,
    )


def begin(data: Path, *words: str | Path) -> subprocess.Popen[str]:
    """Begin a command that is to be interrupted or asked things."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env=environment(data),
    )


def interrupt(process: subprocess.Popen[str]) -> str:
    """Ctrl-C, and all it still said."""
    process.send_signal(signal.SIGINT)
    return "".join(process.communicate(timeout=SECONDS))


def wait_for(there: Callable[[], Any], *, seconds: float = SECONDS) -> Any:
    """The first true answer."""
    deadline = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.02)
    return found


def ledger(data: Path) -> dict[str, Any]:
    """The ledger of project 1 of the server that holds the folder."""
    running = find_running(DataFolder(data))
    assert running is not None
    with Client(running.url, running.key) as client:
        answer: dict[str, Any] = client.ask("GET", "/api/v1/projects/1/ingest/ledger")
    return answer


def ask_sql(data: Path, sql: str) -> list[list[Any]]:
    """Rows of an SQL query through the command line."""
    done = northing(data, "query", "--sql", sql, "--json")
    assert done.returncode == 0, done.stderr
    rows: list[list[Any]] = msgspec.json.decode(done.stdout)["result"]["rows"]
    return rows


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield msgspec.json.decode(line)
