"""Finds the browser that tests drive, or says how to get it."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = """Chromium is missing; the tests of the UI and of posthog-js need it.
  Debian or Ubuntu:  apt-get install chromium
  Fedora:            dnf install chromium
  elsewhere:         set NORTHING_TEST_CHROMIUM to the path of Chromium or Chrome
To run everything else: make test-web && make test-python ARGS='-m "not browser and not soak"'"""


def find_chromium() -> str | None:
    """The path of Chromium or Chrome on this machine, or None."""
    named = os.environ.get("NORTHING_TEST_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """0 if there is one."""
    if find_chromium():
        return 0
    print(ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
