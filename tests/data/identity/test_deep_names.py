"""Names with very many dots: to the store each dot is a level of an object, and it gives objects out nested."""

from __future__ import annotations

from typing import Any

import pytest

from tests.data.identity.conftest import Project
from tests.support.ingest import event

DOTS = ".".join(["a"] * 5_000)
NESTED = {".".join(["b"] * 90): {".".join(["c"] * 90): 1}}
NAMES: dict[str, dict[str, Any]] = {
    "dots": {DOTS: 1},
    "nested": NESTED,
    "both": {DOTS: {DOTS: {DOTS: 1}}},
    "in a list": {"items": [{DOTS: 1}, [{DOTS: 2}]]},
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_what_one_sends_with_them_stops_nobody(project: Project, names: dict[str, Any]) -> None:
    """The loader reads profiles and groups again, and it is the loader of all projects."""
    for number in range(2):
        group = {"$group_type": "company", "$group_key": "acme", "$group_set": {**names, "n": number}}
        project.send(
            event("viewed", "ada", properties={**names, "n": number}, set={**names, "n": number}),
            event("viewed", "ada", set_once=names),
            event("$groupidentify", "ada", properties=group),
        )
    assert project.profile("ada")[0]["n"] == 1
    assert project.rows("SELECT properties FROM groups FINAL WHERE {own}")[0][0]["n"] == 1
    found = project.rows("SELECT properties FROM events WHERE {own} AND event = 'viewed'")
    assert {row[0].get("n") for row in found} == {None, 0, 1}


def test_a_path_of_as_many_levels_as_json_may_have_stays_as_it_is(project: Project) -> None:
    name = ".".join(["a"] * 100)
    project.send(event("viewed", "ada", properties={name: "x.y" * 200}, set={name: 1}))
    assert project.rows(f"SELECT properties.`{name}`::String FROM events WHERE {{own}}") == [["x.y" * 200]]
    assert project.rows(f"SELECT properties.`{name}`::Int64 FROM persons FINAL WHERE {{own}}") == [[1]]


def test_what_was_set_under_such_a_name_is_unset_by_it(project: Project) -> None:
    project.send(event("viewed", "ada", set={DOTS: 1, "plan": "pro"}))
    project.send(event("viewed", "ada", unset=[DOTS]))
    assert project.profile("ada")[0] == {"plan": "pro"}
