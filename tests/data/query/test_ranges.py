"""Dates: relative and absolute, in the zone, on days of every length."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from northing.data.query.ranges import Range, is_zone, previous_range, read_range, start_of_day
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Scope

NOW = datetime(2026, 3, 31, 13, 27, 5, tzinfo=UTC)


def span(now: datetime = NOW, zone: str = "UTC", interval: Any = "day", **body: str) -> tuple[str, str]:
    notes = Notes()
    found = read_range(Reader(body, "", notes), Scope(1, zone, "sunday", now), interval, earliest=None)
    notes.raise_if_any()
    return found.start.isoformat(), found.end.isoformat()


def test_default_is_seven_days_and_today() -> None:
    assert span() == ("2026-03-24T00:00:00+00:00", "2026-04-01T00:00:00+00:00")


def test_relative_hours_are_exact_and_end_with_the_running_hour() -> None:
    found = span(interval="hour", date_from="-24h")
    assert found == ("2026-03-30T13:27:05+00:00", "2026-03-31T14:00:00+00:00")


def test_running_minute_ends_the_default_range() -> None:
    assert span(interval="minute", date_from="-1h")[1] == "2026-03-31T13:28:00+00:00"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("-1w", "2026-03-24"),
        ("-1m", "2026-02-28"),
        ("-3m", "2025-12-31"),
        ("-1y", "2025-03-31"),
        ("2026-01-02", "2026-01-02"),
    ],
)
def test_start_of_a_day(text: str, start: str) -> None:
    assert span(date_from=text)[0] == f"{start}T00:00:00+00:00"


def test_a_date_at_the_end_means_its_whole_day() -> None:
    assert span(date_from="2026-01-01", date_to="2026-01-07")[1] == "2026-01-08T00:00:00+00:00"


@pytest.mark.parametrize("text", ["2026-01-07T23:59:59Z", "2026-01-07T23:59:59.999Z", "2026-01-08T00:00:00Z"])
def test_times_at_the_end_of_a_day_are_the_same_end(text: str) -> None:
    assert span(date_from="2026-01-01", date_to=text)[1] == "2026-01-08T00:00:00+00:00"


def test_dates_are_days_of_the_zone() -> None:
    found = span(zone="Asia/Kolkata", date_from="2026-01-01", date_to="2026-01-01")
    assert found == ("2026-01-01T00:00:00+05:30", "2026-01-02T00:00:00+05:30")


def test_a_skipped_midnight_begins_after_the_gap() -> None:
    day = start_of_day(datetime(2018, 11, 4, tzinfo=UTC).date(), ZoneInfo("America/Sao_Paulo"))
    assert day.isoformat() == "2018-11-04T01:00:00-02:00"


@pytest.mark.parametrize(
    "text", ["yesterday", "-7x", "2026-13-01", "7d", "-99999y", "2026-02-30", "0001-01-01", "9999-12-31"]
)
def test_bad_dates_are_refused_by_name(text: str) -> None:
    with pytest.raises(Exception, match="date_from"):
        span(date_from=text)


def test_days_before_a_skipped_midnight_are_counted_from_the_last_one() -> None:
    now = datetime(2026, 9, 5, 16, tzinfo=UTC)
    found = span(now, zone="America/Santiago")
    assert found == ("2026-08-29T00:00:00-04:00", "2026-09-06T01:00:00-03:00")


def test_an_hour_that_comes_twice_has_a_start_and_an_end() -> None:
    found = span(zone="Europe/Berlin", date_from="2026-10-25T00:30:00Z", date_to="2026-10-25T01:15:00Z")
    assert found == ("2026-10-25T02:30:00+02:00", "2026-10-25T02:15:00+01:00")
    found = span(zone="Europe/Berlin", date_from="2026-10-25", date_to="2026-10-25T00:59:59Z")
    assert found[1] == "2026-10-25T02:00:00+01:00"


def test_start_after_end_is_refused() -> None:
    with pytest.raises(Exception, match="must be before date_to"):
        span(date_from="2026-02-01", date_to="2026-01-01")


def test_zone_names_cannot_be_paths() -> None:
    assert is_zone("Australia/Lord_Howe")
    assert not any(map(is_zone, ("../etc/passwd", "/etc/passwd", "Europe/", "", "Nowhere/Land", "UTC\0")))


def test_previous_period_counts_local_days_over_daylight_saving() -> None:
    zone = ZoneInfo("Europe/Berlin")
    current = Range(datetime(2026, 3, 28, tzinfo=zone), datetime(2026, 4, 4, tzinfo=zone))
    assert previous_range(current, "day", zone).start.isoformat() == "2026-03-21T00:00:00+01:00"


def test_previous_period_of_hours_is_as_long_over_daylight_saving() -> None:
    zone = ZoneInfo("Europe/Berlin")
    current = Range(datetime(2026, 3, 29, 10, tzinfo=zone), datetime(2026, 3, 30, 10, tzinfo=zone))
    assert previous_range(current, "hour", zone).start.isoformat() == "2026-03-28T09:00:00+01:00"


def test_previous_period_of_whole_months_is_months() -> None:
    current = Range(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert previous_range(current, "month", UTC).start == datetime(2026, 2, 1, tzinfo=UTC)


def test_without_a_start_the_range_is_of_the_days_before_its_end() -> None:
    assert span(date_to="2019-11-30") == ("2019-11-23T00:00:00+00:00", "2019-12-01T00:00:00+00:00")
