"""User SQL that should work, and what it gives."""

# ruff: noqa: E501 (one case to a line reads best)

from __future__ import annotations

from typing import Any

import pytest

from northing.data.query.sandbox import MAX_LIMIT, rebuild
from northing.kernel.problems import Problem
from tests.data.query.world import SCOPE, World
from tests.support.engine import next_project_id

WORKS: list[tuple[str, list[list[Any]]]] = [
    ("SELECT count() FROM events", [[3]]),
    ("SELECT count() FROM events WHERE event NOT LIKE 'a%'", [[1]]),
    ("SELECT count() FROM events WHERE NOT (event NOT ILIKE 'A')", [[2]]),
    ("select COUNT(*), count(distinct person) from events", [[3, 2]]),
    ("SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC, event", [["a", 2], ["b", 1]]),
    ("SELECT properties.plan, count() FROM events GROUP BY properties.plan ORDER BY 1", [["free", 1], ["pro", 1], [None, 1]]),
    ("SELECT properties.`a b` FROM events WHERE properties.`a b` IS NOT NULL", [["space"]]),
    ("SELECT e.properties.cart.total FROM events e WHERE e.properties.cart.total > 3", [["9"]]),
    ("SELECT sum(properties.n), avg(properties.n), max(properties.n) FROM events", [[15, 7.5, 10]]),
    ("SELECT event FROM events WHERE properties.n >= 10", [["a"]]),
    ("SELECT event FROM events WHERE properties.n BETWEEN 1 AND 5", [["b"]]),
    ("SELECT properties.n + 1 FROM events ORDER BY 1 LIMIT 1", [[6]]),
    ("SELECT properties.n::Int64 FROM events WHERE event = 'b'", [[5]]),
    ("SELECT properties.n.:Int64 FROM events WHERE event = 'b'", [[5]]),
    ("SELECT p.properties.tier FROM events e JOIN persons p ON e.person = p.person WHERE e.event = 'b'", [["gold"]]),
    ("SELECT p.person, uniq(e.event) FROM persons AS p LEFT JOIN events AS e USING (person) GROUP BY p.person", [[2, 1]]),
    ("WITH t AS (SELECT event, count() AS n FROM events GROUP BY event) SELECT max(n) FROM t", [[2]]),
    ("WITH t AS (SELECT 1 AS x), u AS (SELECT x + 1 AS y FROM t) SELECT x, y FROM t, u", [[1, 2]]),
    ("WITH 2 AS two SELECT count() * two FROM events", [[6]]),
    ("SELECT * FROM (SELECT event FROM events) AS x ORDER BY event LIMIT 1", [["a"]]),
    ("SELECT 1 UNION ALL SELECT 2 ORDER BY 1", [[1], [2]]),
    ("(SELECT 1) EXCEPT (SELECT 2)", [[1]]),
    ("SELECT event FROM events WHERE person IN (SELECT person FROM persons)", [["b"]]),
    ("SELECT event FROM events WHERE event IN ('b', 'c')", [["b"]]),
    ("SELECT count() FROM events WHERE event IN (event, 'x')", [[3]]),
    ("SELECT count() FROM events WHERE NOT event = 'a' AND event NOT IN ('c')", [[1]]),
    ("SELECT event, row_number() OVER (PARTITION BY event ORDER BY timestamp) AS r FROM events ORDER BY event, r LIMIT 2", [["a", 1], ["a", 2]]),
    ("SELECT sum(x) OVER w FROM (SELECT 1 AS x) WINDOW w AS (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)", [[1]]),
    ("SELECT quantile(0.5)(properties.n), countIf(event = 'a') FROM events", [[7.5, 2]]),
    ("SELECT toDate(timestamp) AS d, uniqExact(person) FROM events GROUP BY d ORDER BY d", [["2020-01-02", 1], ["2020-01-03", 2]]),
    ("SELECT toStartOfInterval(timestamp, INTERVAL 1 DAY, 'Europe/Berlin') AS d FROM events ORDER BY d LIMIT 1", [["2020-01-02 00:00:00"]]),
    ("SELECT count() FROM events WHERE timestamp >= toDateTime('2020-01-03 00:00:00') - INTERVAL 1 DAY", [[3]]),
    ("SELECT if(1 = 1, 'y', 'n'), 1 ? 2 : 3, CASE WHEN 1 = 2 THEN 'a' ELSE 'b' END", [["y", 2, "b"]]),
    ("SELECT [1, 2][2], (1, 'x').2, map('k', 5)['k'], arrayMap(x -> x * 2, [1])", [[2, "x", 5, [2]]]),
    ("SELECT 'it''s', 'a\\'b', '\\\\d', match('5', '\\\\d')", [["it's", "a'b", "\\d", 1]]),
    ("SELECT event FROM events ORDER BY timestamp LIMIT 1 BY event", [["a"], ["b"]]),
    ("SELECT x FROM events ARRAY JOIN [1, 2] AS x WHERE event = 'b' ORDER BY x", [[1], [2]]),
    ("SELECT distinct_id FROM distinct_ids", []),
    ("SELECT s FROM events LEFT ARRAY JOIN ['two  spaces'] AS s WHERE event = 'b'", [["two  spaces"]]),
    ("SELECT DISTINCT event FROM events ORDER BY event", [["a"], ["b"]]),
    ("SELECT (SELECT count() FROM events) AS n", [[3]]),
    ("SELECT event FROM events AS e WHERE EXISTS (SELECT 1 FROM persons AS p WHERE p.person = e.person)", [["b"]]),
    ("FROM events SELECT count()", [[3]]),
    ("SELECT count() FROM persons FINAL", [[1]]),
    ("SELECT event -- a comment\nFROM /* another */ events WHERE event = 'b';", [["b"]]),
    ("SELECT JSONExtractString(toJSONString(properties), 'plan') FROM events WHERE event = 'b'", [["free"]]),
]  # fmt: skip


