"""A short run of every fuzz target; `make fuzz` runs them for longer."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TARGETS = sorted(Path(__file__).parent.glob("fuzz_*.py"))
RUNS = 20_000


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed (make fuzz does)")
@pytest.mark.parametrize("target", TARGETS, ids=lambda path: path.stem)
def test_target(target: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(target), f"-runs={RUNS}", "-max_len=4096", "-seed=1"]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [*command, f"-artifact_prefix={tmp_path}/", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
