"""Values of named metrics that others work out: kept, read, and compared from one period to the next."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from northing.data.query.ranges import EARLIEST, LATEST, add_months, parse_moment, start_of_day
from northing.data.query.scope import Scope
from northing.kernel.clock import rfc3339
from northing.kernel.problems import Problem, invalid
from northing.products.compatible.models import MetricValue
from northing.server.auth.audit import Deed, record
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work
from northing.server.db.base import lock_name

SCOPE = "insights:write"
Period = Literal["hour", "day", "week", "month", "quarter", "year"]
MOST_DETAILS = 10_000


@dataclass(frozen=True, slots=True)
class ValueDraft:
    """A value to keep; `date` is any moment of its period, by default now."""

    name: str
    value: float
    period: Period
    target: float | None = None
    date: str | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ValueSearch:
    """Which values are meant."""

    name: str = ""
    period: str = ""
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 100


def save_value(work: Work, scope: Scope, draft: ValueDraft) -> dict[str, Any]:
    """Keep a value; one of the same name and period gives way to it."""
    work.actor.require(SCOPE, scope.project_id)
    at = _start_of(scope, draft)
    lock_name(work.session, f"metric {scope.project_id} {draft.name}")
    own = visible_to(work.actor, MetricValue).where(MetricValue.project_id == scope.project_id)
    same = own.where(MetricValue.name == draft.name, MetricValue.period == draft.period, MetricValue.at == at)
    row = work.session.scalar(same)
    if row is None:
        row = MetricValue(project_id=scope.project_id, name=draft.name, period=draft.period, at=at, created_at=work.now)
        work.session.add(row)
    row.value, row.target = _finite("value", draft.value), draft.target
    row.details = _checked_details(draft.details or {})
    row.updated_at = work.now
    work.session.flush()
    record(work, Deed("metric.saved", f"metric:{row.id}", scope.project_id), name=row.name, period=row.period)
    return show(row, scope)


def list_values(work: Work, scope: Scope, asked: ValueSearch) -> list[dict[str, Any]]:
    """Values, the latest period first."""
    query = visible_to(work.actor, MetricValue).where(MetricValue.project_id == scope.project_id)
    if asked.name:
        query = query.where(MetricValue.name == asked.name)
    if asked.period:
        query = query.where(MetricValue.period == asked.period)
    if asked.start is not None:
        query = query.where(MetricValue.at >= asked.start)
    if asked.end is not None:
        query = query.where(MetricValue.at < asked.end)
    rows = work.session.scalars(query.order_by(MetricValue.at.desc(), MetricValue.id.desc()).limit(asked.limit))
    return [show(row, scope) for row in rows]


def latest_two(work: Work, scope: Scope, name: str, period: str) -> list[float]:
    """The values of the latest period and the one before, as far as they were kept."""
    return [found["value"] for found in list_values(work, scope, ValueSearch(name, period, limit=2))]


def show(row: MetricValue, scope: Scope) -> dict[str, Any]:
    """A value in the source systems' names."""
    return {
        "id": row.id,
        "name": row.name,
        "value": row.value,
        "target": row.target,
        "period": row.period,
        "date": rfc3339(row.at.astimezone(scope.zone)),
        "metadata": row.details,
        "updatedAt": rfc3339(row.updated_at),
    }


def _start_of(scope: Scope, draft: ValueDraft) -> datetime:
    """The first moment of the period that the date lies in, in the project's zone."""
    found = parse_moment(draft.date, scope) if draft.date else (scope.local_now, True)
    if found is None or not EARLIEST <= found[0] <= LATEST:
        raise invalid("date", "must be a date such as 2026-01-31 or a moment such as 2026-01-31T12:00:00Z")
    local = found[0].astimezone(scope.zone)
    if draft.period == "hour":
        utc = local.astimezone(UTC)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return utc - past
    day = local.date()
    if draft.period == "week":
        first = 0 if scope.week_start == "monday" else 6
        day -= timedelta(days=(day.weekday() - first) % 7)
    elif draft.period != "day":
        months = {"month": 0, "quarter": (day.month - 1) % 3, "year": day.month - 1}[draft.period]
        day = add_months(day.replace(day=1), -months)
    return start_of_day(day, scope.zone).astimezone(UTC)


def _finite(path: str, value: float) -> float:
    if not math.isfinite(value):
        raise invalid(path, "must be a finite number")
    return value


def _checked_details(details: Mapping[str, Any]) -> dict[str, Any]:
    try:
        text = json.dumps(details, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (ValueError, UnicodeEncodeError, RecursionError):
        raise invalid("metadata", "must be plain JSON") from None
    if size > MOST_DETAILS or "\\u0000" in text:
        raise Problem(422, "invalid_request", f"metadata: may have {MOST_DETAILS:,} bytes, none of them NUL")
    return dict(details)
