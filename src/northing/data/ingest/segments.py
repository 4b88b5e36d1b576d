"""The loader's side of the spool: which records are there, in which files, and which file has a living writer."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from northing.data.ingest.records import Frame, Record, next_frame, parse_record, read_frame
from northing.data.ingest.spool import SUFFIX

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of bytes of one segment to load: whole records and, behind a dead writer, damage to set aside.

    `start` and `end` are places in the file; `frames` and `damaged` are places in `data`, which begins at `start`.
    """

    path: Path
    start: int
    end: int
    data: bytes
    frames: tuple[Frame, ...]
    damaged: tuple[tuple[int, int], ...] = ()

    @property
    def events(self) -> int:
        return sum(f.events for f in self.frames)

    def records(self) -> Iterator[Record]:
        """The records, in order."""
        with memoryview(self.data) as view:
            for found in self.frames:
                yield parse_record(view, found)


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


def read_bytes(path: Path, start: int, size: int) -> bytes:
    """Up to `size` bytes from `start`. Read, never mapped: a writer may take back what it could not sync, and a map
    of bytes that are gone ends the process.
    """
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        return file.read(size) or b""


def scan(path: Path, start: int, *, most_events: int, stop: int | None = None, most_bytes: int = 1 << 62) -> Stretch:
    """Whole records from `start`, up to about `most_events` events or to `stop` exactly.

    Behind a dead writer a torn tail and damaged records are passed over and listed in `damaged`;
    while the writer lives they may just be unfinished, and the scan ends before them.
    """
    sealed = stop is not None or writer_is_gone(path)
    size = min(path.stat().st_size if stop is None else stop, start + most_bytes) - start
    data = read_bytes(path, start, max(0, size))
    whole = sealed and (stop is not None or start + len(data) >= path.stat().st_size)
    stretch = _scan(data, most_events, whole=whole)
    if not stretch[0] and not stretch[1] and 0 < most_bytes <= len(data):
        return scan(path, start, most_events=most_events, stop=stop)  # one record larger than all we wanted to read
    frames, damaged, end = stretch
    return Stretch(path, start, start + end, data, frames, damaged)


def _scan(data: bytes, most_events: int, *, whole: bool) -> tuple[tuple[Frame, ...], tuple[tuple[int, int], ...], int]:
    """Frames, damaged pieces and where they end; damage is certain only where `whole` says that no byte will follow."""
    frames: list[Frame] = []
    damaged: list[tuple[int, int]] = []
    at = events = 0
    with memoryview(data) as view:
        while at < len(data) and events < most_events:
            found = read_frame(view, at)
            if found is None and whole:
                found = next_frame(view, at + 1)
                damaged.append((at, len(data) if found is None else found.start))
                at = len(data) if found is None else found.start
            if found is None:
                break
            frames.append(found)
            events += found.events
            at = found.end
    return tuple(frames), tuple(damaged), at


def set_aside(stretch: Stretch, quarantine: Path) -> int:
    """Copy the damaged bytes of a stretch to the quarantine folder, once; the number of bytes."""
    total = 0
    for start, end in stretch.damaged:
        quarantine.mkdir(parents=True, exist_ok=True)
        piece = stretch.data[start:end]
        place = stretch.start + start
        (quarantine / f"{stretch.path.stem}-{place}.damaged").write_bytes(piece)
        log.error("spool_damaged", segment=stretch.path.name, place=place, bytes=len(piece))
        total += len(piece)
    return total
