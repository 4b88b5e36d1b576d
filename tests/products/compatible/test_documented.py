"""Every `curl` line of docs/compatible-api.md, against a real server, in order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.tree import ROOT
from tests.support.server import KEY, TOKEN, Server

PAGE = ROOT / "docs" / "compatible-api.md"
FENCES = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


def documented() -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Each command with the answer that the page shows for it, if it shows one: that of the last before it."""
    command = ""
    for language, text in FENCES.findall(PAGE.read_text(encoding="utf-8")):
        if language == "json":
            yield command, json.loads(text)
            command = ""
            continue
        for line in re.findall(r"^curl .*?(?<!\\)$", text, re.MULTILINE | re.DOTALL):
            if command:
                yield command, None
            command = line
    if command:
        yield command, None


def run(server: Server, command: str) -> tuple[int, Any]:
    """Status and answer of one line of the page, as a shell runs it."""
    environment = {**os.environ, "NORTHING": server.url, "TOKEN": TOKEN, "KEY": KEY}
    full = f"{command} -s -w '\n%{{http_code}}'"
    done = subprocess.run(["bash", "-c", full], env=environment, capture_output=True, text=True, timeout=60, check=True)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body)


def shape(value: Any) -> Any:
    """The names in an answer, of lists those of the first entry."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items() if name != "properties"}
    return [shape(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


@pytest.mark.timeout(300)
def test_every_line_works_as_it_is_written(server: Server) -> None:
    lines = list(documented())
    assert len(lines) > 20
    for command, shown in lines:
        status, answer = run(server, command)
        assert status == 200, (command, answer)
        if shown is not None:
            assert shape(answer) == shape(shown), command
        if "-X POST" in command:
            server.wait_loaded()
