"""Who is behind a number."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from northing.data.query.people import People, PeoplePage, list_people
from northing.data.query.requests import plan_request_people
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import Statement
from northing.data.store import QueryResult
from northing.server.http.paging import decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list of people is wanted."""

    limit: int = 50
    cursor: str | None = None
    search: str = ""


def asker(runner: QueryRunner, scope: Scope) -> Ask:
    """Asks statements about one project, each within the limits and the project's slots."""

    async def ask(statement: Statement) -> QueryResult:
        return await runner.ask(statement, scope.project_id)

    return ask


async def people_behind(runner: QueryRunner, scope: Scope, query: object, point: object) -> People:
    """The people behind one number of an answer. Raises `Problem` 422 that names every field at fault."""
    request = await runner.parse(query, scope)
    request = replace(request, scope=await runner.merged(request.scope))
    # In a thread: a long statement of SQL takes a third of a second to parse.
    return await asyncio.to_thread(plan_request_people, request, point)


async def page_of_people(runner: QueryRunner, people: People, asked: PageRequest) -> dict[str, Any]:
    """One page of people by number, with the number of them all and words for who they are."""
    after = int(decode_cursor(asked.cursor, int)[0]) if asked.cursor else -1
    page = PeoplePage(asked.limit, max(after, -1), asked.search)
    found = await list_people(people, page, asker(runner, people.draft.scope))
    cursor = encode_cursor(found.items[-1]["person"]) if found.has_more else None
    return {"items": found.items, "next_cursor": cursor, "total": found.total, "definition": people.definition}
