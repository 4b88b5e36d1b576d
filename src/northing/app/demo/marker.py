"""What a demo's data folder says of itself: which simulation fills it, and how far it has been sent."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from northing.app.demo import world
from northing.app.demo.simulation import Simulation, first_midnight
from northing.kernel.problems import Problem

NAME = "demo.json"


@dataclass(frozen=True, slots=True)
class Marker:
    """Written into the data folder; times are Unix milliseconds, and everything before them has been accepted."""

    seed: int
    start: datetime
    scale: float
    through_ms: int
    live_through_ms: int = 0

    @property
    def simulation(self) -> Simulation:
        """The simulation that fills the folder."""
        return Simulation(self.seed, self.start, self.scale)

    def moved(self, *, through_ms: int = 0, live_through_ms: int = 0) -> Marker:
        """The marker further on, never back."""
        return replace(
            self,
            through_ms=max(self.through_ms, through_ms),
            live_through_ms=max(self.live_through_ms, live_through_ms),
        )


def new_marker(seed: int, now: datetime, *, events: int, days: int = world.DAYS) -> Marker:
    """The marker of a demo that begins now."""
    start = first_midnight(now, days)
    return Marker(seed, start, world.scale_for(events, days), round(start.timestamp() * 1000))


def load_marker(root: Path) -> Marker | None:
    """The folder's marker; None where there is none. Raises `Problem` for one that cannot be read."""
    path = root / NAME
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Marker)
    except (msgspec.DecodeError, OSError) as error:
        raise Problem(
            500, "bad_demo_marker", f"{path} cannot be read: {error}.", "Start anew with northing demo --fresh."
        ) from error


def save_marker(root: Path, marker: Marker) -> None:
    """Put the marker in place of the old one, whole or not at all."""
    draft = root / f".{NAME}.new"
    draft.write_bytes(msgspec.json.encode(asdict(marker)))
    os.replace(draft, root / NAME)
