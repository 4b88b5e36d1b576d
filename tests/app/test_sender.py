"""The sender against a peer that is busy, picky, or small-minded."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from northing.app.sender import Parcel, Receipt, Sender
from northing.kernel.problems import Problem

EVENTS = [{"event": "seen", "distinct_id": "alice", "uuid": f"u{number}"} for number in range(4)]


@contextmanager
def peer(*answers: tuple[int, Any]) -> Iterator[tuple[str, list[int]]]:
    """A server that gives these answers in turn; its address, and how many events each request had."""
    waiting, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(len(json.loads(gzip.decompress(body))))
            status, content = waiting.pop(0)
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(url: str) -> Receipt:
    receipts: list[Receipt] = []
    with Sender(url, "token", on_receipt=receipts.append) as sender:
        sender.send(Parcel(EVENTS, 9, (1, 2, 3, 4)))
    return receipts[0]


def fine(count: int) -> tuple[int, Any]:
    return 200, {"results": {f"u{number}": {"result": "ok"} for number in range(count)}}


def test_a_busy_server_is_asked_again() -> None:
    with peer((429, {}), (503, {}), fine(4)) as (url, asked):
        assert send(url).refused == {}
    assert asked == [4, 4, 4]


def test_refusals_and_mended_events_are_told_by_their_place() -> None:
    verdicts = {"1": {"result": "drop", "details": "illegal_uuid"}, "u2": {"result": "warning", "details": "future"}}
    with peer((200, {"results": {"u0": {"result": "ok"}, **verdicts}})) as (url, _):
        receipt = send(url)
    assert (receipt.refused, receipt.mended) == ({1: "illegal_uuid"}, {2: "future"})


def test_what_is_too_large_goes_in_halves() -> None:
    with peer((413, {}), fine(2), (413, {}), fine(1), (413, {"detail": "too large"})) as (url, asked):
        assert send(url).refused == {3: "too large"}
    assert asked == [4, 2, 2, 1, 1]


def test_where_nothing_is_valid_all_are_refused() -> None:
    with peer((400, {"detail": "No event can be stored."})) as (url, _):
        assert set(send(url).refused) == {0, 1, 2, 3}


def test_a_wrong_token_stops_it() -> None:
    refusal = {"detail": "The project token is unknown.", "code": "invalid_token"}
    with peer((401, refusal)) as (url, _), pytest.raises(Problem, match="token is unknown"):
        send(url)
