"""What happens in a session, event by event, under the names PostHog's clients use."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import numpy as np

from northing.app.demo import world
from northing.app.demo.people import Ints, Rng
from northing.app.demo.sessions import Deed, Kind, Sessions

Json = dict[str, Any]
_STORIES, _IDS = 5, 6
_LONGEST_MS = 2 * world.HOUR_MS
_CONTACTS = ("mail", "link")
# As plain numbers, since an IntFlag takes as long to test as an event takes to make.
_SIGNUP, _CREATE, _INVITE, _CHECKOUT, _PAID, _CANCEL, _BUSINESS = map(int, Deed)


class Happening(NamedTuple):
    """An event before it has an id and a written time."""

    at: int
    event: str
    distinct_id: str
    session_id: str
    properties: Json
    put: Json | None = None
    company: str = ""


@dataclass(slots=True)
class _Told:
    """One session while it is told: who, where, until when; `known_as` is the id that signing up brings."""

    at: int
    distinct_id: str
    session_id: str
    base: Json
    known_as: str
    company: str
    plan: str = "free"


class Storyteller:
    """Tells sessions; all chance comes from one generator, so that the same sessions make the same events."""

    def __init__(self, rng: Rng, *, total: int, version: str) -> None:
        self._version = version
        self._random = random.Random(int(rng.integers(0, 2**62)))
        # Seconds are short between most events and long between some.
        self._gaps: Iterator[int] = _cycle((rng.lognormal(2.6, 1.0, total + 16) * 1000).astype(np.int64) + 700)
        self._pages = _cycle(_choices(rng, [weight for *_, weight in world.PAGES], total + 16))
        self._app_pages = _cycle(_choices(rng, [weight for *_, weight in world.APP_PAGES], total + 16))
        self._actions = _cycle(_choices(rng, [weight for _, weight in _ACTIONS], total + 16))
        self._features = _cycle(_choices(rng, [weight for _, weight in world.FEATURES], total + 16))
        self._out: list[Happening] = []

    def tell(self, sessions: Sessions) -> list[Happening]:
        """The events of all sessions, by time."""
        tellers = {Kind.VISIT: self._visit, Kind.APP: self._app, Kind.BILLING: self._billing, Kind.BOT: self._bot}
        columns = [getattr(sessions, name).tolist() for name in Sessions.__slots__]
        for start, kind, deeds, size, arrived, person, country, channel, device in zip(*columns, strict=True):
            came = channel if kind == Kind.VISIT else 0
            told = _told(start, arrived + 60, person, kind)
            if kind != Kind.BOT:
                told.base = _base(kind, country, came, device)
            tellers[kind](told, deeds, size, channel if kind == Kind.VISIT else person)
        self._out.sort(key=itemgetter(0))
        return self._out

    def _visit(self, told: _Told, deeds: int, size: int, channel: int) -> None:
        landing = world.CHANNELS[channel].landing
        self._page(told, _landing(landing[self._random.randrange(len(landing))], channel), first=True)
        for _ in range(size - 1):
            self._page(told, _marketing_page(next(self._pages)))
        if deeds & _SIGNUP:
            self._page(told, _SIGNUP_PAGE)
            self._sign_up(told)
            self._page(told, _app_page(0))
            self._do(told, deeds)

    def _sign_up(self, told: _Told) -> None:
        base = told.base
        method = "google" if self._random.random() < 0.4 else "email"
        visitor, told.distinct_id = told.distinct_id, told.known_as
        self._say(told, "$identify", {**base, "$anon_distinct_id": visitor})
        put = {
            "email": f"{told.distinct_id}@example.org",
            "plan": "free",
            "country": base["$geoip_country_code"],
            "signup_method": method,
        }
        self._say(told, "signup", {**base, "method": method, "plan": "free"}, put)
        told.company = _company(told.known_as)
        about = {"name": told.company.replace("-", " ").title(), "country": base["$geoip_country_code"]}
        group = {"$group_type": "company", "$group_key": told.company, "$group_set": about}
        self._say(told, "$groupidentify", {**base, **group})

    def _do(self, told: _Told, deeds: int) -> None:
        if deeds & _CREATE:
            kind = self._weighted(world.PROJECT_KINDS)
            self._say(
                told,
                "create_project",
                {**told.base, "kind": kind, "guests": self._random.randint(8, 80), "app_version": self._version},
            )
        if deeds & _INVITE:
            self._say(told, "invite_teammate", {**told.base, "via": self._random.choice(_CONTACTS)})
        if deeds & _CHECKOUT:
            self._checkout(told, deeds)

    def _checkout(self, told: _Told, deeds: int) -> None:
        plan, price = world.PLANS[1 if deeds & _BUSINESS else 0]
        bill = {"plan": plan, "amount": price, "currency": "EUR"}
        self._page(told, _BILLING_PAGE)
        if not deeds & _PAID:
            for _ in range(self._random.randint(1, 3)):
                self._fail_checkout(told, bill)
            return
        self._say(told, "checkout_started", {**told.base, **bill})
        self._say(told, "upgrade", {**told.base, **bill, "from_plan": "free"}, {"plan": plan})
        self._say(told, "payment", {**told.base, **bill, "first": True})

    def _fail_checkout(self, told: _Told, bill: Json) -> None:
        error = {"$exception_type": "TypeError", "$exception_message": "cardForm is undefined"}
        self._say(told, "checkout_started", {**told.base, **bill})
        self._say(told, "$exception", {**told.base, **_BILLING_PAGE, **error})
        self._say(told, "checkout_failed", {**told.base, **bill, "reason": "card_form"})

    def _app(self, told: _Told, deeds: int, size: int, _person: int) -> None:
        self._page(told, _app_page(0))
        if deeds:
            self._do(told, deeds)
        for _ in range(size - 1):
            action = _ACTIONS[next(self._actions)][0]
            if action == "$pageview":
                self._page(told, _app_page(next(self._app_pages)))
            elif action == "feature_used":
                feature = world.FEATURES[next(self._features)][0]
                self._say(told, action, {**told.base, "feature": feature, "app_version": self._version})
            elif action == "search":
                self._search(told)
            else:
                self._say(told, action, dict(told.base))

    def _search(self, told: _Told) -> None:
        if self._random.random() < world.NO_RESULTS_SHARE:
            found = {"query": self._weighted(world.NO_RESULTS), "results": 0}
        else:
            found = {"query": self._weighted(world.SEARCHES), "results": self._random.randint(1, 40)}
        self._say(told, "search", {**told.base, **found})

    def _billing(self, told: _Told, deeds: int, _size: int, _person: int) -> None:
        plan, price = world.PLANS[1 if deeds & _BUSINESS else 0]
        told.session_id = ""
        if deeds & _CANCEL:
            self._say(told, "cancel_subscription", {**told.base, "plan": plan}, {"plan": "free"})
        else:
            bill = {"plan": plan, "amount": price, "currency": "EUR", "first": False}
            self._say(told, "payment", {**told.base, **bill})

    def _bot(self, told: _Told, _deeds: int, size: int, bot: int) -> None:
        told.distinct_id, agent = world.BOTS[bot]
        told.session_id = ""
        told.base = {"simulated": True, "$lib": "web", "$raw_user_agent": agent}
        for _ in range(size):
            self._page(told, _marketing_page(next(self._pages)))

    def _page(self, told: _Told, page: Json, *, first: bool = False) -> None:
        told.at += 0 if first else next(self._gaps)
        self._out.append(
            Happening(
                told.at, "$pageview", told.distinct_id, told.session_id, {**told.base, **page}, None, told.company
            )
        )

    def _say(self, told: _Told, event: str, properties: Json, put: Json | None = None) -> None:
        told.at += next(self._gaps)
        self._out.append(Happening(told.at, event, told.distinct_id, told.session_id, properties, put, told.company))

    def _weighted(self, options: tuple[tuple[str, int], ...]) -> str:
        names, edges = _edges(options)
        return self._random.choices(names, cum_weights=edges)[0]


def _told(start: int, arrived: int, person: int, kind: int) -> _Told:
    """Visitors are anonymous; at work they are known, and belong to a company of three."""
    known_as = f"lumen-{arrived:03d}-{person:05d}"
    is_known = kind in (Kind.APP, Kind.BILLING)
    now = known_as if is_known else f"visitor-{arrived:03d}-{person:05d}"
    return _Told(start, now, f"{start:x}-{arrived:x}-{person:x}", {}, known_as, _company(known_as) if is_known else "")


def _company(known_as: str) -> str:
    _, arrived, person = known_as.split("-")
    return f"company-{arrived}-{int(person) // 3:05d}"


def tell_sessions(seed: int, chunk: int, *, sessions: Sessions, version: str) -> list[Happening]:
    """The events of the sessions that start in one chunk of time, by time."""
    rng = np.random.default_rng([seed, _STORIES, chunk + 10_000])
    total = int(sessions.size.sum()) + 4 * len(sessions)
    return Storyteller(rng, total=total, version=version).tell(sessions)


def write_events(seed: int, chunk: int, *, happenings: Sequence[Happening], midnight_ms: int) -> list[tuple[int, Json]]:
    """Native events with their moment in Unix milliseconds. The ids follow from seed and chunk alone."""
    digits = np.random.default_rng([seed, _IDS, chunk + 10_000]).bytes(16 * len(happenings)).hex()
    moments = [midnight_ms + happening.at for happening in happenings]
    texts = np.datetime_as_string(np.array(moments, dtype="datetime64[ms]"), unit="ms").tolist()
    return [
        (moment, _event(happening, text, digits[at : at + 32]))
        for happening, moment, text, at in zip(happenings, moments, texts, range(0, len(digits), 32), strict=True)
    ]


def _event(happening: Happening, time: str, digits: str) -> Json:
    # Version 8 of RFC 9562: an id made by a rule of one's own.
    event = {
        "event": happening.event,
        "distinct_id": happening.distinct_id,
        "timestamp": time + "Z",
        "uuid": f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:]}",
        "properties": happening.properties,
    }
    if happening.session_id:
        event["session_id"] = happening.session_id
    if happening.put:
        event["set"] = happening.put
    if happening.company:
        event["groups"] = {"company": happening.company}
    return event


_ACTIONS = (
    ("$pageview", 46),
    ("feature_used", 32),
    ("search", 9),
    ("complete_task", 9),
    ("use_template", 3),
    ("export_file", 2),
)


@lru_cache(maxsize=10_000)
def _base(kind: int, country: int, channel: int, device: int) -> Json:
    """What all events of a session have; a shared value, so it must only be copied."""
    place, machine = world.COUNTRIES[country], world.DEVICES[device]
    where: Json = {"simulated": True, "$geoip_country_code": place.code, "$geoip_city_name": place.city}
    if kind == Kind.BILLING:
        return {**where, "$lib": "billing"}
    way = world.CHANNELS[channel]
    utm = dict(zip(("utm_source", "utm_medium", "utm_campaign"), way.utm or (), strict=False))
    return {
        **where,
        "$lib": "web",
        "$browser": machine.browser,
        "$browser_version": machine.version,
        "$os": machine.os,
        "$device_type": machine.kind,
        "$referrer": way.referrer or "$direct",
        "$referring_domain": urlsplit(way.referrer).hostname or "$direct",
        **utm,
    }


@lru_cache(maxsize=1_000)
def _landing(path: str, channel: int) -> Json:
    utm = world.CHANNELS[channel].utm
    query = "?" + urlencode(dict(zip(("utm_source", "utm_medium", "utm_campaign"), utm, strict=True))) if utm else ""
    title = next(title for known, title, _ in world.PAGES if known == path)
    return _page(world.SITE, path, title, query)


@lru_cache(maxsize=100)
def _marketing_page(place: int) -> Json:
    path, title, _ = world.PAGES[place]
    return _page(world.SITE, path, title)


@lru_cache(maxsize=100)
def _app_page(place: int) -> Json:
    path, title, _ = world.APP_PAGES[place]
    return _page(world.APP, path, title)


def _page(site: str, path: str, title: str, query: str = "") -> Json:
    return {
        "$current_url": site + path + query,
        "$host": site.removeprefix("https://"),
        "$pathname": path,
        "title": f"{title} · Lumen",
    }


_SIGNUP_PAGE = _page(world.SITE, "/signup", "Sign up")
_BILLING_PAGE = _page(world.APP, "/settings/billing", "Billing")


@lru_cache(maxsize=100)
def _edges(options: tuple[tuple[str, int], ...]) -> tuple[list[str], list[int]]:
    return [name for name, _ in options], list(accumulate(weight for _, weight in options))


def _choices(rng: Rng, weights: Sequence[float], count: int) -> Ints:
    edges = np.cumsum(weights)
    places: Ints = np.searchsorted(edges, rng.random(count) * edges[-1], side="right").astype(np.int64)
    return places


def _cycle(values: Ints) -> Iterator[int]:
    listed: list[int] = values.tolist()
    while True:
        yield from listed
