"""Types and lint of the web UI, by its own tools."""

from __future__ import annotations

import subprocess
import sys

from scripts.tree import ROOT


def main() -> int:
    """The exit code of `npm run check` in web/."""
    if not (ROOT / "web" / "package.json").exists():
        print("web/ has no sources")
        return 0
    command = [sys.executable, str(ROOT / "scripts" / "npm.py"), "run", "--silent", "check"]
    code = subprocess.run(command, check=False).returncode
    print("tsc and eslint" + (" found nothing" if code == 0 else " failed"))
    return code


if __name__ == "__main__":
    sys.exit(main())
