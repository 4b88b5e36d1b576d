"""Paths on small worlds, to the last number."""

from __future__ import annotations

from typing import Any

import pytest

from northing.data.query.paths_sql import HIDDEN_HASH
from northing.kernel.problems import Problem
from tests.data.query.world import World


def walk(world: World, person: int, *paths: str, day: str = "2020-01-02", minutes: int = 1) -> None:
    """One page after another, so many minutes apart."""
    world.add_all(
        {"event": "$pageview", "person": person, "path": path, "timestamp": f"{day} {10 + at // 60}:{at % 60:02}:00"}
        for i, path in enumerate(paths)
        for at in [i * minutes]
    )


def paths(world: World, **more: Any) -> Any:
    return world.ask({"kind": "paths", **more}).result


def edges(result: Any) -> list[str]:
    return [f"{e['source']} > {e['target']} {e['value']}" for e in result["edges"]]


def make_example(world: World) -> None:
    walk(world, 1, "/", "/pricing")
    walk(world, 2, "/", "/pricing", "/about")
    walk(world, 3, "/", "/about", "/about")
    walk(world, 4, "/pricing", "/")


def test_the_example_of_the_definition(world: World) -> None:
    make_example(world)
    assert edges(paths(world)) == [
        "1_/ > 2_/pricing 2", "1_/ > 2_/about 1", "1_/pricing > 2_/ 1", "2_/pricing > 3_/about 1",
    ]  # fmt: skip


def test_the_example_of_the_docs(world: World) -> None:
    make_example(world)
    result = paths(world)
    assert result["edges"][0]["average_seconds"] == 60
    assert result["nodes"][:2] == [
        {"id": "1_/", "name": "/", "step": 1, "value": 3},
        {"id": "1_/pricing", "name": "/pricing", "step": 1, "value": 1},
    ]
    assert {"node": "2_/pricing", "value": 1, "rate": 0.5} in result["drop_offs"]
    assert result["common"][0] == {"path": ["/", "/about"], "value": 1}


def test_an_empty_project_has_no_paths(world: World) -> None:
    assert paths(world) == {"edges": [], "nodes": [], "drop_offs": [], "common": []}


@pytest.mark.parametrize(("minutes", "count"), [(29, 1), (30, 0)])
def test_half_an_hour_of_nothing_begins_a_new_path(world: World, minutes: int, count: int) -> None:
    walk(world, 1, "/a", "/b", minutes=minutes)
    assert len(edges(paths(world))) == count


def test_paths_are_of_people_after_merges(world: World) -> None:
    walk(world, 1, "/a")
    walk(world, 2, "/b", day="2020-01-03")
    world.add("$pageview", "2020-01-02 10:01:00", 2, path="/c")
    world.merge(2, 1)
    assert edges(paths(world)) == ["1_/a > 2_/c 1"]


def test_start_leaves_out_what_came_before(world: World) -> None:
    walk(world, 1, "/a", "/b", "/c", "/b")
    walk(world, 2, "/a", "/c")
    assert edges(paths(world, start="/b")) == ["1_/b > 2_/c 1", "2_/c > 3_/b 1"]


def test_end_leaves_out_what_came_after_and_keeps_the_last_steps(world: World) -> None:
    walk(world, 1, "/a", "/b", "/c", "/d", "/e")
    assert edges(paths(world, end="/d", step_limit=3)) == ["1_/b > 2_/c 1", "2_/c > 3_/d 1"]
    assert paths(world, end="/d")["drop_offs"] == []


def test_start_and_end_hide_the_middle(world: World) -> None:
    walk(world, 1, "/0", "/a", "/b", "/c", "/d", "/e", "/f", "/g")
    result = paths(world, start="/a", end="/f")
    assert result["common"] == [{"path": ["/a", "/b", "...", "/e", "/f"], "value": 1}]
    assert [e["average_seconds"] for e in result["edges"]] == [60, 60, 120, 60]


