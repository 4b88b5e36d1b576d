"""Conditions to SQL. Each piece of SQL made here is 0 or 1, never NULL, so that `NOT` means what it says.

A missing property counts as different from every value, and a number equals its text: `5`, `5.0` and `"5"` are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from northing.data.query.draft import Draft
from northing.data.query.filters import NEGATIVE, Condition, Expression, Filter, Group, Membership, Operator
from northing.data.query.properties import Access, access_event
from northing.data.query.sides import side_of

_COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_LOOKS_LIKE_DATE = re.compile(r"\d{4}-\d{2}")


def condition_sql(found: Filter, draft: Draft) -> str:
    """The boolean SQL of a filter over `EVENTS`."""
    if isinstance(found, Group):
        return join_conditions([condition_sql(member, draft) for member in found.members], found.joint)
    if isinstance(found, Expression):
        return f"ifNull(toBool({found.merged if draft.scope.merged else found.plain}), false)"
    if isinstance(found, Membership):
        return f"({draft.person} {'IN' if found.is_in else 'NOT IN'} ({members_sql(found.cohorts, draft)}))"
    if found.property.owner == "event":
        return _signed(found, lambda c: _positive(c, access_event(c.property.name), draft))
    side = side_of(found.property, draft)
    # Whoever has no row there lacks every property.
    return _signed(found, lambda c: side.having(_positive(c, side.access, draft)))


def members_sql(cohorts: tuple[int, ...], draft: Draft) -> str:
    """A SELECT of the people in any of the cohorts, as they were last worked out."""
    numbers = draft.bind(list(cohorts), "Array(UInt32)")
    own = f"__cohort.project_id = {draft.project} AND __cohort.cohort IN {numbers}"
    member = draft.person_of("arrayJoin(bitmapToArray(__cohort.persons))")
    return f"SELECT {member} FROM cohorts AS __cohort FINAL WHERE {own}"


def join_conditions(members: Iterable[str], joint: str = "and") -> str:
    """All (or any) of the conditions; none at all is true."""
    parts = [m for m in members if m]
    if not parts:
        return "true"
    return parts[0] if len(parts) == 1 else f"({f' {joint.upper()} '.join(parts)})"


def _signed(found: Condition, positive: Callable[[Condition], str]) -> str:
    operator: Operator | None = NEGATIVE.get(found.operator)
    if operator is None:
        return positive(found)
    return f"NOT {positive(Condition(found.property, operator, found.values))}"


def _positive(found: Condition, access: Access, draft: Draft) -> str:
    match found.operator:
        case "exact" | "in":
            return _equals(found.values, access, draft)
        case "is_set":
            return access.is_set
        case "icontains":
            return _any_of(f"positionCaseInsensitiveUTF8({access.text}, {draft.text(v)}) > 0" for v in found.values)
        case "regex":
            return _any_of(f"match({access.text}, {draft.text(v)})" for v in found.values)
        case "is_date_before" | "is_date_after":
            return _dated(found, access, draft)
    return _compared(found, access, draft)


def _any_of(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


def _equals(values: tuple[str, ...], access: Access, draft: Draft) -> str:
    if access.path is None or access.column is not None:
        return (
            f"({access.text} IN {draft.texts(values)})"
            if len(values) > 1
            else f"({access.text} = {draft.text(values[0])})"
        )
    path = access.path
    parts = [f"ifNull({path}.:String IN {draft.texts(values)}, false)"]
    numbers = tuple(n for n in map(as_number, values) if n is not None)
    if numbers:
        parts.append(f"ifNull({path}.:Int64 IN {_whole(numbers, draft)}, false)")
        parts.append(f"ifNull({path}.:Float64 IN {draft.numbers(numbers)}, false)")
    parts += [f"ifNull({path}.:Bool = {flag}, false)" for flag in ("true", "false") if flag in values]
    dates = tuple(v for v in values if _LOOKS_LIKE_DATE.match(v))
    if dates or "[" in "".join(v[:1] for v in values):
        # Dates and lists have engine types of their own, so only their text can be compared.
        parts.append(f"({path}::String IN {draft.texts(values)})")
    return _any_of(parts)


def _whole(numbers: tuple[float, ...], draft: Draft) -> str:
    return draft.bind([int(n) for n in numbers if n.is_integer() and abs(n) < 2**63], "Array(Int64)")


def _compared(found: Condition, access: Access, draft: Draft) -> str:
    """By number where the value is one, else by the order of texts (a missing text is not compared)."""
    sign, value = _COMPARE[found.operator], found.values[0]
    number = as_number(value)
    if number is not None:
        return f"ifNull({access.number} {sign} {draft.number(number)}, false)"
    return f"({access.text} != '' AND {access.text} {sign} {draft.text(value)})"


def _dated(found: Condition, access: Access, draft: Draft) -> str:
    sign = "<" if found.operator == "is_date_before" else ">="
    moment = f"fromUnixTimestamp64Milli({draft.bind(found.unix_ms or 0, 'Int64')}, 'UTC')"
    return f"ifNull(parseDateTime64BestEffortOrNull({access.text}, 3, 'UTC') {sign} {moment}, false)"


def as_number(text: str) -> float | None:
    """The number that a text is, in plain or scientific notation; None for everything else (also nan and inf)."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    number = float(text)
    return number if abs(number) != float("inf") else None
