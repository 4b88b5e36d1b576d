"""Passwords: argon2id, a floor of quality, and the same time taken for unknown people."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from northing.kernel.problems import invalid

LEAST_LENGTH = 10
MOST_LENGTH = 200
_AT_ONCE = 2


class Passwords:
    """Hashes and verifies; at most two at a time, since each takes 64 MiB and a burst must not exhaust memory."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65_536, parallelism: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._decoy = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The argon2id hash, with its parameters and salt."""
        with self._turn:
            return self._hasher.hash(password)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; without a hash (unknown person) False after the same work."""
        with self._turn:
            try:
                self._hasher.verify(password_hash or self._decoy, password)
            except (VerificationError, InvalidHashError):
                return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)


def check_password(password: str, email: str, *, path: str = "password") -> None:
    """Raise 422 for a password that is too short, too long, common, or the person's own e-mail."""
    if len(password) < LEAST_LENGTH:
        raise invalid(path, f"must have at least {LEAST_LENGTH} characters")
    if len(password) > MOST_LENGTH:
        raise invalid(path, f"must have at most {MOST_LENGTH} characters")
    plain = password.lower().strip()
    if plain in (email, email.partition("@")[0]):
        raise invalid(path, "must not be your e-mail address")
    if plain in _common_passwords() or len(set(plain)) < 4:
        raise invalid(path, "is among the passwords that are tried first; choose another")


@cache
def _common_passwords() -> frozenset[str]:
    """Long enough to pass the length rule, yet among the first that anyone would try."""
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
