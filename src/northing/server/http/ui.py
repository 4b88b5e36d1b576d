"""The built web UI: hashed assets that never change, and one page for every other path."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from northing.kernel.problems import Problem
from northing.server.http.headers import UI_POLICY
from northing.server.http.rendering import problem_response

_UNCHANGING = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
# Codings that the build writes beside its text files, the smaller first.
_CODINGS = {"br": ".br", "gzip": ".gz"}
_NOT_BUILT = """<!doctype html><html lang="en"><title>Northing</title>
<h1>The web UI is not built</h1><p>The API works; its reference is at <a href="/docs">/docs</a>.
Run <code>make setup</code> to build the UI, then reload.</p></html>"""


class WebUi:
    """ASGI app for all paths that no route has: files of the build, its `index.html`, or a 404 problem."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if folder is not None and (folder / "index.html").is_file() else None
        self._files = _BuiltFiles(directory=self._folder) if self._folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        response = await self._respond(scope)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope) -> Response:
        path = scope["path"].lstrip("/")
        if scope["method"] not in ("GET", "HEAD") or _is_api(path):
            return problem_response(Problem(404, "not_found", "There is nothing at this address.", "See /docs."))
        if self._files is None:
            return _as_page(HTMLResponse(_NOT_BUILT, 503))
        try:
            response = await self._files.get_response(path or "index.html", scope)
        except HTTPException:
            response = await self._page(self._files, scope, path=path)
        unchanging = path.startswith("assets/") and response.status_code < 400
        return _as_page(response, cache=_UNCHANGING if unchanging else _ASK_AGAIN)

    async def _page(self, files: StaticFiles, scope: Scope, *, path: str) -> Response:
        """Addresses inside the UI have no file; a missing file stays missing, or browsers would keep the page as it."""
        if "." in path.rpartition("/")[2] or path.startswith("assets/"):
            return problem_response(Problem(404, "not_found", "There is no such file."))
        return await files.get_response("index.html", scope)


class _BuiltFiles(StaticFiles):
    """Sends what the build compressed in the coding that the client reads, else the file as it is."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """A compressed file has no address of its own: without its `Content-Encoding` it would be noise."""
        return ("", None) if path.endswith(tuple(_CODINGS.values())) else super().lookup_path(path)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """One file; each coding has its own ETag, as size and time are those of the compressed file."""
        plain, asked = os.fspath(full_path), Headers(scope=scope)
        stored = _stored_codings(plain)
        coding = _choose(asked.get("accept-encoding", ""), stored)
        path, found = (plain + _CODINGS[coding], stored[coding]) if coding else (plain, stat_result)
        response = FileResponse(path, status_code, media_type=_media_type(plain), stat_result=found)
        if coding:
            response.headers["content-encoding"] = coding
        if stored:
            response.headers["vary"] = "Accept-Encoding"
        return NotModifiedResponse(response.headers) if self.is_not_modified(response.headers, asked) else response


def _stored_codings(path: str) -> dict[str, os.stat_result]:
    """The compressed forms of a file that exist."""
    found = {}
    for coding, ending in _CODINGS.items():
        try:
            found[coding] = os.stat(path + ending)
        except OSError:
            continue
    return found


def _choose(accept: str, stored: dict[str, os.stat_result]) -> str | None:
    """The stored coding that the client likes best; of equals the smaller."""
    wishes = dict(_wish(part) for part in accept.lower().split(",") if part.strip())
    liked = {coding: wishes.get(coding, wishes.get("*", 0.0)) for coding in stored}
    best = max(liked, key=lambda coding: liked[coding], default=None)
    return best if best and liked[best] > 0 else None


def _wish(part: str) -> tuple[str, float]:
    """`br;q=0.5` as name and weight; a weight that is no number counts as a refusal."""
    name, _, weight = part.replace(" ", "").partition(";q=")
    try:
        return name.strip(), float(weight or 1)
    except ValueError:
        return name.strip(), 0.0


def _media_type(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "text/plain"


def _is_api(path: str) -> bool:
    return path == "api" or path.startswith("api/")


def _as_page(response: Response, *, cache: str = _ASK_AGAIN) -> Response:
    response.headers["content-security-policy"] = UI_POLICY
    response.headers["cache-control"] = cache
    return response
