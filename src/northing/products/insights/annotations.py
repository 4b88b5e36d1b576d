"""Notes at moments: why a line in a chart goes up or down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, func, or_

from northing.data.query.ranges import EARLIEST, LATEST, parse_moment, start_of_day
from northing.data.query.scope import Scope
from northing.kernel.clock import rfc3339
from northing.kernel.problems import Problem, invalid, not_found
from northing.products.insights.models import Annotation
from northing.products.insights.questions import check_texts
from northing.products.insights.service import SCOPE, find_row
from northing.products.insights.views import Who, names_of
from northing.server.auth.audit import Deed, record
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work

MOST_ANNOTATIONS = 5000
Of = Literal["project", "insight"]


@dataclass(frozen=True, slots=True)
class AnnotationDraft:
    """What a new note is made of; `date` is a date or an RFC 3339 moment."""

    text: str
    date: str
    scope: Of = "project"
    insight_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnnotationView:
    """A note, as shown."""

    id: int
    text: str
    date: str
    at: datetime
    scope: Of
    insight_id: int | None
    owner: Who | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AnnotationSearch:
    """What a list of notes is narrowed to; with an insight, its own and those of the project."""

    start: datetime | None = None
    end: datetime | None = None
    insight_id: int | None = None
    after: tuple[datetime, int] | None = None
    limit: int = 50


def list_annotations(work: Work, scope: Scope, asked: AnnotationSearch) -> list[AnnotationView]:
    """Notes in order of time; one more than the limit where there are more."""
    query = visible_to(work.actor, Annotation).where(Annotation.project_id == scope.project_id)
    if asked.start is not None:
        query = query.where(Annotation.at >= asked.start)
    if asked.end is not None:
        query = query.where(Annotation.at < asked.end)
    if asked.insight_id is not None:
        query = query.where(or_(Annotation.insight_id == asked.insight_id, Annotation.insight_id.is_(None)))
    if asked.after:
        moment, number = asked.after
        query = query.where(or_(Annotation.at > moment, and_(Annotation.at == moment, Annotation.id > number)))
    rows = work.session.scalars(query.order_by(Annotation.at, Annotation.id).limit(asked.limit + 1)).all()
    return _views(work, scope, list(rows))


def get_annotation(work: Work, scope: Scope, annotation_id: int) -> AnnotationView:
    """One note. Raises 404."""
    return _views(work, scope, [_find(work, scope.project_id, annotation_id)])[0]


def create_annotation(work: Work, scope: Scope, draft: AnnotationDraft) -> AnnotationView:
    """Make a note."""
    work.actor.require(SCOPE, scope.project_id)
    owned = visible_to(work.actor, Annotation).where(Annotation.project_id == scope.project_id)
    if (work.session.scalar(owned.with_only_columns(func.count())) or 0) >= MOST_ANNOTATIONS:
        raise Problem(422, "too_many_annotations", f"A project has at most {MOST_ANNOTATIONS:,} annotations.")
    row = Annotation(
        project_id=scope.project_id,
        owner_id=work.actor.id if work.actor.is_person else None,
        created_at=work.now,
        updated_at=work.now,
    )
    fields = {name: getattr(draft, name) for name in ("text", "date", "scope", "insight_id")}
    _put(work, scope, row, fields)
    work.session.add(row)
    work.session.flush()
    record(work, _deed("created", row), text=row.text[:200])
    return _views(work, scope, [row])[0]


def change_annotation(work: Work, scope: Scope, annotation_id: int, changes: Mapping[str, Any]) -> AnnotationView:
    """Change what is given."""
    work.actor.require(SCOPE, scope.project_id)
    row = _find(work, scope.project_id, annotation_id, locked=True)
    if changes:
        _put(work, scope, row, changes)
        row.updated_at = work.now
        record(work, _deed("changed", row), fields=sorted(changes))
    return _views(work, scope, [row])[0]


def delete_annotation(work: Work, scope: Scope, annotation_id: int) -> None:
    """Remove a note."""
    work.actor.require(SCOPE, scope.project_id)
    row = _find(work, scope.project_id, annotation_id, locked=True)
    work.session.delete(row)
    record(work, _deed("deleted", row), text=row.text[:200])


def read_bound(name: str, text: str | None, scope: Scope, *, is_end: bool = False) -> datetime | None:
    """A moment of a range; a date as the end means its whole day. Raises 422."""
    if not text:
        return None
    found = parse_moment(text, scope)
    if found is None or not EARLIEST <= found[0] <= LATEST:
        raise invalid(name, "must be a date such as 2026-01-31, an RFC 3339 moment, or relative such as -7d")
    moment, is_exact = found
    if is_exact:
        return moment.astimezone(UTC)
    day = moment.date() + timedelta(days=1) if is_end else moment.date()
    return start_of_day(day, scope.zone).astimezone(UTC)


def _put(work: Work, scope: Scope, row: Annotation, given: Mapping[str, Any]) -> None:
    if "text" in given:
        row.text = check_texts("text", given["text"])
    if "date" in given:
        _put_date(scope, row, given["date"])
    if "scope" in given or "insight_id" in given:
        _put_insight(work, scope, row, given)


def _put_date(scope: Scope, row: Annotation, text: str) -> None:
    found = None if text.startswith("-") else parse_moment(text, scope)
    if found is None or not EARLIEST <= found[0] <= LATEST:
        raise invalid("date", "must be a date such as 2026-01-31 or a moment such as 2026-01-31T12:00:00Z")
    moment, is_exact = found
    row.day = None if is_exact else moment.date().isoformat()
    row.at = (moment if is_exact else start_of_day(moment.date(), scope.zone)).astimezone(UTC)


def _put_insight(work: Work, scope: Scope, row: Annotation, given: Mapping[str, Any]) -> None:
    number = given.get("insight_id", row.insight_id)
    is_of_insight = given.get("scope", "insight" if number is not None else "project") == "insight"
    if is_of_insight and number is None:
        raise invalid("insight_id", "is needed where the scope is insight")
    if not is_of_insight and given.get("insight_id") is not None:
        raise invalid("scope", "must be insight where insight_id is given")
    if not is_of_insight:
        row.insight_id = None
        return
    if not 0 < number < 1 << 31:
        raise not_found("insight")
    row.insight_id = find_row(work, scope.project_id, number).id


def _find(work: Work, project_id: int, annotation_id: int, *, locked: bool = False) -> Annotation:
    own = visible_to(work.actor, Annotation).where(Annotation.project_id == project_id, Annotation.id == annotation_id)
    row = work.session.scalar(own.with_for_update() if locked else own)
    if row is None:
        raise not_found("annotation")
    return row


def _views(work: Work, scope: Scope, rows: list[Annotation]) -> list[AnnotationView]:
    names = names_of(work, [row.owner_id for row in rows])
    return [
        AnnotationView(
            id=row.id,
            text=row.text,
            date=row.day or rfc3339(row.at.astimezone(scope.zone)),
            at=row.at,
            scope="project" if row.insight_id is None else "insight",
            insight_id=row.insight_id,
            owner=None if row.owner_id is None else Who(row.owner_id, names[row.owner_id]),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _deed(verb: str, row: Annotation) -> Deed:
    return Deed(f"annotation.{verb}", f"annotation:{row.id}", row.project_id)
