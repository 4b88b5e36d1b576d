"""Merges and splits by hand in the audit log, also where the loader takes longer than anybody waits."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from northing.app import engine
from northing.data.ingest.changes import Changes, one_already
from northing.data.ingest.loader import Loader
from northing.data.store import LocalStore, RemoteStore, serve_engine
from northing.data.store.rpc import Handler
from northing.kernel.problems import Problem
from northing.products.people.changes import Change, make_change
from northing.products.people.jobs import keep_cohorts
from northing.server.auth.audit import AuditRecord, list_audit
from northing.server.auth.work import Work
from tests.support.people import Shop, World


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Ada and Bo, and a visitor who was merged into Ada."""
    acme.add_people([(1, "d1", {}), (2, "d2", {}), (3, "d3", {})])
    acme.merge(3, into=1)
    return acme


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Handler:
    """The engine's own door, before a loader that never comes to it."""
    monkeypatch.setattr(engine, "_CHANGE_SECONDS", 0.05)
    loader = cast(Loader, SimpleNamespace(changes=Changes()))
    return lambda ask: engine._change_people(loader, ask)


async def refuse(ask: dict[str, Any]) -> None:
    raise one_already(ask["other"])


async def obey(ask: dict[str, Any]) -> dict[str, int]:
    return {"person": 1}


def change(world: World, store: LocalStore, far_end: Handler, wanted: Change) -> int:
    """What Alice asks for, through the socket of an engine process."""

    async def run() -> int:
        with tempfile.TemporaryDirectory() as folder:
            server = await serve_engine(Path(folder) / "s", store, {"identity": far_end})
            remote = RemoteStore(Path(folder) / "s")
            try:
                return await make_change(replace(world.context, store=remote), world.actor("alice"), wanted)
            finally:
                remote.close()
                server.close()

    return asyncio.run(run())


def merge(shop: Shop) -> Change:
    return Change("merge", shop.project_id, 1, "d1", "d2")


def audit(world: World) -> list[AuditRecord]:
    """What the log says of people, oldest first."""
    with world.database.read() as session:
        entries = list_audit(Work(session, world.actor("alice"), world.clock()), world.acme_id)
    return [entry for entry in reversed(entries) if entry.action.startswith("person.")]


def actions(world: World) -> list[str]:
    return [entry.action for entry in audit(world)]


def later(world: World, store: LocalStore, **duration: float) -> None:
    """The schedule's turn, after so long."""
    world.clock.pass_by(**duration)
    asyncio.run(keep_cohorts(store, world.database, now=world.clock()))


def test_a_change_is_noted_before_and_after(world: World, shop: Shop, event_store: LocalStore) -> None:
    assert change(world, event_store, obey, merge(shop)) == 1
    assert actions(world) == ["person.merge_requested", "person.merged"]
    asked, made = audit(world)
    assert asked.details == made.details == {"distinct_id": "d1", "other": "d2", "request": asked.details["request"]}
    assert (made.target, made.actor_name) == ("person:1", "alice@example.com")
    later(world, event_store, hours=7)
    assert len(actions(world)) == 2


def test_a_refusal_is_noted(world: World, shop: Shop, event_store: LocalStore) -> None:
    with pytest.raises(Problem, match="that person already"):
        change(world, event_store, refuse, merge(shop))
    assert actions(world) == ["person.merge_requested", "person.merge_refused"]
    assert audit(world)[1].details["reason"] == "one_person_already"


def test_a_merge_that_takes_longer_is_noted_when_it_is_there(
    world: World, shop: Shop, event_store: LocalStore, busy: Handler
) -> None:
    with pytest.raises(Problem, match="waits for the loader"):
        change(world, event_store, busy, merge(shop))
    later(world, event_store, minutes=15)
    assert actions(world) == ["person.merge_requested"]
    shop.merge(2, into=1)
    later(world, event_store, minutes=15)
    later(world, event_store, minutes=15)
    assert actions(world) == ["person.merge_requested", "person.merged"]
    asked, made = audit(world)
    assert made.details == {**asked.details, "requested_by": "alice@example.com"}


def test_a_split_that_takes_longer_is_noted_too(
    world: World, shop: Shop, event_store: LocalStore, busy: Handler
) -> None:
    with pytest.raises(Problem, match="waits for the loader"):
        change(world, event_store, busy, Change("split", shop.project_id, 1, "d3"))
    later(world, event_store, minutes=15)
    assert actions(world) == ["person.split_requested"]
    shop.split(3)
    later(world, event_store, minutes=15)
    assert actions(world) == ["person.split_requested", "person.split"]


def test_what_never_happens_is_said_once(world: World, shop: Shop, event_store: LocalStore, busy: Handler) -> None:
    with pytest.raises(Problem, match="waits for the loader"):
        change(world, event_store, busy, merge(shop))
    later(world, event_store, hours=7)
    later(world, event_store, minutes=15)
    assert actions(world) == ["person.merge_requested", "person.merge_not_done"]


def test_what_somebody_waits_for_is_left_to_them(
    world: World, shop: Shop, event_store: LocalStore, busy: Handler
) -> None:
    with pytest.raises(Problem, match="waits for the loader"):
        change(world, event_store, busy, merge(shop))
    shop.merge(2, into=1)
    later(world, event_store, seconds=50)
    assert actions(world) == ["person.merge_requested"]
