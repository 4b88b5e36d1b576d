"""The verbs of the built-in segments: their rules, and who is in them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from northing.data.identity.cohorts_members import cohort_members
from northing.data.identity.cohorts_sql import bitmap_of
from northing.data.identity.segments import (
    SEGMENT_NUMBERS,
    SEGMENTS,
    Rules,
    describe_segment,
    plan_segment_sizes,
    plan_segments,
    read_rules,
    rules_as_json,
)
from northing.data.query.draft import Draft
from northing.data.query.people import People, everyone_sql
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Scope
from northing.data.query.statements import Statement
from northing.kernel.clock import rfc3339
from northing.kernel.problems import not_found
from northing.products.people.calculation import Keeper
from northing.products.people.cohorts import SCOPE
from northing.products.people.models import SegmentRules
from northing.server.auth.audit import Deed, record
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work

STALE = timedelta(minutes=15)
NAMES = {"power": "Power", "engaged": "Engaged", "casual": "Casual", "at_risk": "At risk", "new": "New"}


@dataclass(frozen=True, slots=True)
class OwnRules:
    """A project's rules and since when they hold; None for the defaults."""

    rules: Rules
    since: datetime | None


def load_rules(work: Work, project_id: int) -> OwnRules:
    """The rules of a project."""
    row = work.session.scalar(visible_to(work.actor, SegmentRules).where(SegmentRules.project_id == project_id))
    return OwnRules(Rules(**row.rules), row.updated_at) if row else OwnRules(Rules(), None)


def change_rules(work: Work, project_id: int, given: dict[str, Any]) -> Rules:
    """Change the thresholds that are given. Raises 422 that names every field at fault."""
    work.actor.require(SCOPE, project_id)
    notes = Notes()
    rules = read_rules(Reader(given, "", notes), load_rules(work, project_id).rules)
    notes.raise_if_any()
    row = work.session.scalar(visible_to(work.actor, SegmentRules).where(SegmentRules.project_id == project_id))
    if row is None:
        row = SegmentRules(project_id=project_id, rules={}, updated_at=work.now)
        work.session.add(row)
    row.rules, row.updated_at = rules_as_json(rules), work.now
    record(work, Deed("segments.changed", f"project:{project_id}", project_id), **rules_as_json(rules))
    return rules


async def list_segments(keeper: Keeper, *, anew: bool = False) -> dict[str, Any]:
    """The segments with counts and shares, worked out anew where they are older than a quarter of an hour."""
    own: OwnRules = await asyncio.to_thread(keeper.work, lambda work: load_rules(work, keeper.scope.project_id))
    kept = await _kept(keeper)
    if anew or not _is_fresh(kept, own, keeper.scope.now):
        await keep_segments(keeper, own.rules)
        kept = await _kept(keeper)
    total = int((await keeper.ask(_plan_total(keeper.scope))).rows[0][0])
    items = [_item(name, kept, own.rules, total) for name in SEGMENTS]
    inside = sum(item["people"] for item in items)
    return {
        "items": items,
        "next_cursor": None,
        "people": total,
        "rest": max(total - inside, 0),
        "rules": rules_as_json(own.rules),
        "calculated_at": rfc3339(_moment(min(version for _, version in kept.values()))) if kept else None,
        "definition": _definition(keeper.scope),
    }


async def keep_segments(keeper: Keeper, rules: Rules) -> None:
    """Work the segments out and keep them."""
    await keeper.write(plan_segments(keeper.scope, rules, version=round(keeper.scope.now.timestamp() * 1000)))


def members_of_segment(scope: Scope, name: str, rules: Rules) -> People:
    """Who was in a segment when it was last worked out. Raises 404 for one that there is not."""
    if name not in SEGMENT_NUMBERS:
        raise not_found("segment")
    return cohort_members(scope, SEGMENT_NUMBERS[name], describe_segment(name, rules))


async def _kept(keeper: Keeper) -> dict[int, tuple[int, int]]:
    rows = (await keeper.ask(plan_segment_sizes(keeper.scope))).rows
    return {int(number): (int(people), int(version)) for number, people, version in rows}


def _is_fresh(kept: dict[int, tuple[int, int]], own: OwnRules, now: datetime) -> bool:
    if len(kept) < len(SEGMENTS):
        return False
    made = _moment(min(version for _, version in kept.values()))
    return made > now - STALE and (own.since is None or made >= own.since)


def _item(name: str, kept: dict[int, tuple[int, int]], rules: Rules, total: int) -> dict[str, Any]:
    number = SEGMENT_NUMBERS[name]
    people = kept.get(number, (0, 0))[0]
    return {
        "key": name,
        "name": NAMES[name],
        "cohort": number,
        "people": people,
        "share": round(people / total, 6) if total else 0,
        "definition": describe_segment(name, rules),
    }


def _plan_total(scope: Scope) -> Statement:
    draft = Draft(scope)
    return draft.statement(f"SELECT bitmapCardinality({bitmap_of(everyone_sql(draft))})")


def _definition(scope: Scope) -> str:
    return (
        "Everyone is in one segment at most: the first that fits of new, at risk, power, engaged, casual. A day of "
        f"activity is one with any event, in {scope.timezone}, today included. The rest left long ago or did nothing."
    )


def _moment(version: int) -> datetime:
    return datetime.fromtimestamp(version / 1000, UTC)
