"""The simulation: from a seed and a first day to events in the order of time, for any stretch of time, alike each time.

Each day's arrivals are drawn from the seed and the day alone, each stretch of events from the seed and its number
alone. So the events between two moments can be made without all that came before, and come out the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from northing.app.demo import world
from northing.app.demo.people import draw_arrivals, draw_lives
from northing.app.demo.sessions import Sessions, join_sessions, plan_bots, plan_sessions
from northing.app.demo.stories import Json, tell_sessions, write_events

_CHUNK_MS = 6 * world.HOUR_MS
# No session is longer than this; so the chunks before a moment hold all that reaches beyond it.
_CHUNKS_BACK = 4
_VERSIONS = ("4.1", "4.2")

Timed = tuple[int, Json]  # Unix milliseconds, native event


@dataclass(frozen=True)
class Simulation:
    """Lumen's world from `start`, a midnight in UTC, on. `scale` 1 brings about 400,000 events in 90 days."""

    seed: int
    start: datetime
    scale: float = 1.0
    _plans: dict[int, Sessions] = field(default_factory=dict, repr=False, compare=False)

    @property
    def midnight_ms(self) -> int:
        """Unix milliseconds of the start."""
        return round(self.start.timestamp() * 1000)

    def chunks(self, since_ms: int, until_ms: int) -> Iterator[list[Timed]]:
        """Events with moments in [since, until), by time, in lists of some hours each."""
        since, until = since_ms - self.midnight_ms, until_ms - self.midnight_ms
        plan = self._plan(until // world.DAY_MS + 1)
        waiting: list[Timed] = []
        # The simulated past before the start is not told.
        for number in range(max(0, since // _CHUNK_MS - _CHUNKS_BACK), -(-until // _CHUNK_MS)):
            end = self.midnight_ms + min((number + 1) * _CHUNK_MS, until)
            events = sorted(waiting + self._chunk(number, plan), key=lambda timed: timed[0])
            ready = [timed for timed in events if since_ms <= timed[0] < end]
            waiting = [timed for timed in events if timed[0] >= end]
            if ready:
                yield ready

    def _chunk(self, number: int, plan: Sessions) -> list[Timed]:
        sessions = plan.between(number * _CHUNK_MS, (number + 1) * _CHUNK_MS)
        released = number * _CHUNK_MS >= world.RELEASE_DAY * world.DAY_MS
        told = tell_sessions(self.seed, number, sessions=sessions, version=_VERSIONS[released])
        return write_events(self.seed, number, happenings=told, midnight_ms=self.midnight_ms)

    def _plan(self, last_day: int) -> Sessions:
        """Sessions of everybody who arrives up to `last_day`; a day ahead, since it begins earlier in the east."""
        if last_day not in self._plans:
            self._plans.clear()
            days = range(-world.DAYS_BEFORE, last_day + 1)
            self._plans[last_day] = join_sessions(part for day in days for part in self._plan_day(day))
        return self._plans[last_day]

    def _plan_day(self, day: int) -> tuple[Sessions, Sessions]:
        weekday = (self.start + timedelta(days=day)).weekday()
        arrivals = draw_arrivals(self.seed, day, scale=self.scale, weekday=weekday)
        lives = draw_lives(self.seed, arrivals)
        people = plan_sessions(self.seed, arrivals, lives, weekday=weekday)
        return people, plan_bots(self.seed, day, scale=self.scale)


def simulate(seed: int, now: datetime, *, days: int = world.DAYS, events: int = 400_000) -> Iterator[list[Json]]:
    """About `events` events of the last `days` days and of today up to `now`, by time, in lists of some hours each."""
    simulation = Simulation(seed, first_midnight(now, days), world.scale_for(events, days))
    for chunk in simulation.chunks(simulation.midnight_ms, round(now.timestamp() * 1000)):
        yield [event for _, event in chunk]


def first_midnight(now: datetime, days: int) -> datetime:
    """The midnight in UTC that many days before today."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)
