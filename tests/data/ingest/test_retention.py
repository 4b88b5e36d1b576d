"""What a project no longer keeps is gone, from its sums too; nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import update

from northing.data.ingest.activity import sum_up
from northing.data.ingest.retention import enforce_retention
from northing.kernel.clock import utc_now
from northing.server.auth.models import Project as ProjectRow
from tests.data.identity.conftest import Project, identify, project  # noqa: F401
from tests.data.ingest.test_activity import last_batch
from tests.support.ingest import event


def at(hours: float, person: str = "alice") -> dict[str, Any]:
    """An event so many hours after midnight of the first of thirty days that are kept."""
    kept_since = datetime.combine(utc_now().date(), time(), UTC) - timedelta(days=30)
    return event("viewed", person, timestamp=(kept_since + timedelta(hours=hours)).isoformat())


def change(project: Project, **values: Any) -> None:  # noqa: F811
    with project.database.transaction() as session:
        session.execute(update(ProjectRow).where(ProjectRow.id == project.project_id).values(**values))


def kept(project: Project) -> dict[str, Any]:  # noqa: F811
    """How many events, and how many the sums by the hour and by the day tell of."""
    sums = "SELECT hours, sum(events) FROM activity WHERE {own} AND dimension = 'all' GROUP BY hours ORDER BY hours"
    found = {"events": project.rows("SELECT count() FROM events WHERE {own}")[0][0]}
    return found | {f"by {hours}": events for hours, events in project.rows(sums)}


def test_whole_days_go_from_events_and_sums(project: Project) -> None:  # noqa: F811
    project.received_ms = round(utc_now().timestamp() * 1000)
    project.send(at(-30), at(-0.5), at(0), at(0.5), at(40, "bob"))
    sum_up(project.store, last_batch(project.store), least=1)
    assert enforce_retention(project.store, project.database) == 0
    assert kept(project) == {"events": 5, "by 1": 5, "by 24": 5}
    change(project, retention_days=30)
    assert enforce_retention(project.store, project.database) == 1
    assert kept(project) == {"events": 3, "by 1": 3, "by 24": 3}
    assert project.rows("SELECT count() FROM persons FINAL WHERE {own}") == [[2]]
    assert enforce_retention(project.store, project.database) == 0


def test_of_a_deleted_project_nothing_is_kept(project: Project) -> None:  # noqa: F811
    project.send(at(0, "phone"), at(24 * 60))
    project.send(identify("alice", "phone"))
    sum_up(project.store, last_batch(project.store), least=1)
    change(project, deleted_at=utc_now())
    assert enforce_retention(project.store, project.database) == 1
    for table in ("events", "activity", "sessions", "persons", "distinct_ids", "person_overrides"):
        assert project.rows(f"SELECT count() FROM {table} WHERE {{own}}") == [[0]], table


def test_a_project_that_keeps_everything_is_left_alone(project: Project) -> None:  # noqa: F811
    project.send(at(-24 * 400))
    assert enforce_retention(project.store, project.database) == 0
    assert kept(project)["events"] == 1
