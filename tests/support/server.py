"""A real server as a user starts it: `northing serve` in its own process, on a free port and its own folder."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
KEY = "nsk_test_key_of_the_instance_1234"
EMAIL = "alice@example.com"
PASSWORD = "a-long-test-password"
START_SECONDS = 90.0


@dataclass(slots=True)
class Server:
    """A running server; `restart` after `kill` uses the same folder."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.log"

    def start(self, *, wait: bool = True) -> None:
        """Start it and, unless told otherwise, wait until it is ready."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NORTHING_")}
        environment |= {
            "NORTHING_PROJECT_TOKEN": TOKEN,
            "NORTHING_ADMIN_KEY": KEY,
            "NORTHING_ADMIN_EMAIL": EMAIL,
            "NORTHING_ADMIN_PASSWORD": PASSWORD,
            "NORTHING_DISK_FLOOR_MB": "1",
            **self.settings,
        }
        command = [sys.executable, "-m", "northing.app.cli.main", "serve", "--data", str(self.folder), "--port", "0"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        if wait:
            self.wait_ready()

    def wait_ready(self) -> None:
        """Wait for `/readyz`; fails with the log's end where that never comes."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            if self._is_ready(self.process.pid):
                return
            time.sleep(0.05)
        raise AssertionError("the server did not become ready:\n" + self.log.read_text()[-3000:])

    def _is_ready(self, pid: int) -> bool:
        try:
            said = json.loads((self.folder / "run" / "server.json").read_text())
            self.url = str(said["url"])
            return bool(said["pid"] == pid) and self.request("GET", "/readyz")[0] == 200
        except (OSError, ValueError, KeyError, http.client.HTTPException):
            return False

    def request(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, timeout: float = 30
    ) -> tuple[int, Any]:
        """Status and parsed JSON (or bytes) of one request; a body that is not bytes goes as JSON."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, path, data, dict(headers or {}))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(content)
        except ValueError:
            return answer.status, content

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """JSON of a request with the instance's key; asserts that it succeeds."""
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        status, answer = self.request(method, path, body, headers=headers)
        assert status < 300, (status, answer)
        return answer

    def send(self, events: list[dict[str, Any]], *, timeout: float = 30) -> int:
        """Send native events; the status."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return self.request("POST", "/api/v1/events", events, headers=headers, timeout=timeout)[0]

    def query(self, **question: Any) -> Any:
        """The result of a query, never from the cache."""
        return self.api("POST", "/api/v1/query", {"refresh": True, **question})["result"]

    def rows(self, sql: str) -> list[list[Any]]:
        """Rows of an SQL query over project 1."""
        rows: list[list[Any]] = self.query(kind="sql", sql=sql, limit=100_000)["rows"]
        return rows

    def ledger(self) -> dict[str, Any]:
        """The ledger of project 1."""
        answer: dict[str, Any] = self.api("GET", "/api/v1/ingest/ledger")
        return answer

    def wait_loaded(self, seconds: float = 60) -> dict[str, Any]:
        """Wait until nothing is pending; the ledger then."""
        deadline = time.monotonic() + seconds
        while (found := self.ledger())["pending"]:
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def children(self) -> dict[str, int]:
        """Process ids of the engine and the web workers, from the log."""
        found: dict[str, int] = {}
        for line in self.log.read_text().splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict) and entry.get("event") in ("engine_ready", "web_ready"):
                    found[entry["event"].removesuffix("_ready")] = int(entry["pid"])
        return found

    def kill(self) -> None:
        """SIGKILL to the parent; its children die with it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextlib.contextmanager
def running_server(folder: Path, **settings: str) -> Iterator[Server]:
    """A server that is stopped at the end of the block."""
    server = Server(folder, settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A fresh server for the tests of one module."""
    with running_server(tmp_path_factory.mktemp("server") / "data") as found:
        yield found


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A fresh server for one test."""
    with running_server(tmp_path / "data") as found:
        yield found
