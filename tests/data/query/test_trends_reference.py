"""The engine's trends against the reference, on random worlds around every kind of clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query import reference
from tests.data.query.reference import Event, Question
from tests.data.query.world import World
from tests.support.engine import next_project_id

# Zone, and a day on which its clocks change (or none do).
CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Asia/Kolkata", date(2026, 1, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Havana", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("UTC", date(2024, 2, 29)),
)
_values = st.sampled_from([None, "", "a", "b", "c", "d", 1, 2.5, "7", True, "nan", -3])


@st.composite
def worlds(draw: st.DrawFn, zone: str, day: date, interval: str) -> tuple[list[Event], Question]:
    """Up to forty events within three days of a clock change, and a question about them."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    events = draw(st.lists(st.builds(
        Event,
        event=st.sampled_from(["a", "b"]),
        at=st.integers(-3 * 1440, 3 * 1440).map(lambda minutes: noon + timedelta(minutes=minutes)),
        person=st.integers(1, 5),
        session=st.integers(0, 4),
        properties=st.fixed_dictionaries({"n": _values, "plan": _values}),
    ), max_size=40))  # fmt: skip
    # Also ranges that end where the day of the change begins.
    last = day + timedelta(days=draw(st.integers(-1, 3)))
    if zone == "Pacific/Apia" and last == day:
        # A range of nothing but Samoa's missing day is refused.
        last += timedelta(days=1)
    question = Question(
        math=draw(st.sampled_from(["total", "unique", "sessions", "sum", "avg", "min", "max", *reference.LEVELS])),
        interval=interval,
        zone=zone,
        week_start=draw(st.sampled_from(["sunday", "monday"])),
        first=min(last, day - timedelta(days=draw(st.integers(0, 3)))),
        last=last,
        event=draw(st.sampled_from([None, "a"])),
        breakdown=draw(st.sampled_from([None, "plan"])),
        limit=draw(st.integers(1, 4)),
    )
    return events, question


@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_equals_the_reference(engine: Store, event_store: LocalStore, zone: str, day: date, interval: str) -> None:
    @settings(max_examples=4, deadline=None)
    @given(worlds(zone, day, interval))
    def check(world: tuple[list[Event], Question]) -> None:
        assert_equals_the_reference(World(engine, event_store, next_project_id()), *world)

    check()


def assert_equals_the_reference(world: World, events: list[Event], question: Question) -> None:
    """Ask both, and compare every number."""
    make_world(world, events)
    found = shaped(ask(world, question), question)
    expected = reference.answer(events, question)
    assert set(found) == (set(expected) or ({""} if not question.breakdown else set()))
    for label, buckets in expected.items():
        assert found[label] == pytest.approx({k: v for k, v in buckets.items() if v or k == "total"})


def make_world(world: World, events: list[Event]) -> World:
    world.add_all(
        {"event": e.event, "timestamp": e.at, "person": e.person, "session": e.session, "properties": e.properties}
        for e in events
    )
    return world


def ask(world: World, question: Question, **more: Any) -> Any:
    series = [{"event": question.event, "math": question.math, "math_property": "n"}]
    body = {
        "interval": question.interval,
        "date_from": question.first.isoformat(),
        "date_to": question.last.isoformat(),
        "breakdown": [{"property": question.breakdown}] if question.breakdown else None,
        "breakdown_limit": question.limit,
        **more,
    }
    week: Any = question.week_start
    now = datetime(2026, 12, 31, tzinfo=UTC)
    return world.trends(series, zone=question.zone, week=week, now=now, **body)


def shaped(result: Any, question: Question) -> dict[str, dict[str, float]]:
    """As the reference shapes it: what is not nought, and the total."""
    labels = [_label(text, question) for text in result["labels"]]
    assert len(set(labels)) == len(labels)
    return {
        "::".join(series.get("breakdown", [])): {
            **{label: n for label, n in zip(labels, series["data"], strict=True) if n},
            "total": series["total"],
        }
        for series in result["series"]
    }


def _label(text: str, question: Question) -> str:
    moment = datetime.fromisoformat(text).astimezone(ZoneInfo(question.zone))
    return reference.bucket_label(moment, question)


def test_both_plans_of_a_breakdown_agree(engine: Store, event_store: LocalStore) -> None:
    """One pass where all values fit, ranked where they do not: with room for all, the same numbers."""
    world = World(engine, event_store, next_project_id())
    world.add_all(
        {"event": "a", "timestamp": "2026-01-02 10:00:00", "person": i % 7, "properties": {"plan": f"p{i % 5}"}}
        for i in range(40)
    )
    question = Question("unique", "day", "UTC", "sunday", date(2026, 1, 1), date(2026, 1, 3), breakdown="plan", limit=5)
    whole = ask(world, question)["series"]
    ranked = ask(world, question, breakdown_limit=4)["series"]
    assert [s["breakdown"] for s in ranked] == [["p0"], ["p1"], ["p2"], ["p3"], ["Other"]]
    assert [s["data"] for s in ranked[:4]] == [s["data"] for s in whole[:4]]
