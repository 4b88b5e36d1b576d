"""Secret API keys of a project."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from northing.server.auth import keys
from northing.server.auth.keys import KeyDraft
from northing.server.http import schemas
from northing.server.http.dependencies import Access, ContextDep, Id, access, reading, writing
from northing.server.http.paging import Cursor, Limit, Page, cut_page, decode_number

router = APIRouter(prefix="/keys", tags=["keys"])

KeysDep = Annotated[Access, Depends(access("keys:write"))]


@router.get("")
def get_keys(context: ContextDep, found: KeysDep, limit: Limit = 100, cursor: Cursor = None) -> Page[schemas.Key]:
    """The project's keys, oldest first; secrets are never shown again."""
    with reading(context, found.actor) as work:
        rows = keys.list_keys(work, found.project.id, after=decode_number(cursor) or 0, limit=limit + 1)
    items, next_cursor = cut_page(rows, limit, place=lambda row: row.id)
    return Page(items=[schemas.Key.model_validate(row) for row in items], next_cursor=next_cursor)


@router.post("", status_code=201)
def post_key(body: schemas.NewKey, context: ContextDep, found: KeysDep) -> schemas.CreatedKey:
    """Make a key with scopes that the caller has; its secret is in this answer and nowhere else."""
    draft = KeyDraft(body.name, tuple(body.scopes), body.expires_at)
    with writing(context, found.actor) as work:
        return schemas.CreatedKey.model_validate(keys.create_key(work, found.project.id, draft=draft))


@router.delete("/{key_id}", status_code=204)
def delete_key(key_id: Id, context: ContextDep, found: KeysDep) -> None:
    """End a key at once."""
    with writing(context, found.actor) as work:
        keys.delete_key(work, found.project.id, key_id=key_id)
