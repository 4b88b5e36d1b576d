"""Members of cohorts in the event store: kept, changed, counted and removed, one bitmap per cohort."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from northing.data.identity.cohorts_sql import bitmap_of, members_bitmap, members_of
from northing.data.query.draft import Draft
from northing.data.query.people import People
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement


def plan_keep(draft: Draft, bitmap: str, *, cohort: int, version: int) -> Statement:
    """Make a bitmap the members of a cohort; the greatest version is the one that counts."""
    number, at = draft.bind(cohort, "UInt32"), draft.bind(version, "UInt64")
    return draft.statement(
        f"INSERT INTO cohorts (project_id, cohort, persons, version) SELECT {draft.project}, {number}, {bitmap}, {at}"
    )


def plan_forget(scope: Scope, cohort: int) -> Statement:
    """Remove a cohort's members wholly, so that its number is unknown from now on."""
    draft = Draft(scope)
    number = draft.bind(cohort, "UInt32")
    return draft.statement(f"DELETE FROM cohorts WHERE project_id = {draft.project} AND cohort = {number}")


def plan_forget_all(left: Collection[tuple[int, int]]) -> Statement:
    """Remove the members of these (project, cohort) pairs in one go: each removal by itself rewrites parts."""
    pairs = sorted(left)
    params = {"projects": [project for project, _ in pairs], "cohorts": [cohort for _, cohort in pairs]}
    listed = "arrayJoin(arrayZip({projects:Array(UInt32)}, {cohorts:Array(UInt32)}))"
    return Statement(f"DELETE FROM cohorts WHERE (project_id, cohort) IN (SELECT {listed})", params)


def plan_newest(scope: Scope, cohort: int) -> Statement:
    """The version of the members that count; 0 where there are none."""
    draft = Draft(scope)
    return draft.statement(
        "SELECT max(__cohort.version) FROM cohorts AS __cohort "
        f"WHERE __cohort.project_id = {draft.project} AND __cohort.cohort = {draft.bind(cohort, 'UInt32')}"
    )


def plan_size(scope: Scope, cohort: int) -> Statement:
    """How many people a cohort has, as those they are after merges."""
    draft = Draft(scope)
    return draft.statement(f"SELECT bitmapCardinality({members_bitmap((cohort,), draft)})")


def plan_known_ids(scope: Scope, ids: Sequence[str]) -> Statement:
    """How many of these distinct ids are somebody's."""
    draft = Draft(scope)
    return draft.statement(f"SELECT uniqExact(__id.distinct_id) FROM {_with_ids(draft, ids)}")


def ids_bitmap(ids: Sequence[str], draft: Draft) -> str:
    """The people who have any of these distinct ids."""
    return bitmap_of(f"SELECT {draft.person_of('__id.person')} AS __person FROM {_with_ids(draft, ids)}")


def cohort_members(scope: Scope, cohort: int, definition: str) -> People:
    """The members of a cohort, as they were last worked out."""
    draft = Draft(scope)
    return People(draft, members_of((cohort,), draft), definition)


def plan_cohorts_of(scope: Scope, person: int) -> Statement:
    """The numbers of the cohorts that a person is in."""
    draft = Draft(scope)
    stored = (
        "SELECT __cohort.cohort AS __in, arrayJoin(bitmapToArray(__cohort.persons)) AS __number "
        f"FROM cohorts AS __cohort FINAL WHERE __cohort.project_id = {draft.project}"
    )
    wanted = draft.bind(person, "UInt32")
    if not draft.scope.merged:
        return draft.statement(
            f"SELECT __cohort.cohort AS __in FROM cohorts AS __cohort FINAL "
            f"WHERE __cohort.project_id = {draft.project} AND bitmapContains(__cohort.persons, {wanted}) ORDER BY __in"
        )
    return draft.statement(
        f"SELECT DISTINCT __in FROM ({stored}) WHERE {draft.person_of('__number')} = {wanted} ORDER BY __in"
    )


def _with_ids(draft: Draft, ids: Sequence[str]) -> str:
    # As one text: the engine takes a minute to read a hundred thousand texts out of an array parameter.
    listed = f"JSONExtract({draft.text(json.dumps(list(ids), ensure_ascii=False))}, 'Array(String)')"
    return (
        f"distinct_ids AS __id FINAL WHERE __id.project_id = {draft.project} "
        f"AND __id.distinct_id IN (SELECT arrayJoin({listed}))"
    )
