"""Paths within a funnel: what people did before a step of it, between two, or after one.

A person's path is what happened up to the window before the step, or after it, of the attempt that counts. No pause
cuts it: nothing in it is further apart than the window.
"""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.conditions import join_conditions
from northing.data.query.draft import Draft
from northing.data.query.funnel_actors import FIRST_TIME
from northing.data.query.funnel_people import OUTCOMES
from northing.data.query.funnel_result import step_name
from northing.data.query.funnel_spec import Funnel, read_rules
from northing.data.query.funnel_sql import Attempts, FunnelPlan
from northing.data.query.funnel_words import shown_window
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope

PARTS = ("before", "between", "after")


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of whose attempts: of those who reached the step (converted), or the one before only (dropped)."""

    funnel: Funnel
    part: str
    step: int
    outcome: str

    @property
    def anchor(self) -> int:
        """The step at which the part begins or ends."""
        return self.step if self.outcome == "converted" else self.funnel.required_before(self.step)

    @property
    def ends_there(self) -> bool:
        """Whether every path ends where it was asked to, and not where somebody stopped."""
        return self.part != "after"


def read_part(reader: Reader, scope: Scope) -> Part | None:
    """The field `within`: `{funnel, part, step, outcome}`."""
    if not reader.has("within"):
        return None
    inner = Reader(reader.raw("within"), reader.at("within"), reader.notes)
    funnel = read_rules(inner, "funnel", scope)
    if funnel.actor != "person":
        inner.fault("funnel.aggregate_by", "must be person: paths are those of people")
    part = inner.choice("part", PARTS, "between")
    outcome = inner.choice("outcome", OUTCOMES, "converted")
    step = inner.integer("step", len(funnel.steps) - 1, least=0, most=len(funnel.steps) - 1)
    if not step and outcome == "dropped":
        inner.fault("step", "must be 1 or more for those who dropped off: nobody stops before the first")
    elif not step and part == "between":
        inner.fault("step", "must be 1 or more: there is no step before the first")
    if part == "between" and outcome == "dropped":
        inner.fault("part", "must be before or after for those who dropped off: they never came to the step")
    inner.warn_unread()
    return Part(funnel, part, max(step, 1) if outcome == "dropped" or part == "between" else step, outcome)


def select_part(part: Part, span: Range, draft: Draft, events: str) -> str:
    """The rows `__who`, `__all` (numbers with the milliseconds since the start above bit 64), cut to the part.

    Rows whose part is empty are left out.
    """
    attempts = Attempts(FunnelPlan(part.funnel, draft.scope, span), draft).select()
    since, until = _bounds(part)
    tried = (
        f"SELECT __actor AS __tried, toInt64({since}) - {FIRST_TIME} AS __since, "
        f"toInt64({until}) - {FIRST_TIME} AS __until FROM ({attempts}) WHERE {_who(part)}"
    )
    moment = "toInt64(bitShiftRight(__x, 64))"
    near = f"arrayFilter(__x -> {moment} >= __since AND {moment} <= __until, __all) AS __visit"
    return (
        f"SELECT * FROM (SELECT __who, {near} FROM ({events}) AS __walked INNER JOIN ({tried}) AS __tries "
        "ON __who = __tried) WHERE notEmpty(__visit)"
    )


def _bounds(part: Part) -> tuple[str, str]:
    at, window = f"__t{part.anchor}", part.funnel.window_ms
    if part.part == "between":
        return f"__t{part.funnel.required_before(part.step)}", at
    if part.part == "before":
        # Signed: the window may reach further back than the range.
        return f"toInt64({at}) - {window}", at
    return at, f"{at} + {window}"


def _who(part: Part) -> str:
    return join_conditions([f"__t{part.anchor} != 0", f"__t{part.step} = 0" if part.outcome == "dropped" else ""])


def describe_part(part: Part) -> str:
    """Whose paths, and from when until when."""
    reached, anchor = step_name(part.funnel, part.step), step_name(part.funnel, part.anchor)
    who = f"those who reached {reached}"
    if part.outcome == "dropped":
        who = f"those who reached {anchor} but not {reached}"
    if part.part == "between":
        before = step_name(part.funnel, part.funnel.required_before(part.step))
        when = f"from {before} to {reached}"
    else:
        when = f"{part.part} {anchor}, up to {shown_window(part.funnel.window)}"
    return f"Only those of {who} in the funnel, {when}: one path for each, not cut by pauses. "
