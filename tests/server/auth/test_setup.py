from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from northing.kernel.problems import Problem
from northing.server.auth.identify import identify_key
from northing.server.auth.models import ApiKey, AuditEntry, Membership, Project, User
from northing.server.auth.sessions import Origin
from northing.server.auth.setup import FirstVisit, prepare_instance, set_up
from northing.server.http.context import Context
from northing.server.http.dependencies import doorway_of
from northing.server.settings import Settings

ADMIN: dict[str, Any] = {"admin_email": "Admin@Example.com", "admin_password": "a long enough secret"}
KEY = "nsk_0123456789abcdefghijklmnop"
TOKEN = "f" * 32
ORIGIN = Origin("10.0.0.1", "test")


def prepare(context: Context, **settings: Any) -> None:
    prepare_instance(context.database, Settings(**settings), passwords=context.passwords, now=context.clock())


def counts(context: Context) -> tuple[int, ...]:
    tables = (User, Project, Membership, ApiKey, AuditEntry)
    with context.database.read() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def visit(email: str = "alice@example.com", **changes: Any) -> FirstVisit:
    return FirstVisit(
        **{"email": email, "password": "a long enough secret", "project_name": "Acme", "timezone": "UTC"} | changes
    )


def test_of_many_first_visitors_exactly_one_wins(context: Context) -> None:
    outcomes: list[int] = []
    together = threading.Barrier(6)

    def come(number: int) -> None:
        together.wait()
        try:
            set_up(doorway_of(context), visit(f"visitor{number}@example.com"), origin=ORIGIN)
            outcomes.append(201)
        except Problem as problem:
            outcomes.append(problem.status)

    threads = [threading.Thread(target=come, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [201, 409, 409, 409, 409, 409]
    assert counts(context)[:3] == (1, 1, 1)


def test_set_up_refuses_before_anything_is_written(context: Context) -> None:
    for bad in (visit("nobody"), visit(password="short"), visit(timezone="Mars/Olympus"), visit(timezone="../x")):
        with pytest.raises(Problem) as caught:
            set_up(doorway_of(context), bad, origin=ORIGIN)
        assert caught.value.status == 422
    assert counts(context) == (0, 0, 0, 0, 0)


def test_unattended_set_up_makes_all_of_it_once(context: Context) -> None:
    asked = {**ADMIN, "project_token": TOKEN, "admin_key": KEY, "timezone": "Europe/Berlin"}
    prepare(context, **asked)
    first = counts(context)
    prepare(context, **asked)
    assert counts(context) == first
    assert first[:4] == (1, 1, 1, 1)
    with context.database.read() as session:
        project = session.scalars(select(Project)).one()
        assert (project.id, project.token, project.timezone) == (1, TOKEN, "Europe/Berlin")
        assert session.scalars(select(User.email)).one() == "admin@example.com"


def test_nothing_asked_makes_nothing(context: Context) -> None:
    prepare(context)
    assert counts(context) == (0, 0, 0, 0, 0)


def test_the_administrators_key_is_good_for_every_project(context: Context) -> None:
    prepare(context, admin_key=KEY)
    actor = identify_key(context.database, KEY, now=context.clock(), ip="")
    assert actor is not None
    assert actor.of_instance
    assert actor.allows("*", 12345)


def test_another_administrators_key_replaces_the_first(context: Context) -> None:
    prepare(context, admin_key=KEY)
    prepare(context, admin_key="nsk_another_key_of_good_length")
    assert identify_key(context.database, KEY, now=context.clock(), ip="") is None
    assert counts(context)[3] == 1


def test_the_first_visitor_takes_over_a_project_made_by_settings(context: Context) -> None:
    prepare(context, project_token=TOKEN)
    set_up(doorway_of(context), visit(), origin=ORIGIN)
    with context.database.read() as session:
        project = session.scalars(select(Project)).one()
    assert (project.token, project.name) == (TOKEN, "Acme")


def test_a_restart_does_not_bring_back_an_owner_who_was_removed(context: Context) -> None:
    prepare(context, **ADMIN)
    prepare(context, admin_email="second@example.com", admin_password="a long enough secret")
    with context.database.transaction() as session:
        session.delete(session.get_one(Membership, (1, 1)))
    prepare(context, **ADMIN)
    with context.database.read() as session:
        assert session.scalars(select(Membership.user_id)).all() == [2]


def test_a_changed_token_in_the_settings_does_not_undo_a_rotation(context: Context) -> None:
    prepare(context, project_token=TOKEN)
    prepare(context, project_token="0" * 32)
    with context.database.read() as session:
        assert session.scalars(select(Project.token)).one() == TOKEN


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"admin_email": "x"}, "NORTHING_ADMIN_EMAIL"),
        ({"admin_email": "a@b.c", "admin_password": "short"}, "NORTHING_ADMIN_PASSWORD"),
    ],
)
def test_bad_settings_stop_the_start_by_name(context: Context, settings: dict[str, Any], name: str) -> None:
    with pytest.raises(Problem, match=name):
        prepare(context, **settings)
