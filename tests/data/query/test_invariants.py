"""The same question asked of several kinds has one answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query.activity_reference import Life, lives
from tests.data.query.world import World
from tests.support.engine import next_project_id

FILTERS: tuple[list[Any], ...] = (
    [],
    [{"property": "plan", "value": "x"}],
    [{"property": "n", "operator": "gt", "value": 1}],
)


@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
def test_kinds_agree_on_how_many_people(engine: Store, event_store: LocalStore, interval: str) -> None:
    @settings(max_examples=8, deadline=None)
    @given(lives(interval), st.sampled_from(FILTERS))
    def check(life: Life, filters: list[Any]) -> None:
        world = life.build(World(engine, event_store, next_project_id()))
        assert len(set(how_many(world, life, filters).values())) == 1

    check()


def how_many(world: World, life: Life, filters: list[Any]) -> dict[str, int]:
    """How many people did `a` in the range, by each kind that can tell."""

    def ask(kind: str, **more: Any) -> Any:
        return world.ask(life.body(kind, filters=filters, **more), **life.clock()).result

    trends = {"series": [{"event": "a", "math": "unique"}]}
    named = [row["users"] for row in ask("top_events") if row["event"] == "a"]
    return {
        "trends": ask("trends", **trends)["series"][0]["total"],
        "people of trends": len(world.people(life.body("trends", filters=filters, **trends), {}, **life.clock())),
        "ordered funnel": ask("funnel", steps=["a", "b"])["steps"][0]["count"],
        "strict funnel": ask("funnel", steps=["a", "b"], order="strict")["steps"][0]["count"],
        "conversion": ask("conversion", start_event="a", end_event="b")["started"],
        "stickiness": sum(ask("stickiness", event="a")["series"][0]["data"]),
        "top events": named[0] if named else 0,
    }


@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
def test_kinds_agree_on_how_many_people_in_each_period(engine: Store, event_store: LocalStore, interval: str) -> None:
    @settings(max_examples=6, deadline=None)
    @given(lives(interval), st.sampled_from(FILTERS))
    def check(life: Life, filters: list[Any]) -> None:
        world = life.build(World(engine, event_store, next_project_id()))
        body = life.body("growth_accounting", event="a", filters=filters)
        growth = world.ask(body, **life.clock())
        assert growth.date_from
        assert growth.date_to
        # Whole periods are read, so the others are asked for those.
        dates = {"date_from": growth.date_from.isoformat(), "date_to": growth.date_to.isoformat(), "filters": filters}
        unique = world.trends([{"event": "a", "math": "unique"}], interval=interval, **dates, **life.clock())
        retention = {"kind": "retention", "period": interval, "target": {"event": "a"}, **dates}
        sizes = [cohort["size"] for cohort in world.ask(retention, **life.clock()).result["cohorts"]]
        assert unique["series"][0]["data"] == growth.result["series"][0]["data"] == sizes

    check()
