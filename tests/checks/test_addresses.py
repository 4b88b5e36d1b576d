"""The address check finds download addresses in locks and paths of one machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_addresses import DOWNLOAD, SOMEONES_HOME, is_lock, machine_paths, scan_text

HOME_OF_EVE = "/ho" + "me/eve/code"


@pytest.mark.parametrize(
    "line",
    [
        "--find-links /somewhere",
        "--extra-index-url https://mirror.example/simple",
        "numpy @ https://mirror.example/numpy.whl",
        '      "resolved": "https://mirror.example/react.tgz",',
        "file:///wheels/numpy.whl",
    ],
)
def test_finds_a_download_address(line: str) -> None:
    assert scan_text(f"numpy==2.4.6\n{line}\n", DOWNLOAD)[0][0] == 2


def test_pins_and_hashes_are_no_address() -> None:
    assert scan_text("numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:00ff\n", DOWNLOAD) == []


def test_finds_paths_of_a_machine() -> None:
    pattern = machine_paths(Path("/builds/northing"))
    assert scan_text("see /builds/northing/src", pattern)
    assert scan_text("see /builds/shared/data", pattern)
    assert not scan_text("see ../shared/data and src/builds/northing", pattern)
    assert scan_text(f"cd {HOME_OF_EVE}", SOMEONES_HOME)


def test_locks_are_known(tmp_path: Path) -> None:
    assert is_lock(tmp_path / "requirements" / "dev.txt", tmp_path)
    assert is_lock(tmp_path / "web" / "package-lock.json", tmp_path)
    assert not is_lock(tmp_path / "README.md", tmp_path)
