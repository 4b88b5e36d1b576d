"""The public ledger: received = stored + deduplicated + dropped + pending."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from northing.data.ingest.books import Hours, read_ledger
from northing.kernel.problems import invalid
from northing.server.http.dependencies import Access, ContextDep, access

router = APIRouter(prefix="/ingest", tags=["ingest"])


class LedgerAnswer(BaseModel):
    """What became of a project's events; `received` is the sum of the others."""

    received: int = Field(description="Events in requests that were answered 200.")
    stored: int = Field(description="Events in the store.")
    deduplicated: int = Field(description="Repeats of events that were stored before (same uuid).")
    dropped: dict[str, int] = Field(description="Events refused, by reason.")
    pending: int = Field(description="Events that are durable and not yet in the store.")
    lag_seconds: float = Field(description="Age of the oldest pending event of the server.")


@router.get("/ledger")
def get_ledger(
    context: ContextDep,
    found: Annotated[Access, Depends(access("project:read"))],
    start: Annotated[datetime | None, Query(alias="from", description="From this hour on (time with zone).")] = None,
    end: Annotated[datetime | None, Query(alias="to", description="Before this time (time with zone).")] = None,
) -> LedgerAnswer:
    """Counts by the hour of receipt; what is pending is always included."""
    for name, moment in (("from", start), ("to", end)):
        if moment is not None and moment.tzinfo is None:
            raise invalid(name, "needs a zone, such as 2026-01-31T00:00:00Z")
    folder = Path(context.settings.data).resolve() / "spool"
    ledger = read_ledger(context.database, folder, found.project.id, Hours(start, end))
    return LedgerAnswer(
        received=ledger.received,
        stored=ledger.stored,
        deduplicated=ledger.deduplicated,
        dropped=dict(ledger.dropped),
        pending=ledger.pending,
        lag_seconds=ledger.lag_seconds,
    )
