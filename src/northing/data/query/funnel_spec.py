"""The query kind `funnel`: what may be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from northing.data.query.breakdowns import read_breakdown
from northing.data.query.filters import ALWAYS, Filter, Group, read_filters
from northing.data.query.funnel_steps import Step, sharing_fault
from northing.data.query.properties import Property, property_fault
from northing.data.query.ranges import Interval, read_interval
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope

MIN_STEPS, MAX_STEPS = 2, 20
MAX_EXCLUSIONS = 10
MAX_WINDOW = timedelta(days=400)
MAX_BREAKDOWN_LIMIT = 500
MAX_BINS = 60
ORDERS = ("ordered", "strict", "unordered")
VIEWS = ("steps", "time_to_convert", "trend", "correlation")
ATTRIBUTIONS = ("first_touch", "last_touch", "all_events", "step")
CORRELATED = ("events", "event_properties", "person_properties")
# A month as thirty days, so that everybody's window is equally long.
UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
DEFAULT_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Events that must not happen between reaching one step and reaching another; steps count from 0."""

    event: str
    filters: Group
    from_step: int
    to_step: int


@dataclass(frozen=True, slots=True)
class Correlate:
    """What to compare between those who converted and those who did not."""

    what: str
    event: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """A parsed `funnel` query without its dates. `actor` is "person", "session", or "group" with its type in `of`."""

    steps: tuple[Step, ...]
    order: str = "ordered"
    window: timedelta = DEFAULT_WINDOW
    exclusions: tuple[Exclusion, ...] = ()
    filters: Group = ALWAYS
    breakdown: tuple[Property, ...] = ()
    breakdown_limit: int = 25
    attribution: str = "first_touch"
    attribution_step: int = 0
    view: str = "steps"
    actor: str = "person"
    of: str = ""
    interval: Interval = "day"
    from_step: int = 0
    to_step: int = 1
    bins: int = 0
    correlate: Correlate | None = None

    @property
    def window_ms(self) -> int:
        return round(self.window.total_seconds() * 1000)

    def required_before(self, k: int) -> int:
        """The last step before `k` that may not be skipped; the first step never may."""
        return next(j for j in range(k - 1, -1, -1) if not self.steps[j].optional)

    @property
    def every_filter(self) -> tuple[Filter, ...]:
        return (self.filters, *(s.filters for s in self.steps), *(x.filters for x in self.exclusions))


def read_funnel(reader: Reader, scope: Scope) -> Funnel:
    """Read every field but the dates; faults are collected in the reader's notes."""
    steps = _read_steps(reader, scope)
    order = reader.choice("order", ORDERS, "ordered")
    if order == "unordered":
        _check_unordered(reader, steps)
    actor, of = _read_actor(reader)
    view = reader.choice("view", VIEWS, "steps")
    attribution, attribution_step = _read_attribution(reader, order, len(steps))
    first, last = _read_ends(reader, len(steps))
    funnel = Funnel(
        steps=steps,
        order=order,
        window=read_window(reader),
        exclusions=_read_exclusions(reader, scope, steps, order),
        filters=read_filters(reader, scope),
        breakdown=read_breakdown(reader),
        breakdown_limit=reader.integer("breakdown_limit", 25, least=1, most=MAX_BREAKDOWN_LIMIT),
        attribution=attribution,
        attribution_step=attribution_step,
        view=view,
        actor=actor,
        of=of,
        interval=read_interval(reader),
        from_step=first,
        to_step=last,
        bins=reader.integer("bins", 0, least=1, most=MAX_BINS),
        correlate=_read_correlate(reader, view, actor),
    )
    if funnel.breakdown and view in ("time_to_convert", "correlation"):
        reader.fault("breakdown", f"is not there for the view {view}; use steps or trend")
    return funnel


def read_rules(parent: Reader, name: str, scope: Scope) -> Funnel:
    """A funnel that another kind refers to. Saved ones are handed over whole; how they are shown changes nothing."""
    reader = Reader(parent.raw(name), parent.at(name), parent.notes)
    for dated in ("kind", "date_from", "date_to", "timezone", "refresh", "explain"):
        reader.raw(dated)
    funnel = read_funnel(reader, scope)
    reader.warn_unread()
    return replace(funnel, breakdown=(), view="steps", correlate=None)


def _read_steps(reader: Reader, scope: Scope) -> tuple[Step, ...]:
    steps = reader.items("steps", lambda v, p: _read_step(v, p, reader, scope), most=MAX_STEPS)
    if len(steps) < MIN_STEPS:
        given = reader.raw("steps")
        if given is None or (isinstance(given, list) and len(given) < MIN_STEPS):
            reader.fault("steps", f'needs at least {MIN_STEPS} entries, such as [{{"event": "signed_up"}}, …]')
        return tuple(Step(None, "Any event") for _ in range(MIN_STEPS))
    if steps[0].optional:
        reader.fault("steps.0.optional", "must not be true: somebody enters by the first step")
    return steps


