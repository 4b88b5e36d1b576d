"""How many queries of one project may run at once, so that one project cannot take the engine from the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from northing.kernel.problems import Problem

WAIT_SECONDS = 10.0
WAITING_PER_SLOT = 8


@dataclass(slots=True)
class _Lane:
    slots: asyncio.Semaphore
    present: int = 0


class Slots:
    """A short queue per project: who waits too long, or finds too many waiting, is told to come back."""

    def __init__(self, per_project: int, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._per_project = per_project
        self._wait_seconds = wait_seconds
        self._lanes: dict[int, _Lane] = {}

    @asynccontextmanager
    async def taken(self, project_id: int) -> AsyncIterator[None]:
        """Hold one of the project's slots. Raises `Problem` 429 `too_many_queries`."""
        lane = self._lanes.setdefault(project_id, _Lane(asyncio.Semaphore(self._per_project)))
        if lane.present >= self._per_project * (1 + WAITING_PER_SLOT):
            raise self._too_many()
        lane.present += 1
        try:
            await self._acquire(lane)
            try:
                yield
            finally:
                lane.slots.release()
        finally:
            lane.present -= 1
            if not lane.present:
                self._lanes.pop(project_id, None)

    async def _acquire(self, lane: _Lane) -> None:
        try:
            await asyncio.wait_for(lane.slots.acquire(), self._wait_seconds)
        except TimeoutError:
            raise self._too_many() from None

    def _too_many(self) -> Problem:
        return Problem(
            429,
            "too_many_queries",
            f"This project has more than {self._per_project} queries running and others waiting.",
            "Try again in a few seconds, or run fewer at once.",
            headers={"Retry-After": "5"},
        )
