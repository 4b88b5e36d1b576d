"""A small cache of bytes: Redis where one is configured, else this process's memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import structlog

if TYPE_CHECKING:
    from redis.asyncio import Redis

MEMORY_BYTES = 64 << 20
_REDIS_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Cache(Protocol):
    """Values that may vanish at any time; a cache that fails is a cache that misses."""

    async def get(self, key: str) -> bytes | None:
        """The value, or None."""
        ...

    async def set(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep the value for at most that long."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the value."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class MemoryCache:
    """Least recently used goes first once keys and values exceed `max_bytes`."""

    def __init__(self, *, max_bytes: int = MEMORY_BYTES, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes = max_bytes
        self._monotonic = monotonic
        self._values: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0

    async def get(self, key: str) -> bytes | None:
        """The value, or None."""
        until, value = self._values.get(key, (0.0, b""))
        if until <= self._monotonic():
            self._forget(key)
            return None
        self._values.move_to_end(key)
        return value

    async def set(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep the value for at most that long; one larger than the whole cache is not kept."""
        self._forget(key)
        if seconds <= 0 or _size(key, value) > self._max_bytes:
            return
        self._values[key] = (self._monotonic() + seconds, value)
        self._bytes += _size(key, value)
        while self._bytes > self._max_bytes:
            self._forget(next(iter(self._values)))

    async def delete(self, key: str) -> None:
        """Forget the value."""
        self._forget(key)

    async def close(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._bytes = 0

    def _forget(self, key: str) -> None:
        gone = self._values.pop(key, None)
        if gone is not None:
            self._bytes -= _size(key, gone[1])


class RedisCache:
    """Shared by all processes. Redis away: every read misses, with one log line each, and nothing fails.

    Keys begin with the name of the installation: several may share a Redis, and their projects have the same numbers.
    """

    def __init__(self, client: Redis, instance: str) -> None:
        self._client = client
        self._prefix = f"northing:{instance}:"

    async def get(self, key: str) -> bytes | None:
        """The value, or None."""
        from redis.exceptions import RedisError

        try:
            value = await self._client.get(self._prefix + key)
        except (RedisError, OSError) as error:
            log.warning("cache_unavailable", error=str(error))
            return None
        return value if isinstance(value, bytes) else None

    async def set(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep the value for at most that long."""
        from redis.exceptions import RedisError

        if seconds <= 0:
            return await self.delete(key)
        try:
            await self._client.set(self._prefix + key, value, px=max(1, round(seconds * 1000)))
        except (RedisError, OSError) as error:
            log.warning("cache_unavailable", error=str(error))

    async def delete(self, key: str) -> None:
        """Forget the value."""
        from redis.exceptions import RedisError

        try:
            await self._client.delete(self._prefix + key)
        except (RedisError, OSError) as error:
            log.warning("cache_unavailable", error=str(error))

    async def close(self) -> None:
        """Give back connections."""
        await self._client.aclose()


def open_cache(redis_url: str, *, instance: Callable[[], str]) -> Cache:
    """Redis by URL (needs the extra `northing[redis]`), or memory without one. Connects at first use.

    `instance` tells the installation's name and is asked only where there is a Redis.
    """
    if not redis_url:
        return MemoryCache()
    from redis.asyncio import Redis

    client = Redis.from_url(redis_url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS)
    return RedisCache(client, instance())


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value) + 200
