"""Time with a zone, always."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def unix_ms() -> int:
    """The present moment in Unix milliseconds."""
    return time.time_ns() // 1_000_000


def rfc3339(moment: datetime) -> str:
    """RFC 3339 text of an aware moment, in its own zone, with milliseconds where there are any."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be written")
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")
