"""Who is behind a number: the different people that a kind names, listed page by page or kept as a cohort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from northing.data.query.draft import Draft, merged_away
from northing.data.query.properties import access_person
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import PERSONS, PROFILE, Statement
from northing.kernel.clock import rfc3339

MOST_IDS = 10
# The properties that people are called by, the best first.
NAMES = ("name", "email", "username")
# Devices and browsers give themselves such ids, which tell a reader nothing.
_GENERATED = "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$"


@dataclass(frozen=True, slots=True)
class People:
    """A SELECT with one column, `__person`: people after merges, repeats allowed; and words for who they are."""

    draft: Draft
    sql: str
    definition: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`after` is the last person number of the page before; `search` looks in ids, names and e-mail addresses."""

    limit: int = 50
    after: int = -1
    search: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of people by number, how many there are in all, and whether more follow."""

    items: list[dict[str, Any]]
    total: int
    has_more: bool


async def list_people(people: People, page: PeoplePage, ask: Ask) -> Listed:
    """The next people by number: `{person, name, distinct_ids, properties, created_at, is_identified}`."""
    scope = people.draft.scope
    (row,) = (await ask(plan_people(people, page))).rows
    total, numbers = int(row[0]), [int(number) for number in row[1]]
    items = await load_profiles(scope, numbers[: page.limit], ask)
    return Listed(items, total, len(numbers) > page.limit)


async def load_profiles(scope: Scope, numbers: Sequence[int], ask: Ask) -> list[dict[str, Any]]:
    """The people of these numbers, in that order; one without a profile has ids only."""
    if not numbers:
        return []
    rows = (await ask(plan_profiles(scope, numbers))).rows
    found = {int(row[0]): _item(row) for row in rows}
    return [found[number] for number in numbers]


def plan_people(people: People, page: PeoplePage) -> Statement:
    """One row: how many people there are, and the numbers of the page, one more than its limit where there are more.

    Only numbers are gathered, as a bitmap, so that half a million people cost no more than reading them.
    """
    draft = people.draft
    everyone = f"SELECT groupBitmapState(toUInt32(__person)) AS __all FROM ({narrow(people, page.search).sql})"
    after = draft.bind(min(page.after + 1, (1 << 32) - 1), "UInt32")
    return draft.statement(
        f"SELECT bitmapCardinality(__all), "
        # A small bitmap keeps no order.
        f"arraySort(bitmapToArray(bitmapSubsetLimit(__all, {after}, {page.limit + 1}))) "
        f"FROM ({everyone})"
    )


def plan_profiles(scope: Scope, numbers: Sequence[int]) -> Statement:
    """Profile and first ids of each number: person, created (ms or NULL), identified, properties, distinct ids."""
    draft = Draft(scope)
    wanted = draft.bind(list(numbers), "Array(UInt32)")
    owned = (
        f"SELECT {draft.person_of('__id.person')} AS __owner, __id.distinct_id AS __text "
        f"FROM distinct_ids AS __id FINAL WHERE __id.project_id = {draft.project} AND __owner IN {wanted} "
        f"ORDER BY match(__text, {draft.text(_GENERATED)}), __text"
    )
    ids = f"SELECT __owner, groupArray({MOST_IDS})(__text) AS __ids FROM ({owned}) GROUP BY __owner"
    profiles = (
        f"SELECT {PROFILE}.person AS __number, {PROFILE}.created_at AS __created, {PROFILE}.is_identified AS __known, "
        f"{PROFILE}.properties AS __properties, 1 AS __is_there FROM {PERSONS} "
        f"WHERE {PROFILE}.project_id = {draft.project} AND {PROFILE}.person IN {wanted}"
    )
    return draft.statement(
        "SELECT __wanted, if(__is_there = 1, toUnixTimestamp64Milli(__created), NULL), __known, __properties, __ids "
        f"FROM (SELECT arrayJoin({wanted}) AS __wanted) AS __one "
        f"LEFT ANY JOIN ({profiles}) AS __two ON __one.__wanted = __two.__number "
        f"LEFT ANY JOIN ({ids}) AS __three ON __one.__wanted = __three.__owner"
    )


def narrow(people: People, search: str) -> People:
    """Those of the people whose ids or names contain the text."""
    if not search:
        return people
    sql = f"SELECT __person FROM ({people.sql}) WHERE __person IN ({_found(people.draft, search)})"
    return People(people.draft, sql, people.definition)


def plan_everyone(draft: Draft) -> People:
    """Everyone who has an id or a profile, those merged into another counted as that one."""
    return People(draft, everyone_sql(draft), "Everyone.")


def everyone_sql(draft: Draft) -> str:
    """A SELECT of all people of the project, repeats allowed; people without a profile are people too."""
    by_id = f"SELECT {draft.person_of('__id.person')} AS __person FROM distinct_ids AS __id FINAL"
    profiles = f"SELECT {PROFILE}.person AS __person FROM {PERSONS}"
    return (
        f"{by_id} WHERE __id.project_id = {draft.project} UNION ALL {profiles} "
        f"WHERE {PROFILE}.project_id = {draft.project} AND {PROFILE}.person NOT IN ({merged_away()})"
    )


def name_of(properties: dict[str, Any], distinct_ids: Iterable[str], person: int) -> str:
    """What to call a person: their name, e-mail address or user name, else their first id."""
    named = (properties.get(name) for name in NAMES)
    return next((str(n) for n in named if n not in (None, "")), None) or next(iter(distinct_ids), f"Person {person}")


def _found(draft: Draft, search: str) -> str:
    """Whose ids or names contain the text."""
    text = draft.text(search)
    by_name = " OR ".join(f"positionCaseInsensitiveUTF8({access_person(n).text}, {text}) > 0" for n in NAMES)
    return (
        f"SELECT {draft.person_of('__said.person')} FROM distinct_ids AS __said FINAL "
        f"WHERE __said.project_id = {draft.project} AND positionCaseInsensitiveUTF8(__said.distinct_id, {text}) > 0 "
        f"UNION ALL SELECT {draft.person_of(f'{PROFILE}.person')} FROM {PERSONS} "
        f"WHERE {PROFILE}.project_id = {draft.project} AND ({by_name})"
    )


def _item(row: Sequence[Any]) -> dict[str, Any]:
    person, created, known, properties, ids = row
    return {
        "person": int(person),
        "name": name_of(properties, ids, int(person)),
        "distinct_ids": ids,
        "properties": properties,
        "created_at": None if created is None else rfc3339(datetime.fromtimestamp(int(created) / 1000, UTC)),
        "is_identified": bool(known),
    }
