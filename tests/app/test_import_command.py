"""`northing import`, on real files and on a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from northing.app.folder import DataFolder, find_running
from tests.app.commands import ask_sql, begin, interrupt, lines_of, northing, wait_for
from tests.support.shared import shared_path

pytestmark = pytest.mark.timeout(300)


def write_events(path: Path, count: int, *, start: int = 0) -> Path:
    with path.open("a", encoding="utf-8") as file:
        for number in range(start, start + count):
            event = {"event": "imported", "distinct_id": f"p{number}", "properties": {"file": path.name}}
            file.write(json.dumps(event) + "\n")
    return path


def count_of(served: Path, path: Path) -> int:
    return int(ask_sql(served, f"SELECT count() FROM events WHERE properties.file = '{path.name}'")[0][0])


def test_imports_a_web_server_log_whole(served: Path) -> None:
    log = shared_path("data/web_logs/apache_logs")
    done = northing(served, "import", log, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["stored"] == 10_000
    assert told["files"][0]["odd"] == {"kept": 1}
    strict = "FROM events WHERE event = 'request' AND properties.malformed IS NULL"
    assert ask_sql(served, f"SELECT count() {strict}") == [[9_999]]
    assert ask_sql(served, "SELECT uniqExact(person) FROM events WHERE event = 'request'") == [[1_753]]
    statuses = ask_sql(
        served, f"SELECT properties.status AS s, count() AS n {strict} GROUP BY s ORDER BY n DESC LIMIT 5"
    )
    assert [[int(status), n] for status, n in statuses] == [[200, 9125], [304, 445], [404, 213], [301, 164], [206, 45]]


def test_imports_a_table_with_mapped_columns(served: Path) -> None:
    table = shared_path("data/ecom_clickstream/ecom.csv.gz")
    done = northing(served, "import", table, "--map", "distinct_id=user_id", "--json")
    assert json.loads(done.stdout)["stored"] == 31_106
    counts = "SELECT count(), uniqExact(person), uniqExact(session_id) FROM events WHERE session_id != ''"
    assert ask_sql(served, counts) == [[31_106, 600, 3_605]]


def test_importing_again_adds_nothing(served: Path, tmp_path: Path) -> None:
    file = write_events(tmp_path / "again.jsonl", 300)
    northing(served, "import", file)
    assert "Nothing new" in northing(served, "import", file).stdout
    told = json.loads(northing(served, "import", file, "--no-resume", "--json").stdout)
    assert (told["stored"], told["deduplicated"]) == (0, 300)


def test_only_new_lines_of_a_grown_file_are_sent(served: Path, tmp_path: Path) -> None:
    file = write_events(tmp_path / "grown.jsonl", 50)
    northing(served, "import", file)
    write_events(file, 7, start=50)
    told = json.loads(northing(served, "import", file, "--json").stdout)
    assert (told["stored"], told["deduplicated"], told["files"][0]["read"]) == (7, 0, 57)


def test_an_interrupted_import_goes_on_where_it_stopped(served: Path, tmp_path: Path) -> None:
    file = write_events(tmp_path / "long.jsonl", 6_000)
    process = begin(served, "import", file, "--batch", "10")
    # The first state means that something has been acknowledged.
    before = set((served / "imports").glob("*.json"))
    state = wait_for(lambda: set((served / "imports").glob("*.json")) - before).pop()
    assert "goes on where it stopped" in interrupt(process)
    assert process.returncode == 130
    reached = json.loads(state.read_text())["read"]
    assert 0 < reached < 6_000
    done = northing(served, "import", file, "--json")
    assert json.loads(done.stdout)["files"][0]["read"] == 6_000
    assert count_of(served, file) == 6_000


def test_bad_lines_are_told_and_written_to_the_rejects(served: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    lines = ['{"event": "good", "distinct_id": "alice"}', "not json", '{"event": "nobody"}', '{"distinct_id": "bob"}']
    file.write_text("\n".join(lines) + "\n")
    done = northing(served, "import", file, "--rejects", tmp_path / "rejects.jsonl", "--json")
    assert json.loads(done.stdout)["files"][0]["odd"] == {"unreadable": 1, "refused": 2}
    told = [(line["line"], line["fate"]) for line in lines_of(tmp_path / "rejects.jsonl")]
    assert sorted(told) == [(2, "unreadable"), (3, "refused"), (4, "refused")]
    assert "missing_distinct_id" in done.stderr


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("who,what,when,price\nalice,bought,2026-03-01 12:00:00,9.5\n,bought,2026-03-01 12:00:00,1\n")
    words = [
        "--map",
        "distinct_id=who",
        "--map",
        "event=what",
        "--map",
        "timestamp=when",
        "--timezone",
        "Europe/Berlin",
    ]
    done = northing(tmp_path / "none", "import", file, *words, "--dry-run", "--json")
    told = json.loads(done.stdout)["files"][0]
    assert (told["read"], told["accepted"], told["odd"]) == (2, 1, {"unreadable": 1})
    assert told["first"][0]["timestamp"] == "2026-03-01T12:00:00+01:00"
    assert told["first"][0]["properties"] == {"price": 9.5}
    assert not (tmp_path / "none").exists()


def test_other_options_for_a_file_that_was_imported_are_refused(served: Path, tmp_path: Path) -> None:
    file = tmp_path / "options.csv"
    file.write_text("a,b,event\nx,y,seen\n")
    northing(served, "import", file, "--map", "distinct_id=a")
    done = northing(served, "import", file, "--map", "distinct_id=b")
    assert done.returncode == 1
    assert "with other options before" in done.stderr


def test_without_a_running_server_one_is_started_and_stopped(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    file = write_events(tmp_path / "alone.jsonl", 20)
    done = northing(data, "import", file)
    assert "Stored 20," in done.stdout, done.stderr
    assert find_running(DataFolder(data)) is None
    assert count_of(data, file) == 20


def test_a_column_that_is_missing_is_named(served: Path, tmp_path: Path) -> None:
    file = tmp_path / "columns.csv"
    file.write_text("a,event\nx,seen\n")
    done = northing(served, "import", file, "--map", "distinct_id=user")
    assert done.returncode == 1
    assert "no column 'user'" in done.stderr
