"""Reads a caller's JSON field by field and collects every fault, so that one answer names them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from northing.kernel.problems import FieldError, Problem

T = TypeVar("T")
MAX_TEXT = 10_000


@dataclass(slots=True)
class Notes:
    """What was found while reading: faults refuse the request, warnings travel with the answer."""

    errors: list[FieldError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    expression_length: int = 0
    cohorts: set[int] = field(default_factory=set)

    def raise_if_any(self) -> None:
        """Raise one 422 that lists every fault."""
        if not self.errors:
            return
        # A field that is read for two purposes is at fault once.
        errors = tuple(dict.fromkeys(self.errors))
        listed = "; ".join(f"{e.path}: {e.message}" for e in errors[:5])
        more = f" (and {len(errors) - 5} more)" if len(errors) > 5 else ""
        raise Problem(422, "invalid_request", listed + more, None, errors)


class Reader:
    """A JSON object at a dotted path; each method reads one field and falls back to a default on a fault."""

    def __init__(self, value: object, path: str, notes: Notes) -> None:
        self.path = path
        self.notes = notes
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        self._read: set[str] = set()
        if not isinstance(value, dict):
            self.fault(None, "must be an object")

    def at(self, name: str | None) -> str:
        """The dotted path of a field of this object."""
        return ".".join(part for part in (self.path, name or "") if part) or "body"

    def fault(self, name: str | None, message: str) -> None:
        self.notes.errors.append(FieldError(self.at(name), message))

    def has(self, name: str) -> bool:
        self._read.add(name)
        return self.values.get(name) is not None

    def raw(self, name: str) -> Any:
        self._read.add(name)
        return self.values.get(name)

    def text(self, name: str, default: str = "", *, required: bool = False, longest: int = 400) -> str:
        value = self.raw(name)
        if value is None or value == "":
            if required:
                self.fault(name, "is required")
            return default
        if not isinstance(value, str):
            self.fault(name, f"must be text, not {_noun(value)}")
            return default
        fault = text_fault(value, longest)
        if fault:
            self.fault(name, fault)
            return default
        return value

    def boolean(self, name: str) -> bool:
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(name, f"must be true or false, not {_noun(value)}")
        return False

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(name, f"must be a whole number from {least} to {most}")
            return default
        return value

    def choice(self, name: str, options: Iterable[str], default: str) -> str:
        allowed = tuple(options)
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, str) or value not in allowed:
            self.fault(name, f"must be one of {', '.join(allowed)}")
            return default
        return value

    def items(self, name: str, read: Callable[[Any, str], T], *, most: int) -> tuple[T, ...]:
        """Each element of a list field, read by `read(value, path)`."""
        value = self.raw(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(name, "must be a list")
            return ()
        if len(value) > most:
            self.fault(name, f"has {len(value)} entries; at most {most} are allowed")
            return ()
        return tuple(read(entry, self.at(f"{name}.{i}")) for i, entry in enumerate(value))

    def warn_unread(self) -> None:
        """Say which fields nothing looked at, since a misspelt one would otherwise change the answer silently."""
        for name in self._unread():
            self.notes.warnings.append(f"{self.at(name)} is not a known field and was ignored.")

    def refuse_unread(self) -> None:
        """The same for answers that have no room for warnings."""
        for name in self._unread():
            self.fault(name, "is not a known field")

    def _unread(self) -> list[str]:
        return [name[:80] for name in sorted(set(map(str, self.values)) - self._read)[:10]]


def text_fault(value: str, longest: int) -> str | None:
    """Why the text cannot be used, or None."""
    if len(value) > longest:
        return f"is too long ({len(value)} characters; at most {longest})"
    if "\0" in value:
        return "must not contain a NUL character"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "must be valid Unicode (it has a lone surrogate)"
    return None


def _noun(value: object) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object", str: "text"}
    return names.get(type(value), "that")
