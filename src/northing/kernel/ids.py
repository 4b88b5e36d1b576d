"""Identifiers: time-ordered UUIDs, project tokens, secret keys."""

from __future__ import annotations

import random
import secrets
import time
import uuid

SECRET_KEY_PREFIX = "nsk_"
_LOW_62 = (1 << 62) - 1


def uuid7(unix_ms: int | None = None) -> uuid.UUID:
    """A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits. Unique, and no secret."""
    return uuid.UUID(int=uuid7_int(unix_ms))


def uuid7_int(unix_ms: int | None = None) -> int:
    """The same as a number, for the path where every microsecond counts."""
    ms = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    # The module's generator is seeded from the system, and again in every child process.
    bits = random.getrandbits(74)
    return (ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | bits >> 62 << 64 | 0b10 << 62 | bits & _LOW_62


def new_token() -> str:
    """A project's public token: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_secret_key() -> str:
    """A secret API key, `nsk_` and 43 URL-safe characters (256 bits)."""
    return SECRET_KEY_PREFIX + secrets.token_urlsafe(32)
