"""The simulation against the truth it states, counted in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from northing.app.demo import Simulation, simulate, truth, world
from northing.app.demo.simulation import first_midnight

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
EVENTS = 200_000
Event = dict[str, Any]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return [event for chunk in simulate(7, NOW, events=EVENTS) for event in chunk]


@pytest.fixture(scope="module")
def stated() -> dict[str, Any]:
    return truth(first_midnight(NOW, 90).date())


def people(events: list[Event], name: str, **wanted: Any) -> set[str]:
    return {
        e["distinct_id"]
        for e in events
        if e["event"] == name and all(e["properties"].get(k) == v for k, v in wanted.items())
    }


def day_of(event: Event) -> str:
    return str(event["timestamp"][:10])


def near(found: int, total: int, rate: float) -> bool:
    """Within four standard deviations of the rate."""
    deviation: float = (total * rate * (1 - rate)) ** 0.5
    return abs(found - total * rate) <= 4 * deviation


def test_makes_about_as_many_events_as_asked(events: list[Event]) -> None:
    assert abs(len(events) - EVENTS) < EVENTS * 0.1


def test_goes_by_time_and_never_into_the_future(events: list[Event]) -> None:
    times = [e["timestamp"] for e in events]
    assert times == sorted(times)
    assert times[0] >= "2026-08-22T00:00:00"
    assert times[-1] < "2026-11-20T20:00:00"


def test_marks_every_event_as_simulated_and_gives_each_its_own_id(events: list[Event]) -> None:
    assert all(e["properties"]["simulated"] is True for e in events)
    assert len({e["uuid"] for e in events}) == len(events)


def test_the_same_seed_makes_the_same_events_and_another_seed_others() -> None:
    def first(seed: int) -> list[Event]:
        return [e for chunk in simulate(seed, NOW, days=4, events=2000) for e in chunk]

    assert first(7) == first(7)
    assert first(7) != first(8)


def test_any_stretch_is_the_same_whether_made_alone_or_within_a_longer_one() -> None:
    def stretch(since: int, until: int) -> list[tuple[int, Event]]:
        simulation = Simulation(7, NOW.replace(hour=0) - timedelta(days=30), 0.1)
        start = simulation.midnight_ms
        chunks = simulation.chunks(start + since * world.HOUR_MS, start + until * world.HOUR_MS)
        return [timed for chunk in chunks for timed in chunk]

    whole = stretch(0, 20 * 24)
    assert whole == stretch(0, 101) + stretch(101, 350) + stretch(350, 20 * 24)
    assert len(whole) > 1000


def test_channels_sign_up_at_their_rates(events: list[Event], stated: dict[str, Any]) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    signed = people(events, "signup")
    for e in events:
        p = e["properties"]
        if (
            e["event"] == "$pageview"
            and p.get("utm_medium") in ("email", "cpc")
            and "lumen.example/" in p["$current_url"]
        ):
            seen[p["utm_medium"]].add(e["distinct_id"])
    rates = stated["signup_rate_by_channel"]
    assert near(len(seen["email"] & signed), len(seen["email"]), rates["Email"])
    assert near(len(seen["cpc"] & signed), len(seen["cpc"]), rates["Paid search"])


def test_the_release_lifts_activation(events: list[Event], stated: dict[str, Any]) -> None:
    release = stated["release"]
    created = people(events, "create_project")
    last = (date(2026, 11, 20) - timedelta(days=4)).isoformat()  # those who signed up later may still create one
    signups = [(day_of(e), e["distinct_id"]) for e in events if e["event"] == "signup"]
    before = [who for day, who in signups if day < release["day"]]
    since = [who for day, who in signups if release["day"] < day < last]
    assert near(len(created.intersection(before)), len(before), release["create_project_before"])
    assert near(len(created.intersection(since)), len(since), release["create_project_since"])


def test_checkout_fails_on_mobile_while_the_bug_is_there(events: list[Event], stated: dict[str, Any]) -> None:
    bug = stated["mobile_checkout_bug"]

    def rate(device: str, *, in_bug: bool) -> tuple[int, int]:
        days = [e for e in events if (bug["from"] <= day_of(e) <= bug["to"]) is in_bug]
        tried = people(days, "checkout_started", **{"$device_type": device})
        return len(tried & people(days, "upgrade")), len(tried)

    assert near(*rate("Mobile", in_bug=True), bug["works_on_mobile_meanwhile"])
    assert near(*rate("Desktop", in_bug=True), bug["works"])
    assert near(*rate("Mobile", in_bug=False), bug["works"])


def test_one_day_goes_viral(events: list[Event], stated: dict[str, Any]) -> None:
    viral = stated["viral"]
    days = Counter(day_of(e) for e in events if e["properties"].get("$referrer") == viral["referrer"])
    assert days.most_common(1)[0][0] == viral["day"]
    came = {e["distinct_id"] for e in events if e["properties"].get("$referrer") == viral["referrer"]}
    assert near(len(people(events, "signup") & came), len(came), viral["signup_rate"])


def test_weekends_are_quieter_and_the_company_grows(events: list[Event]) -> None:
    days = Counter(day_of(e) for e in events if e["event"] == "feature_used")
    weekend = [n for day, n in days.items() if date.fromisoformat(day).weekday() >= 5]
    week = [n for day, n in days.items() if date.fromisoformat(day).weekday() < 5]
    assert sum(weekend) / len(weekend) < 0.6 * sum(week) / len(week)
    ordered = [n for _, n in sorted(days.items())]
    assert sum(ordered[60:88]) > 1.5 * sum(ordered[:28])


def test_work_is_done_by_day_in_each_country(events: list[Event]) -> None:
    def at_night(country: str, utc_hours: range) -> float:
        hours = [
            int(e["timestamp"][11:13])
            for e in events
            if e["event"] == "feature_used" and e["properties"]["$geoip_country_code"] == country
        ]
        return sum(hour in utc_hours for hour in hours) / len(hours)

    assert at_night("JP", range(16, 21)) < 0.06  # one to five in the morning there
    assert at_night("US", range(7, 11)) < 0.06


def test_people_come_back_ever_less(events: list[Event]) -> None:
    signed = {e["distinct_id"]: date.fromisoformat(day_of(e)) for e in events if e["event"] == "signup"}
    first_month = {who: day for who, day in signed.items() if day <= date(2026, 9, 20)}
    weeks: dict[int, set[str]] = defaultdict(set)
    for e in events:
        if e["distinct_id"] in first_month and e["event"] != "payment":
            weeks[(date.fromisoformat(day_of(e)) - first_month[e["distinct_id"]]).days // 7].add(e["distinct_id"])
    active = [len(weeks[week]) for week in (0, 1, 3, 7)]
    assert active == sorted(active, reverse=True)
    assert active[3] > 0.05 * active[0]


def test_searches_without_results(events: list[Event], stated: dict[str, Any]) -> None:
    results = [e["properties"]["results"] for e in events if e["event"] == "search"]
    assert near(results.count(0), len(results), stated["searches_without_results"])


def test_who_pays_has_upgraded_at_the_price_of_the_plan(events: list[Event], stated: dict[str, Any]) -> None:
    start = stated["start"]
    first = {e["distinct_id"]: e for e in events if e["event"] == "payment" and e["properties"]["first"]}
    assert set(first) == people(events, "upgrade")
    assert all(e["properties"]["amount"] == stated["prices"][e["properties"]["plan"]] for e in first.values())
    assert start == "2026-08-22"


def test_machines_visit_too(events: list[Event]) -> None:
    bots = [e for e in events if "$raw_user_agent" in e["properties"]]
    assert 0.005 < len(bots) / len(events) < 0.05
    assert all(e["event"] == "$pageview" for e in bots)
