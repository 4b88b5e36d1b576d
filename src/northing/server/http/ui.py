"""The built web UI: hashed assets that never change, and one page for every other path."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from northing.kernel.problems import Problem
from northing.server.http.headers import UI_POLICY
from northing.server.http.rendering import problem_response

_UNCHANGING = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NOT_BUILT = """<!doctype html><html lang="en"><title>Northing</title>
<h1>The web UI is not built</h1><p>The API works; its reference is at <a href="/docs">/docs</a>.
Run <code>make setup</code> to build the UI, then reload.</p></html>"""


class WebUi:
    """ASGI app for all paths that no route has: files of the build, its `index.html`, or a 404 problem."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if folder is not None and (folder / "index.html").is_file() else None
        self._files = StaticFiles(directory=self._folder) if self._folder else None

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


def _is_api(path: str) -> bool:
    return path == "api" or path.startswith("api/")


def _as_page(response: Response, *, cache: str = _ASK_AGAIN) -> Response:
    response.headers["content-security-policy"] = UI_POLICY
    response.headers["cache-control"] = cache
    return response
