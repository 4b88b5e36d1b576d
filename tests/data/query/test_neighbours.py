"""No answer changes with what other projects send under the same names, though all rows share stored parts.

Of a path the engine keeps which types a part has, and whether it is a column of its own or one of a crowd: both follow
from the rows of all projects. So one project is asked while it is alone, and its twin once it lives between two others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from northing.data.identity.cohorts import read_definition
from northing.data.identity.cohorts_sql import cohort_people
from northing.data.query import QueryRunner, RunnerOptions
from northing.data.query.catalogue import (
    ValueSearch,
    plan_event_properties,
    plan_events,
    plan_person_properties,
    plan_values,
)
from northing.data.query.draft import Draft
from northing.data.query.filters import OPERATORS
from northing.data.query.live import LiveFilter, Window, plan_live, to_ms
from northing.data.query.people import PeoplePage, list_people, plan_everyone
from northing.data.query.persons import GroupSearch, plan_group, plan_groups
from northing.data.query.properties import Owner, Property
from northing.data.query.reader import Notes, Reader
from northing.data.query.requests import KINDS
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement
from northing.data.store import LocalStore, QueryResult, Store
from northing.kernel.problems import Problem
from northing.server.cache import MemoryCache
from tests.data.query.world import World
from tests.support.engine import next_project_id

NOW = datetime(2005, 7, 10, tzinfo=UTC)
PARTITION = 200_500
DATES = {"date_from": "2005-07-01", "date_to": "2005-07-09"}
WINDOW = Window(0, to_ms(NOW))
PEOPLE = range(1, 53)
KEYS = {"events": "uuid", "persons": "person", "groups": "key"}
Question = Callable[[World], Any]
Twins = tuple[dict[str, str], World]

# What the others send under every name of ours.
SHARED_NAMES = ("x", "tags", "cart", "day", "n", "tier", "size", "name")
ODD: list[Any] = [
    [1, 2], ["l", None], [], {}, [[]], [{}], [[1], [2, [3]]], [1, "a", None, {"q": 1}], [True, 1], [[[[[1]]]]],
    {"total": {"sub": [1]}}, {"total": "text", "items": 5}, [{"sku": 1}, {"sku": {"z": [1]}}], {"": 1}, {"size0": [1]},
    True, False, 2**63, 2**64, 2**200, -(2**63) - 1, 1e308, 5e-324, -0.0, "NaN", "inf", "", " ", "0x10", "null", "true",
    "2020-13-45", "2020-01-01 10:00:00", '{"a":1}', "[1,2]", "é\0x", "\U0001f600", "x" * 3000,
]  # fmt: skip
# Names that mean something to the engine, or nothing at all.
ODD_NAMES: dict[str, int] = dict.fromkeys(
    ("", "a.", ".a", "a..b", "`", "\\", "'", '"', "\0", ":`x", "^x", "x.:Int64", "x.null", "tags.size0", "[]"), 1
)
CROWD = {f"crowd{i}": i for i in range(300)}


def own_events() -> list[dict[str, Any]]:
    rows = []
    for person in PEOPLE:
        names = ("a", "b", "c") if person % 3 else ("a", "c")
        for place, event in enumerate(names):
            number = person * 10 + place
            at = f"2005-07-0{person % 8 + 1} 10:{place:02d}:00"
            row = {"event": event, "timestamp": at, "person": person, "distinct_id": f"d{person}", "session": person}
            groups = {"company": f"c{person % 3}"}
            rows.append({**row, "uuid": str(UUID(int=number)), "groups": groups, "properties": of_event(number)})
    return rows


def of_event(number: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "n": number if number % 3 else number + 0.5,
        "x": (1, 2.5, "3", True)[number % 4],
        "tags": [f"t{number % 4}", "u"],
        "cart": {"total": number % 7, "items": [{"sku": f"s{number % 3}"}]},
        "day": f"2020-01-0{number % 9 + 1}",
        "plan": ("pro", "free")[number % 2],
        "rare": number % 5,
    }
    return {name: value for name, value in found.items() if (number + len(name)) % 11}


def own_persons() -> list[dict[str, Any]]:
    found = [{"tier": ("gold", 3)[p % 2], "tags": ["z"], "cart": {"total": p}, "name": f"P{p}"} for p in PEOPLE]
    return [{**of_person(p), "properties": properties} for p, properties in zip(PEOPLE, found, strict=True)]


def own_groups() -> list[dict[str, Any]]:
    found = [{"size": size, "name": f"Acme {size}"} for size in (10, "20", 3.5)]
    return [{**of_group(i), "properties": properties} for i, properties in enumerate(found)]


def of_person(person: int) -> dict[str, Any]:
    return {"person": person, "created_at": "2005-07-01 00:00:00", "version": 1}


def of_group(number: int) -> dict[str, Any]:
    return {"type": "company", "key": f"c{number}", "version": 1}


def odd_properties() -> list[dict[str, Any]]:
    """Each odd value under each name, alone and among other odd ones; then a crowd of names."""
    alike = [{**dict.fromkeys(SHARED_NAMES, value), **ODD_NAMES} for value in ODD]
    mixed = [
        {name: ODD[(i + 7 * place) % len(ODD)] for place, name in enumerate(SHARED_NAMES)} for i in range(len(ODD))
    ]
    return [*alike, *mixed, *[CROWD] * 170]


def odd_event(number: int) -> dict[str, Any]:
    return {**own_events()[number % 100], "uuid": str(UUID(int=number))}


def rows_of(project: int, *, odd: bool) -> dict[str, list[dict[str, Any]]]:
    """A project's rows by table."""
    rows = {"events": own_events(), "persons": own_persons(), "groups": own_groups()}
    if odd:
        numbered = list(enumerate(odd_properties(), start=1))
        about = {"events": odd_event, "persons": of_person, "groups": of_group}
        rows = {table: [{**row(i), "properties": found} for i, found in numbered] for table, row in about.items()}
    return {table: [{"project_id": project, **row} for row in found] for table, found in rows.items()}


