"""Reads of the metadata database for an event loop, which must not wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from northing.server.db.base import database_unavailable

THREADS = 4
MOST_WAITING = 32
SECONDS = 5.0

Found = TypeVar("Found")

log = structlog.get_logger(__name__)


class Aside:
    """Threads of its own for short reads: few at a time, and given up after five seconds.

    Of its own, since a database that hangs would fill the loop's common threads, which decode large bodies too.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        self._room = threading.BoundedSemaphore(MOST_WAITING)

    async def run(self, read: Callable[[str], Found], asked: str) -> Found:
        """What `read` gives. Raises 503 where the database fails, takes too long, or too many wait already."""
        if not self._room.acquire(blocking=False):
            raise database_unavailable()
        work = self._threads.submit(read, asked)
        # When the thread is done, not when the caller gives up: what hangs goes on taking room.
        work.add_done_callback(lambda _: self._room.release())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(work), SECONDS)
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("not_read", error=str(error) or "no answer in time")
            raise database_unavailable() from None
