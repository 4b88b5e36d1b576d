"""The further maths and splits of trends against the reference, on random worlds with merges around clock changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query import maths_reference as reference
from tests.data.query.maths_reference import Asked, Facts
from tests.data.query.reference import Event, Question
from tests.data.query.test_trends_reference import make_world, shaped
from tests.data.query.world import World
from tests.support.engine import next_project_id

CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/Havana", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("UTC", date(2024, 2, 29)),
)
PER_ACTOR = tuple(f"{name}_count_per_actor" for name in ("avg", "min", "max", "median", "p90", "p99"))
DURATIONS = ("session_sum", "session_avg", "session_median", "session_p95")
MATHS = (*reference.COUNTS, *reference.ROLLING, *reference.FIRST, *PER_ACTOR, *DURATIONS)
# Maths whose numbers are numbers of people.
OF_PEOPLE = ("unique", *reference.ROLLING, *reference.FIRST)
SPLITS: dict[str, dict[str, Any]] = {
    "plan": {"property": "plan"},
    "tier": {"type": "person", "property": "tier"},
    "cohort": {"type": "cohort", "cohorts": [7, "all", 8]},
}
MERGED = {6: 1, 5: 2}
# Worlds are small as they are, and making them smaller still takes minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@dataclass(frozen=True)
class Case:
    """A world and a question about it."""

    events: list[Event]
    facts: Facts
    asked: Asked


@st.composite
def cases(draw: st.DrawFn, zone: str, day: date, maths: tuple[str, ...] = MATHS) -> Case:
    """Up to thirty events within forty days of a clock change."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    # Many at the same moments, and on the days around the change.
    hours = st.one_of(st.integers(-40 * 24, 48), st.integers(-72, 72), st.sampled_from([-30, -6, 0]))
    events = draw(st.lists(st.builds(
        Event,
        event=st.sampled_from(["a", "a", "b"]),
        at=hours.map(lambda n: noon + timedelta(hours=n)),
        person=st.integers(1, 6),
        session=st.integers(0, 4),
        properties=st.fixed_dictionaries({"plan": st.sampled_from([None, "a", "b", "c"])}),
    ), max_size=30))  # fmt: skip
    persons = st.integers(1, 4)
    facts = Facts(
        tiers=draw(st.dictionaries(persons, st.sampled_from(["gold", "silver"]))),
        cohorts={"7": draw(st.sets(persons)), "all": set(), "8": draw(st.sets(persons))},
        durations=_durations(events, draw(st.dictionaries(st.integers(1, 4), st.sampled_from([0.0, 90.0, 601.5])))),
    )
    question = Question(
        math=draw(st.sampled_from(maths)),
        interval=draw(st.sampled_from(["day", "week", "month"])),
        zone=zone,
        week_start=draw(st.sampled_from(["sunday", "monday"])),
        first=day - timedelta(days=draw(st.integers(0, 12))),
        last=day + timedelta(days=draw(st.integers(0, 3))),
        event=draw(st.sampled_from([None, "a"])),
        limit=draw(st.sampled_from([1, 2, 25])),
    )
    splits = draw(st.lists(st.sampled_from(sorted(SPLITS)), max_size=2, unique=True))
    return Case(events, facts, Asked(question, tuple(splits), filtered=draw(st.booleans())))


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_equals_the_reference(engine: Store, event_store: LocalStore, zone: str, day: date) -> None:
    @settings(max_examples=30, deadline=None, phases=PHASES)
    @given(cases(zone, day))
    def check(case: Case) -> None:
        world = World(engine, event_store, next_project_id())
        build(world, case)
        merged = [replace(e, person=MERGED.get(e.person, e.person)) for e in case.events]
        expected = reference.answer(merged, case.asked, case.facts)
        found = shaped(ask(world, case.asked), case.asked.question)
        if not case.asked.splits:
            # Without a breakdown there is a line all the same.
            expected = expected or {"": {"total": 0}}
        assert {k: v for k, v in found.items() if any(v.values())} == {
            label: pytest.approx({k: v for k, v in line.items() if v or k == "total"})
            for label, line in expected.items()
            if any(line.values())
        }

    check()


