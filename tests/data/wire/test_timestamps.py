"""Reading times, mending clocks, keeping in range."""

from __future__ import annotations

from typing import Any

import pytest

from northing.data.wire.timestamps import Clock, parse_time
from northing.data.wire.verdicts import Warned
from tests.data.wire.cast import NOON_MS

SECOND = 1000
HOUR = 3600 * SECOND


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-04T12:00:00Z",
        "2025-03-04T12:00:00.000Z",
        "2025-03-04T12:00:00.000000001+00:00",
        "2025-03-04 12:00:00",
        "2025-03-04T13:00:00+01:00",
        "2025-03-04T13:00:00+0100",
        "20250304T120000Z",
        " 2025-03-04T12:00:00Z ",
        "Tue, 04 Mar 2025 12:00:00 GMT",
        "Tue Mar 04 2025 13:00:00 GMT+0100 (Central European Standard Time)",
        "1741089600",
        "1741089600000",
        "1741089600.0",
        1_741_089_600,
        1_741_089_600.0,
        1_741_089_600_000,
        1_741_089_600_000_000,
        1_741_089_600_000_000_000,
    ],
)
def test_reads(text: Any) -> None:
    assert parse_time(text) == NOON_MS


def test_reads_milliseconds_and_leap_seconds() -> None:
    assert parse_time("2025-03-04T12:00:00.123456Z") == NOON_MS + 123
    assert parse_time("1969-12-31T23:59:59.999Z") == -1
    assert parse_time("2016-12-31T23:59:60Z") == parse_time("2016-12-31T23:59:59Z")


@pytest.mark.parametrize(
    "value", ["yesterday", "2025-13-04", "2025-02-30T00:00:00Z", "", "١٢", "nan", "1e999", True, [], {}, 1e300, 10**400]
)
def test_gives_up_on(value: Any) -> None:
    assert parse_time(value) is None


def test_mends_the_senders_clock() -> None:
    # PostHog's own example: now 12:00:00, sent_at 12:00:05, timestamp 11:59:55 -> 11:59:50.
    clock = Clock(NOON_MS, NOON_MS + 5 * SECOND)
    assert clock.place("2025-03-04T11:59:55Z") == (NOON_MS - 10 * SECOND, None)
    assert clock.place("2025-03-04T11:59:55Z", skewed=False) == (NOON_MS - 5 * SECOND, None)


@pytest.mark.parametrize(
    ("value", "offset", "moment", "warning"),
    [
        (None, None, NOON_MS, None),
        ("", None, NOON_MS, None),
        (None, 90_000, NOON_MS - 90_000, None),
        (None, -5, NOON_MS + 5, None),
        (None, "soon", NOON_MS, None),
        (None, 10**18, 0, None),
        ("2025-03-04T10:00:00Z", 90_000, NOON_MS - 2 * HOUR, None),
        ("2025-03-05T11:00:00Z", None, NOON_MS + 23 * HOUR, None),
        ("2025-03-05T11:00:01Z", None, NOON_MS, Warned.TIMESTAMP_IN_FUTURE),
        ("9999-12-31T23:59:59Z", None, NOON_MS, Warned.TIMESTAMP_IN_FUTURE),
        ("1970-01-01T00:00:00Z", None, 0, None),
        ("1969-12-31T23:59:59Z", None, 0, Warned.TIMESTAMP_BEFORE_1970),
        ("0001-01-01T00:00:00Z", None, 0, Warned.TIMESTAMP_BEFORE_1970),
        ("0001-01-01T00:00:00+14:00", None, 0, Warned.TIMESTAMP_BEFORE_1970),
        ("9999-12-31T23:59:59-14:00", None, NOON_MS, Warned.TIMESTAMP_IN_FUTURE),
        ("soon", None, NOON_MS, Warned.TIMESTAMP_UNREADABLE),
        ({}, None, NOON_MS, Warned.TIMESTAMP_UNREADABLE),
    ],
)
def test_places(value: Any, offset: Any, moment: int, warning: Warned | None) -> None:
    assert Clock(NOON_MS).place(value, offset) == (moment, warning)