def test_end_is_the_first_after_the_start(world: World) -> None:
    walk(world, 1, "/end", "/start", "/x", "/end", "/end2")
    assert paths(world, start="/start", end="/end")["common"] == [{"path": ["/start", "/x", "/end"], "value": 1}]


def test_the_hash_of_what_is_hidden(world: World) -> None:
    assert world.engine.query("SELECT toString(cityHash64('...'))").rows == [[str(HIDDEN_HASH)]]


def test_pages_by_address_where_they_have_no_path(world: World) -> None:
    pages: list[dict[str, Any]] = [{"path": "/a/"}, {"url": "app://home/"}, {"path": "/", "url": "https://x/"}, {}]
    for minute, page in enumerate(pages):
        world.add("$pageview", f"2020-01-02 10:0{minute}:00", **page)
    assert paths(world)["common"] == [{"path": ["/a", "app://home", "/"], "value": 1}]


def test_cleaning_wildcards_and_exclusions(world: World) -> None:
    walk(world, 1, "/users/17/", "/users/18", "/products/1", "/products/2", "/ad", "/x")
    result = paths(
        world,
        path_cleaning=[{"pattern": r"/users/(\d)\d+", "alias": r"/users/:\1"}],
        wildcards=["/products/*"],
        exclude=["/ad"],
    )
    assert result["common"] == [{"path": ["/users/:1", "/products/*", "/x"], "value": 1}]


def test_which_events_are_nodes(world: World) -> None:
    world.add("$pageview", "2020-01-02 10:00:00", path="/a")
    world.add("$screen", "2020-01-02 10:01:00", properties={"$screen_name": "Home"})
    world.add("bought", "2020-01-02 10:02:00", properties={"plan": "pro"})
    world.add("$autocapture", "2020-01-02 10:03:00")

    def nodes(*include: Any) -> list[str]:
        return list(paths(world, include=list(include))["common"][0]["path"])

    assert nodes("$pageview", "$screen") == ["/a", "Home"]
    assert nodes("$pageview", "$screen", "custom_event") == ["/a", "Home", "bought"]
    assert nodes("$autocapture", "bought") == ["bought", "$autocapture"]
    assert nodes("$screen", {"sql": "concat('plan ', properties.plan)"}) == ["Home", "plan pro"]


def test_weights_and_limit(world: World) -> None:
    make_example(world)
    assert edges(paths(world, min_edge_weight=2)) == ["1_/ > 2_/pricing 2"]
    assert edges(paths(world, max_edge_weight=1, edge_limit=2)) == ["1_/ > 2_/about 1", "1_/pricing > 2_/ 1"]


def test_filters(world: World) -> None:
    walk(world, 1, "/a", "/b")
    world.add("$pageview", "2020-01-02 10:02:00", path="/c", browser="Safari")
    chosen = [{"property": "$browser", "operator": "is_not", "value": "Safari"}]
    assert paths(world, filters=chosen)["common"] == [{"path": ["/a", "/b"], "value": 1}]


def test_who_walked_an_edge_and_who_passed_a_node(world: World) -> None:
    make_example(world)
    assert world.people({"kind": "paths"}, {"source": "1_/", "target": "2_/pricing"}) == {1, 2}
    assert world.people({"kind": "paths"}, {"node": "2_/about"}) == {3}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start": "/a", "end": "/b", "step_limit": 2}, "step_limit"),
        ({"path_cleaning": [{"pattern": "(", "alias": "x"}]}, "path_cleaning.0.pattern"),
        ({"path_cleaning": [{"pattern": "a", "alias": "\\1"}]}, "path_cleaning.0.pattern"),
        ({"include": [5]}, "include.0"),
        ({"include": [{"sql": "1 AS x"}]}, "include.0.sql"),
        ({"include": [{"sql": "1"}, {"sql": "2"}]}, "include"),
    ],
)
def test_faults_name_the_field(world: World, body: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        paths(world, **body)
    assert field in {error.path for error in caught.value.errors}


def test_a_point_that_is_no_edge(world: World) -> None:
    with pytest.raises(Problem, match="one step after"):
        world.people({"kind": "paths"}, {"source": "1_/", "target": "3_/pricing"})
