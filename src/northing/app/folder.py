"""The data folder: its parts, and the lock that lets one server use it at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from northing.kernel.problems import Problem

_LONGEST_SOCKET = 100


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where everything of one installation lives."""

    root: Path

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def metrics(self) -> Path:
        return self.run / "metrics"

    @property
    def socket(self) -> Path:
        """The engine process's socket; elsewhere where the folder's name is too long for the system."""
        path = self.run / "engine.sock"
        if len(os.fsencode(path)) < _LONGEST_SOCKET:
            return path
        short = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:24]
        return Path(tempfile.gettempdir()) / f"northing-{os.getuid()}-{short}.sock"

    @property
    def local_key(self) -> Path:
        return self.run / "local.key"

    @property
    def server(self) -> Path:
        """What a running server says of itself: pid, url."""
        return self.run / "server.json"

    def create(self) -> None:
        """Make what is missing; only the owner may look inside.

        Raises `Problem` where the folder cannot be made or written.
        """
        try:
            for folder in (self.root, self.spool, self.run, self.metrics):
                folder.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o700)
        except OSError as error:
            raise Problem(
                500,
                "data_folder_unusable",
                f"The data folder {self.root} cannot be used: {error.strerror}.",
                "Choose another with --data or NORTHING_DATA, or mend its permissions.",
            ) from error


class FolderLock:
    """Held by the one server (or offline command) that uses a data folder; the system frees it when that dies."""

    def __init__(self, folder: DataFolder) -> None:
        self._path = folder.run / "lock"
        self._handle: int | None = None

    def acquire(self, *, wait_seconds: float = 5.0) -> None:
        """Take the lock; children of a server that was just killed may need a moment to go.

        Raises `Problem` `data_folder_in_use` that names the other process.
        """
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                holder = os.pread(handle, 32, 0).decode().strip() or "unknown"
                os.close(handle)
                raise Problem(
                    500,
                    "data_folder_in_use",
                    f"The data folder {self._path.parent.parent} is in use by process {holder}.",
                    "Stop that server first, or choose another folder with --data.",
                ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._handle = handle

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that holds a data folder, as its own commands find it."""

    pid: int
    url: str
    key: str


def find_running(folder: DataFolder) -> RunningServer | None:
    """The server that holds the folder now, or None."""
    try:
        said = json.loads(folder.server.read_text(encoding="utf-8"))
        key = folder.local_key.read_text(encoding="utf-8").strip()
        os.kill(int(said["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return None
    return RunningServer(int(said["pid"]), str(said["url"]), key)
