"""A small HTTP client for our own commands: one connection, problems as `Problem`."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from northing import __version__
from northing.kernel.problems import FieldError, Problem

Json = dict[str, Any]
USER_AGENT = f"northing-cli/{__version__}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where there is none."""
        return msgspec.json.decode(self.body) if self.body else None

    def raise_for_problem(self) -> None:
        """Raise the `Problem` that a refusal is about."""
        if self.status >= 400:
            raise _problem(self)


class Client:
    """Calls one server. Not for several threads at once; each takes its own."""

    def __init__(self, url: str, key: str = "", *, timeout: float = 120.0) -> None:
        parts = urlsplit(url)
        connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.url = url
        self._connection = connect(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
        self._headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def call(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request, whatever the answer. Raises OSError or HTTPException where there is none."""
        try:
            self._connection.request(method, path, body, {**self._headers, **(headers or {})})
            response = self._connection.getresponse()
            headers_in = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, headers_in, response.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next call starts anew
            raise

    def ask(self, method: str, path: str, payload: Any = None) -> Any:
        """JSON in, JSON out. Raises as `fetch` does."""
        return self.fetch(method, path, payload).json()

    def fetch(self, method: str, path: str, payload: Any = None) -> Reply:
        """JSON in, whatever out. Raises `Problem` for a refusal, and where no server answers."""
        body = None if payload is None else msgspec.json.encode(payload)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            reply = self.call(method, path, body=body, headers=headers)
        except (OSError, http.client.HTTPException) as error:
            message = f"The server at {self.url} does not answer: {str(error) or type(error).__name__}."
            raise Problem(503, "no_answer", message, "Look into its log, or start it with northing serve.") from error
        reply.raise_for_problem()
        return reply

    def items(self, path: str) -> list[Json]:
        """Every item of a list, page by page."""
        found: list[Json] = []
        cursor = ""
        while True:
            page = self.ask("GET", f"{path}?{urlencode({'limit': 500} | ({'cursor': cursor} if cursor else {}))}")
            found += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return found


def _problem(reply: Reply) -> Problem:
    try:
        said = reply.json()
    except msgspec.DecodeError:
        said = None
    if not isinstance(said, dict):
        return Problem(reply.status, "http_error", f"The server answered {reply.status}.")
    errors = tuple(FieldError(str(e.get("path", "")), str(e.get("message", ""))) for e in said.get("errors", ()))
    message = str(said.get("detail") or said.get("title") or f"The server answered {reply.status}.")
    return Problem(reply.status, str(said.get("code", "http_error")), message, said.get("hint"), errors)
