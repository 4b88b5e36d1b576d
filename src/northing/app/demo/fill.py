"""Filling a server with the simulation, through the same door as any client."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from northing.app.client import Client
from northing.app.demo import world
from northing.app.demo.marker import Marker, save_marker
from northing.app.demo.simulation import Simulation, Timed
from northing.app.sender import Parcel, Receipt, Sender, post_parcel
from northing.kernel.clock import rfc3339, unix_ms, utc_now

_PARCEL_EVENTS = 500
_SAVE_SECONDS = 0.5
# Live is lively while someone has just opened it, then falls back to the company's own pace.
_LIVELY_SECONDS = 20 * 60.0
_LIVELY_PAUSE = 0.45
_LONGEST_PAUSE = 20.0


class Filling:
    """Sends what is missing between the marker and `until_ms`; interrupted, it goes on there the next time."""

    def __init__(self, root: Path, marker: Marker, *, until_ms: int) -> None:
        self.marker = marker
        self._root = root
        self._until_ms = until_ms
        self._saved = 0.0

    def run(self, url: str, token: str, *, on_progress: Callable[[int, int], None]) -> None:
        """Send; `on_progress` gets the number of events just accepted and the moment reached."""

        def on_receipt(receipt: Receipt) -> None:
            self.marker = self.marker.moved(through_ms=receipt.parcel.place)
            self._save_now_and_then()
            on_progress(len(receipt.parcel.events), receipt.parcel.place)

        try:
            with Sender(url, token, on_receipt=on_receipt) as sender:
                for parcel in self._parcels():
                    sender.send(parcel)
            self.marker = self.marker.moved(through_ms=self._until_ms)
        finally:
            save_marker(self._root, self.marker)

    def _parcels(self) -> Iterator[Parcel]:
        chunks = self.marker.simulation.chunks(self.marker.through_ms, self._until_ms)
        events = (timed for chunk in chunks for timed in chunk)
        while part := list(islice(events, _PARCEL_EVENTS)):
            # The next start includes this moment once more: its other events may be in the next parcel.
            yield Parcel([event for _, event in part], part[-1][0])

    def _save_now_and_then(self) -> None:
        if time.monotonic() - self._saved > _SAVE_SECONDS:
            save_marker(self._root, self.marker)
            self._saved = time.monotonic()


def keep_live(root: Path, marker: Marker, *, client: Client, stop: threading.Event) -> None:
    """Until `stop`, let events happen now that the simulation has in store for the hours to come.

    They keep their ids, so when their own moment is filled later they are known, and no day gets more than its share.
    """
    began, saved = time.monotonic(), time.monotonic()
    last_ms = max(unix_ms(), marker.live_through_ms)
    for moment, event in _coming(marker.simulation, last_ms):
        natural = (moment - last_ms) / 1000
        lively = time.monotonic() - began < _LIVELY_SECONDS
        if stop.wait(min(random.expovariate(1 / _LIVELY_PAUSE) if lively else natural, _LONGEST_PAUSE)):
            break
        event["timestamp"] = rfc3339(utc_now())
        post_parcel(client, Parcel([event], moment), stop)
        marker, last_ms = marker.moved(live_through_ms=moment + 1), moment
        if time.monotonic() - saved > 10:
            save_marker(root, marker)
            saved = time.monotonic()
    save_marker(root, marker)


def _coming(simulation: Simulation, since_ms: int) -> Iterator[Timed]:
    while True:
        for chunk in simulation.chunks(since_ms, since_ms + world.DAY_MS):
            yield from chunk
        since_ms += world.DAY_MS
