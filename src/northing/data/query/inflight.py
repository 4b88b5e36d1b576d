"""Work that several callers want at the same time is done once, and given up when the last of them leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Shared(Generic[T]):
    task: asyncio.Task[T]
    waiters: int = 0


class Inflight(Generic[T]):
    """Tasks by key."""

    def __init__(self) -> None:
        self._shared: dict[str, _Shared[T]] = {}

    async def join(self, key: str, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of the work of this key, started now unless it is under way."""
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = _Shared(asyncio.create_task(start()))
            shared.task.add_done_callback(lambda task: self._forget(key, task))
        shared.waiters += 1
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.waiters -= 1
            if not shared.waiters and not shared.task.done():
                self._forget(key, shared.task)
                shared.task.cancel()

    def _forget(self, key: str, task: asyncio.Task[T]) -> None:
        found = self._shared.get(key)
        if found is not None and found.task is task:
            del self._shared[key]
        if task.done() and not task.cancelled():
            # Looked at, so that asyncio does not report an error that its waiters have seen already.
            task.exception()
