"""The public ledger: received = stored + deduplicated + dropped + pending."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from northing.data.ingest.books import Ledger, read_ledger
from northing.kernel.problems import Problem, invalid
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, access

router = APIRouter(prefix="/ingest", tags=["ingest"])

_TRIES = 5


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
    ledger = _steady_ledger(context, found.project.id, start, end)
    return LedgerAnswer(
        received=ledger.received,
        stored=ledger.stored,
        deduplicated=ledger.deduplicated,
        dropped=dict(ledger.dropped),
        pending=ledger.pending,
        lag_seconds=ledger.lag_seconds,
    )


def _steady_ledger(context: Context, project_id: int, start: datetime | None, end: datetime | None) -> Ledger:
    folder = Path(context.settings.data).resolve() / "spool"
    for _ in range(_TRIES):
        try:
            with context.database.read() as session:
                return read_ledger(session, folder, project_id, start=start, end=end)
        except Problem as problem:
            if problem.code != "ledger_moving":
                raise
            time.sleep(0.02)  # a segment was removed between the count and the look; its events are counted now
    raise Problem(503, "ledger_moving", "The ledger kept moving while it was read.", "Ask again in a second.")
