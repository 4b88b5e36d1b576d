"""Who comes to Lumen on one day, and what becomes of each of them: drawn at once, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from northing.app.demo import world

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

NEVER = world.HORIZON
_ARRIVALS, _LIVES = 1, 2


@dataclass(frozen=True)
class Arrivals:
    """The people whose first visit is on `day`: indices into the tables of `world`, and the way in."""

    day: int
    country: Ints
    channel: Ints
    device: Ints
    signs_up: Bools

    def __len__(self) -> int:
        return len(self.country)

    @cached_property
    def is_mobile(self) -> Bools:
        kinds = np.array([device.kind == "Mobile" for device in world.DEVICES])
        found: Bools = kinds[self.device]
        return found


@dataclass(frozen=True, slots=True)
class Lives:
    """What those who signed up do, in days since; `NEVER` where they do not. `who` is their place in `Arrivals`."""

    who: Ints
    create: Ints
    invite: Ints
    checkout: Ints
    paid: Bools
    plan: Ints
    months: Ints  # months paid for before they cancel
    leaves: Floats  # the day after which they are not seen, but for what is planned above
    keenness: Floats  # chance to come by on a full working day
    power: Bools


def draw_arrivals(seed: int, day: int, *, scale: float, weekday: int) -> Arrivals:
    """The arrivals of one day."""
    rng = np.random.default_rng([seed, _ARRIVALS, day + 1000])
    expected = world.VISITORS_PER_DAY * scale * world.growth(day) * world.VISIT_WEEK[weekday]
    usual = int(rng.poisson(expected))
    extra = int(rng.poisson(expected * (world.VIRAL_FACTOR - 1))) if day == world.VIRAL_DAY else 0
    count = usual + extra
    channel = pick(rng, [c.share for c in world.CHANNELS], count)
    channel[usual:] = world.VIRAL_CHANNEL
    rates = np.array([c.signs_up for c in world.CHANNELS])
    return Arrivals(
        day=day,
        country=pick(rng, [c.share for c in world.COUNTRIES], count),
        channel=channel,
        device=pick(rng, [d.share for d in world.DEVICES], count),
        signs_up=rng.random(count) < rates[channel],
    )


def draw_lives(seed: int, arrivals: Arrivals) -> Lives:
    """The lives of those who signed up on one day."""
    rng = np.random.default_rng([seed, _LIVES, arrivals.day + 1000])
    who = np.flatnonzero(arrivals.signs_up)
    count = len(who)
    released = arrivals.day >= world.RELEASE_DAY
    creates = rng.random(count) < (world.CREATE_SINCE_RELEASE if released else world.CREATE_BEFORE_RELEASE)
    at_once = rng.random(count) < world.CREATE_AT_ONCE
    create = np.where(creates, np.where(at_once, 0, rng.integers(1, 4, count)), NEVER)
    invites = creates & (rng.random(count) < world.INVITE)
    pause = np.where(rng.random(count) < 0.4, 0, rng.integers(1, 7, count))
    invite = np.where(invites, create + pause, NEVER)
    intent = np.where(invites, world.CHECKOUT_WITH_TEAM, world.CHECKOUT_ALONE)
    buys = creates & (rng.random(count) < intent)
    checkout = np.where(buys, np.where(invites, invite, create) + rng.integers(2, 21, count), NEVER)
    in_bug = (arrivals.day + checkout >= world.BUG_FROM) & (arrivals.day + checkout < world.BUG_TO)
    works = np.where(in_bug & arrivals.is_mobile[who], world.CHECKOUT_WORKS_IN_BUG, world.CHECKOUT_WORKS)
    paid = buys & (rng.random(count) < works)
    power = creates & (rng.random(count) < world.POWER_SHARE)
    return Lives(
        who=who,
        create=create,
        invite=invite,
        checkout=checkout,
        paid=paid,
        plan=(rng.random(count) < world.BUSINESS_SHARE).astype(np.int64),
        months=rng.geometric(world.CANCEL_PER_MONTH, count),
        leaves=_stay(rng, creates, invites | paid) + np.where(power, 120.0, 0.0),
        keenness=_keenness(rng, creates, power),
        power=power,
    )


def _stay(rng: Rng, creates: Bools, settled: Bools) -> Floats:
    """Many leave within days, and whoever stays for a month stays long: the curve flattens, as real ones do."""
    count = len(creates)
    brief = rng.random(count) < np.where(settled, 0.12, 0.4)
    typical = np.where(settled, 150.0, np.where(creates, 60.0, 2.0))
    days: Floats = rng.exponential(1.0, count) * np.where(creates & brief, 5.0, typical)
    return days


def _keenness(rng: Rng, creates: Bools, power: Bools) -> Floats:
    usual = np.where(creates, rng.beta(2.0, 3.2, len(creates)), 0.2)
    found: Floats = np.where(power, 0.92, usual)
    return found


def pick(rng: Rng, weights: Sequence[float], count: int) -> Ints:
    """`count` places of `weights`, each as often as its weight says."""
    edges = np.cumsum(weights)
    places: Ints = np.searchsorted(edges, rng.random(count) * edges[-1], side="right").astype(np.int64)
    return np.minimum(places, len(weights) - 1)
