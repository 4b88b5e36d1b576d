"""Buckets on days of 23, 24, 23.5 and 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from northing.data.query.buckets import first_incomplete, make_buckets
from northing.data.query.ranges import Range
from northing.data.query.scope import Scope
from northing.kernel.problems import Problem


def labels(zone: str, interval: Any, start: str, end: str, week: Any = "sunday") -> list[str]:
    tz = ZoneInfo(zone)
    span = Range(datetime.fromisoformat(start).replace(tzinfo=tz), datetime.fromisoformat(end).replace(tzinfo=tz))
    return [s.isoformat() for s in make_buckets(span, interval, Scope(1, zone, week, span.end)).starts]


def test_spring_forward_has_23_hours() -> None:
    found = labels("Europe/Berlin", "hour", "2026-03-29", "2026-03-30")
    assert len(found) == 23
    assert found[1:3] == ["2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"]


def test_fall_back_has_25_hours_with_the_doubled_one_twice() -> None:
    found = labels("America/New_York", "hour", "2026-11-01", "2026-11-02")
    assert len(found) == 25
    assert found[1:3] == ["2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00"]


def test_half_hour_change_starts_a_bucket_of_its_own() -> None:
    found = labels("Australia/Lord_Howe", "hour", "2026-04-05T00:00", "2026-04-05T04:00")
    assert found == [
        "2026-04-05T00:00:00+11:00",
        "2026-04-05T01:00:00+11:00",
        "2026-04-05T01:30:00+10:30",
        "2026-04-05T02:00:00+10:30",
        "2026-04-05T03:00:00+10:30",
    ]


def test_half_hour_zones_begin_their_hours_on_the_half_hour_of_utc() -> None:
    assert labels("Asia/Kolkata", "hour", "2026-01-01T00:10", "2026-01-01T02:00")[0] == "2026-01-01T00:00:00+05:30"


def test_days_of_the_change_are_one_bucket_each() -> None:
    found = labels("Europe/Berlin", "day", "2026-03-28", "2026-03-31")
    assert found == ["2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"]


def test_a_range_that_ends_with_a_skipped_midnight_has_nothing_of_the_day_after() -> None:
    assert labels("Africa/Cairo", "day", "2026-04-22", "2026-04-24T01:00")[-1] == "2026-04-23T00:00:00+02:00"


@pytest.mark.parametrize(
    ("end", "last"), [("2026-03-29T03:00", "01:00:00+01:00"), ("2026-03-29T04:00", "03:00:00+02:00")]
)
def test_hours_up_to_a_skipped_one(end: str, last: str) -> None:
    assert labels("Europe/Berlin", "hour", "2026-03-29", end)[-1] == f"2026-03-29T{last}"


def test_hours_up_to_the_middle_of_a_doubled_one() -> None:
    zone = ZoneInfo("Europe/Berlin")
    span = Range(*(datetime(2026, 10, day, hour, tzinfo=UTC).astimezone(zone) for day, hour in ((24, 22), (25, 1))))
    assert len(make_buckets(span, "hour", Scope(1, zone.key, "sunday", span.end)).starts) == 3


def test_a_day_that_never_was_has_no_bucket() -> None:
    found = labels("Pacific/Apia", "day", "2011-12-29", "2012-01-01")
    assert found == ["2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00"]


@pytest.mark.parametrize(("week", "first"), [("sunday", "2026-01-04"), ("monday", "2026-01-05")])
def test_weeks_begin_as_the_project_says(week: str, first: str) -> None:
    assert labels("UTC", "week", "2026-01-07", "2026-01-20", week)[0] == f"{first}T00:00:00+00:00"


def test_months() -> None:
    assert len(labels("UTC", "month", "2025-11-30", "2026-02-01")) == 3


def test_buckets_are_sorted_and_different_over_a_year_of_hours() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    for month in range(1, 12):
        span = Range(datetime(2026, month, 1, tzinfo=zone), datetime(2026, month + 1, 1, tzinfo=zone))
        keys = make_buckets(span, "hour", Scope(1, zone.key, "sunday", span.end)).keys
        assert all(a < b for a, b in pairwise(keys))


def test_too_many_buckets_say_what_to_do() -> None:
    with pytest.raises(Problem) as caught:
        labels("UTC", "minute", "2026-01-01", "2026-01-05")
    assert caught.value.hint == "Choose interval hour, or a shorter range."
    assert caught.value.errors[0].path == "interval"


def test_first_incomplete_is_the_bucket_of_now() -> None:
    span = Range(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC))
    buckets = make_buckets(span, "day", Scope(1, "UTC", "sunday", span.end))
    assert first_incomplete(buckets, span.end, datetime(2026, 1, 3, 12, tzinfo=UTC)) == 2
    assert first_incomplete(buckets, span.end, datetime(2026, 2, 1, tzinfo=UTC)) is None
