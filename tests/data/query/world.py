"""Small worlds of events on the real engine, and questions asked of them."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from northing.data.query.requests import answer_request, parse_request, plan_request_people
from northing.data.query.run import plan_merged
from northing.data.query.scope import Answer, Scope, WeekStart
from northing.data.query.statements import Statement
from northing.data.store import LocalStore, QueryResult, Store

NOW = datetime(2020, 1, 4, 13, 0, tzinfo=UTC)
SCOPE = Scope(1, "UTC", "sunday", NOW)
_uuids = itertools.count(1)


@dataclass(frozen=True)
class World:
    """One project of the engine."""

    engine: Store
    store: LocalStore
    project_id: int

    def add(self, event: str, at: str | datetime, person: int = 1, **more: Any) -> None:
        self.add_all([{"event": event, "timestamp": at, "person": person, **more}])

    def add_all(self, events: Iterable[dict[str, Any]]) -> None:
        rows = [self._row(event) for event in events]
        if rows:
            columns = ", ".join(dict.fromkeys(name for row in rows for name in row))
            self._insert(f"events ({columns})", rows)

    def add_rows(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Rows as they are, of any projects, in one block."""
        self._insert(f"{table} ({', '.join(dict.fromkeys(name for row in rows for name in row))})", rows)

    def add_person(self, person: int, **properties: Any) -> None:
        row = {"project_id": self.project_id, "person": person, "properties": properties, "version": next(_uuids)}
        self._insert("persons (project_id, person, properties, version)", [row])

    def add_profile(self, person: int, created_at: str) -> None:
        row = {"project_id": self.project_id, "person": person, "created_at": created_at, "version": next(_uuids)}
        self._insert("persons (project_id, person, created_at, version)", [row])

    def ask(
        self, body: dict[str, Any], *, now: datetime = NOW, zone: str = "UTC", week: WeekStart = "sunday"
    ) -> Answer:
        """Parse and answer, without cache."""
        earliest = now.replace(year=now.year - 1)
        request = parse_request(body, self._scope(now, zone, week), earliest=earliest)
        return asyncio.run(answer_request(request, self._ask))

    def people(
        self, body: dict[str, Any], point: object, *, now: datetime = NOW, zone: str = "UTC", week: WeekStart = "sunday"
    ) -> set[int]:
        """Who is behind one number of the answer."""
        earliest = now.replace(year=now.year - 1)
        request = parse_request(body, self._scope(now, zone, week), earliest=earliest)
        found = plan_request_people(request, point)
        statement = found.draft.statement(f"SELECT DISTINCT __person FROM ({found.sql})")
        return {int(row[0]) for row in asyncio.run(self._ask(statement)).rows}

    def add_distinct_id(self, distinct_id: str, person: int) -> None:
        row = {"project_id": self.project_id, "distinct_id": distinct_id, "person": person, "version": next(_uuids)}
        self._insert("distinct_ids (project_id, distinct_id, person, version)", [row])

    def add_session(self, session: int, *, start: str, end: str, **more: Any) -> None:
        row = {"project_id": self.project_id, "session": session, "start": start, "end": end, **more}
        row["version"] = next(_uuids)
        self._insert(f"sessions ({', '.join(row)})", [row])

    def add_group(self, kind: str, key: str, **properties: Any) -> None:
        row = {"project_id": self.project_id, "type": kind, "key": key, "properties": properties}
        self._insert("groups (project_id, type, key, properties, version)", [{**row, "version": next(_uuids)}])

    def add_cohort(self, cohort: int, persons: Iterable[int]) -> None:
        listed = ", ".join(f"toUInt32({person})" for person in persons)
        self.engine.command(
            "INSERT INTO cohorts (project_id, cohort, persons, version) "
            f"SELECT {self.project_id}, {cohort}, groupBitmapState(arrayJoin([{listed}])), {next(_uuids)}"
        )

    def merge(self, person: int, into: int) -> None:
        """From now on `person`, in all history, means `into`, which was merged into nobody itself."""
        row = {"project_id": self.project_id, "person": person, "parent": into, "target": into, "is_active": True}
        self._insert("person_overrides (project_id, person, parent, target, is_active, version)", [
            {**row, "version": next(_uuids)}
        ])  # fmt: skip

    def trends(self, series: Any, **more: Any) -> Any:
        options = {name: more.pop(name) for name in ("now", "zone", "week") if name in more}
        series = [{"event": series}] if isinstance(series, str) else series
        return self.ask({"kind": "trends", "series": series, **more}, **options).result

    def rows(self, sql: str, **params: Any) -> list[list[Any]]:
        """Rows of user SQL."""
        result = self.ask({"kind": "sql", "sql": sql, "params": params}).result
        return list(result["rows"])

    def _scope(self, now: datetime, zone: str, week: WeekStart) -> Scope:
        scope = Scope(self.project_id, zone, week, now)
        return replace(scope, merged=bool(asyncio.run(self._ask(plan_merged(scope))).rows))

    async def _ask(self, statement: Statement) -> QueryResult:
        return await self.store.query(statement.sql, statement.params)

    def _row(self, event: dict[str, Any]) -> dict[str, Any]:
        at = event["timestamp"]
        text = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if isinstance(at, datetime) else at
        row = {"project_id": self.project_id, "uuid": str(UUID(int=next(_uuids))), **event, "timestamp": text}
        row.setdefault("properties", {})
        return row

    def _insert(self, target: str, rows: list[dict[str, Any]]) -> None:
        lines = "\n".join(json.dumps(row) for row in rows)
        # As the loader stores: text that looks like a time stays text.
        as_sent = "input_format_try_infer_dates = 0, input_format_try_infer_datetimes = 0"
        as_sent += ", type_json_skip_duplicated_paths = 1"
        self.engine.command(f"INSERT INTO {target} SETTINGS {as_sent} FORMAT JSONEachRow\n{lines}\n")
