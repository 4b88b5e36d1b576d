"""The durable log a web worker appends to: a 200 is sent after the bytes are synced to disk.

Group commit: while one sync runs, further records gather and share the next one, so the cost of a sync is divided
by the load and no artificial delay is added.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from northing.kernel.problems import Problem

log = structlog.get_logger(__name__)

# Records that share a sync, each with the one who waits for it.
Group = list[tuple[bytes, asyncio.Future[None]]]

SEGMENT_BYTES = 64 << 20
SUFFIX = ".spool"
_DISK_CHECK_SECONDS = 1.0


class Spool:
    """Appends records to this worker's segment; many requests share one sync."""

    def __init__(self, folder: Path, worker: str, *, disk_floor_bytes: int) -> None:
        self._folder = folder
        self._worker = worker
        self._floor = disk_floor_bytes
        self._pending: Group = []
        self._flushing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._segment: _Segment | None = None
        self._sequence = 0
        self._disk_checked = -1e9
        self._disk_full = False
        self._last_flush_ms = 0.0

    async def append(self, record: bytes) -> None:
        """Return once the record is on disk.

        Raises `Problem` 429 `disk_nearly_full` before anything is written, 503 `spool_unavailable` where the
        disk refused the write; in both cases nothing of the record is kept and the client should send it again.
        """
        if self.disk_is_low():
            raise disk_nearly_full()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((record, done))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        await asyncio.shield(done)

    def disk_is_low(self) -> bool:
        """Whether free space is below the floor; looked up at most once a second."""
        now = time.monotonic()
        if now - self._disk_checked >= _DISK_CHECK_SECONDS:
            self._disk_checked = now
            self._disk_full = shutil.disk_usage(self._folder).free < self._floor
        return self._disk_full

    async def close(self) -> None:
        """Wait for what is pending, then seal the segment."""
        while self._flushing is not None:
            await self._flushing
        await asyncio.get_running_loop().run_in_executor(self._thread, self._seal)
        self._thread.shutdown()

    async def _flush(self) -> None:
        try:
            while self._pending:
                group, self._pending = self._pending, []
                await self._flush_group(group)
        finally:
            self._flushing = None

    async def _flush_group(self, group: Group) -> None:
        data = b"".join([record for record, _ in group])
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, data)
        except OSError as error:
            self._refuse(group, error)
            return
        except Exception as error:
            log.exception("spool_failed")  # whatever it is, nobody may wait for ever
            self._refuse(group, OSError(0, type(error).__name__))
            return
        for _, done in group:
            if not done.done():
                done.set_result(None)

    def _refuse(self, group: Group, error: OSError) -> None:
        log.error("spool_write_failed", error=str(error), records=len(group))
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        self._disk_full, self._disk_checked = full, time.monotonic()
        for _, done in group:
            if not done.done():
                done.set_exception(disk_nearly_full() if full else spool_unavailable(error))

    def _write(self, data: bytes) -> None:
        if self._segment is None or self._segment.size >= SEGMENT_BYTES:
            self._seal()
            self._sequence += 1
            name = f"{self._worker}-{time.time_ns() // 1_000_000:013d}-{self._sequence:06d}{SUFFIX}"
            self._segment = _Segment(self._folder / name)
        try:
            self._segment.append(data)
        except OSError:
            self._seal()
            raise

    def _seal(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segment = None


class _Segment:
    """One open file; the lock on it tells the loader that its writer lives."""

    def __init__(self, path: Path) -> None:
        # The loader removes files that nobody locks: this one gets its name only once it is locked.
        unnamed = path.with_suffix(".new")
        self._file = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            unnamed.rename(path)
            sync_folder(path.parent)
        except OSError:
            os.close(self._file)
            raise
        self.size = 0

    def append(self, data: bytes) -> None:
        """Write and sync. After an error the file ends where it did before, and must not be written to again:
        the loader may already have read what was taken back.
        """
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]
            os.fdatasync(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self.size)
            raise
        self.size += len(data)

    def close(self) -> None:
        os.close(self._file)


def sync_folder(folder: Path) -> None:
    """Make names that were made or renamed in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_nearly_full() -> Problem:
    """The answer while free space is below the floor."""
    return Problem(
        429,
        "disk_nearly_full",
        "The server's disk is nearly full; the events were not accepted.",
        "Send them again later. Administrators: free space in the data folder or lower NORTHING_DISK_FLOOR_MB.",
        headers={"Retry-After": "30"},
    )


def spool_unavailable(error: OSError) -> Problem:
    """The answer when the disk refuses a write for another reason than space."""
    return Problem(
        503,
        "spool_unavailable",
        f"The events could not be written to disk ({error.strerror}); they were not accepted.",
        "Send them again later.",
        headers={"Retry-After": "10"},
    )
