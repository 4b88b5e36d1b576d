"""Identifiers: time-ordered UUIDs, project tokens, secret keys."""

from __future__ import annotations

import secrets
import time
import uuid

SECRET_KEY_PREFIX = "nsk_"


def uuid7(unix_ms: int | None = None) -> uuid.UUID:
    """A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    ms = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    value = (ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    return uuid.UUID(int=value | secrets.randbits(62))


def new_token() -> str:
    """A project's public token: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_secret_key() -> str:
    """A secret API key, `nsk_` and 43 URL-safe characters (256 bits)."""
    return SECRET_KEY_PREFIX + secrets.token_urlsafe(32)
