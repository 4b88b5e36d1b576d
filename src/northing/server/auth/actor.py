"""Who acts: a person, a secret key, or the command line on the same machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from northing.kernel.problems import Problem, not_found
from northing.server.auth.roles import ALL_SCOPES, ROLE_SCOPES, Role, covers

ActorKind = Literal["user", "key", "local", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller and what it may do, as known at the start of the request.

    `roles` (of a person) maps project numbers to roles. `scopes` and `project_id` are those of a key;
    a key without a project is valid in every project of the instance.
    """

    kind: ActorKind
    id: int | None
    name: str
    roles: Mapping[int, Role] = field(default_factory=lambda: MappingProxyType({}))
    scopes: frozenset[str] = frozenset()
    project_id: int | None = None
    session_id: int | None = None
    ip: str = ""

    @property
    def is_person(self) -> bool:
        return self.kind == "user"

    @property
    def user_id(self) -> int:
        """The person's number; only people have one."""
        assert self.is_person
        assert self.id is not None
        return self.id

    @property
    def of_instance(self) -> bool:
        """Whether this actor belongs to no single tenant: the administrator's key, the local command line."""
        return not self.is_person and self.project_id is None

    def sees(self, project_id: int) -> bool:
        """Whether the project exists for this actor at all."""
        if self.is_person:
            return project_id in self.roles
        return self.project_id is None or self.project_id == project_id

    def scopes_in(self, project_id: int) -> frozenset[str]:
        """Every scope held in the project; empty where it is not seen."""
        if not self.sees(project_id):
            return frozenset()
        return ROLE_SCOPES[self.roles[project_id]] if self.is_person else self.scopes

    def allows(self, scope: str, project_id: int) -> bool:
        """Whether `scope` is held in the project."""
        return covers(self.scopes_in(project_id), scope)

    def require(self, scope: str, project_id: int) -> None:
        """Raise 404 for a project that is not seen (its existence stays private), 403 for one without `scope`."""
        if not self.sees(project_id):
            raise not_found("project")
        if not self.allows(scope, project_id):
            raise Problem(403, "forbidden", f"This needs the scope {scope} in the project.", self._who_can_help())

    def role_in(self, project_id: int) -> Role:
        """The role shown to the caller: a person's own, or the least role that has all of a key's scopes."""
        if self.is_person:
            return self.roles[project_id]
        fitting = [role for role, scopes in ROLE_SCOPES.items() if ALL_SCOPES in scopes or self.scopes <= scopes]
        return fitting[-1]

    def _who_can_help(self) -> str:
        if self.is_person:
            return "An owner or admin of the project can change your role."
        return "Make a key that has this scope."


def local_actor(ip: str = "") -> Actor:
    """The command line on the server's own machine; it holds every scope."""
    return Actor("local", None, "local command line", scopes=frozenset({ALL_SCOPES}), ip=ip)


def system_actor() -> Actor:
    """The server itself, at start-up."""
    return Actor("system", None, "start-up", scopes=frozenset({ALL_SCOPES}))
