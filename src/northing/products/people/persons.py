"""The verbs of persons and groups: lists, and one of them with all that is known."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from northing.data.identity.cohorts import InCohort, Joined, OfPerson, Rule
from northing.data.identity.cohorts_members import plan_cohorts_of
from northing.data.identity.cohorts_sql import cohort_people
from northing.data.identity.segments import SEGMENT_NUMBERS
from northing.data.identity.timelines import GroupName, people_of_group
from northing.data.query.draft import Draft
from northing.data.query.filters import read_filters
from northing.data.query.people import (
    People,
    PeoplePage,
    list_people,
    load_profiles,
    narrow,
    plan_everyone,
    plan_people,
)
from northing.data.query.person_ids import plan_owner
from northing.data.query.persons import (
    GroupSearch,
    plan_active,
    plan_facts,
    plan_group,
    plan_group_facts,
    plan_groups,
    plan_ids,
    plan_meant,
    plan_merges,
)
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Ask, Scope
from northing.kernel.problems import not_found
from northing.products.people.listing import ALWAYS, Item, Listing, cut, moment, place_of, spans
from northing.products.people.segments import NAMES as SEGMENT_NAMES
from northing.server.http.paging import decode_cursor, encode_cursor

_FEW = 1000


@dataclass(frozen=True, slots=True)
class PersonSearch:
    """What a list of people is narrowed to, by a group or by the rest, and its order."""

    search: str = ""
    cohort: int | None = None
    condition: Mapping[str, Any] | None = None
    group: GroupName | None = None
    order: Literal["activity", "number"] = "activity"
    limit: int = 50
    cursor: str | None = None


async def list_persons(scope: Scope, asked: PersonSearch, ask: Ask) -> Listing:
    """People by their last event, newest first, or by number, with how many match; by activity, who never did
    anything comes nowhere.
    """
    if asked.order == "number":
        after = int(decode_cursor(asked.cursor, int)[0]) if asked.cursor else -1
        page = PeoplePage(asked.limit, max(after, -1), asked.search)
        found = await list_people(_people(scope, asked), page, ask)
        cursor = encode_cursor(found.items[-1]["person"]) if found.has_more else None
        return Listing(found.items, cursor, found.total)
    (row,) = (await ask(plan_people(_people(scope, asked), PeoplePage(_FEW, search=asked.search)))).rows
    total, few = int(row[0]), [int(number) for number in row[1]]
    rows = await _load_active(scope, asked, few if total <= _FEW else None, ask) if total else []
    items = await load_profiles(scope, [int(row[0]) for row in rows[: asked.limit]], ask)
    for item, row in zip(items, rows, strict=False):
        item["last_seen"] = moment(row[1])
    more = len(rows) > asked.limit
    last = rows[asked.limit - 1] if more else None
    return Listing(items, encode_cursor(int(last[1]), int(last[0])) if last else None, total)


async def find_owner(scope: Scope, distinct_id: str, ask: Ask) -> Listing:
    """The person of a distinct id, as a list of one or none."""
    rows = (await ask(plan_owner(scope, distinct_id))).rows
    items = await load_profiles(scope, [int(rows[0][0])] if rows else [], ask)
    return Listing(items, None, len(items))


async def find_person(scope: Scope, person: int, ask: Ask) -> Item:
    """All that is known of a person but what they did. A number merged away gives the person it is part of now.

    Raises 404.
    """
    number = await meant(scope, person, ask)
    profiles, ids, facts, merges, cohorts = await asyncio.gather(
        load_profiles(scope, [number], ask),
        ask(plan_ids(scope, number)),
        ask(plan_facts(scope, number, ALWAYS)),
        ask(plan_merges(scope, number)),
        ask(plan_cohorts_of(scope, number)),
    )
    first, last, events, sessions, groups = facts.rows[0]
    return {
        **profiles[0],
        "distinct_ids": [row[0] for row in ids.rows],
        "first_seen": moment(first) if int(events) else None,
        "last_seen": moment(last) if int(events) else None,
        "events": int(events),
        "sessions": int(sessions),
        "groups": [{"type": kind, "key": key} for kind, key in groups],
        "cohort_numbers": [int(row[0]) for row in cohorts.rows],
        "merges": [
            {
                "person": int(away),
                "into": int(parent),
                "distinct_id": distinct_id,
                "reason": reason,
                "merged_at": moment(at),
                "is_folded": bool(folded),
            }
            for away, parent, distinct_id, reason, at, folded in merges.rows
        ],
    }


def name_cohorts(numbers: Sequence[int], names: Mapping[int, str]) -> list[Item]:
    """Those of the cohorts that have a name, segments among them."""
    segments = {number: SEGMENT_NAMES[key] for key, number in SEGMENT_NUMBERS.items()}
    known = {**segments, **names}
    return [
        {"id": number, "name": known[number], "is_segment": number in segments} for number in numbers if number in known
    ]


async def list_groups(scope: Scope, asked: GroupSearch, limit: int, ask: Ask) -> Listing:
    """Groups with a profile, by type and key."""
    rows = (await ask(plan_groups(scope, asked, limit=limit + 1))).rows
    items = [{"type": row[0], "key": row[1], "created_at": moment(row[2]), "properties": row[3]} for row in rows]
    return cut(items, limit, lambda place: encode_cursor(str(rows[place][0]), str(rows[place][1])))


async def find_group(scope: Scope, kind: str, key: str, ask: Ask) -> Item:
    """What is known of a group. Raises 404 where it has neither a profile nor an event."""
    profile, facts = await asyncio.gather(
        ask(plan_group(scope, kind, key)), ask(plan_group_facts(scope, kind, key, ALWAYS))
    )
    first, last, events, people = facts.rows[0]
    if not profile.rows and not int(events):
        raise not_found("group")
    created, properties = profile.rows[0] if profile.rows else (None, {})
    return {
        "type": kind,
        "key": key,
        "created_at": None if created is None else moment(created),
        "properties": properties,
        "first_seen": moment(first) if int(events) else None,
        "last_seen": moment(last) if int(events) else None,
        "events": int(events),
        "people": int(people),
    }


async def meant(scope: Scope, person: int, ask: Ask) -> int:
    """The person whom a number means now. Raises 404 for one that nobody has."""
    rows = (await ask(plan_meant(scope, person))).rows
    if not rows:
        raise not_found("person")
    return int(rows[0][0])


def _people(scope: Scope, asked: PersonSearch) -> People:
    """Whom the list is of, but for its search."""
    if asked.group is not None:
        return people_of_group(scope, asked.group, ALWAYS)
    rules: list[Rule] = []
    if asked.condition is not None:
        notes = Notes()
        reader = Reader({"property": {"type": "person", **asked.condition}}, "", notes)
        rules.append(OfPerson(read_filters(reader, scope, "property")))
        notes.raise_if_any()
    if asked.cohort is not None:
        rules.append(InCohort(asked.cohort))
    return cohort_people(Joined("and", tuple(rules)), scope) if rules else plan_everyone(Draft(scope))


async def _load_active(scope: Scope, asked: PersonSearch, few: Sequence[int] | None, ask: Ask) -> list[list[Any]]:
    before = place_of(asked.cursor, int)
    narrowed = any((asked.group, asked.cohort is not None, asked.condition is not None, asked.search))
    rows: list[list[Any]] = []
    # A few people are looked for in all of time at once; looking for many ends where the page is full.
    for span in (ALWAYS,) if few is not None else spans(scope, before):
        people = None
        if few is not None:
            people = _these(scope, few)
        elif narrowed:
            people = narrow(_people(scope, asked), asked.search)
        rows = (await ask(plan_active(people, scope, span, before=before, limit=asked.limit + 1))).rows
        if len(rows) > asked.limit:
            break
    return rows


def _these(scope: Scope, numbers: Sequence[int]) -> People:
    draft = Draft(scope)
    return People(draft, f"SELECT arrayJoin({draft.bind(list(numbers), 'Array(UInt32)')}) AS __person", "")
