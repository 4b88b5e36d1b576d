"""Senders that behave like careful clients: what is not acknowledged is sent again, with the same uuid."""

from __future__ import annotations

import http.client
import random
import threading
import uuid
from collections.abc import Callable
from typing import Any

from tests.support.server import Server


class Sender(threading.Thread):
    """Sends batches until stopped; remembers which uuids a 200 covered."""

    def __init__(self, server: Server, number: int, stop: threading.Event) -> None:
        super().__init__(name=f"sender-{number}", daemon=True)
        self._server = server
        self._stop_sending = stop
        self._random = random.Random(number)
        self.acknowledged: set[str] = set()
        self.attempts = 0

    def run(self) -> None:
        unsure: list[dict[str, Any]] = []
        while not self._stop_sending.is_set():
            batch = unsure or self._batch()
            self.attempts += 1
            try:
                status = self._server.send(batch, timeout=10)
            except (OSError, http.client.HTTPException, ValueError):
                unsure = batch
                self._stop_sending.wait(0.05)
                continue
            unsure = []
            if status == 200:
                self.acknowledged.update(event["uuid"] for event in batch)

    def _batch(self) -> list[dict[str, Any]]:
        events = []
        for _ in range(self._random.randint(1, 20)):
            person = f"p{self._random.randrange(300)}"
            made = uuid.UUID(int=self._random.getrandbits(128), version=4)
            events.append({"event": "load", "distinct_id": person, "uuid": str(made), "properties": {"n": 1}})
        return events


def under_load(server: Server, trouble: Callable[[], None], *, senders: int = 3) -> set[str]:
    """Run `trouble` while senders send; the uuids that were acknowledged."""
    stop = threading.Event()
    threads = [Sender(server, number, stop) for number in range(senders)]
    for thread in threads:
        thread.start()
    try:
        trouble()
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    return set().union(*(thread.acknowledged for thread in threads))


def assert_exactly_once(server: Server, acknowledged: set[str]) -> None:
    """Every acknowledged event is stored once, no event twice, and the ledger adds up."""
    ledger = server.wait_loaded()
    counts: dict[str, int] = {}
    for digit in "0123456789abcdef":  # an answer has 100,000 rows at most
        counts |= dict(
            server.rows(
                "SELECT toString(uuid) AS id, count() FROM events"
                f" WHERE event = 'load' AND startsWith(toString(uuid), '{digit}') GROUP BY id"
            )
        )
    missing = acknowledged - counts.keys()
    assert not missing, f"{len(missing)} of {len(acknowledged)} acknowledged events are not stored"
    assert set(counts.values()) <= {1}, "an event is stored twice"
    assert ledger["received"] == ledger["stored"] + ledger["deduplicated"] + sum(ledger["dropped"].values())
    assert ledger["stored"] == len(counts)
