"""SQL answered as a file, over HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow.parquet
import pytest
from starlette.testclient import TestClient

from tests.data.query.world import World as Events
from tests.products.analytics.conftest import add_pageviews
from tests.support.people import World

SQL = "SELECT path, timestamp FROM events ORDER BY path"


@pytest.fixture
def vera(world: World) -> TestClient:
    """A viewer of Acme."""
    return world.client("vera")


def export(client: TestClient, path: str = "/api/v1/query/export", **body: Any) -> Any:
    return client.post(path, json=body)


def test_a_csv_file_is_a_download(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 2)
    answer = export(vera, sql=SQL)
    assert answer.status_code == 200
    assert answer.text == '"path","timestamp"\n"/0","2026-03-01T11:59:59.000Z"\n"/1","2026-03-01T11:59:58.000Z"\n'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="sql-20260301-120000.csv"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_parquet_file_is_a_download(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 2)
    answer = export(vera, f"/api/v1/projects/{acme.project_id}/query/export", sql=SQL, format="parquet", kind="sql")
    assert pyarrow.parquet.read_table(io.BytesIO(answer.content)).column("path").to_pylist() == ["/0", "/1"]
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert answer.headers["content-disposition"] == 'attachment; filename="sql-20260301-120000.parquet"'


def test_a_file_holds_more_rows_than_a_table_shows(vera: TestClient, acme: Events) -> None:
    acme.add_all({"event": "a", "timestamp": "2026-03-01 11:00:00", "person": n} for n in range(1500))
    sql = "SELECT person FROM events"
    shown = vera.post("/api/v1/query", json={"kind": "sql", "sql": sql}).json()
    assert len(shown["result"]["rows"]) == 1000
    assert len(list(csv.reader(export(vera, sql=sql).text.splitlines()))) == 1501


def test_a_file_is_made_anew(vera: TestClient, acme: Events) -> None:
    assert export(vera, sql="SELECT count() AS n FROM events").text == '"n"\n0\n'
    add_pageviews(acme, 2)
    assert export(vera, sql="SELECT count() AS n FROM events").text == '"n"\n2\n'


def test_values_travel_apart_from_the_text(vera: TestClient, acme: Events) -> None:
    answer = export(vera, sql="SELECT {name:String} AS n", params={"name": 'a"b,é', "unused": 1})
    assert answer.content == '"n"\n"a""b,é"\n'.encode()


def test_charlie_gets_no_file_of_acme(world: World, acme: Events) -> None:
    add_pageviews(acme, 2)
    charlie = world.client("charlie")
    assert export(charlie, f"/api/v1/projects/{acme.project_id}/query/export", sql=SQL).status_code == 404
    assert export(charlie, sql=SQL).text == '"path","timestamp"\n'


def test_keys_need_the_scope(world: World, acme: Events) -> None:
    assert export(world.anonymous(), sql=SQL).status_code == 401
    ingest = world.bearer(world.key("ingest:write", project_id=acme.project_id))
    assert export(ingest, sql=SQL).status_code == 403
    reader = world.bearer(world.key("query:read", project_id=acme.project_id))
    assert export(reader, sql=SQL).status_code == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"kind": "trends", "sql": "SELECT 1"}, "kind: must be sql"),
        ({"sql": "SELECT 1", "format": "xlsx"}, "format: must be one of csv, parquet"),
        ({"sql": "SELECT 1", "fromat": "csv"}, "fromat: is not a known field"),
        ({"sql": "SELECT 1", "limit": 1_000_001}, "limit: must be a whole number from 1 to 1000000"),
        ({"sql": "DROP TABLE events"}, "sql: "),
        ({"sql": "SELECT missing FROM events"}, "sql: Unknown expression"),
        ({"sql": "SELECT person AS p FROM events WHERE throwIf(1)"}, "sql: "),
        ({}, "sql: is required"),
    ],
)
def test_faults_are_told_and_are_no_files(vera: TestClient, acme: Events, body: dict[str, Any], said: str) -> None:
    answer = export(vera, **body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(said)


def test_a_name_that_is_no_column_says_how_to_write_a_property(vera: TestClient, acme: Events) -> None:
    for sql in ("SELECT sum(amount) FROM events", 'SELECT count() FROM events WHERE event = "amount"'):
        answer = export(vera, sql=sql).json()
        assert answer == vera.post("/api/v1/query", json={"kind": "sql", "sql": sql}).json()
        assert ("`amount`" in answer["detail"], "written properties.name" in answer["hint"]) == (True, True)


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"\xff"])
def test_bodies_that_are_no_question(vera: TestClient, body: bytes) -> None:
    answer = vera.post("/api/v1/query/export", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_the_reference_says_that_it_is_a_file(vera: TestClient) -> None:
    schema = vera.get("/openapi.json").json()["paths"]["/api/v1/query/export"]["post"]["responses"]["200"]
    assert set(schema["content"]) == {"text/csv", "application/vnd.apache.parquet"}
