"""No lock names a place to download from, and no file names a folder of the machine it was written on."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.tree import ROOT, finish, list_files

LOCKS = ("requirements/*.txt", "requirements/*.in", "**/package-lock.json")
# `funding` and `homepage` links in package-lock.json are no download addresses; `resolved` ones are.
DOWNLOAD = re.compile(
    r"--(?:index-url|extra-index-url|find-links|trusted-host)|\"resolved\":|\bfile:|@ https?://|^https?://"
)
SOMEONES_HOME = re.compile(r"(?<![\w./-])/(?:home|Users)/[a-z][\w.-]*/")
LARGEST_TEXT = 2_000_000


def main() -> None:
    """Check every file that is committed or would be."""
    files = list_files()
    faults = [fault for path in files if is_lock(path, ROOT) for fault in _scan(path, DOWNLOAD)]
    for pattern in (SOMEONES_HOME, machine_paths(ROOT)):
        faults += [fault for path in files for fault in _scan(path, pattern)]
    finish(faults, f"{len(files)} files: no download address in a lock, no path of one machine")


def is_lock(path: Path, root: Path) -> bool:
    """Whether it pins packages."""
    return any(path.relative_to(root).match(pattern) for pattern in LOCKS)


def machine_paths(root: Path) -> re.Pattern[str]:
    """Where this checkout and the home folder lie; never a path of a single letter or the root."""
    places = {str(root), str(root.parent / "shared"), f"{Path.home()}/"}
    named = sorted(re.escape(place) for place in places if len(place) > 3)
    return re.compile(r"(?<![\w./-])(?:" + "|".join(named) + r")")


def scan_text(text: str, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Line numbers and what was found there."""
    hits = ((number, pattern.search(line)) for number, line in enumerate(text.splitlines(), 1))
    return [(number, hit[0]) for number, hit in hits if hit]


def _scan(path: Path, pattern: re.Pattern[str]) -> list[str]:
    if path.stat().st_size > LARGEST_TEXT:
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []  # an image or another binary
    return [f"{path.relative_to(ROOT)}:{number} {found}" for number, found in scan_text(text, pattern)]


if __name__ == "__main__":
    main()
