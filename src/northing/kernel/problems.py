"""The one error of the house: what went wrong, and how to mend it.

Services raise `Problem`; the HTTP edge renders it as RFC 9457 `application/problem+json`,
the command line as one line with its hint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of the caller's input that cannot be used; `path` is dotted, such as `series.0.math`."""

    path: str
    message: str


@dataclass(slots=True)
class Problem(Exception):
    """An error a caller can act upon: HTTP status, stable code, message, hint, and the fields at fault."""

    status: int
    code: str
    message: str
    hint: str | None = None
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def as_json(self) -> dict[str, Any]:
        """The RFC 9457 body (`hint` and `errors` only where there are any)."""
        body: dict[str, Any] = {
            "type": f"https://northing.dev/problems/{self.code}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.message,
            "code": self.code,
        }
        if self.hint:
            body["hint"] = self.hint
        if self.errors:
            body["errors"] = [{"path": e.path, "message": e.message} for e in self.errors]
        return body


def invalid(path: str, message: str, *, hint: str | None = None) -> Problem:
    """A 422 that names the one field at fault."""
    return Problem(422, "invalid_request", f"{path}: {message}", hint, (FieldError(path, message),))


def not_found(noun: str) -> Problem:
    """A 404 for a thing that is absent or that the caller may not know of."""
    return Problem(404, "not_found", f"No such {noun}.")
