"""Changes of identity that people ask for: merges, splits and folding, done by the loader between two batches."""

from __future__ import annotations

import queue
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

from northing.kernel.problems import Problem

Action = Literal["merge", "split", "fold"]


@dataclass(frozen=True, slots=True)
class Change:
    """`merge`: the person of `other` becomes part of that of `distinct_id`. `split`: `distinct_id` becomes a person of
    its own again. `fold`: all merges are written into the events.
    """

    action: Action
    project_id: int = 0
    distinct_id: str = ""
    other: str = ""
    moment_ms: int = 0


@dataclass(slots=True)
class _Asked:
    change: Change
    done: Future[dict[str, Any]] = field(default_factory=Future)


class Changes:
    """What waits for the loader; any thread may ask, the loader's answers."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[_Asked] = queue.SimpleQueue()

    def ask(self, change: Change) -> Future[dict[str, Any]]:
        """Put a change into the queue; the future has its outcome, or the `Problem` that refused it."""
        asked = _Asked(change)
        self._waiting.put(asked)
        return asked.done

    def next(self) -> _Asked | None:
        """The oldest change that waits, or None; what nobody waits for any more is not done."""
        try:
            while True:
                asked = self._waiting.get_nowait()
                if asked.done.set_running_or_notify_cancel():
                    return asked
        except queue.Empty:
            return None


def unknown_id(distinct_id: str) -> Problem:
    """Nobody has this id."""
    return Problem(404, "unknown_distinct_id", f"No person has the distinct id {distinct_id[:100]}.")


def one_already(distinct_id: str) -> Problem:
    """The two are one person."""
    return Problem(409, "one_person_already", f"The distinct id {distinct_id[:100]} belongs to that person already.")


def not_merged(distinct_id: str) -> Problem:
    """There is no merge to undo."""
    return Problem(
        409,
        "not_merged",
        f"The distinct id {distinct_id[:100]} was not merged into another person.",
        "Split one of the person's other ids away instead.",
    )