@pytest.mark.parametrize(("zone", "day"), CHANGES[:2])
def test_as_many_people_are_behind_a_number_as_it_says(
    engine: Store, event_store: LocalStore, zone: str, day: date
) -> None:
    @settings(max_examples=20, deadline=None, phases=PHASES)
    @given(cases(zone, day, OF_PEOPLE))
    def check(case: Case) -> None:
        world = World(engine, event_store, next_project_id())
        build(world, case)
        options, body = make_body(case.asked)
        for line in world.ask(body, **options).result["series"][:3]:
            point = {"breakdown": line.get("breakdown", []), "is_other": line.get("is_other", False)}
            assert len(world.people(body, point, **options)) == line["total"]
            greatest = max(range(len(line["data"])), key=line["data"].__getitem__)
            assert len(world.people(body, {**point, "bucket": greatest}, **options)) == line["data"][greatest]

    check()


@given(
    numbers=st.lists(
        st.one_of(st.none(), st.integers(-5, 5), st.floats(-9, 9).map(lambda n: round(n, 2))), max_size=30
    ),
    bins=st.integers(2, 6),
)
@settings(max_examples=40, deadline=None, phases=PHASES)
def test_bins_hold_what_their_labels_say(
    engine: Store, event_store: LocalStore, numbers: list[float | None], bins: int
) -> None:
    world = World(engine, event_store, next_project_id())
    world.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00", "properties": {"n": n}} for n in numbers)
    series = world.trends("a", breakdown={"property": "n", "bins": bins})["series"]
    known = [n for n in numbers if n is not None]
    edges = [float(e) for e in np.percentile(known, np.linspace(0, 100, bins + 1))] if known else []
    shown = {float(end) for s in series if s["breakdown"] != ["(none)"] for end in s["breakdown"][0][1:-1].split(", ")}
    assert all(any(end == pytest.approx(edge) for edge in edges) for end in shown)
    assert sum(s["total"] for s in series) == len(numbers)
    assert {s["breakdown"][0]: s["total"] for s in series} == {
        s["breakdown"][0]: sum(_is_in(n, s["breakdown"][0]) for n in numbers) for s in series
    }


def _is_in(number: float | None, label: str) -> bool:
    if number is None or label == "(none)":
        return number is None and label == "(none)"
    least, most = map(float, label[1:-1].split(", "))
    return least <= number < most or (label.endswith("]") and number == most)


def _durations(events: list[Event], longer: dict[int, float]) -> dict[int, float]:
    """From a session's first event to some time after its last."""
    times = {session: [e.at for e in events if e.session == session] for session in longer}
    return {s: (max(at) - min(at)).total_seconds() + longer[s] for s, at in times.items() if at}


def build(world: World, case: Case) -> None:
    make_world(world, case.events)
    for person, tier in case.facts.tiers.items():
        world.add_person(person, tier=tier)
    for cohort in ("7", "8"):
        if case.facts.cohorts[cohort]:
            world.add_cohort(int(cohort), case.facts.cohorts[cohort])
    for session, seconds in case.facts.durations.items():
        start = min(e.at for e in case.events if e.session == session)
        world.add_session(session, start=text(start), end=text(start + timedelta(seconds=seconds)))
    for person, target in MERGED.items():
        world.merge(person, target)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def ask(world: World, asked: Asked) -> Any:
    options, body = make_body(asked)
    return world.ask(body, **options).result


def make_body(asked: Asked) -> tuple[dict[str, Any], dict[str, Any]]:
    """Whose zone, week and present it is, and the request."""
    question = asked.question
    series: dict[str, Any] = {"event": question.event, "math": question.math.removeprefix("session_")}
    if question.math.startswith("session_"):
        series["math_property"] = "$session_duration"
    if asked.filtered:
        series["filters"] = [{"property": "plan", "value": reference.WANTED}]
    options = {"zone": question.zone, "week": question.week_start, "now": datetime(2026, 12, 31, tzinfo=UTC)}
    return options, {
        "kind": "trends",
        "series": [series],
        "interval": question.interval,
        "date_from": question.first.isoformat(),
        "date_to": question.last.isoformat(),
        "breakdown": [SPLITS[split] for split in asked.splits],
        "breakdown_limit": question.limit,
    }
