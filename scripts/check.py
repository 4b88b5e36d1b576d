"""All checks, two at a time; every one is run, and what failed is shown in full.

`make check` runs all; `make check ARGS="lint types"` only those.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from scripts.tree import PYTHON_FOLDERS, ROOT

CODE = [*(name for name in PYTHON_FOLDERS if any((ROOT / name).glob("**/*.py"))), "hatch_build.py"]


class Check(NamedTuple):
    """A name for the report and the command that does it."""

    name: str
    command: tuple[str, ...]


class Outcome(NamedTuple):
    """How one check went."""

    name: str
    passed: bool
    seconds: float
    output: str


def _module(name: str, *args: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *args)


# The slow ones first, so that they run beside each other.
CHECKS = (
    Check("types", _module("mypy", *CODE)),
    Check("web", _module("scripts.check_web")),
    Check("docs", _module("scripts.check_docs")),
    Check("reference", _module("scripts.make_reference", "--check")),
    Check("api-types", _module("scripts.make_api_types", "--check")),
    Check("format", _module("ruff", "format", "--check", "--quiet", *CODE)),
    Check("lint", _module("ruff", "check", "--quiet", *CODE)),
    Check("layers", (str(Path(sys.executable).with_name("lint-imports")), "--no-logo")),
    Check("layers-more", _module("scripts.check_layers")),
    Check("sizes", _module("scripts.check_sizes")),
    Check("tenancy", _module("scripts.check_tenancy")),
    Check("addresses", _module("scripts.check_addresses")),
)


def main(wanted: list[str]) -> int:
    """0 if all passed."""
    unknown = set(wanted) - {check.name for check in CHECKS}
    if unknown:
        print(f"unknown check {', '.join(sorted(unknown))}; there are {', '.join(check.name for check in CHECKS)}")
        return 2
    with ThreadPoolExecutor(max_workers=2) as pool:
        chosen = [check for check in CHECKS if not wanted or check.name in wanted]
        failed = [outcome.name for outcome in pool.map(_run, chosen) if not _report(outcome)]
    print(f"{len(chosen) - len(failed)} checks passed" + (f", failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def _run(check: Check) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(check.command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Outcome(check.name, done.returncode == 0, time.monotonic() - started, (done.stdout + done.stderr).strip())


def _report(outcome: Outcome) -> bool:
    last = outcome.output.splitlines()[-1] if outcome.passed and outcome.output else ""
    print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.name:<12} {outcome.seconds:5.1f} s  {last}")
    if not outcome.passed:
        print(outcome.output + "\n", flush=True)
    return outcome.passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
