from __future__ import annotations

import pytest

from northing.kernel.problems import Problem
from northing.server.http.limits import KEYS_KEPT, RateLimiter
from northing.server.http.paging import cut_page, decode_cursor, encode_cursor


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_limit_holds_per_key_and_window() -> None:
    ticks = Ticks()
    limiter = RateLimiter(2, 10, monotonic=ticks)
    limiter.check("a")
    limiter.check("a")
    limiter.check("b")
    with pytest.raises(Problem) as caught:
        limiter.check("a")
    assert (caught.value.status, caught.value.headers) == (429, {"Retry-After": "10"})
    ticks.now += 10
    limiter.check("a")


def test_a_limiter_takes_bounded_memory() -> None:
    limiter = RateLimiter(1, 10, monotonic=Ticks())
    for number in range(KEYS_KEPT * 2):
        limiter.check(str(number))
    assert len(limiter._windows) <= KEYS_KEPT


def test_a_cursor_comes_back_as_it_went() -> None:
    assert decode_cursor(encode_cursor(7, "ü"), int, str) == (7, "ü")
    with pytest.raises(Problem):
        decode_cursor(encode_cursor("7"), int)


def test_the_last_page_has_no_cursor() -> None:
    assert cut_page([1, 2, 3], 2, place=lambda row: row) == ([1, 2], encode_cursor(2))
    assert cut_page([1, 2], 2, place=lambda row: row) == ([1, 2], None)
