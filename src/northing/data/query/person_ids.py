"""SQL between people and their distinct ids."""

from __future__ import annotations

from northing.data.query.draft import Draft
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement

_IDS = "distinct_ids AS __id FINAL"


def plan_own_id(scope: Scope, person: int) -> Statement:
    """An id of the person; of several, one that was never merged away."""
    draft = Draft(scope)
    number = draft.bind(person, "UInt32")
    # The stored number alone is not enough: it may mean another person by now.
    own = (
        f"__id.project_id = {draft.project} AND __id.person = {number} AND {draft.person_of('__id.person')} = {number}"
    )
    return draft.statement(f"SELECT __id.distinct_id FROM {_IDS} WHERE {own} ORDER BY 1 LIMIT 1")


def plan_owner(scope: Scope, distinct_id: str) -> Statement:
    """The person, after merges, who has an id."""
    draft = Draft(scope)
    own = f"__id.project_id = {draft.project} AND __id.distinct_id = {draft.text(distinct_id)}"
    return draft.statement(f"SELECT {draft.person_of('__id.person')} FROM {_IDS} WHERE {own}")