@pytest.fixture(scope="module")
def shop(engine: Any, event_store: Any) -> World:
    """Three events of two people, one of them known."""
    world = World(engine, event_store, 900_002)
    world.add("a", "2020-01-02 10:00:00", 1, properties={"plan": "pro", "n": 10, "a b": "space"})
    world.add("a", "2020-01-03 10:00:00", 1, properties={"cart": {"total": 9}})
    world.add("b", "2020-01-03 11:00:00", 2, properties={"plan": "free", "n": 5})
    world.add_person(2, tier="gold")
    return world


@pytest.mark.parametrize(("sql", "rows"), WORKS, ids=[sql[:70] for sql, _ in WORKS])
def test_works(shop: World, sql: str, rows: list[list[Any]]) -> None:
    assert shop.rows(sql) == rows


def test_parameters_are_bound(shop: World) -> None:
    tricky = "a'); DROP TABLE events; --"
    assert shop.rows("SELECT {x:String}, {n:Array(UInt8)}", x=tricky, n=[1, 2]) == [[tricky, [1, 2]]]
    assert shop.rows("SELECT count() FROM events WHERE event IN {names:Array(String)}", names=["a"]) == [[2]]


def test_the_example_of_the_docs(engine: Any, event_store: Any) -> None:
    """docs/sql.md."""
    world = World(engine, event_store, next_project_id())
    orders = [(1, {"plan": "pro", "amount": 120}), (1, {"plan": "pro", "amount": 30})]
    orders += [(2, {"amount": "200"}), (3, {"plan": "free", "amount": "none"})]
    for person, properties in orders:
        world.add("order_paid", "2026-03-01 10:00:00", person, properties=properties)
    sql = (
        "SELECT properties.plan AS plan, sum(properties.amount) AS revenue, countIf(properties.amount > 100) AS large, "
        "uniq(person) AS people FROM events WHERE event = 'order_paid' GROUP BY plan ORDER BY revenue DESC"
    )
    assert world.rows(sql) == [[None, 200, 1, 1], ["pro", 150, 1, 1], ["free", None, 0, 1]]


CASTS: list[tuple[str, list[Any]]] = [
    ("Int64", [3, 8, 1, None, None]),
    ("Nullable(UInt8)", [3, 8, 1, None, None]),
    ("Float64", [3.7, 8, 1, None, None]),
    ("Decimal(9, 1)", [3.7, 8, 1, None, None]),
    ("String", ["3.7", "8", "true", "[1,2]", None]),
    ("LowCardinality(String)", ["3.7", "8", "true", "[1,2]", None]),
    ("Array(Int64)", [[], [], [], [1, 2], []]),
]


