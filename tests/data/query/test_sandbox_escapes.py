"""Escapes are refused, whatever is tried; and whatever is let through shows nothing of another project."""

# ruff: noqa: E501 (one case to a line reads best)

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse

from northing.data.query.sandbox import rebuild
from northing.data.query.sandbox_filters import parse_expression
from northing.data.query.sandbox_functions import function_name
from northing.data.query.sandbox_tables import PUBLIC_TABLES
from northing.data.query.statements import Statement
from northing.data.store import QueryLimits, Store, StoreError
from northing.kernel.problems import Problem
from tests.data.query.escapes import ESCAPES
from tests.data.query.world import SCOPE, World

SECRET = "rival-secret"
_OURS = re.compile(
    r"toInterval\w+|tupleElement|arrayElement|dynamicElement|tuple|CAST|Nullable|intDiv|match|xor|toFloat64\w*"
)


@pytest.mark.parametrize("sql", ESCAPES)
def test_is_refused(sql: str) -> None:
    with pytest.raises(Problem) as caught:
        rebuild(sql, {"x": "1"}, scope=SCOPE)
    assert caught.value.status == 422


def test_there_are_many() -> None:
    assert len(set(ESCAPES)) == len(ESCAPES) >= 150


@pytest.mark.parametrize(
    "sql",
    [
        "(" * 3000 + "1" + ")" * 3000,
        "SELECT " + "(" * 2000 + "1" + ")" * 2000,
        "SELECT " + "-" * 50 + "1",
        "SELECT 1" + " + 1" * 4000,
        "\0",
        "",
        ";",
        "SELECT '\ud800'",
        "'",
        "`",
        "{",
        "SELECT $$x",
        "a" * 30_000,
    ],
)
def test_what_cannot_be_read_is_refused_in_time(sql: str) -> None:
    rebuilt_or_none(sql)


@pytest.mark.parametrize(
    "text",
    [
        "1) OR (1",
        "1) FROM events; --",
        "event IN (SELECT event FROM events)",
        "(SELECT 1)",
        "EXISTS (SELECT 1)",
        "1 AS x, 2",
        "count() OVER ()  FROM x",
        "1 WHERE 1",
        "*",
        "{x:String}",
        "hostName()",
        "__northing.project_id",
    ],
)
def test_expressions_cannot_leave_their_parentheses(text: str) -> None:
    with pytest.raises(Problem):
        parse_expression(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part",
    [
        "Array(",
        "Tuple(",
        "Array(Tuple(",
        "f(x -> ",
        "WITH a AS (",
        "(SELECT ",
        "CASE WHEN ",
        "[",
        "{'a':",
        "x IN (",
        "CAST(",
    ],
)
def test_nesting_does_not_double_the_time(part: str) -> None:
    for end in ("x" + ")" * 30 * part.count("("), "!"):
        rebuilt_or_none("SELECT " + part * 30 + end)


@pytest.fixture(scope="module")
def rivals(engine: Any, event_store: Any) -> World:
    """Acme, whose rows say nothing special, beside Rival, whose every text is the secret."""
    acme, rival = World(engine, event_store, 900_010), World(engine, event_store, 900_011)
    for world, text in ((acme, "acme"), (rival, SECRET)):
        world.add(
            text, "2020-01-02 10:00:00", 7, distinct_id=text, path=text, browser=text, properties={"plan": text, "n": 5}
        )
        world.add_person(7, tier=text)
    return acme


