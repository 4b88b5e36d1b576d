"""No answer tells of another project: each is compared with the answer from tables that hold one project alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from northing.data.query.catalogue import (
    ValueSearch,
    plan_event_properties,
    plan_events,
    plan_person_properties,
    plan_values,
)
from northing.data.query.live import LiveFilter, Window, plan_live, to_ms
from northing.data.query.properties import Owner, Property
from northing.data.query.requests import answer_request, parse_request
from northing.data.query.run import plan_earliest
from northing.data.query.sandbox_filters import parse_expression
from northing.data.query.sandbox_tables import PUBLIC_TABLES
from northing.data.query.scope import Scope
from northing.data.query.statements import ROW, Statement
from northing.data.query.suspects import EventName
from northing.data.query.unknown import plan_seen
from northing.data.store import QueryLimits, QueryResult, Store, StoreError
from northing.kernel.problems import Problem
from tests.data.query.intruders import ALLOWED, NAMES, REFUSED
from tests.data.query.world import NOW, World

SECRET = "rival-secret"
ACME, RIVALS = 900_021, (900_020, 900_022)
SCOPE = Scope(ACME, "UTC", "sunday", NOW)
WINDOW = Window(0, to_ms(NOW))
_TABLE = re.compile(r"\bFROM (events|persons|distinct_ids)\b")
Outcome = tuple[str, str]

# Every shape of statement that a filter can become part of; `{}` stands for the filter.
SHAPES: dict[str, dict[str, Any]] = {
    "top_events": {"kind": "top_events", "filters": "{}"},
    "active_users": {"kind": "active_users", "filters": "{}"},
    "trends": {"kind": "trends", "series": [{"event": None}], "filters": "{}"},
    "event": {"kind": "trends", "series": [{"event": "shared", "math": "unique", "filters": "{}"}]},
    "hours": {"kind": "trends", "series": [{"math": "sessions", "filters": "{}"}], "interval": "hour"},
    "two": {"kind": "trends", "series": [{"filters": "{}"}, {"math": "sum", "math_property": "n"}]},
    "compare": {"kind": "trends", "series": [{"event": None}], "compare": True, "filters": "{}"},
    "breakdown": {
        "kind": "trends", "series": [{"event": None}], "filters": "{}", "breakdown_limit": 1,
        "breakdown": [{"property": "plan"}, {"type": "person", "property": "tier"}],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def engine_of_two(engine: Store) -> Iterator[Store]:
    """Acme between two rivals whose every text is the secret, in the same granules; and Acme alone in a database."""
    for project in (ACME, *RIVALS):
        world = World(engine, None, project)  # type: ignore[arg-type]
        text = "acme" if project == ACME else SECRET
        extra: dict[str, Any] = {} if project == ACME else {"rival_only": text, "secret": {"deep": text}}
        more = {"distinct_id": text, "path": text, "browser": text, "session": project, "groups": {"company": text}}
        for event in ("shared", text):
            for person, n in ((7, 5), (8 if project == ACME else 9, 6)):
                properties = {"plan": text, "n": n, **extra}
                world.add(event, "2020-01-02 10:00:00", person, properties=properties, **more)
                world.add_person(person, tier=text, **extra)
    engine.command("OPTIMIZE TABLE events FINAL")
    engine.command("CREATE DATABASE alone")
    for table in PUBLIC_TABLES:
        engine.command(f"CREATE TABLE alone.{table} AS {table}")
        engine.command(f"INSERT INTO alone.{table} SELECT * FROM {table} WHERE project_id = {ACME}")
    yield engine
    engine.command("DROP DATABASE alone")


def assert_knows_nothing(engine: Store, body: dict[str, Any]) -> None:
    """The answer, or the error, is that of Acme alone, and holds no word of the rivals'."""
    beside, alone = (outcome(engine, body, alone=flag) for flag in (False, True))
    assert beside == alone
    assert SECRET not in beside[1]


def outcome(engine: Store, body: dict[str, Any], *, alone: bool) -> Outcome:
    async def ask(statement: Statement) -> QueryResult:
        return tell(engine, statement, alone=alone)

    try:
        answer = asyncio.run(answer_request(parse_request(body, SCOPE), ask))
    except StoreError as error:
        return f"error {error.code}", without_statement(error)
    except Problem as problem:
        return f"problem {problem.code}", problem.message.replace("alone.", "")
    return "answer", str(answer.result)


def tell(engine: Store, statement: Statement, *, alone: bool) -> QueryResult:
    sql = _TABLE.sub(r"FROM alone.\1", statement.sql) if alone else statement.sql
    return engine.query(sql, statement.params, limits=QueryLimits(seconds=5))


def without_statement(error: StoreError) -> str:
    """The message up to where it shows the statement, whose literals are the asker's own."""
    return re.split(r" [Ii]n (?:query|scope)|: While|: while|\(version", error.message)[0].replace("alone.", "")


def filled(shape: Any, found: Any) -> Any:
    """The shape with the filter in its place."""
    if isinstance(shape, dict):
        return {name: filled(value, found) for name, value in shape.items()}
    if isinstance(shape, list):
        return [filled(value, found) for value in shape]
    return [found] if shape == "{}" else shape


