"""SQL answered as a file: values, types and names as they were, and what no file may hold."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.query import QueryRunner, RunnerOptions, Scope, sql_files
from northing.data.store import QueryLimits
from northing.kernel.problems import Problem
from northing.server.cache import MemoryCache
from tests.data.query.world import NOW, World

pytestmark = pytest.mark.both_stores

LIMITS = QueryLimits()
AT = "toDateTime64('2020-01-02 10:00:00.5', 3, 'UTC')"
PLAIN = (
    "SELECT -5 AS n, toUInt64(18446744073709551615) AS big, 1.5 AS f, 1 = 1 AS yes, toDate('2020-01-02') AS day, "
    f"{AT} AS at, toDateTime('2020-01-02 10:00:00', 'Europe/Berlin') AS there, "
    "'é, \"✓\"\nb' AS text, '' AS empty, CAST(NULL AS Nullable(String)) AS none, "
    "toUUID('00000000-0000-0000-0000-000000000001') AS id"
)
NESTED = (
    f"SELECT [1, 2] AS numbers, ['a', 'b\"/'] AS texts, map('k', toUInt64(5)) AS m, (1, 'x') AS pair, [{AT}] AS times"
)


def write(world: World, sql: str, limits: QueryLimits = LIMITS, **body: Any) -> bytes:
    runner = QueryRunner(world.store, MemoryCache(), RunnerOptions(limits))
    scope = Scope(world.project_id, "UTC", "sunday", NOW)
    return asyncio.run(runner.write_file({"sql": sql, **body}, scope)).content


def csv_rows(world: World, sql: str, **body: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(write(world, sql, **body).decode(), newline="")))


def parquet(world: World, sql: str, **body: Any) -> Any:
    return pyarrow.parquet.read_table(io.BytesIO(write(world, sql, format="parquet", **body)))


def test_a_csv_file_holds_values_as_they_are(world: World) -> None:
    names, values = csv_rows(world, PLAIN)
    assert names == ["n", "big", "f", "yes", "day", "at", "there", "text", "empty", "none", "id"]
    assert dict(zip(names, values, strict=True)) == {
        "n": "-5",
        "big": "18446744073709551615",
        "f": "1.5",
        "yes": "1",
        "day": "2020-01-02",
        "at": "2020-01-02T10:00:00.500Z",
        "there": "2020-01-02T09:00:00Z",
        "text": 'é, "✓"\nb',
        "empty": "",
        "none": "",
        "id": "00000000-0000-0000-0000-000000000001",
    }


def test_a_csv_file_tells_empty_text_from_none(world: World) -> None:
    assert write(world, "SELECT '' AS a, CAST(NULL AS Nullable(String)) AS b, 1 AS c") == b'"a","b","c"\n"",,1\n'


def test_what_has_parts_is_json_in_csv(world: World) -> None:
    assert csv_rows(world, NESTED)[1] == [
        "[1,2]",
        '["a","b\\"/"]',
        '{"k":5}',
        '[1,"x"]',
        '["2020-01-02T10:00:00.500Z"]',
    ]


def test_properties_are_json_in_both(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", properties={"plan": "pro", "list": [1, "é"]})
    sql = "SELECT properties, properties.plan AS plan, properties.absent AS absent FROM events"
    assert csv_rows(world, sql)[1] == ['{"list":[1,"é"],"plan":"pro"}', "pro", ""]
    table = parquet(world, sql)
    assert table.to_pylist() == [{"properties": '{"list":[1,"é"],"plan":"pro"}', "plan": "pro", "absent": None}]
    assert [str(kind) for kind in table.schema.types] == ["string"] * 3


def test_a_parquet_file_keeps_types(world: World) -> None:
    table = parquet(world, PLAIN)
    assert table.to_pylist() == [
        {
            "n": -5,
            "big": 18446744073709551615,
            "f": 1.5,
            "yes": 1,
            "day": date(2020, 1, 2),
            "at": datetime(2020, 1, 2, 10, 0, 0, 500_000, UTC),
            "there": datetime(2020, 1, 2, 9, 0, 0, 0, UTC),
            "text": 'é, "✓"\nb',
            "empty": "",
            "none": None,
            "id": UUID(int=1),
        }
    ]
    assert str(table.schema.field("at").type) == "timestamp[ms, tz=UTC]"


def test_a_parquet_file_keeps_what_has_parts(world: World) -> None:
    assert parquet(world, NESTED).to_pylist() == [
        {
            "numbers": [1, 2],
            "texts": ["a", 'b"/'],
            "m": [("k", 5)],
            "pair": {"1": 1, "2": "x"},
            "times": [datetime(2020, 1, 2, 10, 0, 0, 500_000, UTC)],
        }
    ]


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT NULL AS v", None),
        ("SELECT [] AS v", "[]"),
        ("SELECT [NULL] AS v", "[null]"),
        ("SELECT toIPv4('1.2.3.4') AS v", "1.2.3.4"),
        ("SELECT 5::Int128 AS v", "5"),
        ("SELECT toFixedString('ab', 2) AS v", "ab"),
        ("SELECT toIntervalDay(3) AS v", "3"),
        ("SELECT if(1 = 2, 5, 'x') AS v", '"x"'),
        ("SELECT [1, lower('X')] AS v", '[1,"x"]'),
    ],
)
def test_what_parquet_lacks_is_text(world: World, sql: str, value: str | None) -> None:
    assert parquet(world, sql).column("v").to_pylist() == [value]


def test_columns_are_named_as_written(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", properties={"a b": 1})
    sql = 'SELECT e.event, count(), properties.`a b`, max(e.person) AS "x.`y" FROM events AS e GROUP BY 1, 3'
    names = csv_rows(world, sql)[0]
    assert parquet(world, sql).column_names == names
    assert names == ["event", "count()", "properties.a b", "x.`y"]


def test_columns_of_two_tables_are_told_apart(world: World) -> None:
    world.add("first", "2020-01-02 10:00:00")
    world.add("second", "2020-01-02 11:00:00")
    sql = "SELECT a.event, b.event FROM events AS a JOIN events AS b ON a.person = b.person WHERE a.event < b.event"
    assert csv_rows(world, sql) == [["event", "b.event"], ["first", "second"]]
    starred = "SELECT * FROM (SELECT 1 AS x, 2 AS y) AS a JOIN (SELECT 1 AS x, 3 AS y) AS b ON a.x = b.x"
    assert parquet(world, starred).to_pylist() == [{"x": 1, "y": 2, "b.x": 1, "b.y": 3}]


@pytest.mark.parametrize("kind", sql_files.FORMATS)
def test_two_columns_of_one_name_are_refused(world: World, kind: str) -> None:
    with pytest.raises(Problem, match="two columns named event; give one of them another name") as refused:
        write(world, "SELECT event, event FROM events", format=kind)
    assert refused.value.status == 422


@pytest.mark.parametrize("table", ["events", "persons", "sessions", "groups", "distinct_ids"])
def test_every_table_fits_whole(world: World, table: str) -> None:
    world.add("a", "2020-01-02 10:00:00", groups={"team": "t"})
    sql = f"SELECT * FROM {table}"
    names = csv_rows(world, sql)[0]
    assert parquet(world, sql).column_names == names
    assert len(names) > 1


def test_the_order_of_rows_stays(world: World) -> None:
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00", "person": n} for n in range(3000))
    sql = "SELECT person, [person] AS listed FROM events ORDER BY person DESC"
    assert [row[0] for row in csv_rows(world, sql)[1:]] == [str(n) for n in reversed(range(3000))]
    assert parquet(world, sql).column("person").to_pylist() == list(reversed(range(3000)))


def test_no_rows_are_a_file_with_names(world: World) -> None:
    assert csv_rows(world, "SELECT event, [person] AS p FROM events") == [["event", "p"]]
    assert parquet(world, "SELECT event, person FROM events").num_rows == 0


def test_texts_that_a_spreadsheet_would_run_are_marked_where_asked(world: World) -> None:
    values = ["=1+1", "+1+1", "-1+1", "@a", "\tx", "-5", "+4.5e3", "a=b", ""]
    listed = ", ".join(f"'{value}'" for value in values)
    sql = f'SELECT v, -5 AS "=n" FROM (SELECT arrayJoin([{listed}]) AS v)'
    assert [row[0] for row in csv_rows(world, sql)] == ["v", *values]
    marked = csv_rows(world, sql, for_spreadsheets=True)
    assert marked[0] == ["v", "'=n"]
    assert [row[0] for row in marked[1:]] == ["'=1+1", "'+1+1", "'-1+1", "'@a", "'\tx", "-5", "+4.5e3", "a=b", ""]
    assert {row[1] for row in marked[1:]} == {"-5"}


def test_marking_knows_none_and_names_of_few_values(world: World) -> None:
    sql = "SELECT CAST(NULL AS Nullable(String)) AS a, toLowCardinality('=x') AS b, toNullable('@') AS c, ['=x'] AS d"
    assert csv_rows(world, sql, for_spreadsheets=True)[1] == ["", "'=x", "'@", '["=x"]']


def test_marking_finds_text_among_other_values(world: World) -> None:
    columns = "if(n = 1, '=x', -n) AS a, if(n = 1, NULL, toFixedString('@', 1)) AS b"
    sql = f"SELECT {columns} FROM (SELECT arrayJoin([1, 2]) AS n)"
    assert csv_rows(world, sql, for_spreadsheets=True)[1:] == [["'=x", ""], ["-2", "'@"]]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=1, max_size=5))
def test_any_text_comes_back(world: World, texts: list[str]) -> None:
    sql, params = "SELECT arrayJoin({texts:Array(String)}) AS t", {"texts": texts}
    assert csv_rows(world, sql, params=params)[1:] == [[text] for text in texts]
    assert parquet(world, sql, params=params).column("t").to_pylist() == texts
    for text, (marked,) in zip(texts, csv_rows(world, sql, params=params, for_spreadsheets=True)[1:], strict=True):
        assert marked == text or (marked == f"'{text}" and text[0] in "=+-@\t\r")


def test_a_file_is_of_one_project(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00")
    other = World(world.engine, world.store, world.project_id + 700_000)
    other.add("b", "2020-01-02 10:00:00")
    assert csv_rows(world, "SELECT event FROM events") == [["event"], ["a"]]


def test_people_are_those_after_merges(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", 1)
    world.merge(1, 2)
    assert csv_rows(world, "SELECT person FROM events") == [["person"], ["2"]]


def test_a_limit_ends_the_file(world: World) -> None:
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00"} for _ in range(10))
    assert len(csv_rows(world, "SELECT event FROM events", limit=4)) == 5
    assert parquet(world, "SELECT event FROM events LIMIT 3", limit=4).num_rows == 3
    assert len(csv_rows(world, "SELECT event FROM events LIMIT 7")) == 8


def test_more_rows_than_a_file_takes_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00"} for _ in range(10))
    for module in ("sql_files", "run"):
        monkeypatch.setattr(f"northing.data.query.{module}.MOST_ROWS", 9)
    with pytest.raises(Problem, match="limit of result_rows") as refused:
        write(world, "SELECT event FROM events")
    assert (refused.value.status, refused.value.code) == (422, "query_too_expensive")
    assert "give it a limit" in str(refused.value.hint)
    assert len(csv_rows(world, "SELECT event FROM events", limit=9)) == 10
    with pytest.raises(Problem, match="whole number from 1 to 9"):
        write(world, "SELECT event FROM events", limit=10)


def test_as_many_rows_as_a_file_takes_are_none_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00"} for _ in range(9))
    for module in ("sql_files", "run"):
        monkeypatch.setattr(f"northing.data.query.{module}.MOST_ROWS", 9)
    assert len(csv_rows(world, "SELECT event FROM events")) == 10


def test_too_large_a_file_is_refused(world: World) -> None:
    with pytest.raises(Problem, match="result_bytes"):
        write(world, "SELECT range(100000) AS v", QueryLimits(result_bytes=100_000))


@pytest.mark.parametrize("kind", sql_files.FORMATS)
def test_an_error_midway_is_no_file(world: World, kind: str) -> None:
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00", "person": n} for n in range(20_000))
    with pytest.raises(Problem) as refused:
        write(world, "SELECT person, intDiv(1, person - 19999) AS v FROM events", format=kind)
    assert refused.value.code == "invalid_sql"
    assert "__" not in refused.value.message


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"sql": "SELECT 1", "kind": "trends"}, "kind"),
        ({"sql": "SELECT 1", "format": "xlsx"}, "format"),
        ({"sql": "SELECT 1", "format": "parquet", "for_spreadsheets": True}, "for_spreadsheets"),
        ({"sql": "SELECT 1", "fromat": "parquet"}, "fromat"),
        ({"format": "csv"}, "sql"),
        ({"sql": "SELECT 1", "limit": 0}, "limit"),
        ({"sql": "SELECT * FROM system.tables"}, "sql"),
        ({"sql": "SELECT missing FROM events"}, "sql"),
    ],
)
def test_faults_name_their_fields(world: World, body: dict[str, Any], path: str) -> None:
    runner = QueryRunner(world.store, MemoryCache(), RunnerOptions())
    with pytest.raises(Problem) as refused:
        asyncio.run(runner.write_file(body, Scope(world.project_id, "UTC", "sunday", NOW)))
    assert refused.value.status == 422
    assert path in {error.path for error in refused.value.errors}