def _check_unordered(reader: Reader, steps: tuple[Step, ...]) -> None:
    if any(step.optional for step in steps):
        reader.fault("steps", "may not be optional where the order is unordered")
    fault = sharing_fault(steps)
    if fault:
        reader.fault("steps", fault)


def _read_step(value: Any, path: str, parent: Reader, scope: Scope) -> Step:
    reader = Reader({"event": value} if isinstance(value, str) else value, path, parent.notes)
    event = reader.text("event") or None
    name = reader.text("name") or event or "Any event"
    step = Step(event, name, read_filters(reader, scope), reader.boolean("optional"))
    reader.warn_unread()
    return step


def read_window(reader: Reader) -> timedelta:
    """The field `window`, `{value, unit}`."""
    if not reader.has("window"):
        return DEFAULT_WINDOW
    inner = Reader(reader.raw("window"), reader.at("window"), reader.notes)
    unit = UNITS[inner.choice("unit", UNITS, "day")]
    value = inner.integer("value", 14, least=1, most=10**9)
    inner.warn_unread()
    if value * unit.total_seconds() > MAX_WINDOW.total_seconds():
        inner.fault("value", f"makes a window longer than {MAX_WINDOW.days} days")
        return DEFAULT_WINDOW
    return value * unit


def _read_exclusions(reader: Reader, scope: Scope, steps: tuple[Step, ...], order: str) -> tuple[Exclusion, ...]:
    def read(value: Any, path: str) -> Exclusion:
        inner = Reader(value, path, reader.notes)
        last = len(steps) - 1
        found = Exclusion(
            event=inner.text("event", required=True),
            filters=read_filters(inner, scope),
            from_step=inner.integer("from_step", 0, least=0, most=last),
            to_step=inner.integer("to_step", last, least=0, most=last),
        )
        if found.from_step >= found.to_step:
            inner.fault("to_step", "must be a later step than from_step")
        if found.event and any(step.event == found.event for step in steps):
            inner.fault("event", "is the event of a step; what is excluded must be another event")
        if order == "unordered" and (found.from_step, found.to_step) != (0, last):
            inner.fault("from_step", f"must be 0 and to_step {last} where the order is unordered")
        inner.warn_unread()
        return found

    return reader.items("exclusions", read, most=MAX_EXCLUSIONS)


def _read_attribution(reader: Reader, order: str, count: int) -> tuple[str, int]:
    attribution = reader.choice("attribution", ATTRIBUTIONS, "first_touch")
    step = reader.integer("attribution_step", 0, least=0, most=count - 1)
    if attribution == "step" and order == "unordered" and step:
        reader.fault("attribution_step", "must be 0 where the order is unordered")
    return attribution, step


def _read_actor(reader: Reader) -> tuple[str, str]:
    """Text "person", "session" or the name of a group type, or `{"group": type}`."""
    if isinstance(reader.values.get("aggregate_by"), dict):
        inner = Reader(reader.raw("aggregate_by"), reader.at("aggregate_by"), reader.notes)
        of = inner.text("group", required=True)
        inner.warn_unread()
        return "group", of
    text = reader.text("aggregate_by", "person")
    return (text, "") if text in ("person", "session") else ("group", text)


def _read_ends(reader: Reader, count: int) -> tuple[int, int]:
    first = reader.integer("from_step", 0, least=0, most=count - 1)
    last = reader.integer("to_step", count - 1, least=0, most=count - 1)
    if first >= last:
        reader.fault("to_step", "must be a later step than from_step")
    return first, last


def _read_correlate(reader: Reader, view: str, actor: str) -> Correlate | None:
    what = reader.choice("correlate", CORRELATED, "events")
    event = reader.text("event")
    names = reader.items("properties", lambda v, p: _read_name(v, p, reader), most=50)
    if view != "correlation":
        return None
    if what == "event_properties" and not event:
        reader.fault("event", "is required: the event whose properties to compare")
    if actor != "person":
        reader.fault("aggregate_by", "must be person for the view correlation")
    return Correlate(what, event, names)


def _read_name(value: Any, path: str, parent: Reader) -> str:
    reader = Reader({"": value}, path, parent.notes)
    name = reader.text("", required=True)
    if name and (fault := property_fault(name)):
        reader.fault(None, fault)
        return "unknown"
    return name
