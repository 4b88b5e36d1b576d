"""Sessions: thirty minutes idle, a day at most, by the client's name or by time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from northing.data.identity.sessions import settle_sessions
from northing.kernel.clock import rfc3339
from tests.data.identity.conftest import NOON, Project, identify
from tests.data.ingest.test_loader import Crash, DyingStore
from tests.support.ingest import event

_ALL = "SELECT events, pageviews, actions, dateDiff('second', start, end), entry_path, exit_path FROM sessions FINAL"


def at(minutes: float, name: str = "viewed", person: str = "alice", **more: Any) -> dict[str, Any]:
    """An event so many minutes after noon."""
    return event(name, person, timestamp=rfc3339(NOON + timedelta(minutes=minutes)), **more)


def page(minutes: float, path: str, **more: Any) -> dict[str, Any]:
    url = {"$current_url": f"https://shop.example.com{path}"}
    return at(minutes, "$pageview", properties={**url, **more.pop("properties", {})}, **more)


def sessions(project: Project) -> list[list[Any]]:
    return project.rows(_ALL + " WHERE {own} ORDER BY start, person")


def test_half_an_hour_of_quiet_ends_a_session(project: Project) -> None:
    project.send(at(0), at(29), at(59), at(89.1), at(200))
    assert [row[:1] + row[3:4] for row in sessions(project)] == [[3, 59 * 60], [1, 0], [1, 0]]


@pytest.mark.parametrize("cut", range(1, 5))
def test_batches_make_no_difference(project: Project, cut: int) -> None:
    events = [at(0), at(29), at(59), at(89.1), at(200)]
    project.send(*events[:cut])
    project.send(*events[cut:])
    assert [row[0] for row in sessions(project)] == [3, 1, 1]
    assert project.rows("SELECT uniqExact(session), countIf(session = 0) FROM events WHERE {own}") == [[3, 0]]


def test_a_session_lasts_a_day_at_most(project: Project) -> None:
    project.send(*(at(20 * n) for n in range(100)))
    assert [row[3] for row in sessions(project)] == [24 * 3600, (99 - 73) * 20 * 60]


def test_events_of_one_batch_are_taken_in_order_of_time(project: Project) -> None:
    project.send(at(50), at(0), at(25))
    assert [row[0] for row in sessions(project)] == [3]


def test_a_late_event_joins_the_session_it_is_near(project: Project) -> None:
    project.send(at(40))
    project.send(at(20))
    assert [row[:1] + row[3:4] for row in sessions(project)] == [[2, 20 * 60]]


def test_clients_name_their_sessions(project: Project) -> None:
    project.send(at(0, session_id="s1"), at(1, session_id="s2"), at(300, session_id="s1"))
    assert sorted(row[0] for row in sessions(project)) == [1, 2]


def test_an_event_without_a_name_joins_the_clients_session(project: Project) -> None:
    project.send(page(0, "/", session_id="s1"))
    project.send(at(5, "paid by the server"))
    assert [row[:3] for row in sessions(project)] == [[2, 1, 1]]


def test_entry_exit_and_source(project: Project) -> None:
    advert = {"$referrer": "https://www.google.com/", "utm_source": "google", "utm_medium": "cpc"}
    project.send(page(3, "/pricing"), page(0, "/", properties=advert))
    project.send(page(7, "/thanks", properties={"$referrer": "https://pay.example.net/"}), at(1, "clicked"))
    assert sessions(project) == [[4, 3, 1, 420, "/", "/thanks"]]
    source = project.rows("SELECT channel, referrer_host, utm_medium FROM sessions FINAL WHERE {own}")
    assert source == [["Paid search", "google.com", "cpc"]]


def test_who_becomes_known_stays_in_the_session(project: Project) -> None:
    project.send(at(0, person="anon"))
    project.send(identify("alice", "anon", timestamp=rfc3339(NOON + timedelta(minutes=2))), at(3))
    assert [row[0] for row in sessions(project)] == [3]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("insert", [1, 2, 3])
def test_a_crash_at_any_insert_counts_each_event_once(project: Project, insert: int, after: bool) -> None:
    project.send(page(0, "/"), at(1))
    project.write(page(2, "/pricing"), at(3), at(90))
    dying = project.loader(DyingStore(project.store, at=insert, after=after))  # type: ignore[arg-type]
    try:
        dying.drain(30)
    except Crash:
        project.load(project.store)
    assert sessions(project) == [[4, 2, 2, 180, "/", "/pricing"], [1, 0, 1, 0, "", ""]]
    orphans = "SELECT count() FROM events WHERE {own} AND session NOT IN (SELECT session FROM sessions WHERE {own})"
    assert project.rows(orphans) == [[0]]


def test_groups_keep_their_profile(project: Project) -> None:
    named = {"$group_type": "company", "$group_key": "acme"}
    project.send(at(0, "$groupidentify", properties={**named, "$group_set": {"plan": "team", "seats": 5}}))
    project.send(
        at(1, "$groupidentify", properties={**named, "$group_set": {"seats": 7}}), at(2, groups={"company": "acme"})
    )
    rows = project.rows("SELECT type, key, properties FROM groups FINAL WHERE {own}")
    assert rows == [["company", "acme", {"plan": "team", "seats": 7}]]


def test_sessions_of_events_that_are_not_there_are_settled(project: Project) -> None:
    project.send(page(0, "/"), at(1), page(3, "/pricing"))
    known = project.rows("SELECT max(batch) FROM events WHERE {own}")[0][0]
    before = project.rows("SELECT * EXCEPT version FROM sessions FINAL WHERE {own}")
    project.send(page(5, "/thanks"), at(200))
    project.store.command(f"DELETE FROM events WHERE project_id = {project.project_id} AND batch > {known}")
    settle_sessions(project.store, known)
    assert project.rows("SELECT * EXCEPT version FROM sessions FINAL WHERE {own}") == before


def test_who_was_merged_goes_on_with_their_session_after_a_restart(project: Project) -> None:
    project.send(at(0, person="anon"))
    project.send(identify("alice", "anon", timestamp=rfc3339(NOON - timedelta(minutes=300))))
    project.send(at(10))
    assert [row[0] for row in sessions(project)] == [1, 2]


def test_a_name_that_comes_back_after_days_is_one_session_of_some_length(project: Project) -> None:
    project.send(at(0, session_id="s1"), at(5, session_id="s1"))
    project.send(at(5 * 1440, session_id="s1"))
    assert project.rows("SELECT uniqExact(session) FROM events WHERE {own}") == [[1]]
