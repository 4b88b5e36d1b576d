"""Everything a request may use, made once by the composition and passed on; there are no globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from northing.kernel.clock import utc_now
from northing.server.auth.passwords import Passwords
from northing.server.auth.tokens import TokenDirectory
from northing.server.cache import Cache
from northing.server.db.base import Database
from northing.server.settings import Settings
from northing.server.store import EventStore


@dataclass(frozen=True)
class Context:
    """The parts of a running web worker. `local_key_hash` is the SHA-256 of DATA/run/local.key."""

    settings: Settings
    database: Database
    tokens: TokenDirectory
    store: EventStore
    cache: Cache
    passwords: Passwords
    local_key_hash: str | None = None
    web_folder: Path | None = None
    clock: Callable[[], datetime] = field(default=utc_now)
