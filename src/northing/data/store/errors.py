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
# The engine's own codes for limits that were hit, with what a caller can do about each.
_LIMITS = {
    158: ("rows_to_read", "Shorten the date range or filter by event."),
    159: ("seconds", "Shorten the date range or filter by event."),
    160: ("seconds", "Shorten the date range or filter by event."),
    241: ("memory_bytes", "Shorten the date range, or use fewer or coarser breakdowns."),
    307: ("bytes_to_read", "Shorten the date range or filter by event."),
    TOO_LARGE: ("result_bytes", "Ask for fewer rows, fewer columns, or a coarser interval."),
}
# One code for two limits; the other is of rows.
_MAX_ROWS = re.compile(r"max rows: ([^,]+),")


def problem_of(error: StoreError) -> Problem | None:
    """The problem a caller can act upon, where the error is a limit that was hit or a server that is away."""
    if error.code == UNREACHABLE:
        return Problem(503, "store_unavailable", error.message, "Try again in a few seconds.")
    if error.code not in _LIMITS:
        return None
    limit, hint = _LIMITS[error.code]
    said = error.message[:300]
    most = _MAX_ROWS.search(said) if error.code == TOO_LARGE else None
    if most is not None:
        limit, said = "result_rows", f"the answer has more than {most[1]} rows."
        hint = "Ask for fewer rows: narrow the question, or give it a limit."
    return Problem(422, "query_too_expensive", f"The query went over its limit of {limit}: {said}", hint)
