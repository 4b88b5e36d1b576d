"""A limit on how often something may be asked for, per worker; sign-ins have their own, shared by all."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from northing.server.auth.attempts import too_many

KEYS_KEPT = 10_000


class RateLimiter:
    """At most `most` per key in each window of `seconds`; thread-safe and bounded in memory."""

    def __init__(self, most: int, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._monotonic = monotonic
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def check(self, key: str) -> None:
        """Count one; raises 429 with `Retry-After` when there were too many."""
        now = self._monotonic()
        with self._lock:
            ends, count = self._windows.get(key, (0.0, 0))
            if ends <= now:
                self._make_room(now)
                ends, count = now + self._seconds, 0
            if count >= self._most:
                raise too_many("Too many requests.", max(1, math.ceil(ends - now)))
            self._windows[key] = (ends, count + 1)

    def _make_room(self, now: float) -> None:
        if len(self._windows) < KEYS_KEPT:
            return
        self._windows = {key: window for key, window in self._windows.items() if window[0] > now}
        if len(self._windows) >= KEYS_KEPT:
            self._windows = {}
