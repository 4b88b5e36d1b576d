"""Conditions to SQL. Each piece of SQL made here is 0 or 1, never NULL, so that `NOT` means what it says.

A missing property counts as different from every value, and a number equals its text: `5`, `5.0` and `"5"` are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from northing.data.query.filters import NEGATIVE, Condition, Expression, Filter, Group, Operator
from northing.data.query.properties import Access, access_event, access_person
from northing.data.query.statements import PERSONS, PROFILE, ROW, Binder

_COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_LOOKS_LIKE_DATE = re.compile(r"\d{4}-\d{2}")


def condition_sql(found: Filter, binder: Binder, project: str) -> str:
    """The boolean SQL of a filter over `EVENTS`; `project` is the placeholder of the project's number."""
    if isinstance(found, Group):
        members = [condition_sql(member, binder, project) for member in found.members]
        return join_conditions(members, found.joint)
    if isinstance(found, Expression):
        return f"ifNull(toBool({found.sql}), false)"
    if found.owner == "person":
        return _person_sql(found, binder, project)
    return _signed(found, lambda c: _positive(c, access_event(c.name), binder))


def join_conditions(members: Iterable[str], joint: str = "and") -> str:
    """All (or any) of the conditions; none at all is true."""
    parts = [m for m in members if m]
    if not parts:
        return "true"
    return parts[0] if len(parts) == 1 else f"({f' {joint.upper()} '.join(parts)})"


def _signed(found: Condition, positive: object) -> str:
    operator: Operator | None = NEGATIVE.get(found.operator)
    assert callable(positive)
    if operator is None:
        return str(positive(found))
    return f"NOT {positive(Condition(found.owner, found.name, operator, found.values))}"


def _person_sql(found: Condition, binder: Binder, project: str) -> str:
    """The persons that match, by a set of their numbers; whoever has no row lacks every property."""

    def positive(condition: Condition) -> str:
        inner = _positive(condition, access_person(condition.name), binder)
        matching = f"SELECT {PROFILE}.person FROM {PERSONS} WHERE {PROFILE}.project_id = {project} AND {inner}"
        return f"({ROW}.person IN ({matching}))"

    return _signed(found, positive)


def _positive(found: Condition, access: Access, binder: Binder) -> str:
    match found.operator:
        case "exact" | "in":
            return _equals(found.values, access, binder)
        case "is_set":
            return access.is_set
        case "icontains":
            return _any_of(f"positionCaseInsensitiveUTF8({access.text}, {binder.text(v)}) > 0" for v in found.values)
        case "regex":
            return _any_of(f"match({access.text}, {binder.text(v)})" for v in found.values)
        case "is_date_before" | "is_date_after":
            return _dated(found, access, binder)
    return _compared(found, access, binder)


def _any_of(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


def _equals(values: tuple[str, ...], access: Access, binder: Binder) -> str:
    if access.path is None or access.column is not None:
        return (
            f"({access.text} IN {binder.texts(values)})"
            if len(values) > 1
            else f"({access.text} = {binder.text(values[0])})"
        )
    path = access.path
    parts = [f"ifNull({path}.:String IN {binder.texts(values)}, false)"]
    numbers = tuple(n for n in map(as_number, values) if n is not None)
    if numbers:
        parts.append(f"ifNull({path}.:Int64 IN {_whole(numbers, binder)}, false)")
        parts.append(f"ifNull({path}.:Float64 IN {binder.numbers(numbers)}, false)")
    parts += [f"ifNull({path}.:Bool = {flag}, false)" for flag in ("true", "false") if flag in values]
    dates = tuple(v for v in values if _LOOKS_LIKE_DATE.match(v))
    if dates or "[" in "".join(v[:1] for v in values):
        # Dates and lists have engine types of their own, so only their text can be compared.
        parts.append(f"({path}::String IN {binder.texts(values)})")
    return _any_of(parts)


def _whole(numbers: tuple[float, ...], binder: Binder) -> str:
    return binder.bind([int(n) for n in numbers if n.is_integer() and abs(n) < 2**63], "Array(Int64)")


def _compared(found: Condition, access: Access, binder: Binder) -> str:
    """By number where the value is one, else by the order of texts (a missing text is not compared)."""
    sign, value = _COMPARE[found.operator], found.values[0]
    number = as_number(value)
    if number is not None:
        return f"ifNull({access.number} {sign} {binder.number(number)}, false)"
    return f"({access.text} != '' AND {access.text} {sign} {binder.text(value)})"


def _dated(found: Condition, access: Access, binder: Binder) -> str:
    sign = "<" if found.operator == "is_date_before" else ">="
    moment = f"fromUnixTimestamp64Milli({binder.bind(found.unix_ms or 0, 'Int64')}, 'UTC')"
    return f"ifNull(parseDateTime64BestEffortOrNull({access.text}, 3, 'UTC') {sign} {moment}, false)"


def as_number(text: str) -> float | None:
    """The number that a text is, in plain or scientific notation; None for everything else (also nan and inf)."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    number = float(text)
    return number if abs(number) != float("inf") else None
