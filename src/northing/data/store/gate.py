"""A gate that many pass at once, and that can be closed once nobody is inside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Whoever closes it never keeps people out while waiting for those inside: that may take minutes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._is_closed = False

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Wait until it is open, and be inside."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self, *, seconds: float) -> Iterator[bool]:
        """Close it for a while; yields False where somebody was still inside after so many seconds."""
        with self._changed:
            is_mine = self._changed.wait_for(lambda: not self._inside and not self._is_closed, timeout=seconds)
            self._is_closed |= is_mine
        try:
            yield is_mine
        finally:
            if is_mine:
                with self._changed:
                    self._is_closed = False
                    self._changed.notify_all()
