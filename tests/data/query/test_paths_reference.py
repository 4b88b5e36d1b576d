"""The engine's paths against the reference, on random worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query import paths_reference as reference
from tests.data.query.paths_reference import Asked, Step
from tests.data.query.world import World
from tests.support.engine import next_project_id

NODES = ("/", "/a", "/b", "/c", "bought")
MERGED = {4: 1}
_noon = datetime(2020, 1, 2, 12, tzinfo=UTC)

# Ties, gaps just under and at half an hour, and several visits.
_steps = st.lists(
    st.builds(
        Step,
        person=st.integers(1, 4),
        at=st.sampled_from([*range(0, 8 * 60, 2), 29 * 60, 30 * 60, 59 * 60, 90 * 60]).map(
            lambda seconds: _noon + timedelta(seconds=seconds)
        ),
        node=st.sampled_from(NODES),
    ),
    max_size=40,
)
_asked = st.builds(
    Asked,
    start=st.sampled_from(["", "", "/", "/a"]),
    end=st.sampled_from(["", "", "/b", "/c"]),
    step_limit=st.integers(3, 6),
    edge_limit=st.sampled_from([2, 5, 50]),
    least=st.sampled_from([0, 0, 2]),
    most=st.sampled_from([1 << 50, 2]),
)


def test_equals_the_reference(engine: Store, event_store: LocalStore) -> None:
    hashes = {name: int(engine.query(f"SELECT toString(cityHash64('{name}'))").rows[0][0]) for name in NODES}

    @settings(max_examples=50, deadline=None)
    @given(_steps, _asked)
    def check(steps: list[Step], asked: Asked) -> None:
        world = World(engine, event_store, next_project_id())
        make_world(world, steps)
        merged = [replace(step, person=MERGED.get(step.person, step.person)) for step in steps]
        expected = reference.answer(merged, asked, hashes.__getitem__)
        assert world.ask(body(asked)).result == expected
        for edge in expected["edges"][:2]:
            point = {"source": edge["source"], "target": edge["target"]}
            walkers = reference.people(merged, asked, hashes.__getitem__)
            assert world.people(body(asked), point) == walkers[edge["source"], edge["target"]]

    check()


def body(asked: Asked) -> dict[str, Any]:
    return {
        "kind": "paths",
        "include": ["$pageview", "custom_event"],
        "start": asked.start,
        "end": asked.end,
        "step_limit": asked.step_limit,
        "edge_limit": asked.edge_limit,
        "min_edge_weight": asked.least,
        "max_edge_weight": asked.most,
    }


def make_world(world: World, steps: list[Step]) -> None:
    world.add_all(
        {
            "event": "$pageview" if step.node.startswith("/") else step.node,
            "path": step.node if step.node.startswith("/") else "/elsewhere",
            "person": step.person,
            "timestamp": step.at,
        }
        for step in steps
    )
    for person, target in MERGED.items():
        world.merge(person, target)
