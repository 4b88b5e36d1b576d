"""What people and keys may do: four roles, and the scopes they and keys are made of."""

from __future__ import annotations

from enum import StrEnum

ALL_SCOPES = "*"
SCOPES = (
    "ingest:write",
    "query:read",
    "events:read",
    "insights:write",
    "project:read",
    "project:write",
    "keys:write",
    "members:write",
    "audit:read",
)


class Role(StrEnum):
    """A person's role in one project, from most to least."""

    OWNER = "owner"
    ADMIN = "admin"
    ANALYST = "analyst"
    VIEWER = "viewer"


_VIEWER = frozenset({"query:read", "events:read", "project:read"})
_ANALYST = _VIEWER | {"ingest:write", "insights:write"}
_ADMIN = _ANALYST | {"project:write", "keys:write", "members:write", "audit:read"}

ROLE_SCOPES: dict[Role, frozenset[str]] = {
    Role.OWNER: frozenset({ALL_SCOPES}),
    Role.ADMIN: _ADMIN,
    Role.ANALYST: _ANALYST,
    Role.VIEWER: _VIEWER,
}


def covers(held: frozenset[str], scope: str) -> bool:
    """Whether the held scopes allow `scope`; `*` allows all, and only `*` allows `*`."""
    return ALL_SCOPES in held or scope in held
