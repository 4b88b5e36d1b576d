"""Names that a query uses and that no event has: a warning, since an empty chart may be a misspelt one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from northing.data.query.draft import Draft
from northing.data.query.properties import access_event, access_person
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import EVENTS, PROFILE, ROW, Statement
from northing.data.query.suspects import EventName, Suspect

MOST_CHECKS = 6


async def unknown_names(suspects: Iterable[Suspect], scope: Scope, ask: Ask) -> list[str]:
    """A warning for each name that is nowhere; properties of sessions and groups are not looked up."""
    checked = [name for name in dict.fromkeys(suspects) if isinstance(name, EventName) or name.owner in _OWNERS]
    warnings = []
    for name in checked[:MOST_CHECKS]:
        found = await ask(plan_seen(name, scope))
        if not found.rows:
            noun = "Event" if isinstance(name, EventName) else f"{name.owner.capitalize()} property"
            warnings.append(f"{noun} {name.name} has never been seen in this project.")
    return warnings


async def unknown_cohorts(cohorts: Collection[int], scope: Scope, ask: Ask) -> list[str]:
    """A warning for each cohort that is not there: without it, nobody in it would look like an answer."""
    if not cohorts:
        return []
    known = {int(row[0]) for row in (await ask(plan_known_cohorts(cohorts, scope))).rows}
    missing = sorted(set(cohorts) - known)[:MOST_CHECKS]
    return [f"Cohort {number} is not in this project or was never worked out: nobody is in it." for number in missing]


def plan_known_cohorts(cohorts: Collection[int], scope: Scope) -> Statement:
    """Those of the cohorts that have ever been worked out and not been removed."""
    draft = Draft(scope)
    numbers = draft.bind(sorted(cohorts), "Array(UInt32)")
    own = f"__cohort.project_id = {draft.project} AND __cohort.cohort IN {numbers}"
    return draft.statement(f"SELECT DISTINCT __cohort.cohort FROM cohorts AS __cohort WHERE {own}")


_OWNERS = ("event", "person")


def plan_seen(name: Suspect, scope: Scope) -> Statement:
    """One row where the name has ever been seen."""
    draft = Draft(scope)
    project = f"project_id = {draft.project}"
    if isinstance(name, EventName):
        condition = f"{ROW}.event = {draft.text(name.name)}"
        return draft.statement(f"SELECT 1 FROM {EVENTS} WHERE {ROW}.{project} AND {condition} LIMIT 1")
    if name.owner == "person":
        condition = f"{PROFILE}.{project} AND {access_person(name.name).is_set}"
        return draft.statement(f"SELECT 1 FROM persons AS {PROFILE} WHERE {condition} LIMIT 1")
    condition = f"{ROW}.{project} AND {access_event(name.name).is_set}"
    return draft.statement(f"SELECT 1 FROM {EVENTS} WHERE {condition} LIMIT 1")
