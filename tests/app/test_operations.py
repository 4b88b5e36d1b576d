"""Health, readiness, metrics, restarts, and what the doctor finds."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.app.test_backup import command
from tests.support.ingest import event
from tests.support.server import KEY, TOKEN, Server


def wait_until(there: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


def test_a_dead_engine_makes_it_unready_and_comes_back(fresh_server: Server) -> None:
    assert fresh_server.request("GET", "/readyz")[0] == 200
    os.kill(fresh_server.children()["engine"], signal.SIGSTOP)
    os.kill(fresh_server.children()["engine"], signal.SIGKILL)
    wait_until(lambda: fresh_server.request("GET", "/readyz")[0] == 503)
    assert fresh_server.request("GET", "/healthz")[0] == 200
    assert fresh_server.send([event()]) == 200  # accepting goes on
    wait_until(lambda: fresh_server.request("GET", "/readyz")[0] == 200)
    assert fresh_server.wait_loaded()["stored"] == 1


def test_a_dead_web_worker_is_replaced(fresh_server: Server) -> None:
    old = fresh_server.children()["web"]
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: fresh_server.children()["web"] != old)
    fresh_server.wait_ready()
    assert fresh_server.send([event()]) == 200


def test_metrics_count_what_happened(fresh_server: Server) -> None:
    fresh_server.send([event(), event(), {"event": "nobody"}])
    fresh_server.request("POST", "/e/", b"not json")
    fresh_server.wait_loaded()
    text = fresh_server.request("GET", "/metrics")[1].decode()
    assert 'northing_ingest_events_total{protocol="native"} 3.0' in text
    assert 'northing_loader_events_total{outcome="stored",reason=""} 2.0' in text
    assert 'northing_loader_events_total{outcome="dropped",reason="missing_distinct_id"} 1.0' in text
    assert re.search(r'northing_ingest_rejected_total\{code="invalid_json",protocol="posthog"\} 1\.0', text)
    assert "northing_disk_free_bytes" in text


def test_logs_are_json_and_tell_no_secret(fresh_server: Server) -> None:
    fresh_server.send([event()])
    fresh_server.query(kind="top_events")
    lines = fresh_server.log.read_text().splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"engine_ready", "web_ready"} <= {entry.get("event") for entry in entries}
    assert KEY not in fresh_server.log.read_text()


def test_several_workers_append_and_one_loader_loads(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", {"NORTHING_WORKERS": "3"})
    server.start()
    try:
        for number in range(60):
            assert server.send([event(f"event {number}")]) == 200
        assert server.wait_loaded()["stored"] == 60
    finally:
        server.stop()


def test_callers_behind_a_trusted_proxy_are_who_it_says(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", {"NORTHING_TRUSTED_PROXIES": "127.0.0.0/8"})
    server.start()
    try:
        server.api("PATCH", "/api/v1/projects/1", {"keep_ip": "keep"})
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
        assert server.request("POST", "/api/v1/events", [event()], headers=headers)[0] == 200
        server.wait_loaded()
        assert server.rows("SELECT ip FROM events") == [["203.0.113.9"]]
    finally:
        server.stop()


def test_the_doctor_finds_a_running_server_well(fresh_server: Server) -> None:
    told = command("doctor", "--data", fresh_server.folder, "--json")
    findings = {finding["check"]: finding for finding in json.loads(told.stdout)}
    assert told.returncode == 0
    assert findings["server"]["state"] == findings["metadata"]["state"] == findings["ledger"]["state"] == "ok"


def test_the_doctor_says_how_to_mend(fresh_server: Server) -> None:
    port = fresh_server.url.rsplit(":", 1)[1]
    told = command("doctor", "--data", fresh_server.folder.parent / "other", "--json", NORTHING_PORT=port)
    findings = {finding["check"]: finding for finding in json.loads(told.stdout)}
    assert findings["data folder"]["state"] == "warn"
    (fresh_server.folder / "quarantine").mkdir()
    (fresh_server.folder / "quarantine" / "piece.damaged").write_bytes(b"?")
    told = command("doctor", "--data", fresh_server.folder, "--json", NORTHING_DISK_FLOOR_MB="99999999")
    findings = {finding["check"]: finding for finding in json.loads(told.stdout)}
    assert told.returncode == 1
    assert findings["disk"]["state"] == "fail"
    assert "Free space" in findings["disk"]["mend"]
    assert findings["quarantine"]["state"] == "warn"
