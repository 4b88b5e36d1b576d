"""Who is in a share of all people, always the same ones: the hash by which flags are rolled out."""

from __future__ import annotations

from hashlib import sha1

_HEX_DIGITS = 15
_MOST = float(0x0FFF_FFFF_FFFF_FFFF)


def rollout_share(key: str, distinct_id: str, salt: str = "") -> float:
    """Where somebody stands between 0 and 1 under a key; they are in a rollout of at least that share.

    PostHog's: the first fifteen hexadecimal digits of the SHA-1 of `key.distinct_id` and the salt, over the greatest
    such number. So flags that move here keep the people they have.
    """
    digest = sha1(f"{key}.{distinct_id}{salt}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:_HEX_DIGITS], 16) / _MOST
