"""Insights as they are shown: with their tags, their people by name, and whether the caller likes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from northing.products.insights.models import Insight, InsightFavourite, InsightTag, InsightVersion
from northing.server.auth.models import User
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work


@dataclass(frozen=True, slots=True)
class Who:
    """A person, or a key, which has no number of its own here."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class InsightView:
    """A saved question."""

    id: int
    name: str
    description: str
    kind: str
    query: dict[str, Any]
    display: dict[str, Any]
    tags: list[str]
    is_active: bool
    is_favourite: bool
    archived: bool
    version: int
    owner: Who | None
    updated_by: Who
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class VersionView:
    """An insight as it was saved once."""

    version: int
    name: str
    description: str
    query: dict[str, Any]
    display: dict[str, Any]
    tags: list[str]
    made_by: Who
    created_at: datetime


def views_of(work: Work, rows: Sequence[Insight]) -> list[InsightView]:
    """The rows as shown, in their order."""
    names = names_of(work, [number for row in rows for number in (row.owner_id, row.updated_by_id)])
    tags = tags_of(work, [row.id for row in rows])
    liked = _liked(work, [row.id for row in rows])
    return [
        InsightView(
            id=row.id,
            name=row.name,
            description=row.description,
            kind=row.kind,
            query=row.query,
            display=row.display or {},
            tags=tags[row.id],
            is_active=row.is_active,
            is_favourite=row.id in liked,
            archived=row.archived_at is not None,
            version=row.version,
            owner=None if row.owner_id is None else Who(row.owner_id, names[row.owner_id]),
            updated_by=_who(names, row.updated_by_id, row.updated_by_name),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def version_views(work: Work, rows: Sequence[InsightVersion]) -> list[VersionView]:
    """The rows as shown, in their order."""
    names = names_of(work, [row.made_by_id for row in rows])
    return [
        VersionView(
            version=row.version,
            name=row.name,
            description=row.description,
            query=row.query,
            display=row.display or {},
            tags=list(row.tags),
            made_by=_who(names, row.made_by_id, row.made_by_name),
            created_at=row.created_at,
        )
        for row in rows
    ]


def names_of(work: Work, numbers: Iterable[int | None]) -> dict[int, str]:
    """What people are called."""
    wanted = {number for number in numbers if number is not None}
    rows = work.session.execute(select(User.id, User.name, User.email).where(User.id.in_(wanted)))
    return {number: name or email for number, name, email in rows}


def who_of(work: Work, number: int | None, fallback: str) -> Who:
    """A person by number, or a key by the name it had."""
    return _who(names_of(work, [number]), number, fallback)


def tags_of(work: Work, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The tags of each insight, by name."""
    query = visible_to(work.actor, InsightTag).where(InsightTag.insight_id.in_(numbers)).order_by(InsightTag.tag)
    found: dict[int, list[str]] = defaultdict(list)
    for row in work.session.scalars(query):
        found[row.insight_id].append(row.tag)
    return found


def _liked(work: Work, numbers: Sequence[int]) -> set[int]:
    if not work.actor.is_person:
        return set()
    own = visible_to(work.actor, InsightFavourite).where(InsightFavourite.user_id == work.actor.user_id)
    return {row.insight_id for row in work.session.scalars(own.where(InsightFavourite.insight_id.in_(numbers)))}


def _who(names: dict[int, str], number: int | None, fallback: str) -> Who:
    return Who(number, names[number]) if number in names and number is not None else Who(None, fallback)
