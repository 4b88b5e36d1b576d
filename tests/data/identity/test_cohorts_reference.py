"""Random definitions over random small worlds, against a plain reading of what the criteria mean."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.identity.test_cohorts import NOW, members
from tests.support.engine import next_project_id
from tests.support.people import Shop

PEOPLE = range(1, 7)
EVENTS = ("a", "b")
Happened = list[tuple[int, str, datetime]]

moments = st.integers(0, 8 * 24).map(lambda hours: datetime(2026, 3, 10, 23, tzinfo=UTC) - timedelta(hours=hours))
worlds = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(EVENTS), moments), max_size=25)
merges = st.sampled_from([{}, {2: 1}, {2: 1, 5: 6}])
days = st.integers(1, 8)
names = st.sampled_from(EVENTS)
counts = st.tuples(st.sampled_from(["gte", "lte", "exact"]), st.integers(1, 3))
leaves = st.one_of(
    st.builds(
        lambda e, d, c: {"type": "behaviour", "event": e, "days": d, "count": {"operator": c[0], "value": c[1]}},
        names, days, counts,
    ),
    st.builds(lambda e, d: {"type": "first_time", "event": e, "days": d}, names, days),
    st.builds(lambda e, d: {"type": "not_done", "event": e, "days": d}, names, days),
    st.builds(lambda e, d, m: {"type": "stopped", "event": e, "days": d, "before_days": d + m}, names, days, days),
    st.builds(
        lambda steps, d, w: {
            "type": "sequence", "events": [{"event": e} for e in steps], "days": d,
            "within": {"value": w, "unit": "hour"},
        },
        st.lists(names, min_size=2, max_size=3), days, st.integers(1, 60),
    ),
)  # fmt: skip
definitions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda m: {"and": m}),
        st.lists(inner, min_size=1, max_size=3).map(lambda m: {"or": m}),
        inner.map(lambda m: {"not": m}),
    ),
    max_leaves=4,
)


def reference(rule: dict[str, Any], happened: Happened, everyone: set[int], zone: ZoneInfo) -> set[int]:
    """Who meets a definition."""
    if "and" in rule or "or" in rule:
        found = [reference(member, happened, everyone, zone) for member in rule.get("and") or rule["or"]]
        return set.intersection(*found) if "and" in rule else set.union(*found)
    if "not" in rule:
        return everyone - reference(rule["not"], happened, everyone, zone)
    return {person for person in everyone if meets(rule, [h for h in happened if h[0] == person], zone)}


def meets(rule: dict[str, Any], mine: Happened, zone: ZoneInfo) -> bool:
    today = NOW.astimezone(zone).date()

    def ages(event: str) -> list[int]:
        """Of each such event, how many days ago it was; 0 is today."""
        found = [(today - at.astimezone(zone).date()).days for _, name, at in mine if name == event]
        return [age for age in found if age >= 0]

    match rule["type"]:
        case "behaviour":
            times, asked = sum(age < rule["days"] for age in ages(rule["event"])), int(rule["count"]["value"])
            return bool(
                {"gte": times >= asked, "lte": times <= asked, "exact": times == asked}[rule["count"]["operator"]]
            )
        case "first_time":
            return 0 <= max(ages(rule["event"]), default=-1) < int(rule["days"])
        case "not_done":
            return all(age >= rule["days"] for age in ages(rule["event"]))
        case "stopped":
            recent = [age for age in ages(rule["event"]) if age < rule["before_days"]]
            return bool(recent) and min(recent) >= int(rule["days"])
    return has_sequence(
        rule, [(at, e) for _, e, at in mine if 0 <= (today - at.astimezone(zone).date()).days < rule["days"]]
    )


def has_sequence(rule: dict[str, Any], mine: list[tuple[datetime, str]]) -> bool:
    """Different events, each at or after the one before it, the last within the time of the first."""
    steps, within = [step["event"] for step in rule["events"]], timedelta(hours=rule["within"]["value"])
    for chosen in itertools.permutations(mine, len(steps)):
        times = [at for at, _ in chosen]
        if [event for _, event in chosen] == steps and times == sorted(times) and times[-1] - times[0] <= within:
            return True
    return False


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=worlds, merged=merges, rule=definitions)
def test_definitions_mean_what_they_say(
    engine: Store, event_store: LocalStore, zone: str, happened: Happened, merged: dict[int, int], rule: dict[str, Any]
) -> None:
    shop = Shop(engine, event_store, next_project_id())
    shop.add_people([(n, f"d{n}", {"n": n} if n % 2 else None) for n in PEOPLE])
    shop.add_all({"event": event, "timestamp": at, "person": person} for person, event, at in happened)
    for person, into in merged.items():
        shop.merge(person, into=into)
    theirs = [(merged.get(person, person), event, at) for person, event, at in happened]
    everyone = {merged.get(person, person) for person in PEOPLE}
    assert set(members(shop, rule, zone)) == reference(rule, theirs, everyone, ZoneInfo(zone))