def move_in(world: World, *projects: tuple[int, bool]) -> None:
    """The rows of all projects, odd ones or our own, in one block for each table."""
    together = [rows_of(project, odd=odd) for project, odd in projects]
    for table in ("events", "persons", "groups"):
        world.add_rows(table, [row for rows in together for row in rows[table]])


@pytest.fixture(scope="module")
def twins(engine: Store, event_store: LocalStore) -> Twins:
    """What one answered that lived alone, and the other, whose rows came with the neighbours' and lie between them."""
    left, first, second, right = (next_project_id() for _ in range(4))
    alone, beside = (World(engine, event_store, project) for project in (first, second))
    move_in(alone, (first, False))
    before = {name: json.dumps(ask(alone), default=str) for name, ask in QUESTIONS.items()}
    move_in(beside, (left, True), (second, False), (right, True))
    engine.command(f"OPTIMIZE TABLE events PARTITION {PARTITION} FINAL")
    for table in ("persons", "groups"):
        engine.command(f"OPTIMIZE TABLE {table} FINAL")
    return before, beside


def ask_kind(kind: str, point: dict[str, Any] | None = None, **body: Any) -> Question:
    """The answer of a kind, with the people behind one of its numbers where a point is given."""
    asked = {"kind": kind, **DATES, **body}

    def ask(world: World) -> Any:
        answer = world.ask(asked, now=NOW)
        people = sorted(world.people(asked, point, now=NOW)) if point is not None else []
        return [answer.result, answer.definition, answer.warnings, people]

    return ask


def ask_sql(sql: str) -> Question:
    def ask(world: World) -> Any:
        return world.ask({"kind": "sql", "sql": sql, "limit": 10_000}, now=NOW).result

    return ask


def ask_file(table: str, kind: str) -> Question:
    sql = f"SELECT * FROM {table} ORDER BY {KEYS[table]}"

    def ask(world: World) -> Any:
        runner = QueryRunner(world.store, MemoryCache(), RunnerOptions())
        return repr(asyncio.run(runner.write_file({"sql": sql, "format": kind}, scope_of(world))).content)

    return ask


def ask_plan(plan: Callable[[Scope], Statement]) -> Question:
    def ask(world: World) -> Any:
        statement = plan(scope_of(world))
        return world.engine.query(statement.sql, statement.params).rows

    return ask


def ask_people(search: str) -> Question:
    def ask(world: World) -> Any:
        async def fetch(statement: Statement) -> QueryResult:
            return await world.store.query(statement.sql, statement.params)

        found = asyncio.run(list_people(plan_everyone(Draft(scope_of(world))), PeoplePage(search=search), fetch))
        return [found.total, found.items]

    return ask


def ask_cohort(definition: dict[str, Any]) -> Question:
    def plan(scope: Scope) -> Statement:
        rule = read_definition(Reader({"definition": definition}, "", Notes()), scope)
        people = cohort_people(rule, scope)
        return people.draft.statement(f"SELECT __person FROM ({people.sql}) ORDER BY __person")

    return ask_plan(plan)


