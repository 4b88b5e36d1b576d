"""The loader's side of the spool: which records are there, in which files, and which file has a living writer."""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from northing.data.ingest.records import Frame, next_frame, read_frame
from northing.data.ingest.spool import SUFFIX

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of bytes of one segment to load: whole records and, behind a dead writer, damage to set aside."""

    path: Path
    start: int
    end: int
    frames: tuple[Frame, ...]
    damaged: tuple[tuple[int, int], ...] = ()

    @property
    def events(self) -> int:
        return sum(f.events for f in self.frames)


def list_segments(folder: Path) -> list[Path]:
    """Segments, oldest first (their names begin with worker and time; time decides)."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda p: p.name.split("-")[-2:])


def writer_is_gone(path: Path) -> bool:
    """Whether no living process holds the segment open for writing."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


@contextlib.contextmanager
def mapped(path: Path) -> Iterator[memoryview]:
    """The file's bytes as they are now, without copying them."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            yield memoryview(b"")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
            yield view


def scan(path: Path, start: int, *, most_events: int, stop: int | None = None) -> Stretch:
    """Whole records from `start`, up to about `most_events` events or to `stop` exactly.

    Behind a dead writer a torn tail and damaged records are passed over and listed in `damaged`;
    while the writer lives they may just be unfinished, and the scan ends before them.
    """
    sealed = writer_is_gone(path)
    with mapped(path) as whole:
        data = whole[: min(stop, len(whole))] if stop is not None else whole
        frames: list[Frame] = []
        damaged: list[tuple[int, int]] = []
        at, events = start, 0
        while at < len(data) and events < most_events:
            found = read_frame(data, at)
            if found is None and (sealed or stop is not None):
                found = next_frame(data, at + 1)
                damaged.append((at, len(data) if found is None else found.start))
                at = len(data) if found is None else found.start
            if found is None:
                break
            frames.append(found)
            events += found.events
            at = found.end
        data.release()
    return Stretch(path, start, at, tuple(frames), tuple(damaged))


def set_aside(stretch: Stretch, quarantine: Path) -> int:
    """Copy the damaged bytes of a stretch to the quarantine folder, once; the number of bytes."""
    total = 0
    for start, end in stretch.damaged:
        quarantine.mkdir(parents=True, exist_ok=True)
        with mapped(stretch.path) as data:
            piece = bytes(data[start:end])
        (quarantine / f"{stretch.path.stem}-{start}.damaged").write_bytes(piece)
        log.error("spool_damaged", segment=stretch.path.name, start=start, end=end, bytes=len(piece))
        total += len(piece)
    return total
