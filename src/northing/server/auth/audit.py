"""The audit log: who changed what, when and from where. Entries are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from northing.server.auth.models import AuditEntry
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: an action such as `key.created`, to a target such as `key:7`, in a project or in none."""

    action: str
    target: str
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One entry, as shown."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    action: str
    target: str
    ip: str
    details: dict[str, Any]


def record(work: Work, deed: Deed, **details: Any) -> None:
    """Add an entry in the transaction of the change itself. `details` must not hold secrets."""
    work.session.add(
        AuditEntry(
            project_id=deed.project_id,
            actor_kind=work.actor.kind,
            actor_id=work.actor.id,
            actor_name=work.actor.name,
            action=deed.action,
            target=deed.target,
            ip=work.actor.ip,
            details=details,
            created_at=work.now,
        )
    )


def list_audit(work: Work, project_id: int, *, before: int | None = None, limit: int = 50) -> list[AuditRecord]:
    """Entries of a project, newest first, older than entry `before`."""
    work.actor.require("audit:read", project_id)
    query = visible_to(work.actor, AuditEntry).where(AuditEntry.project_id == project_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return [_shown(row) for row in work.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit))]


def _shown(row: AuditEntry) -> AuditRecord:
    return AuditRecord(
        id=row.id,
        at=row.created_at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        action=row.action,
        target=row.target,
        ip=row.ip,
        details=row.details,
    )
