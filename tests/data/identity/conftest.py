"""A project whose events go the real way in: spool, loader, store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from northing.data.ingest.loader import Loader
from northing.data.query.draft import Draft
from northing.data.query.scope import Scope
from northing.data.store import Store
from northing.server.db.base import Database
from tests.support.ingest import RECEIVED_MS, begin_behind, event, metadata, native_record, write_spool

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@dataclass
class Project:
    """One project, its loader, and what the store says of it."""

    store: Store
    database: Database
    spool: Path
    project_id: int
    received_ms: int = RECEIVED_MS  # events dated later are taken for a clock that is wrong
    _sent: int = field(default=0)

    def send(self, *events: dict[str, Any]) -> None:
        """Load these events as one batch, by a loader that has just started."""
        self.write(*events)
        self.load(self.store)

    def write(self, *events: dict[str, Any]) -> None:
        """Put a request's events into the spool."""
        self._sent += 1
        record = native_record(self.project_id, events, received_ms=self.received_ms)
        write_spool(self.spool, [record], worker=f"w{self._sent}")

    def load(self, store: Store) -> None:
        loader = self.loader(store)
        assert loader.drain(30)
        loader.close()

    def loader(self, store: Store | None = None) -> Loader:
        """A loader that has found its place."""
        loader = Loader(store or self.store, self.database, self.spool)
        loader.open()
        loader.resume()
        return loader

    def rows(self, sql: str) -> list[list[Any]]:
        """Rows of a statement in which {own} stands for the project's condition."""
        return self.store.query(sql.format(own=f"project_id = {self.project_id}")).rows

    def people(self) -> list[list[str]]:
        """The distinct ids with events, sorted, together where they are one person."""
        draft = Draft(Scope(self.project_id, "UTC", "sunday", NOON, merged=bool(self.merges())))
        sql = (
            f"SELECT arraySort(groupUniqArray(__northing.distinct_id)) AS ids FROM events AS __northing "
            f"WHERE __northing.project_id = {draft.project} GROUP BY {draft.person} ORDER BY ids"
        )
        statement = draft.statement(sql)
        return [row[0] for row in self.store.query(statement.sql, statement.params).rows]

    def merges(self) -> list[list[Any]]:
        return self.rows("SELECT person, target FROM person_overrides FINAL WHERE {own} AND is_active ORDER BY person")

    def profile(self, distinct_id: str) -> Any:
        """Properties and whether identified, of the person who has this id now."""
        sql = (
            "SELECT properties, is_identified FROM persons FINAL WHERE {own} AND person = ("
            "SELECT if(o.target = 0, d.person, o.target) FROM distinct_ids AS d FINAL LEFT ANY JOIN "
            "(SELECT person, target FROM person_overrides FINAL WHERE {own} AND is_active) AS o ON d.person = o.person "
            f"WHERE d.{{own}} AND d.distinct_id = '{distinct_id}')"
        )
        found = self.rows(sql)
        return tuple(found[0]) if found else None


@pytest.fixture
def project(engine: Store, tmp_path: Path, spool_folder: Path, project_id: int) -> Iterator[Project]:
    database = metadata(tmp_path, project_id)
    begin_behind(database, engine)
    yield Project(engine, database, spool_folder, project_id)
    database.close()


def identify(person: str, anonymous: str, **more: Any) -> dict[str, Any]:
    """A PostHog `$identify`."""
    return event("$identify", person, properties={"$anon_distinct_id": anonymous}, **more)


def alias(person: str, other: str, name: str = "$create_alias") -> dict[str, Any]:
    """A claim that `other` is the same person."""
    return event(name, person, properties={"alias": other})
