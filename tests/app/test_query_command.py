"""`northing query` and `northing keys`, on a real server."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet
import pytest

from northing.app.client import Client
from northing.app.folder import DataFolder, find_running
from northing.kernel.problems import Problem
from tests.app.commands import COMMAND, environment, northing

pytestmark = pytest.mark.timeout(300)

TRENDS = {
    "kind": "trends",
    "series": [{"event": "seen"}, {"event": "seen", "math": "unique", "name": "people"}],
    "date_from": "2026-03-01",
    "date_to": "2026-03-02",
}


@pytest.fixture(scope="module")
def filled(served: Path) -> Path:
    file = served / "seen.jsonl"
    days = ("2026-03-01", "2026-03-01", "2026-03-02")
    lines = [{"event": "seen", "distinct_id": "alice", "timestamp": f"{day}T10:00:00Z"} for day in days]
    file.write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert northing(served, "import", file).returncode == 0
    return served


def ask(data: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return northing(data, "query", *words, stdin=stdin)


def test_a_trend_as_a_table(filled: Path) -> None:
    lines = ask(filled, json.dumps(TRENDS)).stdout.splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["time", "seen", "people"],
        ["2026-03-01T00:00:00Z", "2", "1"],
        ["2026-03-02T00:00:00Z", "1", "1"],
    ]


def test_a_trend_as_csv_from_standard_input(filled: Path) -> None:
    lines = ask(filled, "-", "--format", "csv", stdin=json.dumps(TRENDS)).stdout.splitlines()
    assert lines == ["time,seen,people", "2026-03-01T00:00:00Z,2,1", "2026-03-02T00:00:00Z,1,1"]


def test_a_list_of_the_answer_as_csv_has_json_in_cells(filled: Path) -> None:
    journey = {"kind": "person_journey", "distinct_id": "alice", "date_from": "2026-03-01"}
    lines = ask(filled, json.dumps(journey), "--format", "csv").stdout.splitlines()
    assert (len(lines), lines[0][:10], lines[1][-3:]) == (4, "timestamp,", ",{}")


def test_sql_as_json_is_the_whole_answer(filled: Path) -> None:
    answer = json.loads(ask(filled, "--sql", "SELECT count() AS n FROM events WHERE event = 'seen'", "--json").stdout)
    assert answer["kind"] == "sql"
    assert answer["result"]["rows"] == [[3]]


def test_sql_as_csv_is_all_rows(filled: Path) -> None:
    columns = "toDate(timestamp) AS day, count() AS n, CAST(NULL AS Nullable(String)) AS none"
    sql = f"SELECT {columns} FROM events GROUP BY 1 ORDER BY 1"
    wanted = '"day","n","none"\n"2026-03-01",2,\n"2026-03-02",1,\n'
    assert ask(filled, "--sql", sql, "--format", "csv").stdout == wanted
    many = ask(filled, "--sql", "SELECT arrayJoin(range(1500)) AS n", "--format", "csv")
    assert len(many.stdout.splitlines()) == 1501


def test_sql_as_a_parquet_file(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "seen.parquet"
    sql = "SELECT event, timestamp FROM events ORDER BY 2"
    done = ask(filled, "--sql", sql, "--format", "parquet", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    table = pyarrow.parquet.read_table(out)
    assert table.column("timestamp").to_pylist()[0] == datetime(2026, 3, 1, 10, tzinfo=UTC)
    words = ("query", "--sql", "SELECT 1 AS one", "--format", "parquet")
    piped = subprocess.run([*COMMAND, *words], stdout=subprocess.PIPE, env=environment(filled), check=True).stdout
    assert pyarrow.parquet.read_table(io.BytesIO(piped)).to_pylist() == [{"one": 1}]


def test_parquet_is_not_written_to_a_terminal(filled: Path) -> None:
    seen, terminal = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "query", "--sql", "SELECT 1", "--format", "parquet"],
        stdout=terminal,
        stderr=subprocess.PIPE,
        env=environment(filled),
        timeout=110,
        check=False,
    )
    os.close(terminal)
    os.close(seen)
    assert done.returncode == 1
    assert b"--out" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((json.dumps(TRENDS), "--format", "parquet"), "parquet is for SQL only"),
        (("--sql", "SELECT 1", "--out", "x"), "is for json, csv and parquet"),
        (("--sql", "SELECT 1", "--format", "xlsx"), "must be table, json, csv, parquet"),
        (("--sql", "SELECT 1", "--format", "csv", "--out", "/nowhere/x"), "cannot be written"),
        (("--sql", "SELECT missing FROM events", "--format", "csv"), "missing"),
    ],
)
def test_ways_that_lead_nowhere_are_refused(filled: Path, words: tuple[str, ...], said: str) -> None:
    done = ask(filled, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


def test_other_answers_may_go_into_a_file(filled: Path, tmp_path: Path) -> None:
    assert ask(filled, json.dumps(TRENDS), "--format", "csv", "--out", str(tmp_path / "a.csv")).stdout == ""
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "2026-03-01T00:00:00Z,2,1"
    ask(filled, json.dumps(TRENDS), "--json", "--out", str(tmp_path / "a.json"))
    assert json.loads((tmp_path / "a.json").read_text())["kind"] == "trends"


def test_a_bad_query_fails_with_its_reason(filled: Path) -> None:
    done = ask(filled, '{"kind": "wishes"}')
    assert done.returncode == 1
    assert "kind" in done.stderr
    assert ask(filled, "{").returncode == 1
    assert ask(filled).returncode == 1


def test_a_missing_data_folder_is_told_and_not_made(tmp_path: Path) -> None:
    done = ask(tmp_path / "nowhere", "--sql", "SELECT 1")
    assert done.returncode == 1
    assert "no data folder" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_key_is_made_used_listed_and_revoked(served: Path) -> None:
    made = northing(served, "keys", "create", "Nightly report", "--scope", "project:read", "--days", "3")
    secret = made.stdout.strip()
    running = find_running(DataFolder(served))
    assert running is not None
    with Client(running.url, secret) as client:
        assert client.ask("GET", "/api/v1/projects/1/ingest/ledger")["dropped"] == {}
        key = json.loads(northing(served, "keys", "list", "--json").stdout)[0]
        assert (key["name"], key["last_four"]) == ("Nightly report", secret[-4:])
        assert "is refused" in northing(served, "keys", "revoke", str(key["id"])).stdout
        with pytest.raises(Problem, match="not valid"):
            client.ask("GET", "/api/v1/projects/1/ingest/ledger")


def test_scopes_that_do_not_exist_are_refused(served: Path) -> None:
    done = northing(served, "keys", "create", "Odd", "--scope", "everything:please")
    assert done.returncode == 1
    assert "is not a scope" in done.stderr


def test_several_projects_have_to_be_told_apart(served: Path) -> None:
    running = find_running(DataFolder(served))
    assert running is not None
    with Client(running.url, running.key) as client:
        other = client.ask("POST", "/api/v1/projects", {"name": "Other"})
        done = northing(served, "keys", "list")
        assert done.returncode == 1
        assert f"{other['id']} (Other)" in done.stderr
        assert northing(served, "keys", "list", "--project", str(other["id"])).returncode == 0
        client.ask("DELETE", f"/api/v1/projects/{other['id']}")
