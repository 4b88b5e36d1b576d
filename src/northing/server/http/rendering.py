"""One error shape for every route: RFC 9457 `application/problem+json`."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from starlette.exceptions import HTTPException
from starlette.responses import Response

from northing.kernel.problems import FieldError, Problem
from northing.server.db.base import database_unavailable

MEDIA_TYPE = "application/problem+json"
# FastAPI's words for what its JSON decoder could not bear, such as brackets nested without end.
_UNREADABLE_BODY = "There was an error parsing the body"
_MALFORMED = Problem(400, "malformed_json", "The body is not valid JSON.")
# A body is read as JSON only where its header says so, and curl's `-d` says something else.
_AS_JSON = "Send JSON with the header Content-Type: application/json."
log = structlog.get_logger(__name__)

_PLACES = ("body", "query", "path", "header", "cookie")


def problem_response(problem: Problem) -> Response:
    """The HTTP answer of a problem."""
    # ASCII escapes: a message may quote what the caller sent, lone surrogates included.
    body = json.dumps(problem.as_json()).encode()
    return Response(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def internal_problem(request_id: str) -> Problem:
    """What a caller learns of a fault of ours: nothing but where to find it in the logs."""
    return Problem(500, "internal_error", "Something went wrong on the server.", f"Request {request_id} in the logs.")


def install_rendering(app: FastAPI) -> None:
    """Render every expected error of the app as a problem; the unexpected are `RequestLog`'s."""
    app.add_exception_handler(Problem, _render_problem)
    app.add_exception_handler(RequestValidationError, _render_validation)
    app.add_exception_handler(HTTPException, _render_http)
    for away in (OperationalError, NoConnectionLeft):
        app.add_exception_handler(away, _render_away)


def _render_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error)


def _render_away(_request: Request, error: Exception) -> Response:
    """The metadata database does not answer, or is busy for too long: worth asking again, so not a 500."""
    log.error("database_unavailable", error=str(error))
    return problem_response(database_unavailable())


def _render_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code in (204, 304):
        return Response(None, error.status_code, headers=error.headers)
    if error.detail == _UNREADABLE_BODY:
        return problem_response(_MALFORMED)
    status = HTTPStatus(error.status_code)
    message = str(error.detail) if error.detail else status.phrase
    code = status.phrase.lower().replace(" ", "_").replace("-", "_")
    problem = Problem(error.status_code, code, message.rstrip(".") + ".", headers=dict(error.headers or {}))
    return problem_response(problem)


def _render_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem_response(_MALFORMED)
    fields = tuple(_field_error(fault) for fault in faults)
    message = "; ".join(f"{field.path or 'body'}: {field.message}" for field in fields[:5])
    hint = _AS_JSON if any(map(_is_no_object, faults)) and not _says_json(request) else None
    return problem_response(Problem(422, "invalid_request", message, hint, fields))


def _is_no_object(fault: Any) -> bool:
    return tuple(fault["loc"]) == ("body",) and fault["type"] in ("dict_type", "model_attributes_type")


def _says_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "")


def _field_error(fault: Any) -> FieldError:
    """The place in the caller's words; what they sent is not repeated, since it may be a password."""
    place = [str(part) for part in fault["loc"]]
    if place and place[0] in _PLACES:
        place = place[1:]
    message = "must be a JSON object" if _is_no_object(fault) else str(fault["msg"]).removeprefix("Value error, ")
    return FieldError(".".join(place), message[:1].lower() + message[1:])
