"""One running server for the commands of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from northing.app.background import start_server
from northing.app.folder import DataFolder
from tests.app.commands import TOKEN


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a server that runs."""
    folder = DataFolder(tmp_path_factory.mktemp("served"))
    given = {"NORTHING_PROJECT_TOKEN": TOKEN, "NORTHING_DISK_FLOOR_MB": "1"}
    server = start_server(folder, host="127.0.0.1", port=0, environment=given)
    try:
        server.wait_until_ready()
        yield folder.root
    finally:
        server.stop()
