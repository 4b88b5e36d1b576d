"""The locks hold versions and hashes of everything `pyproject.toml` asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.shared import REPOSITORY

PIN = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)


def pins(lock: str) -> set[str]:
    return set(PIN.findall((REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")))


def asked(requirements: list[str]) -> set[str]:
    names = (re.split(r"[\[<>=~!; ]", requirement, maxsplit=1)[0] for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.fixture(scope="module")
def project() -> dict[str, dict[str, list[str]]]:
    text = Path(REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    extras = document["project"]["optional-dependencies"]
    runtime = [*document["project"]["dependencies"], *extras["postgresql"], *extras["redis"]]
    return {"runtime": {"all": runtime}, "groups": document["dependency-groups"]}


def test_runtime_lock_has_what_the_server_needs(project: dict[str, dict[str, list[str]]]) -> None:
    assert asked(project["runtime"]["all"]) <= pins("runtime.txt")


@pytest.mark.parametrize(("lock", "group"), [("dev.txt", "test"), ("dev.txt", "check"), ("node.txt", "build")])
def test_group_is_in_its_lock(lock: str, group: str, project: dict[str, dict[str, list[str]]]) -> None:
    assert asked(project["groups"][group]) <= pins(lock)


def test_development_runs_the_versions_that_ship() -> None:
    def versions(lock: str) -> set[str]:
        text = (REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9-]+==\S+", text, re.MULTILINE))

    assert versions("runtime.txt") <= versions("dev.txt")


@pytest.mark.parametrize("lock", ["runtime.txt", "build.txt", "node.txt", "dev.txt", "fuzz.txt"])
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
