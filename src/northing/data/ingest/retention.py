"""Old events go: each project says for how many days it keeps them."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from northing.data.store import Store, StoreError
from northing.server.auth.models import Project
from northing.server.db.base import Database

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 3600.0
_FIRST_SECONDS = 60.0
# Sums before what they sum up: a sum never tells of events that are gone.
_TIMED = {"activity": "timestamp", "sessions": "end", "events": "timestamp"}


def enforce_retention_for_ever(store: Store, database: Database, stop: threading.Event) -> None:
    """Once an hour, until stopped."""
    pause = _FIRST_SECONDS
    while not stop.wait(pause):
        pause = _EVERY_SECONDS
        try:
            enforce_retention(store, database)
        except (StoreError, SQLAlchemyError) as error:
            log.error("retention_failed", error=str(error))


def enforce_retention(store: Store, database: Database) -> int:
    """Delete what is older than each project wishes, and all of projects that are gone; the number of projects
    that had something to delete.
    """
    with database.read() as session:
        rules = session.execute(select(Project.id, Project.retention_days, Project.deleted_at)).all()
    touched = 0
    for project_id, days, deleted_at in rules:
        if deleted_at is None and days is None:
            continue
        keep_days = 0 if deleted_at is not None or days is None else days
        # Not while a fold copies events or a sum is taken: what was deleted meanwhile would come back.
        with store.rewriting:
            touched += _delete_older(store, project_id, keep_days)
            if deleted_at is not None:
                _delete_people(store, project_id)
    return touched


def _delete_people(store: Store, project_id: int) -> None:
    for table in ("persons", "distinct_ids", "person_overrides", "groups", "cohorts"):
        condition = "project_id = {project:UInt32}"
        if store.query(f"SELECT count() FROM {table} WHERE {condition}", {"project": project_id}).rows[0][0]:
            store.command(f"DELETE FROM {table} WHERE {condition}", {"project": project_id})


def _delete_older(store: Store, project_id: int, keep_days: int) -> bool:
    # Everything of a deleted project goes, events dated ahead of now too.
    condition = "project_id = {project:UInt32}"
    if keep_days:
        # To the whole day, so that sums of activity lose what the events lose.
        condition += " AND {column} < toStartOfDay(now('UTC')) - toIntervalDay({days:UInt32})"
    params = {"project": project_id, "days": keep_days}
    conditions = {table: condition.replace("{column}", column) for table, column in _TIMED.items()}
    old = [t for t, c in conditions.items() if store.query(f"SELECT count() FROM {t} WHERE {c}", params).rows[0][0]]
    if not old:
        return False
    for table in old:
        store.command(f"DELETE FROM {table} WHERE {conditions[table]}", params)
    store.editions.people_changed((project_id,))
    log.info("retention_deleted", project=project_id, keep_days=keep_days)
    return True
