"""The same tests on memory and on a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from northing.server.cache import Cache, MemoryCache, open_cache


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("there is no redis-server on this machine (apt-get install redis-server)")
    path = tmp_path_factory.mktemp("redis") / "redis.sock"
    command = [binary, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(path.parent)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _wait_for(path)
    yield f"unix://{path}"
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "memory" else str(request.getfixturevalue("redis_url"))


def run(url: str, test: Callable[[Cache], Awaitable[None]]) -> None:
    async def in_loop() -> None:
        async with opened(url) as cache:
            await test(cache)

    asyncio.run(in_loop())


@asynccontextmanager
async def opened(url: str, instance: str = "one") -> AsyncIterator[Cache]:
    cache = open_cache(url, instance=lambda: instance)
    yield cache
    await cache.close()


def test_a_value_comes_back_until_it_is_deleted(url: str) -> None:
    async def check(cache: Cache) -> None:
        assert await cache.get("a") is None
        await cache.set("a", b"\x00one", seconds=60)
        assert await cache.get("a") == b"\x00one"
        await cache.set("a", b"two", seconds=60)
        assert await cache.get("a") == b"two"
        await cache.delete("a")
        assert await cache.get("a") is None

    run(url, check)


def test_a_value_goes_when_its_time_is_up(url: str) -> None:
    async def check(cache: Cache) -> None:
        await cache.set("b", b"one", seconds=1)
        assert await cache.get("b") == b"one"
        await asyncio.sleep(1.1)
        assert await cache.get("b") is None

    run(url, check)


def test_no_time_at_all_keeps_nothing(url: str) -> None:
    async def check(cache: Cache) -> None:
        await cache.set("c", b"one", seconds=60)
        await cache.set("c", b"two", seconds=0)
        assert await cache.get("c") is None

    run(url, check)


def test_two_installations_on_one_redis_do_not_see_each_others_values(redis_url: str) -> None:
    async def check() -> None:
        async with opened(redis_url, "one") as one, opened(redis_url, "two") as two, opened(redis_url, "one") as again:
            await one.set("answer", b"of one", seconds=60)
            assert await two.get("answer") is None
            await two.delete("answer")
            assert await again.get("answer") == b"of one"

    asyncio.run(check())


def test_memory_is_bounded_and_the_least_used_goes_first() -> None:
    async def check() -> None:
        cache = MemoryCache(max_bytes=5_000)
        for name in ("a", "b", "c", "d"):
            await cache.set(name, b"x" * 1_000, seconds=60)
        await cache.get("a")
        await cache.set("e", b"x" * 1_000, seconds=60)
        assert await cache.get("b") is None
        assert await cache.get("a") is not None
        await cache.set("huge", b"x" * 10_000, seconds=60)
        assert await cache.get("huge") is None
        assert await cache.get("e") is not None

    asyncio.run(check())


def test_redis_away_is_a_miss_and_no_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def check(cache: Cache) -> None:
        await cache.set("a", b"one", seconds=60)
        assert await cache.get("a") is None
        await cache.delete("a")

    run(f"redis://127.0.0.1:{port}/0", check)


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until, "redis-server did not start"
        time.sleep(0.02)
