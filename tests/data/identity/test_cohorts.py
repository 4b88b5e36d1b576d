"""Definitions of cohorts, one criterion at a time, on the engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from northing.data.identity.cohorts import cohorts_in, read_definition
from northing.data.identity.cohorts_members import cohort_members, plan_cohorts_of, plan_forget, plan_keep, plan_size
from northing.data.identity.cohorts_sql import cohort_bitmap, cohort_people
from northing.data.query.draft import Draft
from northing.data.query.reader import Notes, Reader
from northing.data.query.run import plan_merged
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement
from northing.data.store import LocalStore, Store
from northing.kernel.problems import Problem
from tests.support.people import Shop

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
PURCHASE = {"type": "behaviour", "event": "purchase"}


@pytest.fixture
def shop(engine: Store, event_store: LocalStore, project_id: int) -> Shop:
    """Six people, the sixth without a profile; nothing has happened yet."""
    made = Shop(engine, event_store, project_id)
    plans = ["pro", "pro", "free", "free", "free"]
    made.add_people([(i + 1, f"d{i + 1}", {"plan": plan, "age": 20 + i}) for i, plan in enumerate(plans)])
    made.add_people([(6, "d6", None)])
    return made


def scope_of(shop: Shop, zone: str = "UTC") -> Scope:
    scope = Scope(shop.project_id, zone, "monday", NOW)
    merges = plan_merged(scope)
    return replace(scope, merged=bool(shop.engine.query(merges.sql, merges.params).rows))


def rule_of(shop: Shop, definition: Any, zone: str = "UTC") -> Any:
    notes = Notes()
    rule = read_definition(Reader({"definition": definition}, "", notes), scope_of(shop, zone))
    notes.raise_if_any()
    assert notes.warnings == []
    return rule


def members(shop: Shop, definition: Any, zone: str = "UTC") -> list[int]:
    found = cohort_people(rule_of(shop, definition, zone), scope_of(shop, zone))
    return numbers(shop, found.draft.statement(f"SELECT DISTINCT __person FROM ({found.sql}) ORDER BY __person"))


def numbers(shop: Shop, statement: Statement) -> list[int]:
    return [int(row[0]) for row in shop.engine.query(statement.sql, statement.params).rows]


def keep(shop: Shop, cohort: int, definition: Any, version: int = 1) -> None:
    draft = Draft(scope_of(shop))
    statement = plan_keep(draft, cohort_bitmap(rule_of(shop, definition), draft), cohort=cohort, version=version)
    asyncio.run(shop.store.keep(shop.project_id, statement.sql, statement.params))


def buy(shop: Shop, **days: list[str]) -> None:
    """Purchases of p1, p2 … on days of March 2026, such as 10 or 10 23:30:00."""
    for name, moments in days.items():
        for moment in moments:
            day, _, time = moment.partition(" ")
            shop.add("purchase", f"2026-03-{day} {time or '12:00:00'}", int(name[1:]))


def test_a_property_of_the_person(shop: Shop) -> None:
    assert members(shop, {"type": "person", "property": "plan", "operator": "exact", "value": "pro"}) == [1, 2]
    assert members(shop, {"type": "person", "property": "age", "operator": "gte", "value": 23}) == [4, 5]


def test_someone_without_a_profile_lacks_every_property(shop: Shop) -> None:
    assert members(shop, {"type": "person", "property": "plan", "operator": "is_not", "value": "pro"}) == [3, 4, 5, 6]
    assert members(shop, {"type": "person", "property": "plan", "operator": "is_not_set"}) == [6]


def test_did_something_at_least_so_often_in_so_many_days(shop: Shop) -> None:
    buy(shop, p1=["10", "09"], p2=["10", "01"], p3=["01"])
    assert members(shop, {**PURCHASE, "days": 2}) == [1, 2]
    assert members(shop, {**PURCHASE, "days": 2, "count": {"operator": "gte", "value": 2}}) == [1]
    assert members(shop, PURCHASE) == [1, 2, 3]


def test_at_most_and_exactly_count_those_who_never_did(shop: Shop) -> None:
    buy(shop, p1=["10", "09"], p2=["10"])
    assert members(shop, {**PURCHASE, "days": 7, "count": {"operator": "lte", "value": 1}}) == [2, 3, 4, 5, 6]
    assert members(shop, {**PURCHASE, "days": 7, "count": {"operator": "exact", "value": 0}}) == [3, 4, 5, 6]
    assert members(shop, {**PURCHASE, "days": 7, "count": {"operator": "exact", "value": 2}}) == [1]


def test_days_are_those_of_the_zone_with_today(shop: Shop) -> None:
    buy(shop, p1=["08 23:30:00"], p2=["08 22:30:00"])
    assert members(shop, {**PURCHASE, "days": 2}, zone="UTC") == []
    # At 23:30 UTC it is the 9th in Berlin already.
    assert members(shop, {**PURCHASE, "days": 2}, zone="Europe/Berlin") == [1]


def test_filters_narrow_what_was_done(shop: Shop) -> None:
    shop.add("purchase", "2026-03-10 12:00:00", 1, properties={"amount": 90})
    shop.add("purchase", "2026-03-10 12:00:00", 2, properties={"amount": 9})
    assert members(shop, {**PURCHASE, "filters": [{"property": "amount", "operator": "gt", "value": 50}]}) == [1]
    assert members(shop, {**PURCHASE, "filters": [{"type": "sql", "value": "properties.amount < 50"}]}) == [2]


def test_for_the_first_time(shop: Shop) -> None:
    buy(shop, p1=["10"], p2=["10", "01"])
    assert members(shop, {"type": "first_time", "event": "purchase", "days": 7}) == [1]


def test_not_done_lately_and_stopped(shop: Shop) -> None:
    buy(shop, p1=["10"], p2=["06"], p3=["01"])
    assert members(shop, {"type": "not_done", "event": "purchase", "days": 3}) == [2, 3, 4, 5, 6]
    stopped = {"type": "stopped", "event": "purchase", "days": 3}
    assert members(shop, stopped) == [2, 3]
    assert members(shop, {**stopped, "before_days": 7}) == [2]


def sequence(*events: str, **more: Any) -> dict[str, Any]:
    within = more.pop("within", {"value": 1, "unit": "hour"})
    return {"type": "sequence", "events": [{"event": event} for event in events], "within": within, **more}


def test_a_sequence_within_a_time_of_its_first(shop: Shop) -> None:
    for person, after in ((1, "10:30:00"), (2, "11:00:00"), (3, "11:00:00.001")):
        shop.add("search", "2026-03-10 10:00:00", person)
        shop.add("purchase", f"2026-03-10 {after}", person)
    shop.add("purchase", "2026-03-10 09:00:00", 4)
    shop.add("search", "2026-03-10 10:00:00", 4)
    assert members(shop, sequence("search", "purchase")) == [1, 2]


def test_a_sequence_may_begin_again(shop: Shop) -> None:
    for event, time in (("a", "08:00"), ("b", "08:10"), ("a", "09:30"), ("b", "09:40"), ("c", "10:00")):
        shop.add(event, f"2026-03-10 {time}:00", 1)
    assert members(shop, sequence("a", "b", "c")) == [1]


def test_one_event_is_not_two_steps_and_ties_are_in_order(shop: Shop) -> None:
    shop.add("a", "2026-03-10 10:00:00", 1)
    for person in (2, 2, 3):
        shop.add("a", "2026-03-10 10:00:00", person)
    shop.add("b", "2026-03-10 10:00:00", 3)
    assert members(shop, sequence("a", "a")) == [2]
    assert members(shop, sequence("a", "b")) == [3]


def test_joined_and_negated(shop: Shop) -> None:
    buy(shop, p1=["10"], p3=["10"])
    pro = {"type": "person", "property": "plan", "value": "pro"}
    assert members(shop, {"and": [pro, PURCHASE]}) == [1]
    assert members(shop, {"or": [pro, PURCHASE]}) == [1, 2, 3]
    assert members(shop, {"not": {"or": [pro, PURCHASE]}}) == [4, 5, 6]
    assert members(shop, {"and": [{"not": pro}, {"or": [PURCHASE, {**PURCHASE, "days": 1}]}]}) == [3]


def test_members_of_another_cohort(shop: Shop) -> None:
    keep(shop, 71, {"type": "person", "property": "plan", "value": "pro"})
    buy(shop, p1=["10"], p3=["10"])
    assert members(shop, {"type": "cohort", "value": 71}) == [1, 2]
    assert members(shop, {"and": [PURCHASE, {"not": {"type": "cohort", "value": 71}}]}) == [3]
    assert members(shop, {**PURCHASE, "filters": [{"type": "cohort", "value": 71}]}) == [1]


def test_merged_people_are_one(shop: Shop) -> None:
    buy(shop, p1=["10"], p2=["09"], p6=["10"])
    shop.merge(2, into=1)
    assert members(shop, {**PURCHASE, "count": {"operator": "gte", "value": 2}}) == [1]
    assert members(shop, {"type": "not_done", "event": "purchase"}) == [3, 4, 5]
    assert members(shop, {"not": {"type": "person", "property": "plan", "value": "free"}}) == [1, 6]


def test_kept_members_follow_merges(shop: Shop) -> None:
    keep(shop, 72, {"type": "person", "property": "plan", "value": "pro"})
    shop.merge(2, into=3)
    scope = scope_of(shop)
    assert numbers(shop, plan_size(scope, 72)) == [2]
    assert (numbers(shop, plan_cohorts_of(scope, 3)), numbers(shop, plan_cohorts_of(scope, 2))) == ([72], [])
    found = cohort_members(scope, 72, "")
    assert sorted(numbers(shop, found.draft.statement(found.sql))) == [1, 3]


def test_a_newer_version_replaces_and_forgetting_removes(shop: Shop) -> None:
    pro = {"type": "person", "property": "plan", "value": "pro"}
    keep(shop, 73, pro, version=1)
    keep(shop, 73, {"not": pro}, version=2)
    keep(shop, 73, pro, version=1)
    assert sorted(shop.members(73)) == [3, 4, 5, 6]
    forgotten = plan_forget(scope_of(shop), 73)
    asyncio.run(shop.store.keep(shop.project_id, forgotten.sql, forgotten.params))
    assert shop.members(73) == []
    assert numbers(shop, plan_cohorts_of(scope_of(shop), 3)) == []


def test_people_of_another_project_are_never_there(shop: Shop, engine: Store, event_store: LocalStore) -> None:
    other = Shop(engine, event_store, shop.project_id + 500_000)
    other.add_people([(1, "x1", {"plan": "pro"}), (9, "x9", {"plan": "pro"})])
    buy(other, p9=["10"])
    keep(other, 74, PURCHASE)
    assert members(shop, PURCHASE) == []
    assert members(shop, {"not": PURCHASE}) == [1, 2, 3, 4, 5, 6]
    assert members(shop, {"type": "cohort", "value": 74}) == []


def test_the_cohorts_that_a_definition_reads(shop: Shop) -> None:
    nested = {"filters": [{"or": [{"type": "cohort", "value": [5, 6]}]}], "event": None}
    steps = {"type": "sequence", "events": [nested, {"event": "b"}]}
    definition = {"or": [{"not": {"type": "cohort", "value": 7}}, {**nested, "type": "behaviour"}, steps]}
    assert set(cohorts_in(rule_of(shop, definition))) == {5, 6, 7}


@pytest.mark.parametrize(
    ("definition", "paths"),
    [
        (None, ["definition"]),
        ([], ["definition"]),
        ({}, ["definition"]),
        ({"and": []}, ["definition.and"]),
        ({"and": [{"type": "wish"}]}, ["definition.and.0.type"]),
        ({"not": {"event": "a"}}, ["definition.not.type"]),
        ({"type": "behaviour"}, ["definition.event"]),
        ({**PURCHASE, "days": 0, "count": {"operator": "gt", "value": -1}}, 3),
        ({**PURCHASE, "count": {"operator": "gte", "value": 0}}, ["definition.count.value"]),
        ({"type": "first_time", "event": "a"}, ["definition.days"]),
        ({"type": "stopped", "event": "a", "days": 7, "before_days": 7}, ["definition.before_days"]),
        ({"type": "sequence", "events": [{"event": "a"}]}, ["definition.events"]),
        ({"type": "cohort", "value": "x"}, ["definition.value"]),
        ({"type": "person", "property": "", "value": 1}, ["definition.property"]),
        ({"not": {"type": "person", "property": "a", "operator": "?", "value": 1}}, ["definition.not.operator"]),
    ],
)  # fmt: skip
def test_faults_are_named(shop: Shop, definition: Any, paths: Any) -> None:
    with pytest.raises(Problem) as caught:
        rule_of(shop, definition)
    found = [error.path for error in caught.value.errors]
    assert found == paths if isinstance(paths, list) else len(found) == paths


def test_what_a_cohort_means_in_words(shop: Shop) -> None:
    definition = {"and": [{**PURCHASE, "days": 30, "count": {"value": 3}}, {"not": {"type": "cohort", "value": 7}}]}
    words = cohort_people(rule_of(shop, definition), scope_of(shop, "Europe/Berlin")).definition
    assert words == (
        "People who did purchase at least 3 times in the last 30 days and are not among those who are in cohort 7; "
        "days in Europe/Berlin, today included."
    )
