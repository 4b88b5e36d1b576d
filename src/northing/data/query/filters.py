"""Filters: read into a tree of conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import re2

from northing.data.query.breakdowns import OWNERS, read_property
from northing.data.query.draft import MERGED_PERSON
from northing.data.query.properties import Owner, Property
from northing.data.query.ranges import parse_moment
from northing.data.query.reader import Reader, text_fault
from northing.data.query.sandbox_door import parse_expression
from northing.data.query.scope import Scope
from northing.kernel.problems import Problem

Operator = Literal[
    "exact", "is_not", "icontains", "not_icontains", "regex", "not_regex", "gt", "gte", "lt", "lte",
    "is_set", "is_not_set", "in", "not_in", "is_date_before", "is_date_after",
]  # fmt: skip
OPERATORS: tuple[Operator, ...] = get_args(Operator)
NEGATIVE: dict[str, Operator] = {
    "is_not": "exact", "not_icontains": "icontains", "not_regex": "regex", "is_not_set": "is_set", "not_in": "in",
}  # fmt: skip
MAX_COHORT = (1 << 32) - 1
MAX_VALUES = 1000
MAX_DEPTH = 8
MAX_CONDITIONS = 200
MAX_EXPRESSIONS = 6000


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `values` are texts, or one moment in Unix milliseconds for the date operators."""

    property: Property
    operator: Operator
    values: tuple[str, ...] = ()
    unix_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """A boolean expression over columns of `events`, rebuilt by the sandbox: for projects without merges, and with."""

    plain: str
    merged: str


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether the event's person is in any of these cohorts, or in none of them."""

    cohorts: tuple[int, ...]
    is_in: bool


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of its members; an empty group is true."""

    joint: Literal["and", "or"]
    members: tuple[Filter, ...]


Filter = Condition | Expression | Membership | Group
ALWAYS = Group("and", ())


def read_filters(reader: Reader, scope: Scope, name: str = "filters") -> Group:
    """The field `filters`: a list (all must hold) or a group `{"and": […]}` / `{"or": […]}`."""
    value = reader.raw(name)
    if value is None:
        return ALWAYS
    found: Filter
    if isinstance(value, list):
        entries = reader.items(name, lambda v, p: _read(v, p, scope, parent=reader, depth=1), most=MAX_CONDITIONS)
        found = Group("and", entries)
    else:
        found = _read(value, reader.at(name), scope, parent=reader)
    if _size(found) > MAX_CONDITIONS:
        reader.fault(name, f"has more than {MAX_CONDITIONS} conditions")
        return ALWAYS
    return found if isinstance(found, Group) else Group("and", (found,))


def _read(value: object, path: str, scope: Scope, *, parent: Reader, depth: int = 0) -> Filter:
    reader = Reader(value, path, parent.notes)
    if depth > MAX_DEPTH:
        reader.fault(None, f"groups are nested more than {MAX_DEPTH} deep")
        return ALWAYS
    joint: Literal["and", "or"] | None = "and" if "and" in reader.values else "or" if "or" in reader.values else None
    if joint:
        members = reader.items(
            joint, lambda v, p: _read(v, p, scope, parent=reader, depth=depth + 1), most=MAX_CONDITIONS
        )
        return Group(joint, members)
    if not isinstance(value, dict):
        return ALWAYS
    return _read_leaf(reader, scope)


def _read_leaf(reader: Reader, scope: Scope) -> Filter:
    kind = reader.text("type", "event")
    if kind == "sql":
        return _read_expression(reader)
    if kind == "cohort":
        return _read_membership(reader)
    if kind not in OWNERS:
        reader.fault("type", f"must be one of {', '.join(OWNERS)}, cohort, sql")
        return ALWAYS
    return _read_condition(reader, kind, scope)


def _read_membership(reader: Reader) -> Filter:
    """`value` is the number of a cohort, or a list of them; `operator` in (the default) or not_in."""
    operator = reader.choice("operator", ("in", "not_in", "exact", "is_not"), "in")
    reader.raw("property")
    value = reader.raw("value")
    entries = value if isinstance(value, list) else [value]
    numbers = [int(e) if isinstance(e, str) and e.isdecimal() and len(e) < 11 else e for e in entries[:MAX_VALUES]]
    if not numbers or any(isinstance(n, bool) or not isinstance(n, int) or not 0 < n <= MAX_COHORT for n in numbers):
        reader.fault("value", "must be the number of a cohort, or a list of them")
        return ALWAYS
    reader.notes.cohorts.update(numbers)
    return Membership(tuple(numbers), operator in ("in", "exact"))


def _read_condition(reader: Reader, owner: Owner, scope: Scope) -> Filter:
    found = read_property(reader, owner)
    has_list = isinstance(reader.values.get("value"), list)
    operator: Operator = reader.choice("operator", OPERATORS, "in" if has_list else "exact")  # type: ignore[assignment]
    if operator in ("is_set", "is_not_set"):
        reader.raw("value")
        return Condition(found, operator)
    if operator in ("is_date_before", "is_date_after"):
        return Condition(found, operator, unix_ms=_read_moment(reader, scope, operator))
    values = _read_values(reader)
    if operator in ("regex", "not_regex"):
        _check_patterns(reader, values)
    if operator in ("gt", "gte", "lt", "lte") and len(values) > 1:
        reader.fault("value", f"must be one value for {operator}, not a list")
    return Condition(found, operator, values)


def _read_expression(reader: Reader) -> Filter:
    text = reader.text("value", longest=4000) or reader.text("sql", required=True, longest=4000)
    reader.raw("sql")
    if not text:
        return ALWAYS
    reader.notes.expression_length += len(text)
    if reader.notes.expression_length > MAX_EXPRESSIONS:
        reader.fault("value", f"makes the expressions of this query longer than {MAX_EXPRESSIONS} characters together")
        return ALWAYS
    try:
        plain = parse_expression(text)
        # Parsed again only where it may name a person: a long expression takes a while.
        return Expression(plain, parse_expression(text, person=MERGED_PERSON) if "person" in text else plain)
    except Problem as problem:
        reader.fault("value", problem.errors[0].message)
        return ALWAYS


def _read_values(reader: Reader) -> tuple[str, ...]:
    value = reader.raw("value")
    entries = value if isinstance(value, list) else [value]
    if value is None or not entries:
        reader.fault("value", "is required for this operator")
        return ("",)
    if len(entries) > MAX_VALUES:
        reader.fault("value", f"has {len(entries)} entries; at most {MAX_VALUES} are allowed")
        return ("",)
    return tuple(_text_of(entry, reader) for entry in entries)


def _text_of(value: Any, reader: Reader) -> str:
    """A JSON value as the text the engine gives that value when it casts it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 256 else _refuse(reader, "is too large a number")
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, str):
        fault = text_fault(value, 4000)
        return _refuse(reader, fault) if fault else value
    return _refuse(reader, "must be text, a number, a boolean, or a list of those")


def _refuse(reader: Reader, message: str) -> str:
    reader.fault("value", message)
    return ""


def _read_moment(reader: Reader, scope: Scope, operator: str) -> int:
    text = reader.text("value", required=True, longest=64)
    moment = parse_moment(text, scope) if text else None
    if text and moment is None:
        reader.fault("value", f"must be a date such as 2026-01-31, or relative such as -7d, for {operator}")
    return int(moment[0].timestamp() * 1000) if moment else 0


def _check_patterns(reader: Reader, values: tuple[str, ...]) -> None:
    options = re2.Options()
    options.log_errors = False
    for value in values:
        try:
            re2.compile(value, options)
        except re2.error as error:
            detail = error.args[0] if error.args else ""
            reason = detail.decode(errors="replace") if isinstance(detail, bytes) else str(detail)
            reader.fault(
                "value", f"is not a valid pattern: {reason[:200]} (RE2 syntax: no look-around, no back-references)"
            )


def _size(found: Filter) -> int:
    return sum(map(_size, found.members)) + 1 if isinstance(found, Group) else 1
