"""Names that a query uses and that no event has: a warning, since an empty chart may be a misspelt one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from northing.data.query.draft import Draft
from northing.data.query.properties import Property, access_event, access_person
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import EVENTS, PROFILE, ROW, Statement
from northing.data.query.suspects import EventName, GroupType, Suspect

MOST_CHECKS = 6


async def unknown_names(suspects: Iterable[Suspect], scope: Scope, ask: Ask) -> list[str]:
    """A warning for each name that is nowhere; of a group's property its type is looked up."""
    checked = [name for name in dict.fromkeys(map(_looked_up, suspects)) if name is not None]
    warnings = []
    for name in checked[:MOST_CHECKS]:
        found = await ask(plan_seen(name, scope))
        if not found.rows:
            warnings.append(f"{_noun(name)} {name.name} has never been seen in this project.")
    return warnings


def _looked_up(name: Suspect) -> Suspect | None:
    if isinstance(name, EventName | GroupType) or name.owner in ("event", "person"):
        return name
    return GroupType(name.of) if name.owner == "group" else None


def _noun(name: Suspect) -> str:
    if isinstance(name, Property):
        return f"{name.owner.capitalize()} property"
    return "Event" if isinstance(name, EventName) else "Group type"


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


def plan_seen(name: Suspect, scope: Scope) -> Statement:
    """One row where the name has ever been seen."""
    draft = Draft(scope)
    project = f"project_id = {draft.project}"
    if isinstance(name, EventName):
        condition = f"{ROW}.event = {draft.text(name.name)}"
        return draft.statement(f"SELECT 1 FROM {EVENTS} WHERE {ROW}.{project} AND {condition} LIMIT 1")
    if isinstance(name, GroupType):
        condition = f"{ROW}.groups[{draft.text(name.name)}] != ''"
        return draft.statement(f"SELECT 1 FROM {EVENTS} WHERE {ROW}.{project} AND {condition} LIMIT 1")
    if name.owner == "person":
        condition = f"{PROFILE}.{project} AND {access_person(name.name).is_set}"
        return draft.statement(f"SELECT 1 FROM persons AS {PROFILE} WHERE {condition} LIMIT 1")
    condition = f"{ROW}.{project} AND {access_event(name.name).is_set}"
    return draft.statement(f"SELECT 1 FROM {EVENTS} WHERE {condition} LIMIT 1")
