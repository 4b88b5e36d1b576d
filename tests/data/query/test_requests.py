"""Reading a request: every fault is named at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northing.data.query.requests import KINDS, parse_request
from northing.data.query.scope import Scope
from northing.data.query.trends_spec import Trends
from northing.kernel.problems import Problem

SCOPE = Scope(1, "Europe/Berlin", "monday", datetime(2026, 1, 4, 13, tzinfo=UTC))


def faults(**body: Any) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        parse_request(body, SCOPE)
    assert caught.value.status == 422
    return {error.path: error.message for error in caught.value.errors}


def test_all_faults_are_listed() -> None:
    found = faults(
        kind="trends",
        series=[{"event": 5, "math": "mode"}, {"math": "sum"}],
        interval="fortnight",
        date_from="soon",
        timezone="Mars/Olympus",
        filters=[{"property": "a", "operator": "like", "value": 1}, {"operator": "is_set"}],
        formula="A/Z",
        breakdown=[{"property": "a"}] * 4,
        compare="yes",
    )
    assert set(found) == {
        "timezone", "series.0.event", "series.0.math", "series.1.math_property", "formula", "filters.0.operator",
        "filters.1.property", "interval", "breakdown", "compare", "date_from",
    }  # fmt: skip


@pytest.mark.parametrize("body", [[], "x", None, 5])
def test_a_body_that_is_no_object(body: Any) -> None:
    with pytest.raises(Problem, match="must be an object"):
        parse_request(body, SCOPE)


def test_kinds_are_named() -> None:
    assert all(kind.name in faults(kind="pie")["kind"] for kind in KINDS)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"type": "session", "property": "mood", "value": 1}, "property"),
        ({"type": "group", "property": "plan", "value": 1}, "group_type"),
        ({"type": "cohort", "value": "friends"}, "value"),
        ({"type": "planet", "property": "x", "value": 1}, "type"),
    ],
)
def test_filters_on_what_is_not_there_are_named(asked: dict[str, Any], path: str) -> None:
    assert f"filters.0.{path}" in faults(kind="top_events", filters=[asked])


def test_a_pattern_is_checked_before_it_runs() -> None:
    found = faults(kind="top_events", filters=[{"property": "x", "operator": "regex", "value": "(?=a)("}])
    assert "not a valid pattern" in found["filters.0.value"]


def test_an_expression_goes_through_the_sandbox() -> None:
    found = faults(kind="top_events", filters=[{"type": "sql", "value": "file('/etc/passwd') = ''"}])
    assert "not an allowed function" in found["filters.0.value"]


def test_a_name_that_is_no_column_says_how_to_write_a_property() -> None:
    for text in ("price > 3", 'event = "price"'):
        found = faults(kind="top_events", filters={"and": [{"type": "sql", "value": text}]})
        assert found["filters.and.0.value"].startswith("reads price, which is no column of events; a property is")
        assert "properties.price" in found["filters.and.0.value"]


def test_a_field_that_is_read_twice_is_at_fault_once() -> None:
    with pytest.raises(Problem) as caught:
        parse_request({"kind": "trends", "series": [{"event": "x"}], "interval": "quarter"}, SCOPE)
    assert [error.path for error in caught.value.errors] == ["interval"]


def test_groups_have_a_depth() -> None:
    deep: dict[str, Any] = {"property": "x", "value": 1}
    for _ in range(30):
        deep = {"and": [deep]}
    assert any("nested" in message for message in faults(kind="top_events", filters=deep).values())


def test_unknown_fields_are_warned_of() -> None:
    request = parse_request({"kind": "top_events", "limmit": 5}, SCOPE)
    assert request.warnings == ("limmit is not a known field and was ignored.",)


def test_aliases_of_maths() -> None:
    request = parse_request({"kind": "trends", "series": [{"math": "dau"}, {"math": "unique_session"}]}, SCOPE)
    assert isinstance(request.query, Trends)
    assert [series.math for series in request.query.series] == ["unique", "sessions"]


def test_twenty_seven_series_are_too_many() -> None:
    assert "at most 26" in faults(kind="trends", series=[{"event": "a"}] * 27)["series"]


@pytest.mark.parametrize("name", ["", "a..b", ".a", "x" * 400, "nul\0", "\ud800"])
def test_property_names_that_cannot_be(name: str) -> None:
    assert "filters.0.property" in faults(kind="top_events", filters=[{"property": name, "operator": "is_set"}])


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_fields = st.sampled_from(
    "series filters interval date_from date_to timezone breakdown breakdown_limit formula compare cumulative limit "
    "period sql params refresh explain".split()
)


@given(st.sampled_from(KINDS), st.dictionaries(_fields, _json, max_size=5))
def test_any_json_is_read_or_refused(kind: str, fields: dict[str, Any]) -> None:
    try:
        parse_request({"kind": kind, **fields}, SCOPE)
    except Problem as problem:
        if problem.status != 422:
            raise