_names = st.sampled_from(
    "event timestamp person distinct_id properties.plan properties.n properties project_id batch e.event p.properties.tier x t * __northing.project_id events.event session_id".split()
)
_tables = st.sampled_from(
    "events persons distinct_ids t x e system.one system.tables numbers(3) northing.events default.events `events` EVENTS (SELECT_1) schema_versions one".split()
)
_calls = st.sampled_from(
    "count uniq lower toString any groupArray max sumIf hostName file sleep currentUser toJSONString getSetting in dictGet argMax length coalesce arrayJoin url joinGet".split()
)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 2) -> str:
    """Expressions, allowed and not."""
    if depth == 0 or draw(st.booleans()):
        return draw(_names | st.sampled_from(["1", "'a'", "NULL", "'rival-secret'", "{x:String}", "900011"]))
    inner = expressions(depth=depth - 1)
    nested: str = draw(st.one_of(
        st.tuples(_calls, inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, st.sampled_from(["=", "+", "AND", "OR", "IN", "LIKE", "||", ">"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, _tables).map(lambda t: f"({t[0]} IN {t[1]})"),
        st.tuples(inner, _tables).map(lambda t: f"({t[0]} IN (SELECT {t[0]} FROM {t[1]}))"),
        st.tuples(inner, st.sampled_from(["x", "project_id", "events", "t", "__northing"])).map(lambda t: f"({t[0]} AS {t[1]})"),
        st.tuples(_names, _tables).map(lambda t: f"(SELECT any({t[0]}) FROM {t[1]})"),
        inner.map(lambda t: f"arrayMap(x -> {t}, [1])"),
    ))  # fmt: skip
    return nested


@st.composite
def statements(draw: st.DrawFn) -> str:
    """Statements, allowed and not."""
    chosen = [draw(expressions()) for _ in range(draw(st.integers(1, 3)))]
    with_ = draw(
        st.sampled_from(
            [
                "",
                "",
                "WITH t AS (SELECT * FROM events) ",
                "WITH 900011 AS project_id ",
                "WITH x AS (SELECT 1 AS project_id) ",
                "WITH events AS (SELECT 1) ",
            ]
        )
    )
    table = draw(
        st.one_of(
            _tables,
            _tables.map(lambda t: f"{t} AS e"),
            st.tuples(_tables, _tables).map(lambda t: f"{t[0]} AS e LEFT JOIN {t[1]} AS p ON e.person = p.person"),
            st.just("events AS e CROSS JOIN persons AS p"),
            _tables.map(lambda t: f"(SELECT * FROM {t}) AS t"),
        )
    )
    where = draw(st.one_of(st.just(""), expressions().map(lambda e: f" WHERE {e}")))
    tail = draw(
        st.sampled_from(
            [
                "",
                "",
                " GROUP BY ALL",
                " ORDER BY 1",
                " LIMIT 5",
                " LIMIT 1 BY event",
                " SETTINGS max_threads = 1",
                " UNION ALL SELECT * FROM events",
                " -- x",
                "; SELECT 1",
                " FORMAT JSON",
            ]
        )
    )
    return f"{with_}SELECT {', '.join(chosen)} FROM {table}{where}{tail}"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(statements())
@example("SELECT * FROM events")
@example("WITH 900011 AS project_id SELECT * FROM events")
@example("SELECT e.*, p.* FROM events AS e CROSS JOIN persons AS p")
@example("SELECT groupArray(tuple(*)) FROM events")
@example("SELECT toJSONString(properties), p.properties.tier FROM events AS e, persons AS p")
def test_what_is_let_through_is_harmless(rivals: World, sql: str) -> None:
    rebuilt = rebuilt_or_none(sql, rivals.project_id)
    if rebuilt is None:
        return
    assert_only_allowed(rebuilt.sql)
    assert SECRET not in told(rivals.engine, rebuilt) or SECRET in sql


def rebuilt_or_none(sql: str, project_id: int = 1) -> Statement | None:
    """What would run, or None where it is refused as it should be."""
    try:
        return rebuild(sql, {"x": "y"}, scope=replace(SCOPE, project_id=project_id)).statement
    except Problem as problem:
        if problem.status != 422:
            raise
        return None


def told(engine: Store, statement: Statement) -> str:
    """All the engine says: rows, or its error."""
    try:
        return str(engine.query(statement.sql, statement.params, limits=QueryLimits(seconds=5)).rows)
    except StoreError as error:
        return str(error.message)


def assert_only_allowed(sql: str) -> None:
    """Parsed anew by the stock dialect: tables of ours under PREWHERE of the project, and listed functions."""
    (tree,) = parse(sql, dialect="clickhouse")
    assert tree is not None
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        assert not table.db
        assert not table.catalog
        assert isinstance(table.this, exp.Identifier)
        if table.name in PUBLIC_TABLES:
            select = table.find_ancestor(exp.Select)
            assert select is not None
            assert select.args["prewhere"].sql("clickhouse") == "PREWHERE __northing.project_id = {p0: UInt32}"
        else:
            assert table.name in ctes
            assert table.name.startswith("cte_")
    for call in tree.find_all(exp.Anonymous, exp.AnonymousAggFunc):
        assert function_name(call.name) or _OURS.fullmatch(call.name), call.name
    assert "settings" not in tree.args
    assert "format" not in tree.args


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("SELECT FROM events '\"`\\;-/*(){}[]:,.=x1$\n\t#@!?|&%\u00a0\u2018\u2019"), max_size=60
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for sql in (text, f"SELECT {text}", f"SELECT 1 FROM events {text}", f"SELECT '{text}' FROM events"):
        rebuilt = rebuilt_or_none(sql)
        if rebuilt is not None:
            assert_only_allowed(rebuilt.sql)
