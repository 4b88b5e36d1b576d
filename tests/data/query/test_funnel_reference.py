"""The engine's funnels against the reference, on random worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query import funnel_reference as reference
from tests.data.query.funnel_reference import Event, Exclusion, Question, Step
from tests.data.query.world import World
from tests.support.engine import next_project_id

START = datetime(2020, 1, 1, tzinfo=UTC)
MERGED = {5: 1}
PLANS = ("free", "pro", "team")
HOUR = 3_600_000
_settings = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Few moments, so that there are ties, and windows that end exactly on one; enough events for long chains.
_event = st.builds(
    Event,
    event=st.sampled_from("aaabbbcccx"),
    at=st.integers(0, 20).map(lambda n: n * 4 * HOUR),
    person=st.sampled_from([1, 2, 3, 4, 5]),
    page=st.sampled_from(["", "p", "q"]),
    plan=st.sampled_from(["", *PLANS]),
)
_events = st.one_of(st.lists(_event, max_size=12), st.lists(_event, min_size=35, max_size=60))
_step = st.builds(
    Step,
    event=st.sampled_from("abc"),
    page=st.sampled_from(["", "", "", "p"]),
    optional=st.sampled_from([0, 0, 1]).map(bool),
)
_required = st.builds(Step, event=st.sampled_from("abc"), page=st.sampled_from(["", "p"]))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    order = draw(st.sampled_from(["ordered", "ordered", "strict", "unordered"]))
    steps = draw(st.one_of(st.lists(_step, min_size=2, max_size=5), st.just([Step("a"), Step("b"), Step("c")])))
    if draw(st.integers(0, 5)) == 0:
        steps[draw(st.integers(0, len(steps) - 1))] = Step(None)
    if order == "unordered" or draw(st.booleans()):
        steps = [replace(step, optional=False) for step in steps]
    steps[0] = replace(steps[0], optional=False)
    last = len(steps) - 1
    exclusions = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        first = draw(st.integers(0, last - 1))
        to = draw(st.integers(first + 1, last))
        exclusions.append(Exclusion("x", *((0, last) if order == "unordered" else (first, to))))
    return Question(
        steps=tuple(steps),
        order=order,
        window=draw(st.sampled_from([4, 8, 12, 24, 24 * 14])) * HOUR,
        exclusions=tuple(exclusions),
        attribution=(attribution := draw(st.sampled_from(["first_touch", "last_touch", "all_events", "step"]))),
        attribution_step=draw(st.integers(0, last)) if attribution == "step" and order != "unordered" else 0,
        limit=draw(st.sampled_from([1, 2, 25])),
    )


def make_world(world: World, events: list[Event]) -> list[Event]:
    """Store the events, merge people, and give the events as they are then."""
    world.add_all(
        {
            "event": e.event,
            "timestamp": START + timedelta(milliseconds=e.at),
            "person": e.person,
            "properties": {name: text for name, text in (("page", e.page), ("plan", e.plan)) if text},
        }
        for e in events
    )
    for person, into in MERGED.items():
        world.merge(person, into)
    return [replace(e, person=MERGED.get(e.person, e.person)) for e in events]


def body(asked: Question, **more: Any) -> dict[str, Any]:
    hours = asked.window // HOUR
    return {
        "kind": "funnel",
        "date_from": "2020-01-01",
        "date_to": "2020-01-06",
        "steps": [
            {
                "event": s.event,
                "optional": s.optional,
                "filters": [{"property": "page", "value": s.page}] if s.page else [],
            }
            for s in asked.steps
        ],
        "order": asked.order,
        "window": {"value": hours, "unit": "hour"},
        "exclusions": [{"event": x.event, "from_step": x.first, "to_step": x.last} for x in asked.exclusions],
        **more,
    }


def test_steps_and_times_equal_the_reference(engine: Store, event_store: LocalStore) -> None:
    @_settings
    @given(_events, questions())
    def check(events: list[Event], asked: Question) -> None:
        world = World(engine, event_store, next_project_id())
        found = reference.paths(make_world(world, events), asked).values()
        steps = world.ask(body(asked)).result["steps"]
        assert [step["count"] for step in steps] == reference.counts(found, asked)
        assert [step["median_seconds"] for step in steps] == reference.medians(found, asked)

    check()


def test_breakdowns_equal_the_reference(engine: Store, event_store: LocalStore) -> None:
    hashes = {plan: int(engine.query(f"SELECT toString(cityHash64('{plan}'))").rows[0][0]) for plan in PLANS}

    @_settings
    @given(_events, questions())
    def check(events: list[Event], asked: Question) -> None:
        world = World(engine, event_store, next_project_id())
        events = make_world(world, events)
        options = {"breakdown": ["plan"], "breakdown_limit": asked.limit, "attribution": asked.attribution}
        result = world.ask(body(asked, **options, attribution_step=asked.attribution_step)).result
        found = {line["breakdown"][0]: [s["count"] for s in line["steps"]] for line in result["breakdowns"]}
        assert found == reference.lines(events, replace(asked, hashes=hashes))
        whole = reference.counts(reference.paths(events, asked).values(), asked)
        assert [step["count"] for step in result["steps"]] == whole

    check()


def test_trends_equal_the_reference(engine: Store, event_store: LocalStore) -> None:
    @_settings
    @given(_events, questions())
    def check(events: list[Event], asked: Question) -> None:
        if asked.order == "unordered":
            asked = replace(asked, exclusions=())
        world = World(engine, event_store, next_project_id())
        events = make_world(world, events)
        [series] = world.ask(body(asked, view="trend")).result["series"]
        found = list(zip(series["reached_from"], series["reached_to"], strict=True))
        assert found == reference.by_entrance(events, asked, days=6)

    check()


def test_conversions_equal_the_reference(engine: Store, event_store: LocalStore) -> None:
    """A conversion and its trend are a funnel of two steps, in order."""

    @_settings
    @given(_events, st.tuples(_required, _required), st.sampled_from([4, 12, 24 * 14]))
    def check(events: list[Event], steps: tuple[Step, Step], hours: int) -> None:
        world = World(engine, event_store, next_project_id())
        events = make_world(world, events)
        asked = Question(steps, "ordered", hours * HOUR)
        dated = body(asked)
        first, last = dated["steps"]
        ends = {"start_event": without_optional(first), "end_event": without_optional(last)}
        dates = {name: dated[name] for name in ("date_from", "date_to")}
        result = world.ask(
            {"kind": "conversion", "view": "trend", "window_minutes": hours * 60, **ends, **dates}
        ).result
        whole = reference.counts(reference.paths(events, asked).values(), asked)
        assert [result["started"], result["converted"]] == whole
        found = list(zip(result["trend"]["started"], result["trend"]["converted"], strict=True))
        assert found == reference.by_entrance(events, asked, days=6)

    check()


def without_optional(step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != "optional"}


def test_people_equal_the_reference(engine: Store, event_store: LocalStore) -> None:
    @_settings
    @given(_events, questions(), st.integers(1, 4))
    def check(events: list[Event], asked: Question, step: int) -> None:
        world = World(engine, event_store, next_project_id())
        found = reference.paths(make_world(world, events), asked)
        step = min(step, len(asked.steps) - 1)
        before = max(j for j in range(step) if not asked.steps[j].optional)
        converted = world.people(body(asked), {"step": step})
        dropped = world.people(body(asked), {"step": step, "outcome": "dropped"})
        assert converted == {person for person, path in found.items() if step in path}
        assert dropped == {person for person, path in found.items() if before in path and step not in path}

    check()
