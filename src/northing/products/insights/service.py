"""The verbs of insights: saved questions that have versions, tags and people who like them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_

from northing.data.query.scope import Scope
from northing.kernel.clock import rfc3339
from northing.kernel.problems import Problem, not_found
from northing.products.insights.models import Insight, InsightFavourite, InsightTag, InsightVersion
from northing.products.insights.questions import check_display, check_question, check_texts
from northing.products.insights.views import (
    InsightView,
    VersionView,
    tags_of,
    version_views,
    views_of,
    who_of,
)
from northing.server.auth.audit import Deed, record
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work

SCOPE = "insights:write"
MOST_INSIGHTS = 5000
_VERSIONED = ("name", "description", "query", "display", "tags")


@dataclass(frozen=True, slots=True)
class InsightDraft:
    """What a new insight is made of."""

    name: str
    query: Mapping[str, Any]
    description: str = ""
    tags: tuple[str, ...] = ()
    display: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InsightSearch:
    """What a list of insights is narrowed to; `after` is the place of the last one seen."""

    search: str = ""
    tag: str | None = None
    kind: str | None = None
    favourite: bool | None = None
    owned: bool = False
    archived: bool = False
    active: bool | None = None
    after: tuple[datetime, int] | None = None
    limit: int = 50


def list_insights(work: Work, project_id: int, asked: InsightSearch) -> list[InsightView]:
    """Insights of the project, those changed last first; one more than the limit where there are more."""
    query = _narrowed(work, visible_to(work.actor, Insight).where(Insight.project_id == project_id), asked)
    if asked.after:
        moment, number = asked.after
        earlier = and_(Insight.updated_at == moment, Insight.id < number)
        query = query.where(or_(Insight.updated_at < moment, earlier))
    ordered = query.order_by(Insight.updated_at.desc(), Insight.id.desc()).limit(asked.limit + 1)
    return views_of(work, work.session.scalars(ordered).all())


def get_insight(work: Work, project_id: int, insight_id: int, *, kind: str | None = None) -> InsightView:
    """One insight, archived or not. Raises 404, also for one of another kind."""
    return views_of(work, [find_row(work, project_id, insight_id, kind=kind)])[0]


def create_insight(work: Work, scope: Scope, draft: InsightDraft, *, path: str = "query") -> InsightView:
    """Save a question. Raises 422 that names what is wrong with it."""
    work.actor.require(SCOPE, scope.project_id)
    kind, query = check_question(draft.query, scope, path=path)
    _check_room(work, scope.project_id)
    row = Insight(
        project_id=scope.project_id,
        name=draft.name,
        description=check_texts("description", draft.description),
        kind=kind,
        query=query,
        display=check_display(draft.display),
        is_active=True,
        version=0,
        owner_id=work.actor.id if work.actor.is_person else None,
        created_at=work.now,
    )
    _touch(work, row)
    work.session.add(row)
    work.session.flush()
    _put_tags(work, row, draft.tags)
    _keep_version(work, row)
    record(work, _deed("created", row), name=row.name, kind=kind)
    return views_of(work, [row])[0]


def change_insight(
    work: Work, scope: Scope, insight_id: int, changes: Mapping[str, Any], *, kind: str | None = None
) -> InsightView:
    """Change what is given.

    `version`, where given, is the one the caller has seen: raises 409 saying who changed it since. Without it the
    last to write wins. Liking it needs no right to change it.
    """
    given = dict(changes)
    favourite, seen = given.pop("is_favourite", None), given.pop("version", None)
    if given or favourite is None:
        work.actor.require(SCOPE, scope.project_id)
    row = find_row(work, scope.project_id, insight_id, kind=kind, locked=True)
    if seen is not None and seen != row.version:
        raise _conflict(work, row)
    if favourite is not None:
        _set_favourite(work, row, wanted=favourite)
    _apply(work, scope, row, given)
    return views_of(work, [row])[0]


def archive_insight(work: Work, scope: Scope, insight_id: int, *, kind: str | None = None) -> None:
    """Put it away: lists leave it out until it is restored."""
    change_insight(work, scope, insight_id, {"archived": True}, kind=kind)


def set_favourite(work: Work, project_id: int, insight_id: int, *, wanted: bool) -> None:
    """Like it, or no longer. Raises 403 for a key, which likes nothing."""
    _set_favourite(work, find_row(work, project_id, insight_id, locked=True), wanted=wanted)


def list_versions(work: Work, project_id: int, insight_id: int) -> list[VersionView]:
    """Every version, the newest first."""
    find_row(work, project_id, insight_id)
    query = visible_to(work.actor, InsightVersion).where(InsightVersion.insight_id == insight_id)
    return version_views(work, work.session.scalars(query.order_by(InsightVersion.version.desc())).all())


def restore_version(work: Work, scope: Scope, insight_id: int, version: int) -> InsightView:
    """Make the old version the newest one, as a version of its own."""
    work.actor.require(SCOPE, scope.project_id)
    row = find_row(work, scope.project_id, insight_id, locked=True)
    own = visible_to(work.actor, InsightVersion).where(InsightVersion.insight_id == insight_id)
    old = work.session.scalar(own.where(InsightVersion.version == version))
    if old is None:
        raise not_found("version of this insight")
    _apply(work, scope, row, {name: getattr(old, name) for name in _VERSIONED}, restored=version)
    return views_of(work, [row])[0]


def find_row(work: Work, project_id: int, insight_id: int, *, kind: str | None = None, locked: bool = False) -> Insight:
    """The row. Raises 404."""
    own = visible_to(work.actor, Insight).where(Insight.project_id == project_id, Insight.id == insight_id)
    row = work.session.scalar(own.with_for_update() if locked else own)
    if row is None or (kind is not None and row.kind != kind):
        raise not_found(kind or "insight")
    return row


def _narrowed(work: Work, query: Select[Insight], asked: InsightSearch) -> Select[Insight]:
    query = query.where(Insight.archived_at.is_not(None) if asked.archived else Insight.archived_at.is_(None))
    if asked.search:
        named = (column.icontains(asked.search, autoescape=True) for column in (Insight.name, Insight.description))
        query = query.where(or_(*named))
    if asked.kind:
        query = query.where(Insight.kind == asked.kind)
    if asked.active is not None:
        query = query.where(Insight.is_active.is_(asked.active))
    if asked.owned:
        query = query.where(Insight.owner_id == (work.actor.id if work.actor.is_person else -1))
    if asked.tag:
        tagged = visible_to(work.actor, InsightTag).where(InsightTag.tag == asked.tag)
        query = query.where(Insight.id.in_(tagged.with_only_columns(InsightTag.insight_id)))
    if asked.favourite is not None:
        liked = visible_to(work.actor, InsightFavourite).with_only_columns(InsightFavourite.insight_id)
        own = liked.where(InsightFavourite.user_id == (work.actor.id if work.actor.is_person else -1))
        query = query.where(Insight.id.in_(own) if asked.favourite else Insight.id.not_in(own))
    return query


def _check_room(work: Work, project_id: int) -> None:
    owned = visible_to(work.actor, Insight).where(Insight.project_id == project_id)
    if (work.session.scalar(owned.with_only_columns(func.count())) or 0) >= MOST_INSIGHTS:
        raise Problem(422, "too_many_insights", f"A project has at most {MOST_INSIGHTS:,} insights, archived ones too.")


def _conflict(work: Work, row: Insight) -> Problem:
    who = who_of(work, row.updated_by_id, row.updated_by_name).name
    message = f"{who} changed this at {rfc3339(row.updated_at)}; it is at version {row.version} now."
    return Problem(409, "changed_meanwhile", message, "Load it again and repeat your change, or leave out version.")


def _apply(work: Work, scope: Scope, row: Insight, given: Mapping[str, Any], *, restored: int | None = None) -> None:
    """Bring the row to what is given; a new version where its content is another, an audit entry for anything."""
    before = {name: getattr(row, name) for name in ("name", "description", "query", "is_active")}
    before |= {
        "display": row.display or {},
        "tags": tags_of(work, [row.id])[row.id],
        "archived": row.archived_at is not None,
    }
    wanted = _checked(scope, row, given)
    changed = sorted(name for name, value in wanted.items() if value != before[name])
    if not changed and restored is None:
        return
    for name in changed:
        _set(work, row, name, wanted[name])
    _touch(work, row)
    if restored is not None or set(changed) & set(_VERSIONED):
        _keep_version(work, row)
    details = {"name": row.name, "fields": changed} | ({} if restored is None else {"restored_version": restored})
    record(work, _deed(_verb(changed, row), row), **details)


def _checked(scope: Scope, row: Insight, given: Mapping[str, Any]) -> dict[str, Any]:
    wanted = dict(given)
    if "description" in wanted:
        wanted["description"] = check_texts("description", wanted["description"])
    if "display" in wanted:
        wanted["display"] = check_display(wanted["display"] or {})
    if "tags" in wanted:
        wanted["tags"] = sorted(set(wanted["tags"]))
    if "query" in wanted and wanted["query"] != row.query:
        _, wanted["query"] = check_question(wanted["query"], scope)
    return wanted


def _set(work: Work, row: Insight, name: str, value: Any) -> None:
    match name:
        case "tags":
            _put_tags(work, row, value)
        case "archived":
            row.archived_at = work.now if value else None
        case "query":
            row.query, row.kind = value, value["kind"]
        case _:
            setattr(row, name, value)


def _touch(work: Work, row: Insight) -> None:
    row.updated_at = work.now
    row.updated_by_id = work.actor.id if work.actor.is_person else None
    row.updated_by_name = work.actor.name


def _put_tags(work: Work, row: Insight, tags: Sequence[str]) -> None:
    present = visible_to(work.actor, InsightTag).where(InsightTag.insight_id == row.id)
    for old in work.session.scalars(present).all():
        if old.tag not in tags:
            work.session.delete(old)
    known = set(tags_of(work, [row.id])[row.id])
    new = sorted(set(tags) - known)
    work.session.add_all(InsightTag(insight_id=row.id, tag=tag, project_id=row.project_id) for tag in new)
    work.session.flush()


def _keep_version(work: Work, row: Insight) -> None:
    row.version += 1
    work.session.add(
        InsightVersion(
            insight_id=row.id,
            version=row.version,
            project_id=row.project_id,
            name=row.name,
            description=row.description,
            query=row.query,
            display=row.display,
            tags=tags_of(work, [row.id])[row.id],
            made_by_id=row.updated_by_id,
            made_by_name=row.updated_by_name,
            created_at=work.now,
        )
    )


def _set_favourite(work: Work, row: Insight, *, wanted: bool) -> None:
    if not work.actor.is_person:
        raise Problem(403, "people_only", "A key has no favourites; sign in as a person.")
    own = visible_to(work.actor, InsightFavourite).where(InsightFavourite.insight_id == row.id)
    present = work.session.scalar(own.where(InsightFavourite.user_id == work.actor.user_id))
    if wanted and present is None:
        liked = InsightFavourite(insight_id=row.id, user_id=work.actor.user_id, project_id=row.project_id)
        work.session.add(liked)
    elif not wanted and present is not None:
        work.session.delete(present)
    work.session.flush()


def _verb(changed: Sequence[str], row: Insight) -> str:
    if changed == ["archived"]:
        return "archived" if row.archived_at is not None else "restored"
    return "changed"


def _deed(verb: str, row: Insight) -> Deed:
    return Deed(f"insight.{verb}", f"insight:{row.id}", row.project_id)
