"""The audit log of a project."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from northing.server.auth.audit import list_audit
from northing.server.http import schemas
from northing.server.http.dependencies import Access, ContextDep, access, reading
from northing.server.http.paging import Cursor, Limit, Page, cut_page, decode_number

router = APIRouter(prefix="/audit", tags=["audit"])

AuditDep = Annotated[Access, Depends(access("audit:read"))]


@router.get("")
def get_audit(
    context: ContextDep, found: AuditDep, limit: Limit = 50, cursor: Cursor = None
) -> Page[schemas.AuditEntry]:
    """Who changed what, when and from where; newest first."""
    with reading(context, found.actor) as work:
        rows = list_audit(work, found.project.id, before=decode_number(cursor), limit=limit + 1)
    items, next_cursor = cut_page(rows, limit, place=lambda row: row.id)
    return Page(items=[schemas.AuditEntry.model_validate(row) for row in items], next_cursor=next_cursor)