@pytest.mark.parametrize(("kind", "expected"), CASTS)
def test_casts_convert_whatever_else_is_stored_under_the_name(
    engine: Any, event_store: Any, kind: str, expected: list[Any]
) -> None:
    """The engine converts what a stored part has, rows of other projects among it: an array there made others' fail."""
    world = World(engine, event_store, next_project_id())
    values: list[Any] = [3.7, "8", True, [1, 2], None]
    for minute, value in enumerate(values):
        world.add("a", f"2026-03-01 10:0{minute}:00", properties={} if value is None else {"x": value})
    sql = f"SELECT properties.x::{kind}, CAST((e.properties.x) AS {kind}) FROM events AS e ORDER BY timestamp"
    assert world.rows(sql) == [[value, value] for value in expected]


def test_casts_to_times_and_the_like(engine: Any, event_store: Any) -> None:
    world = World(engine, event_store, next_project_id())
    found = {
        "at": "2026-03-01 10:00:00",
        "unix": 1772359200,
        "id": "00000000-0000-0000-0000-00000000002a",
        "yes": "true",
    }
    world.add("a", "2026-03-01 10:00:00", properties=found)
    world.add("b", "2026-03-01 10:00:00", properties={name: [1] for name in found})
    sql = "SELECT properties.at::DateTime('UTC'), properties.at::Date, properties.unix::DateTime('UTC'), properties.id::UUID, properties.yes::Bool FROM events WHERE event = 'a'"
    assert world.rows(sql) == [["2026-03-01 10:00:00", "2026-03-01", "2026-03-01 10:00:00", found["id"], True]]


def test_columns_are_named_as_written(shop: World) -> None:
    result = shop.ask({"kind": "sql", "sql": "SELECT properties.plan, count() FROM events GROUP BY 1"}).result
    assert [column["name"] for column in result["columns"]] == ["properties.plan", "count()"]


def test_the_limit_cuts_and_says_so(shop: World) -> None:
    answer = shop.ask({"kind": "sql", "sql": "SELECT * FROM events", "limit": 2})
    assert len(answer.result["rows"]) == 2
    assert "first 2 rows" in answer.warnings[0]


def test_a_limit_of_ones_own_cannot_exceed_the_most(shop: World) -> None:
    assert len(shop.ask({"kind": "sql", "sql": "SELECT 1 FROM events LIMIT 999999999", "limit": 2}).result["rows"]) == 2
    with pytest.raises(Problem, match="limit"):
        shop.ask({"kind": "sql", "sql": "SELECT 1", "limit": MAX_LIMIT + 1})


def test_json_paths_are_read_beside_the_table() -> None:
    sql = rebuild("SELECT properties.plan FROM events", {}, scope=SCOPE).statement.sql
    assert "CAST(__northing.properties.`plan` AS Nullable(String)) AS `__json0`" in sql


def test_ambiguous_properties_are_refused(shop: World) -> None:
    with pytest.raises(Problem, match="e\\.properties or p\\.properties"):
        shop.rows("SELECT properties.plan FROM events e JOIN persons p ON e.person = p.person")


def test_a_table_of_another_database_is_refused_with_those_there_are() -> None:
    with pytest.raises(Problem, match=r"reads system\.tables; the tables are events, persons"):
        rebuild("SELECT * FROM system.tables", {}, scope=SCOPE)


def test_an_engine_error_is_told_without_our_rewriting(shop: World) -> None:
    with pytest.raises(Problem) as caught:
        shop.rows("SELECT nothing FROM events")
    assert caught.value.code == "invalid_sql"
    assert "__northing" not in caught.value.message
    assert "project_id" not in caught.value.message


def test_unused_parameters_are_warned_of(shop: World) -> None:
    answer = shop.ask({"kind": "sql", "sql": "SELECT 1", "params": {"x": 1}})
    assert answer.warnings == ("params.x is not used by the statement.",)


def test_rows_of_other_projects_cannot_be_told_from_errors(shop: World) -> None:
    """Both projects share granules; a failing conversion must not be tried on the neighbour's rows."""
    neighbour = World(shop.engine, shop.store, shop.project_id + 1)
    neighbour.add_all(
        {"event": "a", "timestamp": "2020-01-02 10:00:00", "distinct_id": f"secret{i}"} for i in range(50)
    )
    mine = World(shop.engine, shop.store, shop.project_id + 2)
    mine.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00", "distinct_id": str(i)} for i in range(50))
    shop.engine.command("OPTIMIZE TABLE events FINAL")
    for where in ("toInt64(distinct_id) >= 0", "intDiv(1, startsWith(distinct_id, 'secret') = 0) = 1"):
        assert mine.rows(f"SELECT count() FROM events WHERE {where}") == [[50]]
        assert mine.trends([{"event": None, "filters": [{"type": "sql", "value": where}]}])["series"][0]["total"] == 50
