"""Changes of who is who, in the audit log from when they are asked for to how they ended.

The loader makes them, in another process, and may take longer than anybody waits. So each is noted before it is asked
for and when it has ended; where nobody was left to note the end, the schedule finds it out from the event store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from uuid import uuid4

from northing.data.query.person_ids import plan_owner
from northing.data.store import RemoteStore
from northing.kernel.problems import Problem
from northing.products.people.calculation import Keeper
from northing.products.people.persons import meant
from northing.server.auth.actor import Actor
from northing.server.auth.audit import Deed, record
from northing.server.auth.models import AuditEntry
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work
from northing.server.http.context import Context
from northing.server.http.dependencies import writing

Verb = Literal["merge", "split"]
Ending = Literal["done", "refused", "not_done"]
_REQUESTED: dict[str, Verb] = {"person.merge_requested": "merge", "person.split_requested": "split"}
_ENDED: dict[tuple[Verb, Ending], str] = {
    ("merge", "done"): "person.merged",
    ("merge", "refused"): "person.merge_refused",
    ("merge", "not_done"): "person.merge_not_done",
    ("split", "done"): "person.split",
    ("split", "refused"): "person.split_refused",
    ("split", "not_done"): "person.split_not_done",
}
# A caller waits a minute, and notes the end.
_WAITED_FOR = timedelta(minutes=2)
# What the loader has not done by then it never will: rewriting the events of one id takes minutes.
_GIVEN_UP = timedelta(hours=6)
_LOOKED_AT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Change:
    """`merge`: the person of `other` becomes part of `person`, who has `distinct_id`. `split`: `distinct_id` leaves."""

    verb: Verb
    project_id: int
    person: int
    distinct_id: str
    other: str = ""
    request: str = field(default_factory=lambda: uuid4().hex)


async def make_change(context: Context, actor: Actor, change: Change) -> int:
    """Have the loader make a change; the person whom the id belongs to then. Raises what refuses it, 503 to wait."""
    store = context.store
    if not isinstance(store, RemoteStore):
        raise Problem(503, "no_loader", "Only a running server's loader can change who is who.")

    def note(action: str, **more: str) -> None:
        with writing(context, actor) as work:
            _note(work, change, action, **more)

    await asyncio.to_thread(note, f"person.{change.verb}_requested")
    fields = {"project_id": change.project_id, "distinct_id": change.distinct_id, "other": change.other}
    try:
        outcome = await store.call("identity", action=change.verb, **fields)
    except Problem as problem:
        if problem.status < 500:
            await asyncio.to_thread(note, _ENDED[change.verb, "refused"], reason=problem.code)
        raise
    await asyncio.to_thread(note, _ENDED[change.verb, "done"])
    return int(outcome["person"])


async def end_changes(keeper: Keeper) -> int:
    """Note how the changes ended whose callers were gone by then; how many those were."""
    ended = 0
    for entry, change in await asyncio.to_thread(keeper.work, lambda work: _load_open(work, keeper)):
        ending = await _ending_of(keeper, entry, change)
        if ending is not None:
            action, who = _ENDED[change.verb, ending], entry.actor_name
            await asyncio.to_thread(_note_later, keeper, change, action, who)
            ended += 1
    return ended


def _load_open(work: Work, keeper: Keeper) -> list[tuple[AuditEntry, Change]]:
    """What was asked for and has no end in the log, leaving out what somebody may still be waiting for."""
    project, now = keeper.scope.project_id, keeper.scope.now
    own = visible_to(work.actor, AuditEntry).where(AuditEntry.project_id == project)
    named = own.where(AuditEntry.action.in_([*_REQUESTED, *_ENDED.values()]))
    entries = work.session.scalars(named.where(AuditEntry.created_at > now - _LOOKED_AT).order_by(AuditEntry.id)).all()
    ended = {entry.details.get("request") for entry in entries if entry.action not in _REQUESTED}
    asked = (entry for entry in entries if entry.action in _REQUESTED and entry.created_at <= now - _WAITED_FOR)
    work.session.expunge_all()  # they are read after this transaction
    return list(_changes_of(entry for entry in asked if entry.details.get("request") not in ended))


def _changes_of(entries: Iterable[AuditEntry]) -> Iterator[tuple[AuditEntry, Change]]:
    for entry in entries:
        person, details = int(entry.target.removeprefix("person:")), entry.details
        verb, project = _REQUESTED[entry.action], entry.project_id or 0
        other = details.get("other", "")
        yield entry, Change(verb, project, person, details["distinct_id"], other, details["request"])


async def _ending_of(keeper: Keeper, entry: AuditEntry, change: Change) -> Ending | None:
    if await _is_done(keeper, change):
        return "done"
    return "not_done" if entry.created_at <= keeper.scope.now - _GIVEN_UP else None


async def _is_done(keeper: Keeper, change: Change) -> bool:
    """Whether people are as the change would have them, whoever saw to that."""
    owner = await _owner(keeper, change.distinct_id)
    if change.verb == "merge":
        return owner is not None and owner == await _owner(keeper, change.other)
    return owner is not None and owner != await meant(keeper.scope, change.person, keeper.ask)


async def _owner(keeper: Keeper, distinct_id: str) -> int | None:
    rows = (await keeper.ask(plan_owner(keeper.scope, distinct_id))).rows
    return int(rows[0][0]) if rows else None


def _note_later(keeper: Keeper, change: Change, action: str, requested_by: str) -> None:
    keeper.work(lambda work: _note(work, change, action, requested_by=requested_by))


def _note(work: Work, change: Change, action: str, **more: str) -> None:
    names: dict[str, Any] = {"distinct_id": change.distinct_id} | ({"other": change.other} if change.other else {})
    deed = Deed(action, f"person:{change.person}", change.project_id)
    record(work, deed, **names, request=change.request, **more)
