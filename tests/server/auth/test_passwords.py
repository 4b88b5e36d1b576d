from __future__ import annotations

import time

import pytest

from northing.kernel.problems import Problem
from northing.server.auth.passwords import Passwords, check_password


def test_only_the_right_password_matches(passwords: Passwords) -> None:
    hashed = passwords.hash("correct horse battery")
    assert passwords.matches(hashed, "correct horse battery")
    assert not passwords.matches(hashed, "correct horse batterz")


def test_nothing_matches_an_unknown_person(passwords: Passwords) -> None:
    assert not passwords.matches(None, "nobody has this password")


def test_an_unknown_person_takes_as_long_as_a_known_one() -> None:
    slow = Passwords(time_cost=4, memory_kib=16_384, parallelism=1)
    hashed = slow.hash("correct horse battery")

    def seconds(password_hash: str | None) -> float:
        started = time.process_time()
        for _ in range(5):
            slow.matches(password_hash, "wrong")
        return time.process_time() - started

    known, unknown = seconds(hashed), seconds(None)
    assert 0.5 < unknown / known < 2


def test_a_hash_of_other_parameters_is_outdated(passwords: Passwords) -> None:
    stronger = Passwords(time_cost=2, memory_kib=16, parallelism=1)
    assert stronger.is_outdated(passwords.hash("correct horse battery"))
    assert not passwords.is_outdated(passwords.hash("correct horse battery"))


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "123456789",
        "Password123",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abababababab",
        "alice.liddell@example.com",
        "x" * 201,
    ],
)
def test_bad_passwords_are_refused(password: str) -> None:
    with pytest.raises(Problem) as caught:
        check_password(password, "alice.liddell@example.com")
    assert caught.value.status == 422
    assert caught.value.errors[0].path == "password"


def test_the_part_before_the_at_is_no_password_either() -> None:
    with pytest.raises(Problem, match="e-mail"):
        check_password("Alice.Liddell", "alice.liddell@example.com")


@pytest.mark.parametrize("password", ["correct horse battery", "Ünïcödé passwörd", "2026-03-01 noon", "x9#kkQ!pfa"])
def test_other_passwords_are_fine(password: str) -> None:
    check_password(password, "alice@example.com")
