"""Activity by the hour tells the same as the events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from northing.data.ingest.activity import rebuild, sum_up
from northing.data.query.activity import activity_source, is_hourly, people_count
from northing.data.query.draft import Draft
from northing.data.query.ranges import Range
from northing.data.query.scope import Scope
from northing.data.store import Store
from tests.data.identity.conftest import NOON, Project, identify, project  # noqa: F401
from tests.data.identity.test_undoing import change
from tests.support.ingest import event

DAY = Range(datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 3, 2, tzinfo=UTC))


def at(hours: float, name: str = "viewed", person: str = "alice") -> dict[str, Any]:
    return event(name, person, timestamp=(NOON + timedelta(hours=hours)).isoformat())


def by_hour(project: Project) -> list[list[Any]]:  # noqa: F811
    """Hour of the day, event, how many, how many people: from the sums where there are any."""
    draft = Draft(Scope(project.project_id, "UTC", "sunday", NOON, merged=bool(project.merges())))
    source = activity_source(draft, DAY, [NOON], "")
    statement = draft.statement(
        f"SELECT toHour(__northing.timestamp) AS h, __northing.event AS e, sum(__northing.events), "
        f"{people_count(draft)} FROM {source} GROUP BY h, e ORDER BY h, e"
    )
    return project.store.query(statement.sql, statement.params).rows


def by_day(project: Project, bounds: list[datetime]) -> tuple[list[list[Any]], int]:  # noqa: F811
    """Event, how many, how many people of two days; and how many rows were read of them."""
    draft = Draft(Scope(project.project_id, "UTC", "sunday", NOON, merged=False))
    span = Range(DAY.start - timedelta(days=1), DAY.end)
    statement = draft.statement(
        f"SELECT __northing.event AS e, sum(__northing.events), {people_count(draft)}, count() "
        f"FROM {activity_source(draft, span, bounds, '')} GROUP BY e ORDER BY e"
    )
    rows = project.store.query(statement.sql, statement.params).rows
    return [row[:3] for row in rows], sum(row[3] for row in rows)


def last_batch(store: Store) -> int:
    return int(store.query("SELECT max(batch) FROM events").rows[0][0])


@pytest.fixture
def busy(project: Project) -> Project:  # noqa: F811
    project.send(at(0), at(0.5, person="bob"), at(0.9), at(1), at(1, "bought"), at(-5))
    return project


EXPECTED = [[7, "viewed", 1, 1], [12, "viewed", 3, 2], [13, "bought", 1, 1], [13, "viewed", 1, 1]]


def test_events_that_are_not_summed_up_count(busy: Project) -> None:
    assert by_hour(busy) == EXPECTED


def test_summed_up_events_count_once(busy: Project) -> None:
    assert sum_up(busy.store, last_batch(busy.store), least=1) > 0
    kept = (
        "SELECT hours, count(), sum(events) FROM activity WHERE {own} AND dimension = '' GROUP BY hours ORDER BY hours"
    )
    assert busy.rows(kept) == [[1, 4, 6], [24, 2, 6]]
    assert by_hour(busy) == EXPECTED


def test_days_with_no_bound_inside_are_read_as_one(busy: Project) -> None:
    busy.send(at(-24), at(-23, person="bob"), at(-23, "bought"))
    sum_up(busy.store, last_batch(busy.store), least=1)
    expected = [["bought", 2, 1], ["viewed", 7, 2]]
    assert by_day(busy, []) == by_day(busy, [DAY.start]) == (expected, 4)
    assert by_day(busy, [NOON]) == (expected, 2 + 4)
    assert by_day(busy, [NOON, NOON - timedelta(days=1)]) == (expected, 3 + 4)


def test_newer_events_are_added_to_the_sums(busy: Project) -> None:
    sum_up(busy.store, last_batch(busy.store), least=1)
    busy.send(at(0.2, person="charlie"), at(0.3), at(2))
    assert by_hour(busy) == [[7, "viewed", 1, 1], [12, "viewed", 5, 3], *EXPECTED[2:], [14, "viewed", 1, 1]]
    sum_up(busy.store, last_batch(busy.store), least=1)
    assert by_hour(busy) == [[7, "viewed", 1, 1], [12, "viewed", 5, 3], *EXPECTED[2:], [14, "viewed", 1, 1]]


def test_few_events_wait(busy: Project) -> None:
    sum_up(busy.store, last_batch(busy.store), least=1)
    busy.send(at(0))
    assert sum_up(busy.store, last_batch(busy.store), least=2) == 0


@pytest.mark.parametrize("fold", [False, True])
def test_merges_reach_the_sums(busy: Project, *, fold: bool) -> None:
    sum_up(busy.store, last_batch(busy.store), least=1)
    busy.send(identify("alice", "bob"))
    if fold:
        change(busy, "fold")
    assert [row for row in by_hour(busy) if row[1] == "viewed"][1] == [12, "viewed", 3, 1]
    change(busy, "split", "bob")
    assert [row for row in by_hour(busy) if row[1] == "viewed"][1] == [12, "viewed", 3, 2]


def test_rebuilding_changes_nothing(busy: Project) -> None:
    sum_up(busy.store, last_batch(busy.store), least=1)
    before = busy.rows(
        "SELECT event, timestamp, events, bitmapToArray(persons) FROM activity WHERE {own} ORDER BY 1, 2"
    )
    rebuild(busy.store, busy.project_id)
    after = busy.rows("SELECT event, timestamp, events, bitmapToArray(persons) FROM activity WHERE {own} ORDER BY 1, 2")
    assert after == before


def test_a_chunk_is_one_part(busy: Project) -> None:
    parts = "SELECT count() FROM system.parts WHERE table = 'activity' AND active"
    busy.store.command("OPTIMIZE TABLE activity FINAL")
    before = busy.store.query(parts).rows[0][0]
    busy.send(*(at(n % 12, f"event {n}") for n in range(3000)))
    sum_up(busy.store, last_batch(busy.store), least=1)
    assert busy.store.query(parts).rows[0][0] == before + 1


def test_zones_with_half_hours_are_read_from_the_events() -> None:
    assert is_hourly(DAY.start, DAY.end)
    assert not is_hourly(datetime(2025, 3, 1, 18, 30, tzinfo=UTC))
