"""The web UI is built with the system's Node where it is new enough, else with the one of the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.npm import find_npm


def make_node(folder: Path, version: str) -> None:
    for name, text in (("node", f"#!/bin/sh\necho {version}\n"), ("npm", "#!/bin/sh\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


def test_takes_a_new_node_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_node(tmp_path, "v22.1.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_npm() == [str(tmp_path / "npm")]


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.9", "nonsense"])
def test_refuses_an_old_node(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_node(tmp_path, version)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path)]))
    assert find_npm() != [str(tmp_path / "npm")]
