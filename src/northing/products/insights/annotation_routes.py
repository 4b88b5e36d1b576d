"""HTTP of annotations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from northing.data.query.serving import QueryDep, scope_of
from northing.products.insights import annotations as notes
from northing.products.insights import schemas
from northing.products.insights.annotations import AnnotationDraft, AnnotationSearch, read_bound
from northing.products.insights.listing import PlaceDep, encode_place
from northing.products.insights.service import SCOPE
from northing.server.http.dependencies import LARGEST_ID, Access, ContextDep, Id, access, reading, writing
from northing.server.http.paging import Page

router = APIRouter(prefix="/annotations", tags=["annotations"])

WriteDep = Annotated[Access, Depends(access(SCOPE))]
From = Annotated[str | None, Query(alias="from", max_length=40, description="A date, a moment, or relative: -30d.")]
To = Annotated[str | None, Query(alias="to", max_length=40, description="A date means its whole day.")]
InsightId = Annotated[
    int | None, Query(ge=1, le=LARGEST_ID, description="Only notes of this insight, and of the whole project.")
]


def _search(
    *,
    context: ContextDep,
    found: QueryDep,
    place: PlaceDep,
    date_from: From = None,
    date_to: To = None,
    insight_id: InsightId = None,
) -> AnnotationSearch:
    scope = scope_of(found, context)
    return AnnotationSearch(
        start=read_bound("from", date_from, scope),
        end=read_bound("to", date_to, scope, is_end=True),
        insight_id=insight_id,
        after=place.after,
        limit=place.limit,
    )


@router.get("")
def get_annotations(
    context: ContextDep, found: QueryDep, asked: Annotated[AnnotationSearch, Depends(_search)]
) -> Page[schemas.Annotation]:
    """Notes in order of time."""
    with reading(context, found.actor) as work:
        rows = notes.list_annotations(work, scope_of(found, context), asked)
    items = rows[: asked.limit]
    cursor = encode_place(items[-1].at, items[-1].id) if len(rows) > asked.limit else None
    return Page(items=[schemas.Annotation.model_validate(row) for row in items], next_cursor=cursor)


@router.post("", status_code=201)
def post_annotation(body: schemas.NewAnnotation, context: ContextDep, found: WriteDep) -> schemas.Annotation:
    """Make a note, of the whole project or of one insight."""
    draft = AnnotationDraft(body.text, body.date, body.scope, body.insight_id)
    with writing(context, found.actor) as work:
        made = notes.create_annotation(work, scope_of(found, context), draft)
        return schemas.Annotation.model_validate(made)


@router.get("/{annotation_id}")
def get_annotation(annotation_id: Id, context: ContextDep, found: QueryDep) -> schemas.Annotation:
    """One note."""
    with reading(context, found.actor) as work:
        shown = notes.get_annotation(work, scope_of(found, context), annotation_id)
        return schemas.Annotation.model_validate(shown)


@router.patch("/{annotation_id}")
def patch_annotation(
    annotation_id: Id, body: schemas.AnnotationChanges, context: ContextDep, found: WriteDep
) -> schemas.Annotation:
    """Change a note."""
    given = {name: getattr(body, name) for name in body.model_fields_set}
    with writing(context, found.actor) as work:
        changed = notes.change_annotation(work, scope_of(found, context), annotation_id, given)
        return schemas.Annotation.model_validate(changed)


@router.delete("/{annotation_id}", status_code=204)
def delete_annotation(annotation_id: Id, context: ContextDep, found: WriteDep) -> None:
    """Remove a note."""
    with writing(context, found.actor) as work:
        notes.delete_annotation(work, scope_of(found, context), annotation_id)
