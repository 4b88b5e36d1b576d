"""What can go wrong between us and the engine, as values with a code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from northing.kernel.problems import Problem


@dataclass(slots=True)
class StoreError(Exception):
    """An error of the engine: its numeric code (0 where it gave none) and its message without our SQL."""

    code: int
    message: str

    def __str__(self) -> str:
        return f"event store error {self.code}: {self.message}"


CANCELLED = 394
UNREACHABLE = 210  # the engine's own code for its trouble with networks
TOO_LARGE = 396  # the engine's own code for too many rows or bytes of an answer
# The engine's own codes for limits that were hit: their names, what happened, and what a caller can do about each.
_NARROWER = "Shorten the date range or filter by event."
_LIMITS = {
    158: ("rows_to_read", "it would read more than {} rows", _NARROWER),
    159: ("seconds", "it took longer than {}", _NARROWER),
    160: ("seconds", "it would take longer than {}", _NARROWER),
    241: (
        "memory_bytes",
        "it needs more memory than {}",
        "Shorten the date range, or use fewer or coarser breakdowns.",
    ),
    307: ("bytes_to_read", "it would read more than {}", _NARROWER),
    TOO_LARGE: (
        "result_bytes",
        "the answer is larger than {}",
        "Ask for fewer rows, fewer columns, or a coarser interval.",
    ),
}
_ROWS = (
    "result_rows",
    "the answer has more than {} rows",
    "Ask for fewer rows: narrow the question, or give it a limit.",
)
_MOST = re.compile(r"max(?:imum| rows| bytes): ([\d.]+ ?[A-Za-z]*)")
_MILLISECONDS = re.compile(r"([\d.]+) ms")


def problem_of(error: StoreError) -> Problem | None:
    """The problem a caller can act upon, where the error is a limit that was hit or a server that is away."""
    if error.code == UNREACHABLE:
        return Problem(503, "store_unavailable", error.message, "Try again in a few seconds.")
    if error.code not in _LIMITS:
        return None
    # One code for two limits.
    limit, words, hint = _ROWS if error.code == TOO_LARGE and "max rows" in error.message else _LIMITS[error.code]
    most = _MOST.search(error.message)
    said = words.format(_shown(most[1])) if most else error.message[:300].rstrip(".")
    return Problem(422, "query_too_expensive", f"The query went over its limit of {limit}: {said}.", hint)


def _shown(most: str) -> str:
    time = _MILLISECONDS.fullmatch(most)
    return f"{float(time[1]) / 1000:g} seconds" if time else most
