"""Deciding what the next batch holds, and making that decision durable before anything is inserted.

A batch is cut once. After a crash the same cut is loaded again under the same number, so the rows that the first
attempt did store can be told from true repeats of earlier events.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from northing.data.ingest.segments import Stretch, list_segments, scan, writer_is_gone
from northing.data.ingest.spool import sync_folder

_INTENT = "cut.json"
MOST_BYTES = 48 << 20


@dataclass(frozen=True, slots=True)
class Intent:
    """The batch that is being inserted and where its cut ends in each segment."""

    batch: int
    ends: Mapping[str, int]


def save_intent(folder: Path, intent: Intent) -> None:
    """Write the intent so that it survives a power cut."""
    partial = folder / f"{_INTENT}.partial"
    with partial.open("w", encoding="utf-8") as file:
        json.dump({"batch": intent.batch, "ends": dict(intent.ends)}, file)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(folder / _INTENT)
    sync_folder(folder)


def load_intent(folder: Path) -> Intent | None:
    """The last intent, or None where there is none that can be read."""
    try:
        found = json.loads((folder / _INTENT).read_text(encoding="utf-8"))
        return Intent(int(found["batch"]), {str(k): int(v) for k, v in found["ends"].items()})
    except (OSError, ValueError, KeyError):
        return None


def cut_batch(folder: Path, positions: Mapping[str, int], most_events: int) -> tuple[Stretch, ...]:
    """Up to about `most_events` events behind the positions, oldest segments first."""
    cut: list[Stretch] = []
    events = size = 0
    for path in list_segments(folder):
        if events >= most_events or size >= MOST_BYTES:
            break
        start = positions.get(path.name, 0)
        stretch = scan(path, start, most_events=most_events - events, most_bytes=MOST_BYTES - size)
        if stretch.end > stretch.start:
            cut.append(stretch)
            events += stretch.events
            size += stretch.end - stretch.start
    return tuple(cut)


def recut(folder: Path, positions: Mapping[str, int], intent: Intent) -> tuple[Stretch, ...]:
    """The cut of an earlier attempt, exactly."""
    return tuple(
        scan(folder / name, positions.get(name, 0), most_events=1 << 62, stop=end)
        for name, end in intent.ends.items()
        if (folder / name).exists()
    )


def finished(folder: Path, positions: Mapping[str, int]) -> Iterable[Path]:
    """Segments that are wholly loaded and have no living writer."""
    for path in list_segments(folder):
        # In this order: what a writer appends before it goes is then in the size.
        if writer_is_gone(path) and positions.get(path.name, 0) >= path.stat().st_size:
            yield path


def waiting_bytes(folder: Path, positions: Mapping[str, int]) -> int:
    """How much lies behind the positions, without reading it."""
    return sum(path.stat().st_size - positions.get(path.name, 0) for path in list_segments(folder))
