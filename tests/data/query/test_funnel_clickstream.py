"""Funnels over a real shop's clickstream, whose answers are known."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from northing.data.store import LocalStore, Store
from tests.data.query import funnel_reference as reference
from tests.data.query.funnel_reference import Event, Question, Step
from tests.data.query.world import World
from tests.support.engine import next_project_id
from tests.support.shared import shared_path

STEPS = ("catalog", "add_to_cart", "purchase")
START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(engine: Store, event_store: LocalStore) -> World:
    world = World(engine, event_store, next_project_id())
    with gzip.open(shared_path("data/ecom_clickstream/ecom.csv.gz"), "rt") as file:
        rows = list(csv.DictReader(file))
    sessions = {name: i for i, name in enumerate(dict.fromkeys(row["session_id"] for row in rows), start=1)}
    world.add_all(
        {
            "event": row["event"],
            "timestamp": row["timestamp"],
            "person": int(row["user_id"].removeprefix("user_")) + 1,
            "session": sessions[row["session_id"]],
            "properties": {"platform": row["platform"]},
        }
        for row in rows
    )
    return world


def ask(world: World, **more: Any) -> Any:
    body = {"kind": "funnel", "steps": list(STEPS), "date_from": "2020-01-01", "date_to": "2026-01-01", **more}
    return world.ask(body, now=datetime(2026, 1, 2, tzinfo=UTC)).result


def counts(steps: Any) -> list[int]:
    return [step["count"] for step in steps]


def test_people_and_sessions(shop: World) -> None:
    year = {"value": 400, "unit": "day"}
    assert counts(ask(shop, window=year)["steps"]) == [600, 511, 285]
    assert counts(ask(shop, window=year, aggregate_by="session")["steps"]) == [2837, 819, 213]


@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_equals_the_reference(shop: World, order: str) -> None:
    columns = "event, toUnixTimestamp64Milli(timestamp), person"
    rows = shop.engine.query(f"SELECT {columns} FROM events WHERE project_id = {shop.project_id}").rows
    base = round(START.timestamp() * 1000)
    events = [Event(event, at - base, person) for event, at, person in rows]
    asked = Question(tuple(map(Step, STEPS)), order, 14 * reference.DAY)
    found = reference.paths(events, asked).values()
    steps = ask(shop, order=order)["steps"]
    assert counts(steps) == reference.counts(found, asked)
    assert [step["median_seconds"] for step in steps] == reference.medians(found, asked)


def test_lines_add_up(shop: World) -> None:
    result = ask(shop, breakdown=["platform"])
    lines = [counts(line["steps"]) for line in result["breakdowns"]]
    assert [sum(column) for column in zip(*lines, strict=True)] == counts(result["steps"])
