from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from northing.kernel.problems import Problem
from northing.server.auth.attempts import (
    MOST_PER_ADDRESS,
    MOST_PER_EMAIL,
    MOST_PER_PAIR,
    WINDOW,
    Guess,
    count_attempt,
    forgive_attempt,
)
from northing.server.auth.people import add_user
from northing.server.auth.sessions import Origin, begin_session
from northing.server.db import Database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ALICE = Guess("alice@example.com", "192.0.2.1")


def guess(database: Database, who: Guess = ALICE, *, times: int = 1, now: datetime = NOW) -> None:
    for _ in range(times):
        count_attempt(database, who, now=now)


def hammer_from_everywhere(database: Database) -> None:
    for number in range(MOST_PER_EMAIL):
        guess(database, Guess(ALICE.email, f"198.51.{number // 250}.{number % 250}"))


def test_too_many_guesses_wait_until_the_window_ends(database: Database) -> None:
    guess(database, times=MOST_PER_PAIR)
    with pytest.raises(Problem) as caught:
        guess(database, now=NOW + timedelta(minutes=5))
    assert caught.value.status == 429
    assert caught.value.headers == {"Retry-After": "600"}


def test_going_on_does_not_make_the_wait_longer(database: Database) -> None:
    guess(database, times=MOST_PER_PAIR)
    for minute in range(1, 15):
        with pytest.raises(Problem):
            guess(database, now=NOW + timedelta(minutes=minute))
    guess(database, now=NOW + WINDOW)


def test_one_address_cannot_try_many_people(database: Database) -> None:
    for number in range(MOST_PER_ADDRESS):
        guess(database, Guess(f"person{number}@example.com", "192.0.2.1"))
    with pytest.raises(Problem):
        guess(database, Guess("another@example.com", "192.0.2.1"))


def test_addresses_of_one_ipv6_network_count_as_one(database: Database) -> None:
    for number in range(MOST_PER_ADDRESS):
        guess(database, Guess(f"person{number}@example.com", f"2001:db8::{number:x}"))
    with pytest.raises(Problem):
        guess(database, Guess("another@example.com", "2001:db8::ffff"))
    guess(database, Guess("another@example.com", "2001:db8:0:1::1"))


def test_many_addresses_cannot_try_one_person(database: Database) -> None:
    hammer_from_everywhere(database)
    with pytest.raises(Problem):
        guess(database, Guess(ALICE.email, "203.0.113.1"))


def test_hammering_does_not_lock_a_person_out_where_they_are_signed_in(database: Database) -> None:
    with database.transaction() as session:
        user = add_user(session, ALICE.email, name="", password_hash="x", now=NOW)
        begin_session(session, user.id, origin=Origin(ALICE.ip, ""), now=NOW, idle=timedelta(days=30))
    hammer_from_everywhere(database)
    guess(database)


def test_success_forgets_the_failures_of_that_person_there(database: Database) -> None:
    guess(database, times=MOST_PER_PAIR)
    forgive_attempt(database, ALICE)
    guess(database, times=MOST_PER_PAIR)


def test_success_of_others_does_not_use_up_an_address(database: Database) -> None:
    for number in range(MOST_PER_ADDRESS * 2):
        who = Guess(f"person{number}@example.com", "192.0.2.1")
        guess(database, who)
        forgive_attempt(database, who)
