"""When people come: every session of Lumen's world as one row of a table, sorted by its start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

from northing.app.demo import world
from northing.app.demo.people import NEVER, Arrivals, Bools, Floats, Ints, Lives, Rng, pick

_VISITS, _BOT_VISITS = 3, 4
_RETURNS_PER_VISITOR = 0.22
_MONTH_DAYS = 30


class Kind(IntEnum):
    """What sort of session it is; BILLING is one event that the payment system sends."""

    VISIT = 0
    APP = 1
    BILLING = 2
    BOT = 3


class Deed(IntFlag):
    """What happens in a session besides looking around."""

    NOTHING = 0
    SIGNUP = 1
    CREATE = 2
    INVITE = 4
    CHECKOUT = 8
    PAID = 16
    CANCEL = 32
    BUSINESS = 64


@dataclass(frozen=True, slots=True)
class Sessions:
    """A table of sessions; `person` is a place in the day's arrivals, `arrived` their day."""

    start: Ints  # Unix milliseconds minus those of the simulation's first midnight
    kind: Ints
    deeds: Ints
    size: Ints
    arrived: Ints
    person: Ints
    country: Ints
    channel: Ints
    device: Ints

    def __len__(self) -> int:
        return len(self.start)

    def between(self, start: int, end: int) -> Sessions:
        """The sessions that start in [start, end)."""
        first, last = np.searchsorted(self.start, (start, end))
        return Sessions(*(getattr(self, name)[first:last] for name in self.__slots__))


def join_sessions(parts: Iterable[Sessions]) -> Sessions:
    """All parts as one table, by start; equal starts stay in the order of the parts."""
    listed = list(parts)
    columns = [np.concatenate([getattr(part, name) for part in listed]) for name in Sessions.__slots__]
    order = np.argsort(columns[0], kind="stable")
    return Sessions(*(column[order] for column in columns))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Sessions of known people before their hour is drawn."""

    who: Ints
    day: Ints
    kind: Kind
    deeds: Ints
    size: Ints


def plan_sessions(seed: int, arrivals: Arrivals, lives: Lives, *, weekday: int) -> Sessions:
    """Every session, ever, of those who arrive on one day; `weekday` is that day's."""
    rng = np.random.default_rng([seed, _VISITS, arrivals.day + 1000])
    deeds = _deeds_by_day(lives)
    rows = [_first_visits(rng, arrivals, lives, deeds), _returns(rng, arrivals)]
    rows += [_app_visits(rng, lives, deeds, weekday), *_billing(lives)]
    return join_sessions([_placed(rng, arrivals, part) for part in rows])


def plan_bots(seed: int, day: int, *, scale: float) -> Sessions:
    """The visits of machines on one day; at all hours alike."""
    rng = np.random.default_rng([seed, _BOT_VISITS, day + 1000])
    count = int(rng.poisson(world.BOT_VISITS_PER_DAY * scale))
    nothing = np.zeros(count, dtype=np.int64)
    bots = rng.integers(0, len(world.BOTS), count)
    return Sessions(
        start=day * world.DAY_MS + rng.integers(0, world.DAY_MS, count),
        kind=nothing + Kind.BOT,
        deeds=nothing,
        size=rng.integers(3, 16, count),
        arrived=nothing,
        person=bots,
        country=nothing,
        channel=nothing,
        device=nothing,
    )


def _deeds_by_day(lives: Lives) -> NDArray[np.int64]:
    """For each person who signed up and each day since, the deeds of that day."""
    deeds = np.zeros((len(lives.who), world.HORIZON), dtype=np.int64)
    deeds[:, 0] = Deed.SIGNUP
    people = np.arange(len(lives.who))
    for days, deed in ((lives.create, Deed.CREATE), (lives.invite, Deed.INVITE), (lives.checkout, Deed.CHECKOUT)):
        doing = days < NEVER
        deeds[people[doing], days[doing]] |= deed
    buying = lives.paid
    kind = Deed.PAID + lives.plan[buying] * Deed.BUSINESS
    deeds[people[buying], lives.checkout[buying]] |= kind
    return deeds


