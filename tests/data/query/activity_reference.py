"""Periods and who was active in them, in plain Python, one moment at a time: slow and obvious on purpose."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from northing.data.query.scope import WeekStart
from tests.data.query.reference import Event, Question, bucket_label
from tests.data.query.world import World

# Zone, and a day on which its clocks change.
CHANGES = (
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
)
WEEKS: tuple[WeekStart, ...] = ("sunday", "monday")
NOW = datetime(2027, 6, 1, tzinfo=UTC)
# How far around the change the periods are listed, and in what steps: no period begins between two of them.
_TABLE = {"hour": (3, 15), "day": (15, 30), "week": (160, 30), "month": (160, 30)}
# How far the events of a random world lie from the change, in minutes; ties are likely at this coarseness.
_SPREAD = {"hour": 8 * 60, "day": 5 * 1440, "week": 25 * 1440, "month": 75 * 1440}


@dataclass(frozen=True)
class Life:
    """A random world: its clock, its range of whole local days, its events, and who was merged into whom."""

    zone: str
    week: WeekStart
    interval: str
    day: date
    first: date
    last: date
    events: list[Event]
    merges: dict[int, int] = field(default_factory=dict)
    created: dict[int, datetime] = field(default_factory=dict)

    def person(self, event: Event) -> int:
        return self.merges.get(event.person, event.person)

    def edges(self) -> list[datetime]:
        """Where the periods begin that the range meets, and the end of the last."""
        begin, end = self.span()
        starts = self._starts()
        return starts[bisect_right(starts, begin) - 1 : bisect_left(starts, end) + 1]

    def span(self) -> tuple[datetime, datetime]:
        """The range asked for."""
        return _first_moment(self.zone, self.first), _first_moment(self.zone, self.last + timedelta(days=1))

    def index(self, at: datetime) -> int:
        """The index of a moment's period: -1 for the one before the range, less or more for others outside."""
        return bisect_right(self._starts(), at) - 1 - self._starts().index(self.edges()[0])

    def active(self, index: int, event: str | None = None) -> set[int]:
        """Who was active in a period."""
        return {self.person(e) for e in self.events if event in (None, e.event) and self.index(e.at) == index}

    def _starts(self) -> list[datetime]:
        return starts_around(self.zone, self.week, self.interval, self.day)

    def body(self, kind: str, **more: Any) -> dict[str, Any]:
        dates = {"date_from": self.first.isoformat(), "date_to": self.last.isoformat()}
        return {"kind": kind, "interval": self.interval, **dates, **more}

    def clock(self) -> dict[str, Any]:
        return {"now": NOW, "zone": self.zone, "week": self.week}

    def build(self, world: World) -> World:
        world.add_all(
            {"event": e.event, "timestamp": e.at, "person": e.person, "properties": e.properties} for e in self.events
        )
        for old, new in self.merges.items():
            world.merge(old, into=new)
        for person, at in self.created.items():
            world.add_profile(person, at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))
        return world


@cache
def starts_around(zone: str, week: str, interval: str, day: date) -> list[datetime]:
    """Where periods begin: wherever the label changes."""
    reach, step = _TABLE[interval]
    question = Question("total", interval, zone, week, day, day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    found: list[datetime] = []
    label = ""
    for i in range(-reach * 1440 // step, reach * 1440 // step):
        at = noon + timedelta(minutes=i * step)
        if (own := bucket_label(at, question)) != label:
            found.append(at)
            label = own
    # The first was under way already.
    return found[1:]


def _first_moment(zone: str, day: date) -> datetime:
    # None of these zones changes its clocks at midnight.
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def moments(zone: str, day: date, interval: str) -> st.SearchStrategy[datetime]:
    """Times around noon of a day, in steps that make ties likely."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    step = {"hour": 15, "day": 120}.get(interval, 720)
    reach = _SPREAD[interval] // step
    return st.integers(-reach, reach).map(lambda n: noon + timedelta(minutes=n * step))


@st.composite
def lives(draw: st.DrawFn, interval: str, *, days: int = 3) -> Life:
    """Up to forty events around a change of clocks."""
    zone, day = draw(st.sampled_from(CHANGES))
    when = moments(zone, day, interval)
    events = draw(st.lists(st.builds(
        Event,
        event=st.sampled_from(["a", "b"]),
        at=when,
        person=st.integers(1, 5),
        session=st.just(0),
        properties=st.fixed_dictionaries({"plan": st.sampled_from(["x", "y", "z", None])}, optional={
            "n": st.integers(0, 4)
        }),
    ), max_size=40))  # fmt: skip
    reach = {"hour": 0, "day": days, "week": 18, "month": 60}[interval]
    return Life(
        zone=zone,
        week=draw(st.sampled_from(WEEKS)),
        interval=interval,
        day=day,
        first=day - timedelta(days=draw(st.integers(0, reach))),
        last=day + timedelta(days=draw(st.integers(0, reach))),
        events=events,
        merges=draw(st.sampled_from([{}, {}, {4: 1}, {4: 1, 5: 2}])),
        created=draw(st.dictionaries(st.integers(1, 3), when, max_size=3)),
    )
