"""What a funnel means, in words."""

from __future__ import annotations

from datetime import timedelta

from northing.data.query.funnel_spec import Exclusion, Funnel
from northing.data.query.funnel_steps import Step
from northing.data.query.ranges import Range
from northing.data.query.scope import Scope

_ORDERS = {
    "ordered": "in this order, with anything in between",
    "strict": "in this order, with no other event in between",
    "unordered": "in any order",
}
_ATTRIBUTIONS = {
    "first_touch": "the first value among the events of the steps",
    "last_touch": "the last value among the events of the steps",
    "all_events": "each value a funnel of its own, of only the events that have it",
}
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def actors_of(funnel: Funnel) -> str:
    """Who goes through the funnel."""
    if funnel.actor == "person":
        return "different people (after merging their identities)"
    return "different sessions" if funnel.actor == "session" else f"different groups of type {funnel.of}"


def define_funnel(funnel: Funnel, span: Range, scope: Scope) -> str:
    """The definition of an answer."""
    steps = ", ".join(_define_step(step) for step in funnel.steps)
    text = f"Number of {actors_of(funnel)} that did {steps} {_ORDERS[funnel.order]}, "
    text += f"all within {shown_window(funnel.window)} of the first step"
    if funnel.exclusions:
        text += f", without {'; '.join(_define_exclusion(x, funnel) for x in funnel.exclusions)}"
        text += " (whose furthest attempt is ended so is not counted at all)"
    text += f". Events from {span.start:%Y-%m-%d %H:%M} to before {span.end:%Y-%m-%d %H:%M}, in {scope.timezone}"
    if any(getattr(f, "members", ()) for f in (funnel.filters, *(s.filters for s in funnel.steps))):
        text += "; only events that match the filters"
    return f"{text}.{_define_view(funnel, scope)}{_define_breakdown(funnel)}"


def shown_window(window: timedelta) -> str:
    """A window in the greatest unit that it is whole in."""
    for name, unit in _UNITS:
        if not window % unit:
            count = window // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{round(window.total_seconds())} seconds"


def _define_step(step: Step) -> str:
    name = step.event if step.event is not None else "any event"
    return f"{name}{' (may be skipped)' if step.optional else ''}"


def _define_exclusion(found: Exclusion, funnel: Funnel) -> str:
    first, last = funnel.steps[found.from_step].name, funnel.steps[found.to_step].name
    if funnel.order == "unordered":
        return f"{found.event} in between"
    return f"{found.event} between {first} and {last}"


def _define_view(funnel: Funnel, scope: Scope) -> str:
    ends = f"step {funnel.from_step + 1} to step {funnel.to_step + 1}"
    if funnel.view == "time_to_convert":
        return f" Time from {ends} of those who did both, in seconds."
    if funnel.view == "trend":
        weeks = f", weeks starting on {scope.week_start.capitalize()}" if funnel.interval == "week" else ""
        return f" Of those who entered in each {funnel.interval}{weeks}, the per cent who went from {ends}."
    if funnel.view == "correlation":
        return (
            " Odds ratio: how many times greater the odds of converting are with it than without, one person added to "
            "each of the four counts; left out below 25 people or 2 per cent of all who entered."
        )
    return ""


def _define_breakdown(funnel: Funnel) -> str:
    if not funnel.breakdown:
        return ""
    names = ", ".join(f"{b.owner} property {b.name}" for b in funnel.breakdown)
    how = _ATTRIBUTIONS.get(funnel.attribution, f"the value at step {funnel.attribution_step + 1}")
    return f" By {names}: {how}; the {funnel.breakdown_limit} with the most entering, the rest as Other."