def expression(text: str) -> dict[str, Any]:
    return {"type": "sql", "value": text}


@pytest.mark.parametrize("text", REFUSED)
def test_a_filter_is_refused(text: str) -> None:
    for shape in SHAPES.values():
        with pytest.raises(Problem) as caught:
            parse_request(filled(shape, expression(text)), SCOPE)
        assert caught.value.status == 422


@pytest.mark.parametrize("text", ALLOWED)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_filter_that_may_run_knows_one_project(engine_of_two: Store, shape: str, text: str) -> None:
    assert_knows_nothing(engine_of_two, filled(SHAPES[shape], expression(text)))


@pytest.mark.parametrize(
    "text", ["(1 AS project_id) = 1", "(1 AS timestamp) = 1", "('x' AS event) = 'x'", "(7 AS person) = 7"]
)
def test_an_alias_could_not_take_the_place_of_ours(
    engine_of_two: Store, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Were the parser to let one through, the statements around it would hold."""
    monkeypatch.setattr("northing.data.query.filters.parse_expression", lambda raw, **_: raw)
    for shape in SHAPES.values():
        assert_knows_nothing(engine_of_two, filled(shape, expression(text)))
    (row, _) = asyncio.run(_top(engine_of_two, text))
    assert (row["event"], row["count"], row["users"]) == ("acme", 2, 2)


async def _top(engine: Store, text: str) -> list[Any]:
    async def ask(statement: Statement) -> QueryResult:
        return tell(engine, statement, alone=False)

    body = {"kind": "top_events", "filters": [expression(text)]}
    return list((await answer_request(parse_request(body, SCOPE), ask)).result)


def test_the_columns_of_filters_are_the_documented_ones(engine: Store) -> None:
    virtual = ["_part", "_part_offset", "_partition_id", "_table", "_row_exists", "_block_number"]
    physical = [name for (name,) in engine.query("SELECT name FROM system.columns WHERE table = 'events'").rows]
    for name in {*physical, *virtual} - set(PUBLIC_TABLES["events"]):
        with pytest.raises(Problem, match="no column"):
            parse_expression(f"toString({name}) != ''")
    for name in PUBLIC_TABLES["events"]:
        assert parse_expression(f"{name} = events.{name}") == f"(({ROW}.`{name}` = {ROW}.`{name}`))"


@pytest.mark.parametrize("text", [*REFUSED, *ALLOWED])
def test_the_same_as_a_condition_of_user_sql(engine_of_two: Store, text: str) -> None:
    """There aliases are allowed, and every table is a subquery of its own."""
    for sql in (
        f"SELECT count(), uniq(person) FROM events WHERE {text}",
        f"SELECT {text} AS found, count() FROM events GROUP BY found ORDER BY found",
    ):
        assert_knows_nothing(engine_of_two, {"kind": "sql", "sql": sql})


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("text", ["event = 'x'", "arrayExists(x -> x = event, ['shared'])"])
def test_every_name_in_a_statement_is_qualified(engine_of_two: Store, shape: str, text: str) -> None:
    asked: list[Statement] = []

    async def ask(statement: Statement) -> QueryResult:
        asked.append(statement)
        return engine_of_two.query(statement.sql, statement.params)

    asyncio.run(answer_request(parse_request(filled(SHAPES[shape], expression(text)), SCOPE), ask))
    for statement in asked:
        tree = parse_one(statement.sql, dialect="clickhouse")
        bare = {column.name for column in tree.find_all(exp.Column) if not column.table}
        assert all(name.startswith(("__", "lambda_")) for name in bare), bare
        for table in tree.find_all(exp.Table):
            select = table.find_ancestor(exp.Select)
            assert select is not None
            narrowed = (select.args.get("prewhere") or select.args["where"]).sql("clickhouse")
            assert f"{table.alias}.project_id = {{p0: UInt32}}" in narrowed
            assert table.name != "events" or "prewhere" in select.args


@pytest.mark.parametrize("owner", ["event", "person"])
@pytest.mark.parametrize("name", NAMES)
def test_property_names_know_one_project(engine_of_two: Store, name: str, owner: Owner) -> None:
    asked = {"type": owner, "property": name}
    filters: list[dict[str, Any]] = [
        {**asked, "operator": "is_set"},
        {**asked, "operator": "is_not_set"},
        {**asked, "value": [SECRET[:5], "acme", 5, 900_022]},
        {**asked, "operator": "regex", "value": "rival|acme"},
        {**asked, "operator": "gte", "value": 0},
    ]
    bodies: list[dict[str, Any]] = [{"kind": "top_events", "filters": [found]} for found in filters]
    bodies += [{"kind": "trends", "series": [{}], "breakdown": [asked], "breakdown_limit": limit} for limit in (1, 25)]
    bodies += [{"kind": "trends", "series": [{"math": math, "math_property": name}]} for math in ("sum", "p90")]
    for body in bodies:
        assert_knows_nothing(engine_of_two, body)
    assert_told_alike(engine_of_two, plan_seen(Property(owner, name), SCOPE))
    for event, search in ((None, ""), ("shared", "a"), (SECRET, "")):
        values = ValueSearch(Property(owner, name), event, search)
        assert_told_alike(engine_of_two, plan_values(SCOPE, WINDOW, values, limit=50))


@pytest.mark.parametrize("name", [*NAMES, "shared", "acme", SECRET, "%", "' OR 1 = 1 OR '", "{p1:String}"])
def test_event_names_know_one_project(engine_of_two: Store, name: str) -> None:
    for math in ("total", "unique"):
        for series in ([{"event": name, "math": math}], [{"event": name, "math": math}, {"event": "shared"}]):
            body = {"kind": "trends", "series": series}
            assert outcome(engine_of_two, body, alone=False) == outcome(engine_of_two, body, alone=True)
    for statement in (
        plan_seen(EventName(name), SCOPE),
        plan_events(SCOPE, WINDOW, search=name, limit=50),
        plan_event_properties(SCOPE, WINDOW, name),
        plan_live(SCOPE, WINDOW, LiveFilter(event=name), limit=50),
        plan_live(SCOPE, WINDOW, LiveFilter(distinct_id=name), limit=50),
    ):
        assert_told_alike(engine_of_two, statement)


def test_lists_know_one_project(engine_of_two: Store) -> None:
    last = (to_ms(NOW), "ffffffff-ffff-ffff-ffff-ffffffffffff")
    for statement in (
        plan_events(SCOPE, WINDOW, search="", limit=50),
        plan_event_properties(SCOPE, WINDOW, None),
        plan_person_properties(SCOPE),
        plan_live(SCOPE, WINDOW, LiveFilter(), limit=50),
        plan_live(SCOPE, WINDOW, LiveFilter(before=last), limit=50),
        plan_earliest(SCOPE),
    ):
        assert assert_told_alike(engine_of_two, statement) > 0


def assert_told_alike(engine: Store, statement: Statement) -> int:
    """The rows are those of Acme alone; how many there are."""
    beside, alone = (tell(engine, statement, alone=flag).rows for flag in (False, True))
    assert beside == alone
    assert SECRET not in str(beside)
    return len(beside)


_names = st.sampled_from(
    "event timestamp person distinct_id session properties groups properties.plan properties.n events.event project_id "
    "batch _part _row_exists x events.project_id __northing.project_id p0 __b0 __current events.* persons".split()
)
_defined = st.sampled_from("x project_id timestamp event person events properties __northing p0 __current k".split())
_values = st.sampled_from(["1", "0", "'a'", "'shared'", "NULL", "900022", "now()", "[1]", "true"])
_calls = st.sampled_from(
    "lower toString length coalesce toJSONString tuple not isNull cityHash64 toInt64 count sum arrayJoin file".split()
)


_pieces = st.sampled_from([*"`.:^[]\\'\"({}) ", "plan", "n", "Int64", "String", "project_id"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["=", "!=", "+", "AND", "OR", "IN", "LIKE", "NOT LIKE", "||", ">", "."])
    return st.one_of(
        st.tuples(inner, _defined).map(lambda t: f"({t[0]} AS {t[1]})"),
        st.tuples(inner, operators, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(_calls, inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(_defined, inner, inner).map(lambda t: f"arrayExists({t[0]} -> {t[1]}, [{t[2]}])"),
        st.tuples(inner, inner).map(lambda t: f"if({t[0]} = {t[1]}, {t[0]}, {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} IN ({t[1]}, 1))"),
        st.tuples(inner, _defined).map(lambda t: f"{t[0]}) OR ({t[1]} = 1"),
    )


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(SHAPES)), st.recursive(_names | _values, _grown, max_leaves=6))
@example("top_events", "(1 AS project_id) = 1")
@example("trends", "arrayExists(project_id -> project_id = 1, [1])")
def test_any_filter_is_refused_or_knows_one_project(engine_of_two: Store, shape: str, text: str) -> None:
    body = filled(SHAPES[shape], expression(text))
    if may_run(body):
        assert " AS " not in text
        assert_knows_nothing(engine_of_two, body)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["event", "person"]),
    st.lists(st.sampled_from([*"`.:^[]\\'\"({}) ", "plan", "n", "Int64", "String", "project_id"]), max_size=7).map(
        "".join
    ),
)
@example("event", "plan.:`Int64`")
@example("event", "^`plan`")
@example("person", "tier.:`Int64`")
def test_any_property_is_refused_or_knows_one_project(engine_of_two: Store, owner: Owner, name: str) -> None:
    asked = {"type": owner, "property": name}
    bodies: list[dict[str, Any]] = [
        {"kind": "top_events", "filters": [{**asked, "operator": "icontains", "value": "a"}]},
        {"kind": "trends", "series": [{}], "breakdown": [asked]},
        {"kind": "trends", "series": [{"math": "sum", "math_property": name}]},
    ]
    for body in bodies:
        if may_run(body):
            assert_knows_nothing(engine_of_two, body)
            assert outcome(engine_of_two, body, alone=False)[0] == "answer"


def may_run(body: dict[str, Any]) -> bool:
    try:
        parse_request(body, SCOPE)
    except Problem:
        return False
    return True
