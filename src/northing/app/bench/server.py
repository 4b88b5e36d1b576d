"""The server under test: started as a user starts it, in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from northing.kernel.problems import Problem

TOKEN = "be9c4" + "0" * 27
_START_SECONDS = 600.0


@dataclass(slots=True)
class BenchServer:
    """A running server and what a benchmark asks it."""

    folder: Path
    process: subprocess.Popen[bytes]
    url: str = ""
    key: str = ""
    start_seconds: float = 0.0

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        return self._ask("POST", path, json.dumps(body).encode())

    def wait_loaded(self, seconds: float = 600) -> dict[str, Any]:
        """Wait until the ledger has nothing pending."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ledger: dict[str, Any] = self.get("/api/v1/ingest/ledger")
            if ledger["pending"] == 0:
                return ledger
            time.sleep(0.1)
        raise Problem(500, "bench_failed", f"The spool was not empty after {seconds:.0f} s.")

    def memory_bytes(self) -> int:
        """Proportional set size of the whole process tree."""
        parent = psutil.Process(self.process.pid)
        total = 0
        for process in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


@contextlib.contextmanager
def bench_server(folder: Path) -> Iterator[BenchServer]:
    """Start, wait until ready, and stop at the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NORTHING_")}
    environment |= {"NORTHING_PROJECT_TOKEN": TOKEN, "NORTHING_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "northing.app.cli.main", "serve", "--data", str(folder), "--port", "0"]
    began = time.perf_counter()
    with (folder / "bench.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    server = BenchServer(folder, process)
    try:
        _wait_ready(server)
        server.start_seconds = time.perf_counter() - began
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait_ready(server: BenchServer) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            said = json.loads((server.folder / "run" / "server.json").read_text())
            if said["pid"] == server.process.pid:
                server.url = said["url"]
                server.key = (server.folder / "run" / "local.key").read_text()
                server.get("/readyz")
                return
        time.sleep(0.02)
    raise Problem(500, "bench_failed", f"The server did not start; see {server.folder / 'bench.log'}.")
