"""The questions that are saved: whether they can be asked, and asking them again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from northing.data.query.reader import MAX_TEXT, text_fault
from northing.data.query.requests import parse_request
from northing.data.query.scope import Scope
from northing.kernel.problems import FieldError, Problem, invalid

MOST_BYTES = 64 << 10
MOST_DISPLAY_BYTES = 8 << 10
MOST_DISPLAY_FIELDS = 50
_FIELD = re.compile("[a-z][a-z0-9_]{0,39}")
# How an answer is fetched is no part of the question.
_PASSING = ("refresh", "explain")


def check_question(query: Mapping[str, Any], scope: Scope, *, path: str = "query") -> tuple[str, dict[str, Any]]:
    """Its kind, and the question as it is kept. Raises 422 that names every field at fault, under `path`."""
    kept = {name: value for name, value in query.items() if name not in _PASSING}
    _check_text(kept, path, MOST_BYTES)
    try:
        request = parse_request(kept, scope, earliest=scope.now)
    except Problem as problem:
        raise _under(path, problem) from problem
    return request.kind.name, kept


def check_display(display: Mapping[str, Any], *, path: str = "display") -> dict[str, Any]:
    """How an answer is shown, as it is kept: fields of the page's own, with plain values or small groups of them.

    Which fields there are is the page's affair, so those unknown here stay. Raises 422.
    """
    if any(_FIELD.fullmatch(name) is None for name in display):
        raise invalid(path, "must have names of a-z, 0-9 and _, at most 40 of them, that begin with a letter")
    if len(display) > MOST_DISPLAY_FIELDS:
        raise invalid(path, f"has {len(display)} fields; at most {MOST_DISPLAY_FIELDS} are allowed")
    for name, value in display.items():
        if not all(_is_plain(one) for one in _parts(value)):
            raise invalid(f"{path}.{name}", "must be text, a number, true, false, null, or a list or object of these")
    _check_text(display, path, MOST_DISPLAY_BYTES)
    return dict(display)


def check_texts(path: str, text: str, longest: int = MAX_TEXT) -> str:
    """The text, which may have line breaks. Raises 422 where it cannot be kept."""
    if fault := text_fault(text, longest):
        raise invalid(path, fault)
    return text


def with_dates(query: Mapping[str, Any], date_from: str | None, date_to: str | None) -> dict[str, Any]:
    """The question about another range, where one is given."""
    given = {"date_from": date_from, "date_to": date_to}
    return {**query, **{name: value for name, value in given.items() if value}}


def with_errors(problem: Problem, errors: Iterable[FieldError]) -> Problem:
    """The same problem, of fields that the caller calls otherwise."""
    found = tuple(errors)
    message = "; ".join(f"{e.path}: {e.message}" for e in found[:5])
    return Problem(problem.status, problem.code, message, problem.hint, found)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else [value]


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _check_text(query: Mapping[str, Any], path: str, most: int) -> None:
    try:
        size = len(json.dumps(query, ensure_ascii=False, allow_nan=False).encode())
    except (UnicodeEncodeError, ValueError, RecursionError):
        raise invalid(path, "must be plain JSON: finite numbers, valid Unicode, not nested without end") from None
    if size > most:
        raise invalid(path, f"has {size:,} bytes; at most {most:,} are allowed")
    if "\\u0000" in json.dumps(query):
        raise invalid(path, "must not contain a NUL character")


def _under(path: str, problem: Problem) -> Problem:
    if not path or not problem.errors:
        return problem
    return with_errors(problem, (FieldError(f"{path}.{e.path}", e.message) for e in problem.errors))