def ask_maths(name: str) -> Question:
    return ask_kind("trends", series=[{"math": math, "math_property": name} for math in MATHS])


def scope_of(world: World) -> Scope:
    return Scope(world.project_id, "UTC", "sunday", NOW)


def named(owner: str, name: str) -> dict[str, Any]:
    return {"type": owner, "property": name, **({"group_type": "company"} if owner == "group" else {})}


def operations(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The property with each operator."""
    values = {"gt": 2, "gte": "b", "lt": "3", "lte": 5, "is_date_before": "2020-01-03", "is_date_after": "2020-01-03"}
    some = ["1", 3, "pro", True, "2020-01-02", '["t1","u"]', 2.5, "gold"]
    texts = {**dict.fromkeys(("regex", "not_regex"), "1|a"), **dict.fromkeys(("icontains", "not_icontains"), "o")}
    chosen = {operator: {**values, **texts}.get(operator, some) for operator in OPERATORS}
    return [
        {**found, "operator": operator, **({} if "set" in operator else {"value": value})}
        for operator, value in chosen.items()
    ]


STEPS = [{"event": "a"}, {"event": "b"}]
X, TIER, CART = named("event", "x"), named("person", "tier"), named("person", "cart.total")
OF_EVENTS = ("n", "x", "tags", "cart", "cart.total", "day", "plan", "rare", "crowd1")
PROPERTIES = {
    f"{owner} {name}": named(owner, name)
    for owner, names in {
        "event": OF_EVENTS,
        "person": ("tier", "tags", "cart.total", "name", "crowd1"),
        "group": ("size", "name", "tags"),
    }.items()
    for name in names
}
MATHS = ("sum", "avg", "min", "max", "median", "p75", "p99")
CORRELATED = (
    {"correlate": "events"},
    {"correlate": "person_properties"},
    {"correlate": "event_properties", "event": "a"},
)
WITH_X = {"event": "a", "filters": [{**X, "operator": "is_set"}]}
ABOVE_3 = [{"type": "sql", "value": "properties.n::Int64 > 3"}]
BODIES: list[dict[str, Any]] = [
    *({"kind": "funnel", "steps": STEPS, "view": "correlation", **what} for what in CORRELATED),
    *({"kind": "funnel", "steps": STEPS, "breakdown": found} for found in (X, TIER)),
    *({"kind": "funnel", "steps": STEPS, "breakdown": X, "attribution": how} for how in ("step", "all_events")),
    {"kind": "retention", "target": {"event": "a"}, "returning": {"event": "b"}, "breakdown": X},
    {"kind": "paths", "include": ["a", {"sql": "toString(properties.tags)"}]},
    {"kind": "person_journey", "person": 7, "funnel": {"steps": STEPS}},
    {"kind": "conversion", "start_event": "a", "end_event": "b", "filters": ABOVE_3},
    *({"kind": "rfm", "event": "a", "property": name, "days": 30, "point": {}} for name in ("n", "x", "tags")),
    *({"kind": kind, **WITH_X} for kind in ("lifecycle", "growth_accounting", "stickiness", "power_users")),
    *({"kind": kind, "filters": ABOVE_3} for kind in ("active_users", "top_events")),
]
READINGS = (
    *("{0}", "{0} + 1", "dynamicType({0})", "dynamicElement({0}, 'Int64')"),
    *(f"{{0}}.:{kind}" for kind in ("Int64", "Float64", "Bool", "String")),
    *(f"{{0}}::{kind}" for kind in ("String", "Array(String)", "Array(Int64)", "Map(String, String)")),
)
WHOLE = (
    "properties, toString(properties), properties::String, JSONAllPaths(properties), "
    "JSONAllPathsWithTypes(properties), cityHash64(properties), toJSONString(tuple(properties)), "
    "rank() OVER (ORDER BY properties)"
)
READ = (
    *(("events", f"properties.{name}") for name in ("n", "x", "tags", "cart", "cart.total", "cart.items", "rare")),
    *(("persons", f"properties.{name}") for name in ("tier", "tags", "cart.total")),
    *(("groups", f"properties.{name}") for name in ("size", "tags")),
)
SQL = (
    *(
        f"SELECT {', '.join(reading.format(path) for reading in READINGS)} FROM {table} ORDER BY {KEYS[table]}"
        for table, path in READ
    ),
    *(f"SELECT {WHOLE} FROM {table} ORDER BY {key}" for table, key in KEYS.items()),
    *(f"SELECT * FROM {table} ORDER BY {key}" for table, key in KEYS.items()),
    *(f"SELECT properties, count() FROM {table} GROUP BY properties ORDER BY properties" for table in KEYS),
    *(f"SELECT uniqExact(properties), min(properties), max(properties) FROM {table}" for table in KEYS),
    "SELECT count() FROM (SELECT DISTINCT properties FROM events)",
    "SELECT properties.x AS x, count() FROM events GROUP BY x ORDER BY x",
    "SELECT sum(properties.n), avg(properties.x), uniq(properties.tags), max(properties.rare::Int64) FROM events",
    "SELECT count() FROM events WHERE properties.n::UInt16 > 100 AND toDate(properties.day) > '2020-01-01'",
    "WITH e AS (SELECT * FROM events) SELECT properties.x::Float64, properties.n::Int64 FROM e ORDER BY uuid",
    "SELECT count() FROM events AS a JOIN events AS b ON a.properties = b.properties",
    "SELECT p.properties.tier, count() FROM events AS e JOIN persons AS p ON e.person = p.person GROUP BY 1 ORDER BY 1",
)


def questions_of(name: str, found: dict[str, Any]) -> dict[str, Question]:
    """Everything that a property can be asked for beside its numbers."""
    series = [{"event": "a"}]
    return {
        f"filters by {name}": ask_kind("trends", series=[{"filters": [one]} for one in operations(found)]),
        f"values of {name}": ask_kind("trends", {}, series=series, breakdown=found),
        f"bins of {name}": ask_kind("trends", series=series, breakdown={**found, "bins": 3}),
    }


def searched(owner: Owner, name: str) -> ValueSearch:
    return ValueSearch(Property(owner, name), None, "")


QUESTIONS: dict[str, Question] = {
    label: ask
    for questions in (
        *(questions_of(name, found) for name, found in PROPERTIES.items()),
        {f"maths of {name}": ask_maths(name) for name in OF_EVENTS},
        {f"{place} {body['kind']}": ask_kind(**body) for place, body in enumerate(BODIES)},
        {f"cohort {one}": ask_cohort(one) for one in [*operations(TIER), *operations(CART)]},
        {f"people {search}": ask_people(search) for search in ("", "p1", "z")},
        {sql: ask_sql(sql) for sql in SQL},
        {f"{kind} of {table}": ask_file(table, kind) for table in KEYS for kind in ("csv", "parquet")},
        {
            "catalogue of events": ask_plan(lambda scope: plan_events(scope, WINDOW, search="", limit=50)),
            "catalogue of properties": ask_plan(lambda scope: plan_event_properties(scope, WINDOW, None)),
            "catalogue of person properties": ask_plan(plan_person_properties),
            "values": ask_plan(lambda scope: plan_values(scope, WINDOW, searched("event", "x"), limit=50)),
            "person values": ask_plan(lambda scope: plan_values(scope, WINDOW, searched("person", "tier"), limit=50)),
            "live": ask_plan(lambda scope: plan_live(scope, WINDOW, LiveFilter(), limit=50)),
            "groups": ask_plan(lambda scope: plan_groups(scope, GroupSearch(search="acme"), limit=50)),
            "group": ask_plan(lambda scope: plan_group(scope, "company", "c1")),
        },
    )
    for label, ask in questions.items()
}  # fmt: skip


def test_every_kind_is_asked() -> None:
    assert {"trends", "sql", *(body["kind"] for body in BODIES)} == {kind.name for kind in KINDS}


def test_the_others_crowd_the_part(twins: Twins) -> None:
    """Names that they use stay columns, with types of theirs; names that are ours alone have lost theirs."""
    _, world = twins
    own = f"SELECT properties FROM events WHERE project_id = {world.project_id} AND event = 'a'"
    paths = [f"groupUniqArrayArray({name}(properties))" for name in ("JSONDynamicPaths", "JSONSharedDataPaths")]
    ((columns, crowded),) = world.engine.query(f"SELECT {', '.join(paths)} FROM ({own})").rows
    assert {"x", "tags", "n"} <= set(columns)
    assert {"plan", "rare"} <= set(crowded)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_the_same_beside_others(twins: Twins, question: str) -> None:
    before, beside = twins
    assert json.dumps(QUESTIONS[question](beside), default=str) == before[question]


def test_how_a_path_is_stored_is_not_told(twins: Twins) -> None:
    _, world = twins
    with pytest.raises(Problem, match="not an allowed function"):
        world.rows("SELECT JSONDynamicPaths(properties) FROM events")