def _first_visits(rng: Rng, arrivals: Arrivals, lives: Lives, deeds: Ints) -> _Rows:
    count = len(arrivals)
    done = np.zeros(count, dtype=np.int64)
    done[lives.who] = deeds[:, 0]
    bounced = rng.random(count) < 0.46
    size = np.where(bounced, 1, 1 + rng.geometric(0.4, count))
    size[lives.who] = 3 + rng.integers(0, 4, len(lives.who))
    return _Rows(np.arange(count), np.zeros(count, dtype=np.int64), Kind.VISIT, done, size)


def _returns(rng: Rng, arrivals: Arrivals) -> _Rows:
    """Some who did not sign up come back within two weeks."""
    times = np.where(arrivals.signs_up, 0, rng.poisson(_RETURNS_PER_VISITOR, len(arrivals)))
    who = np.repeat(np.arange(len(arrivals)), times)
    count = len(who)
    return _Rows(
        who, rng.integers(1, 15, count), Kind.VISIT, np.zeros(count, dtype=np.int64), rng.geometric(0.45, count)
    )


def _app_visits(rng: Rng, lives: Lives, deeds: Ints, weekday: int) -> _Rows:
    days = np.arange(world.HORIZON)
    week = np.array(world.WORK_WEEK)[(weekday + days) % 7]
    chance = lives.keenness[:, None] * week[None, :]
    active: Bools = (rng.random(deeds.shape) < chance) & (days[None, :] <= lives.leaves[:, None])
    active |= deeds > 0
    active[:, 0] = False
    person, day = np.nonzero(active)
    done = deeds[person, day]
    power = lives.power[person]
    # Who leans on the product comes three times a day; what they decide, they decide in the morning.
    again = np.repeat(np.flatnonzero(power), 2)
    person, day = np.concatenate([person, person[again]]), np.concatenate([day, day[again]])
    done = np.concatenate([done, np.zeros(len(again), dtype=np.int64)])
    size = 1 + rng.geometric(np.where(lives.power[person], 0.07, 0.13))
    return _Rows(lives.who[person], day, Kind.APP, done, np.minimum(size, 60))


def _billing(lives: Lives) -> list[_Rows]:
    """Monthly payments after the first, and the cancellation that ends them."""
    people = np.flatnonzero(lives.paid)
    last = lives.checkout[people] + lives.months[people] * _MONTH_DAYS
    rows = []
    for month in range(1, world.HORIZON // _MONTH_DAYS):
        day = lives.checkout[people] + month * _MONTH_DAYS
        due = (day <= last) & (day < world.HORIZON)
        payer = people[due]
        deed = np.where(day[due] == last[due], int(Deed.CANCEL), int(Deed.PAID)) + lives.plan[payer] * Deed.BUSINESS
        rows.append(_Rows(lives.who[payer], day[due], Kind.BILLING, deed, payer * 0))
    return rows


def _placed(rng: Rng, arrivals: Arrivals, rows: _Rows) -> Sessions:
    """Draw the hour in each person's own time zone, and write it in UTC."""
    offsets: Floats = np.array([c.offset_hours for c in world.COUNTRIES])
    hours = world.VISIT_HOURS if rows.kind is Kind.VISIT else world.WORK_HOURS
    count = len(rows.who)
    hour = pick(rng, hours, count) + rng.random(count) - offsets[arrivals.country[rows.who]]
    return Sessions(
        start=((arrivals.day + rows.day) * world.DAY_MS + hour * world.HOUR_MS).astype(np.int64),
        kind=np.full(count, int(rows.kind)),
        deeds=rows.deeds,
        size=rows.size,
        arrived=np.full(count, arrivals.day),
        person=rows.who,
        country=arrivals.country[rows.who],
        channel=arrivals.channel[rows.who],
        device=arrivals.device[rows.who],
    )
