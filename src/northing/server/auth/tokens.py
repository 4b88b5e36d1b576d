"""Project tokens in memory: what a collector asks for every request, without touching the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from northing.server.auth.models import Project
from northing.server.db.aside import Aside
from northing.server.db.base import Database

REFRESH_SECONDS = 2.0
MISS_SECONDS = 2.0
MISSES_KEPT = 10_000
MISS_READS_PER_SECOND = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """What the rest of the server needs of a project."""

    id: int
    name: str
    token: str
    timezone: str
    week_start: str
    retention_days: int | None
    keep_ip: str
    created_at: datetime


def info_of(project: Project) -> ProjectInfo:
    """The frozen value of a row; rows never leave `auth`."""
    return ProjectInfo(
        id=project.id,
        name=project.name,
        token=project.token,
        timezone=project.timezone,
        week_start=project.week_start,
        retention_days=project.retention_days,
        keep_ip=project.keep_ip,
        created_at=project.created_at,
    )


class TokenDirectory:
    """Map of token to project, read without a lock and refreshed by a thread every two seconds.

    `find` looks a token that is not in the map up in the database, so a new project can be sent to right
    away; unknown ones are remembered for two seconds, and reads for them are capped so that made-up tokens
    cannot keep the database busy. It reads in a thread: with the database away or frozen, the event loop goes
    on and known tokens go on being known.
    """

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._by_token: Mapping[str, ProjectInfo] = MappingProxyType({})
        self._misses: dict[str, float] = {}
        self._miss_window = (0, 0)
        self._aside = Aside()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Load the map, then keep it fresh in a background thread."""
        self.refresh()
        self._stop.clear()
        self._thread = threading.Thread(target=self._refresh_for_ever, name="token-directory", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the background thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def lookup(self, token: str) -> ProjectInfo | None:
        """The project of a token (32 hexadecimal digits, or the same as a UUID), as of the last refresh."""
        return self._by_token.get(token) or self._by_token.get(_plain(token))

    async def find(self, token: str) -> ProjectInfo | None:
        """The same, and what was made since; None when there is none.

        Raises 503 where only the database could tell and it does not answer: a sender must try again then,
        and not drop its events for a token that may well be good.
        """
        return self.lookup(token) or await self._look_again(_plain(token))

    def by_id(self, project_id: int) -> ProjectInfo | None:
        """The project of a number, as of the last refresh."""
        return next((info for info in self._by_token.values() if info.id == project_id), None)

    def all(self) -> tuple[ProjectInfo, ...]:
        """Every project, as of the last refresh."""
        return tuple(self._by_token.values())

    def refresh(self) -> None:
        """Read every project now; called after a change in this process, so that it counts at once."""
        with self._database.read() as session:
            rows = session.scalars(select(Project).where(Project.deleted_at.is_(None)))
            fresh = {row.token: info_of(row) for row in rows}
        self._by_token = MappingProxyType(fresh)
        self._misses = {}

    async def _look_again(self, token: str) -> ProjectInfo | None:
        now = self._monotonic()
        if len(token) != 32 or self._misses.get(token, 0.0) > now or not self._may_read(int(now)):
            return None
        found = await self._aside.run(self._read_one, token)
        if found is None:
            self._remember_miss(token, now + MISS_SECONDS)
        else:
            self._by_token = MappingProxyType({**self._by_token, token: found})
        return found

    def _read_one(self, token: str) -> ProjectInfo | None:
        chosen = select(Project).where(Project.token == token, Project.deleted_at.is_(None))
        with self._database.read() as session:
            row = session.scalar(chosen)
            return info_of(row) if row else None

    def _may_read(self, second: int) -> bool:
        present, count = self._miss_window
        self._miss_window = (second, count + 1) if present == second else (second, 1)
        return self._miss_window[1] <= MISS_READS_PER_SECOND

    def _remember_miss(self, token: str, until: float) -> None:
        if len(self._misses) >= MISSES_KEPT:
            self._misses = {}
        self._misses[token] = until

    def _refresh_for_ever(self) -> None:
        while not self._stop.wait(REFRESH_SECONDS):
            try:
                self.refresh()
            except SQLAlchemyError as error:
                log.warning("tokens_not_refreshed", error=str(error))


def _plain(token: str) -> str:
    return token.replace("-", "").lower() if len(token) == 36 else token
