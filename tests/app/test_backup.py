"""Backup of a running server, and its restore into a new folder."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.app.commands import COMMAND
from tests.support.databases import fresh_postgresql
from tests.support.ingest import event
from tests.support.server import EMAIL, PASSWORD, Server, running_server


def command(*words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one of our commands with these settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NORTHING_")}
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        env={**clean, **settings},
        timeout=110,
        check=False,
    )


def contents(server: Server) -> dict[str, object]:
    """What must survive: events with their types, people, what is saved, the ledger, the sign-in."""
    server.wait_loaded()
    sql = "SELECT event, distinct_id, person, toString(uuid), properties FROM events ORDER BY event, distinct_id"
    credentials = {"email": EMAIL, "password": PASSWORD}
    headers = {"Content-Type": "application/json"}
    status, session = server.request("POST", "/api/v1/session", credentials, headers=headers)
    ledger = {key: value for key, value in server.ledger().items() if key != "lag_seconds"}
    people = server.rows("SELECT person, properties, is_identified FROM persons ORDER BY person")
    sessions = server.rows("SELECT session, person, events, start, end, entry_path FROM sessions ORDER BY session")
    return {
        "ids": server.rows("SELECT distinct_id, person FROM distinct_ids ORDER BY distinct_id"),
        "sessions": sessions,
        "groups": server.rows("SELECT type, key, properties FROM groups ORDER BY key"),
        "people": people,
        "insights": server.api("GET", "/api/v1/insights")["items"],
        "rows": server.rows(sql),
        "ledger": ledger,
        "signed_in": status,
        "email": session["user"]["email"],
    }


def two_databases(kind: str, request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """Settings of two installations whose metadata is of this kind."""
    if kind == "sqlite":
        return [{}, {}]
    server = request.getfixturevalue("postgresql_server")
    databases = [fresh_postgresql(server), fresh_postgresql(server)]
    urls = [database.__enter__() for database in databases]
    for database in databases:
        request.addfinalizer(database.__exit__)
    return [{"NORTHING_DATABASE_URL": url} for url in urls]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_restored_backup_is_the_same_installation(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    urls = two_databases(kind, request)
    sent: list[dict[str, Any]] = [
        event(f"event {n}", f"person {n % 3}", properties={"n": n, "text": "é\n"}) for n in range(50)
    ]
    with running_server(tmp_path / "first", **urls[0]) as first:
        assert first.send(sent) == 200
        first.wait_loaded()
        known = event("$identify", "person 1", set={"plan": "team"}, properties={"$anon_distinct_id": "person 2"})
        group = {"$group_type": "company", "$group_key": "acme", "$group_set": {"seats": 5}}
        assert first.send([known, event("$groupidentify", "person 1", properties=group)]) == 200  # written to twice
        question = {"kind": "trends", "series": [{"event": "later"}]}
        first.api("POST", "/api/v1/insights", {"name": "Later", "query": question, "display": {"chart": "bar"}})
        before = contents(first)
        made = command("backup", tmp_path / "all.tar", "--data", tmp_path / "first", "--json", **urls[0])
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout)["rows"]["events"] == 52
    restored = command("restore", tmp_path / "all.tar", "--data", tmp_path / "second", **urls[1])
    assert restored.returncode == 0, restored.stderr
    with running_server(tmp_path / "second", **urls[1]) as second:
        assert contents(second) == before
        assert second.send(sent[:5]) == 200  # repeats are known, and numbering goes on
        assert second.send([event("later", "person new")]) == 200
        ledger = second.wait_loaded()
        assert (ledger["stored"], ledger["deduplicated"]) == (53, 5)
        assert second.api("POST", "/api/v1/projects", {"name": "Another"})["id"] > 1


def test_sums_in_an_older_backup_are_taken_anew(tmp_path: Path) -> None:
    with running_server(tmp_path / "first") as first:
        first.send([event()])
        first.wait_loaded()
        command("backup", tmp_path / "all.tar", "--data", tmp_path / "first")
    (tmp_path / "sums").write_bytes(b"of a schema that is no more")
    with tarfile.open(tmp_path / "all.tar", "a") as tar:
        assert not [name for name in tar.getnames() if "activity" in name]
        tar.add(tmp_path / "sums", "tables/activity/000000.native.zst")
    restored = command("restore", tmp_path / "all.tar", "--data", tmp_path / "second")
    assert restored.returncode == 0, restored.stderr


def test_a_folder_that_is_used_is_not_restored_into(tmp_path: Path) -> None:
    with running_server(tmp_path / "first") as first:
        first.send([event()])
        first.wait_loaded()
        command("backup", tmp_path / "all.tar", "--data", tmp_path / "first")
        refused = command("restore", tmp_path / "all.tar", "--data", tmp_path / "first")
        assert refused.returncode == 1
        assert "in use by process" in refused.stderr
    again = command("restore", tmp_path / "all.tar", "--data", tmp_path / "first")
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.tar").write_bytes(b"not a tar")
    refused = command("restore", tmp_path / "odd.tar", "--data", tmp_path / "data")
    assert refused.returncode == 1
    assert "no backup that can be read" in refused.stderr
