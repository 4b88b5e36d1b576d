"""Who is behind a number: the different people that a kind names, listed page by page or kept as a cohort."""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.draft import Draft, merged_away
from northing.data.query.statements import PERSONS, PROFILE, Statement


@dataclass(frozen=True, slots=True)
class People:
    """A SELECT with one column, `__person`: people after merges, repeats allowed; and words for who they are."""

    draft: Draft
    sql: str
    definition: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`after` is the last person number of the page before, 0 for the first; `search` looks in ids and properties."""

    limit: int = 50
    after: int = 0
    search: str = ""


COLUMNS = ("person", "created_at", "is_identified", "properties", "distinct_ids", "total")


def plan_people(people: People, page: PeoplePage) -> Statement:
    """The next people by number (columns `COLUMNS`); `total` counts all that match, on every row."""
    draft = people.draft
    ids = (
        f"SELECT {draft.person_of('__id.person')} AS __owner, groupArray(10)(__id.distinct_id) AS __ids "
        f"FROM (SELECT person, distinct_id FROM distinct_ids FINAL WHERE project_id = {draft.project} "
        "ORDER BY distinct_id) AS __id GROUP BY __owner"
    )
    chosen = f"SELECT DISTINCT __person FROM ({people.sql})"
    found = (
        f"SELECT __chosen.__person AS __number, {PROFILE}.created_at AS __created, {PROFILE}.is_identified AS __known, "
        f"{PROFILE}.properties AS __properties, __owned.__ids AS __ids FROM ({chosen}) AS __chosen "
        f"LEFT ANY JOIN (SELECT * FROM {PERSONS} WHERE {PROFILE}.project_id = {draft.project}) AS {PROFILE} "
        f"ON __chosen.__person = {PROFILE}.person "
        f"LEFT ANY JOIN ({ids}) AS __owned ON __chosen.__person = __owned.__owner"
    )
    matching = f"SELECT *, count() OVER () AS __total FROM ({found})"
    if page.search:
        text = draft.text(page.search)
        matching += (
            f" WHERE arrayExists(id -> positionCaseInsensitiveUTF8(id, {text}) > 0, __ids) "
            f"OR positionCaseInsensitiveUTF8(toJSONString(__properties), {text}) > 0"
        )
    after = draft.bind(page.after, "UInt32")
    return draft.statement(
        f"SELECT __number, toUnixTimestamp64Milli(__created), __known, __properties, __ids, __total FROM ({matching}) "
        f"WHERE __number > {after} ORDER BY __number LIMIT {page.limit + 1}"
    )


def plan_everyone(draft: Draft) -> People:
    """Everyone with a profile, those merged into another left out."""
    own = f"{PROFILE}.project_id = {draft.project} AND {PROFILE}.person NOT IN ({merged_away()})"
    return People(draft, f"SELECT {PROFILE}.person AS __person FROM {PERSONS} WHERE {own}", "Everyone.")
