"""Answers from sums of activity are those from the events, however much has been summed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.ingest.activity import sum_up
from northing.data.store import LocalStore, Store
from tests.data.query.world import NOW, World
from tests.support.engine import next_project_id

START = datetime(2019, 12, 20, tzinfo=UTC)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 5), st.integers(0, 15 * 24 * 4)), min_size=1, max_size=30
)
QUESTIONS: dict[str, dict[str, Any]] = {
    "total": {"kind": "trends", "series": [{"event": "a"}]},
    "unique": {"kind": "trends", "series": [{"event": "a", "math": "unique"}], "date_from": "-14d"},
    "several": {
        "kind": "trends", "compare": True, "formula": "A/B",
        "series": [{"event": "a", "math": "unique"}, {"event": None, "math": "unique"}, {"event": "b"}],
    },
    "hours": {"kind": "trends", "series": [{"math": "unique"}, {"event": "c"}], "interval": "hour", "date_from": "-2d"},
    "weeks": {"kind": "trends", "series": [{"math": "unique"}], "interval": "week", "date_from": "-14d"},
    "rolling": {"kind": "trends", "series": [{"event": "a", "math": "weekly_active"}, {"math": "monthly_active"}]},
    "part of an hour": {"kind": "trends", "series": [{}], "date_from": "2020-01-01T10:20:00Z"},
    "active users": {"kind": "active_users", "date_from": "-5d"},
    "top events": {"kind": "top_events"},
    "lifecycle": {"kind": "lifecycle", "date_from": "-7d"},
    "stickiness": {"kind": "stickiness", "event": "a", "date_from": "-7d"},
    "growth": {"kind": "growth_accounting", "interval": "week", "date_from": "-14d"},
    "retention": {"kind": "retention", "target": {"event": "a"}, "returning": {"event": None}, "intervals": 5},
}  # fmt: skip
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata")


def fill(world: World, events: list[tuple[str, int, int]], batch: int) -> None:
    for number, (event, person, quarters) in enumerate(events):
        at = START + timedelta(minutes=15 * quarters)
        world.add(event, at, person, batch=batch + number)


@pytest.mark.both_stores
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=EVENTS, share=st.sampled_from([0.0, 0.5, 1.0]))
def test_sums_change_no_answer(
    engine: Store, event_store: LocalStore, *, name: str, zone: str, events: list[tuple[str, int, int]], share: float
) -> None:
    world = World(engine, event_store, next_project_id())
    first = int(engine.query("SELECT max(upto) FROM activity").rows[0][0]) + 1
    fill(world, events, first)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("lifecycle_activity", "trends_sums", "trends_special", "top_events", "active_users"):
            patch.setattr(f"northing.data.query.{module}.is_hourly", lambda *_: False)
        expected = world.ask(QUESTIONS[name], now=NOW, zone=zone).result
    if share:
        assert sum_up(engine, first + round(share * (len(events) - 1)), least=1) > 0
    assert world.ask(QUESTIONS[name], now=NOW, zone=zone).result == expected
