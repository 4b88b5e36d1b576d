"""Writes web/src/api/schema.ts, the shapes of the HTTP API, from its OpenAPI description; `--check` only compares.

Nothing is started: the description is made from the routes alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.npm import main as run_npm
from scripts.reference.http import load_openapi
from scripts.tree import ROOT, finish

WRITTEN = ROOT / "web" / "src" / "api" / "schema.ts"
NOTE = "// Made by `make reference` from the server's routes; edit those, not this.\n\n"
# FastAPI describes its own errors too; ours are problems, whatever it says.
NOT_OURS = ("HTTPValidationError", "ValidationError")


def main(args: list[str]) -> None:
    """Write the file, or compare it."""
    text = _generate(_shapes())
    fresh = WRITTEN.exists() and WRITTEN.read_text(encoding="utf-8") == text
    if not fresh and "--check" not in args:
        WRITTEN.write_text(text, encoding="utf-8")
        fresh = True
    faults = [] if fresh else [f"{WRITTEN.relative_to(ROOT)}:1 differs from the server's routes; run `make reference`"]
    finish(faults, "the UI's types agree with the server's routes")


def _shapes() -> str:
    """The description without its paths: addresses are written where they are called."""
    document = load_openapi()
    schemas = {name: shape for name, shape in document["components"]["schemas"].items() if name not in NOT_OURS}
    info = {"title": "Northing", "version": document["info"]["version"]}
    kept = {"openapi": document["openapi"], "info": info, "paths": {}, "components": {"schemas": schemas}}
    return json.dumps(_untitled(kept))


def _untitled(node: Any) -> Any:
    """Without the titles, which only say the name once more; a property of that name is no text and stays."""
    if isinstance(node, list):
        return [_untitled(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {name: _untitled(value) for name, value in node.items() if name != "title" or not isinstance(value, str)}


def _generate(shapes: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source, written = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        source.write_text(shapes, encoding="utf-8")
        tool = ["exec", "--no", "--", "openapi-typescript", str(source), "--output", str(written)]
        options = ["--default-non-nullable=false", "--root-types", "--root-types-no-schema-prefix"]
        code = run_npm([*tool, *options])
        if code != 0:
            raise subprocess.CalledProcessError(code, "openapi-typescript")
        return NOTE + written.read_text(encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
