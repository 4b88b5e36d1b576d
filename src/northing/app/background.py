"""Getting at a server from a command: the one that runs, or one started for as long as the command needs it."""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from northing.app.client import Client
from northing.app.folder import DataFolder, RunningServer, find_running
from northing.kernel.problems import Problem
from northing.server.settings import Settings

_START_SECONDS = 90.0
_STOP_SECONDS = 60.0
_BEGIN_SECONDS = 15.0
_POLL_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1


@contextmanager
def server_for(settings: Settings) -> Iterator[RunningServer]:
    """The server that holds the data folder, or else a temporary one on a free port of this machine.

    Raises `Problem` where there is no such folder, or no server can be started on it.
    """
    folder = DataFolder(settings.data.resolve())
    if not folder.root.is_dir():
        message = f"There is no data folder {folder.root}."
        raise Problem(404, "no_data_folder", message, "Name it with --data or NORTHING_DATA.")
    running = _wait_for_starting(folder)
    if running is not None:
        yield running
        return
    background = start_server(folder, host="127.0.0.1", port=0, environment={})
    try:
        yield background.wait_until_ready()
    finally:
        background.stop()


def find_live(folder: DataFolder) -> RunningServer | None:
    """The server that holds the folder and answers; what a killed one left behind does not count."""
    running = find_running(folder)
    return running if running is not None and _status(running, "/healthz") == 200 else None


def _wait_for_starting(folder: DataFolder) -> RunningServer | None:
    """The live server; one that has only just begun gets a moment to answer."""
    deadline = time.monotonic() + _BEGIN_SECONDS
    while find_running(folder) is not None:
        live = find_live(folder)
        if live is not None or time.monotonic() > deadline:
            return live
        time.sleep(_POLL_SECONDS)
    return None


@dataclass(frozen=True, slots=True)
class BackgroundServer:
    """A `northing serve` of our own."""

    folder: DataFolder
    process: subprocess.Popen[bytes]

    @property
    def has_ended(self) -> bool:
        """Whether it stopped by itself."""
        return self.process.poll() is not None

    def wait_until_ready(self) -> RunningServer:
        """Wait until it accepts and answers. Raises `Problem` with its last words where it does not come up."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and not self.has_ended:
            running = find_running(self.folder)
            if running is not None and running.pid == self.process.pid and _status(running, "/readyz") == 200:
                return running
            time.sleep(_POLL_SECONDS)
        raise self.failure("The server could not be started.")

    def failure(self, message: str) -> Problem:
        """A problem with the last words of the server."""
        lines = _log_path(self.folder).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return Problem(500, "server_failed", message, "\n".join(lines[-8:]) or None)

    def stop(self) -> None:
        """Stop it, as SIGTERM does: what is accepted gets loaded."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_server(folder: DataFolder, *, host: str, port: int, environment: Mapping[str, str]) -> BackgroundServer:
    """Start `northing serve` on the folder; `environment` is put over ours. What it writes goes to a log file."""
    folder.create()
    words = ["serve", "--data", str(folder.root), "--host", host, "--port", str(port)]
    quiet = {"NORTHING_LOG_LEVEL": os.environ.get("NORTHING_LOG_LEVEL", "warning")}
    with _log_path(folder).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "northing.app.cli.main", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **quiet, **environment},
            # Ctrl-C is for the command, which then stops its server in order.
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    return BackgroundServer(folder, process)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _log_path(folder: DataFolder) -> Path:
    return folder.run / "background.log"


def _status(running: RunningServer, path: str) -> int:
    try:
        with Client(running.url, timeout=10.0) as client:
            return client.call("GET", path).status
    except (OSError, http.client.HTTPException):
        return 0
