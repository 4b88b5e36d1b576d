"""JSON in and out of the management API's own routes."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from northing.server.auth.roles import Role


def _one_line(text: str) -> str:
    """PostgreSQL cannot keep NUL, nothing can keep a lone surrogate, and a name has no line breaks."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("must not contain control characters")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(_one_line)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_one_line)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_one_line)]
Password = Annotated[str, StringConstraints(max_length=1000)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_one_line)]
WeekStart = Literal["sunday", "monday"]
KeepIp = Literal["drop", "truncate", "keep"]
RetentionDays = Annotated[int, Field(ge=1, le=36_500)]


class Input(BaseModel):
    """A body; an unknown field is an error, so that a misspelt one is not passed over."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """An answer, made from a frozen value of a service."""

    model_config = ConfigDict(from_attributes=True)


class User(Output):
    """A person."""

    id: int
    email: str
    name: str
    created_at: datetime


class Project(Output):
    """A project, as its members see it."""

    id: int
    name: str
    token: str = Field(description="Public key of everything that sends events.")
    website_id: str = Field(description="The token written as a UUID.")
    timezone: str
    week_start: WeekStart
    retention_days: int | None = Field(description="Age at which events are removed; null keeps them.")
    keep_ip: KeepIp
    created_at: datetime
    role: Role = Field(description="The caller's role.")


class SignInAnswer(Output):
    """Who is signed in."""

    user: User
    csrf_token: str = Field(description="Goes into the header X-CSRF-Token of every change.")
    projects: list[Project]


class SetUpAnswer(Output):
    """The first user and project."""

    user: User
    project: Project
    csrf_token: str


class DemoSignIn(Output):
    """The sign-in of the demo."""

    email: str
    password: str


class Instance(Output):
    """What anyone may know of the server."""

    name: str = "Northing"
    version: str
    needs_setup: bool
    demo: bool
    signed_in: bool
    demo_sign_in: DemoSignIn | None = None


class SetUp(Input):
    """The first user and project to be."""

    email: Email
    password: Password
    name: Line = ""
    project_name: Name
    timezone: Zone


class SignIn(Input):
    """A person's credentials."""

    email: Email
    password: Password
    totp: Line | None = Field(None, description="Reserved for two-factor sign-in.")


class NewProject(Input):
    """A project to be."""

    name: Name
    timezone: Zone = "UTC"
    week_start: WeekStart = "monday"
    retention_days: RetentionDays | None = None
    keep_ip: KeepIp = "truncate"


class ProjectChanges(Input):
    """Only what is given changes; the defaults are never used."""

    name: Name = ""
    timezone: Zone = ""
    week_start: WeekStart = "monday"
    retention_days: RetentionDays | None = None
    keep_ip: KeepIp = "truncate"


class Member(Output):
    """A person and their role in the project."""

    user: User
    role: Role


class AddedMember(Member):
    """The person just added."""

    initial_password: str | None = Field(None, description="Made for a new person without one; shown only now.")


class NewMember(Input):
    """Whom to add."""

    email: Email
    role: Role
    name: Line = ""
    password: Password | None = None


class MemberChanges(Input):
    """The new role."""

    role: Role


class Key(Output):
    """A secret key, without its secret."""

    id: int
    name: str
    last_four: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewKey(Input):
    """A key to be."""

    name: Name
    scopes: Annotated[list[Line], Field(max_length=50)]
    expires_at: AwareDatetime | None = None


class CreatedKey(Key):
    """A key, with its secret this once."""

    secret: str = Field(description="Shown only now.")


class AuditEntry(Output):
    """Who did what to which thing, when and from where."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    action: str
    target: str
    ip: str
    details: dict[str, Any]


class AccountChanges(Input):
    """The new name."""

    name: Name


class PasswordChange(Input):
    """The old password and the new one."""

    current_password: Password
    new_password: Password


class SignedInBrowser(Output):
    """One sign-in of the person."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    ip: str
    user_agent: str
    current: bool
