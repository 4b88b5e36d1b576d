"""Expressions of people's are tried on rows of their own project only, in every kind: an error could quote others'."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from northing.data.identity.cohorts import read_definition
from northing.data.identity.cohorts_sql import cohort_people
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Scope
from northing.data.store import QueryResult, Store
from tests.data.query.world import NOW, World

# Fails on a text that is no number, such as the rival's.
PROBE = [{"type": "sql", "value": "toUInt8(distinct_id) = 1"}]
STEPS = [{"event": "a", "filters": PROBE}, {"event": "b"}]
A = {"event": "a", "filters": PROBE}
SPLITS: tuple[Any, ...] = ("x", {"type": "person", "property": "plan"}, {"property": "n", "bins": 2})
MATHS = ("total", "unique", "weekly_active", "first_time_for_user", "first_matching_event", "p90_count_per_actor")
BODIES: list[dict[str, Any]] = [
    *({"kind": "trends", "series": [{**A, "math": math}], "breakdown": split} for math in MATHS for split in SPLITS),
    {"kind": "trends", "series": [{"event": "a", "math": "sql", "math_sql": "sum(toUInt8(distinct_id))"}]},
    *(
        {"kind": "funnel", "steps": STEPS, "view": "correlation", "correlate": what, "event": "a"}
        for what in ("event_properties", "person_properties")
    ),
    {"kind": "trends", "series": [A], "breakdown": {"type": "cohort", "cohorts": [1, "all"]}},
    *(
        {"kind": "funnel", "steps": STEPS, "order": order, "attribution": attribution, "breakdown": "x"}
        for order in ("ordered", "strict", "unordered")
        for attribution in ("first_touch", "last_touch", "all_events", "step")
    ),
    *({"kind": "funnel", "steps": STEPS, "view": view} for view in ("trend", "time_to_convert", "correlation")),
    *({"kind": "retention", "target": A, "returning": A, "mode": m} for m in ("recurring", "first_time", "first_ever")),
    {"kind": "retention", "target": A, "returning": A, "breakdown": "x", "rolling": True},
    {"kind": "paths", "include": ["a", {"sql": "toString(toUInt8(distinct_id))"}]},
    {"kind": "paths", "include": ["a", "b"], "filters": PROBE},
    *({"kind": kind, **A} for kind in ("lifecycle", "growth_accounting", "stickiness", "power_users", "rfm")),
    *({"kind": kind, "filters": PROBE} for kind in ("active_users", "top_events")),
    {"kind": "person_journey", "person": 1, "filters": PROBE, "funnel": {"steps": STEPS}},
    {"kind": "conversion", "start_event": "a", "end_event": "b", "filters": PROBE},
]
POINTS = {"paths": {"source": "1_a", "target": "2_b"}, "trend": {"bucket": "2020-01-02T00:00:00Z"}}
RIVAL = (1 << 32) - 1  # a project of no other test
OWN = re.compile(
    r"__northing\.project_id = \{p0:UInt32\} AND __northing\.timestamp >= fromUnixTimestamp64Milli\(\{p\d+:Int64\}, "
    r"'UTC'\) AND __northing\.timestamp < fromUnixTimestamp64Milli\(\{p\d+:Int64\}, 'UTC'\)(?! AND)"
)


@dataclass
class Listener:
    """A store that remembers what it was asked."""

    store: Any
    asked: list[str]

    async def query(self, sql: str, params: Any) -> QueryResult:
        self.asked.append(sql)
        result: QueryResult = await self.store.query(sql, params)
        return result


@pytest.fixture
def crowded(world: World) -> World:
    """One part of the table holds this project and a rival, whose row the probe cannot read."""
    rows = [("a", "1", world.project_id), ("b", "1", world.project_id), ("a", "rival-secret", RIVAL)]
    world.add_all(
        {"event": event, "timestamp": f"2020-01-02 1{i}:00:00", "person": 1, "distinct_id": who, "project_id": project}
        for i, (event, who, project) in enumerate(rows)
    )
    return world


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body["kind"]))
def test_the_guard_holds_nothing_of_the_callers(crowded: World, body: dict[str, Any]) -> None:
    listener = Listener(crowded.store, [])
    listening = replace(crowded, store=listener)  # type: ignore[arg-type]
    listening.ask({"date_from": "2020-01-01", "date_to": "2020-01-03", **body})
    point = POINTS.get(body.get("view", body["kind"]), {})
    if body["kind"] != "top_events":
        listening.people({"date_from": "2020-01-01", "date_to": "2020-01-03", **body}, point)
    probed = [sql for sql in listener.asked if "toUInt8(" in sql and "distinct_id`)" in sql]
    assert probed
    for sql in probed:
        guards = sql.split("PREWHERE ")[1:]
        assert guards
        assert all(OWN.match(guard) for guard in guards)


def test_neither_do_cohorts_try_them_on_others(crowded: World, engine: Store) -> None:
    crowded.add_distinct_id("1", 1)
    did = {"event": "a", "filters": PROBE}
    criteria = [
        {"type": "behaviour", **did, "count": {"operator": "exact", "value": 1}},
        {"type": "first_time", **did, "days": 30},
        {"not": {"type": "not_done", **did}},
        {"type": "sequence", "events": [did, {"event": "b"}]},
    ]
    scope = Scope(crowded.project_id, "UTC", "sunday", NOW)
    people = cohort_people(read_definition(Reader({"definition": {"and": criteria}}, "", Notes()), scope), scope)
    statement = people.draft.statement(people.sql)
    assert engine.query(statement.sql, statement.params).rows == [[1]]
