"""Answers from sums of activity are those from the events, however much has been summed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.ingest import activity
from northing.data.ingest.activity import sum_up
from northing.data.store import LocalStore, QueryResult, Store
from tests.data.query.world import NOW, World
from tests.support.engine import next_project_id

START = datetime(2019, 12, 20, tzinfo=UTC)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "$pageview"]), st.integers(1, 5), st.integers(0, 15 * 24 * 4)),
    min_size=1,
    max_size=30,
)
QUESTIONS: dict[str, dict[str, Any]] = {
    "total": {"kind": "trends", "series": [{"event": "a"}]},
    "overview": {
        "kind": "trends", "compare": True,
        "series": [{"math": "unique"}, {}, {"event": "a"}, {"math": "sessions"}, {"event": "a", "math": "sessions"}],
    },
    "sessions": {"kind": "trends", "series": [{"math": "sessions"}], "interval": "hour", "date_from": "-2d"},
    "countries": {"kind": "trends", "series": [{"math": "unique"}, {}], "breakdown": "$geoip_country_code"},
    "pages": {
        "kind": "trends", "series": [{"event": "$pageview", "math": "unique"}], "breakdown": "$pathname",
        "breakdown_limit": 2, "interval": "month", "date_from": "-14d",
    },
    "browsers compared": {
        "kind": "trends", "series": [{"math": "unique"}], "breakdown": "$browser", "breakdown_limit": 1,
        "compare": {"to": "-1w"},
    },
    "browsers of days apart": {
        "kind": "trends", "series": [{"math": "unique"}, {}], "breakdown": "$browser", "date_from": "-1d",
        "compare": {"to": "-6d"},
    },
    "unique": {"kind": "trends", "series": [{"event": "a", "math": "unique"}], "date_from": "-14d"},
    "several": {
        "kind": "trends", "compare": True, "formula": "A/B",
        "series": [{"event": "a", "math": "unique"}, {"event": None, "math": "unique"}, {"event": "b"}],
    },
    "hours": {
        "kind": "trends", "series": [{"math": "unique"}, {"event": "$pageview"}], "interval": "hour",
        "date_from": "-2d",
    },
    "weeks": {"kind": "trends", "series": [{"math": "unique"}], "interval": "week", "date_from": "-14d"},
    "rolling": {"kind": "trends", "series": [{"event": "a", "math": "weekly_active"}, {"math": "monthly_active"}]},
    "part of a day": {
        "kind": "trends", "series": [{"math": "unique"}], "breakdown": "$browser", "interval": "month",
        "date_from": "2019-12-28T10:00:00Z", "compare": True,
    },
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
        shown = {"path": f"/{quarters % 4}", "country": ("", "DE", "FR")[person % 3], "browser": "AB"[quarters % 2]}
        world.add(event, at, person, batch=batch + number, session=quarters // 8 * (person % 4), **shown)


@pytest.mark.both_stores
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=EVENTS, share=st.sampled_from([0.0, 0.5, 1.0]), merges=st.sampled_from([{}, {5: 1, 4: 2}]))
def test_sums_change_no_answer(
    engine: Store, event_store: LocalStore, *, name: str, zone: str, events: list[Any], share: float, merges: Any
) -> None:
    world = World(engine, event_store, next_project_id())
    first = int(engine.query("SELECT max(upto) FROM activity").rows[0][0]) + 1
    fill(world, events, first)
    for person, into in merges.items():
        world.merge(person, into=into)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("lifecycle_activity", "trends_sums", "trends_special", "top_events", "active_users"):
            patch.setattr(f"northing.data.query.{module}.is_hourly", lambda *_: False)
        expected = world.ask(QUESTIONS[name], now=NOW, zone=zone).result
    if share:
        assert sum_up(engine, first + round(share * (len(events) - 1)), least=1) > 0
    assert world.ask(QUESTIONS[name], now=NOW, zone=zone).result == expected


BY_PATH = {"kind": "trends", "series": [{"event": "$pageview"}], "breakdown": "$pathname"}


def tables_read(world: World, body: dict[str, Any]) -> str:
    """All statements of an answer."""
    asked: list[str] = []

    class Listener:
        async def query(self, sql: str, params: Any) -> QueryResult:
            asked.append(sql)
            return await world.store.query(sql, params)

    replace(world, store=Listener()).ask(body)  # type: ignore[arg-type]
    return "\n".join(asked)


@pytest.mark.parametrize(
    ("body", "dimension"),
    [
        (BY_PATH, "path"),
        ({**BY_PATH, "breakdown": "path"}, ""),
        ({**BY_PATH, "series": [{"event": None}]}, ""),
        ({**BY_PATH, "series": [{}], "breakdown": "$browser"}, "browser"),
        ({**BY_PATH, "series": [{"math": "sessions"}], "breakdown": "$browser"}, ""),
        ({**BY_PATH, "breakdown": ["$pathname", "$browser"]}, ""),
        ({**BY_PATH, "filters": [{"property": "plan", "value": "x"}]}, ""),
    ],
)
def test_which_breakdowns_are_answered_from_sums(world: World, body: dict[str, Any], dimension: str) -> None:
    assert (f".dimension = '{dimension}'" in tables_read(world, body)) == bool(dimension)
    assert ("FROM activity" in tables_read(world, body)) == bool(dimension)


def test_a_column_of_too_many_values_is_read_from_the_events(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST_VALUES", 2)
    first = int(world.engine.query("SELECT max(upto) FROM activity").rows[0][0]) + 1
    for i in range(6):
        world.add("$pageview", "2020-01-02 10:00:00", i + 1, path=f"/{i % 3}", browser="A", batch=first)
    expected = world.ask(BY_PATH).result
    assert sum_up(world.engine, first, least=1) > 0
    own = {"project": world.project_id}
    kept = "SELECT dimension, value, events FROM activity WHERE project_id = {project:UInt32} AND hours = 1 "
    rows = world.engine.query(kept + "AND dimension IN ('path', 'browser') ORDER BY dimension", own).rows
    assert rows == [["browser", "A", 6], ["path", "", 0]]
    assert world.ask(BY_PATH).result == expected
    assert "FROM events" in tables_read(world, BY_PATH)


def test_a_column_that_turns_crowded_while_it_is_asked_of_is_read_from_the_events(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "MOST_VALUES", 2)
    first = int(world.engine.query("SELECT max(upto) FROM activity").rows[0][0]) + 1
    for i in range(6):
        world.add("$pageview", "2020-01-02 10:00:00", i + 1, path=f"/{i % 3}", batch=first + i % 2)
    expected = world.ask(BY_PATH).result

    class Hurried:
        """Sums up just after it was asked whether the column is crowded."""

        async def query(self, sql: str, params: Any) -> QueryResult:
            found = await world.store.query(sql, params)
            if "SELECT 1 FROM activity" in sql:
                assert sum_up(world.engine, first + 1, least=1) > 0
            return found

    assert replace(world, store=Hurried()).ask(BY_PATH).result == expected  # type: ignore[arg-type]


def test_a_breakdown_compared_with_parts_of_hours_is_read_from_the_events(world: World) -> None:
    first = int(world.engine.query("SELECT max(upto) FROM activity").rows[0][0]) + 1
    for at in ("2019-12-31 11:10:00", "2019-12-31 11:50:00", "2020-01-02 10:00:00"):
        world.add("a", at, browser="A", batch=first)
    sum_up(world.engine, first, least=1)
    body = {"kind": "trends", "series": [{}], "breakdown": "$browser", "date_from": "2020-01-01T12:00:00Z"}
    (series,) = world.ask({**body, "compare": {"to": "-1470min"}}).result["series"]
    assert (series["total"], series["previous_total"]) == (1, 2)


def test_days_that_are_not_compared_are_not_counted(world: World) -> None:
    first = int(world.engine.query("SELECT max(upto) FROM activity").rows[0][0]) + 1
    for at in ("2019-12-28 22:30:00", "2019-12-28 23:30:00", "2020-01-02 10:00:00"):
        world.add("a", at, browser="A", batch=first)
    sum_up(world.engine, first, least=1)
    body = {"kind": "trends", "series": [{}], "breakdown": "$browser", "date_from": "-2d", "compare": {"to": "-7d"}}
    (series,) = world.ask(body, zone="Europe/Berlin").result["series"]
    assert (series["total"], series["previous"], series["previous_total"]) == (1, [0, 0, 1], 1)
