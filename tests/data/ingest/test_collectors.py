"""Hostile and odd requests at the real door: a clear answer, nothing lost, never a 5xx."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import socket
import zlib
from typing import Any
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from tests.support.ingest import event
from tests.support.server import TOKEN, Server

AUTH = {"Authorization": f"Bearer {TOKEN}"}
NATIVE = "/api/v1/events"


def post(server: Server, body: bytes, path: str = NATIVE, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.request("POST", path, body, headers={**AUTH, **named})


def one(**more: Any) -> bytes:
    return json.dumps(event(**more)).encode()


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()


REFUSED = {
    "empty": (b"", {}, 400),
    "not json": (b"hello", {}, 400),
    "half a json": (b'{"event": "x", ', {}, 400),
    "no events": (b"[]", {}, 400),
    "nothing valid": (b'[{"event": "x"}, 5]', {}, 400),
    "nested": (b'{"event":"x","distinct_id":"a","properties":' + b'{"a":' * 200 + b"1" + b"}" * 201, {}, 400),
    "64 MB of brackets": (gzip.compress(b"[" * (64 << 20)), {"Content_Encoding": "gzip"}, 413),
    "18 MB of brackets": (b"[" * (18 << 20), {}, 400),
    "gzip bomb": (bomb(300), {"Content_Encoding": "gzip"}, 413),
    "truncated gzip": (gzip.compress(one())[:-9], {"Content_Encoding": "gzip"}, 400),
    "unknown encoding": (b"\x01\x02\x03", {"Content_Encoding": "rot13"}, 415),
    "too large": (b" " * (21 << 20), {}, 413),
    "too many events": (gzip.compress(b"[" + b"0," * 5_000_000 + one() + b"]"), {"Content_Encoding": "gzip"}, 413),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_words(server: Server, name: str) -> None:
    body, headers, expected = REFUSED[name]
    status, answer = post(server, body, **headers)
    assert (status, answer["status"]) == (expected, expected)
    assert answer["code"]
    assert answer["detail"]


TAKEN = {
    "plain": (one(), {}),
    "gzip": (gzip.compress(one()), {"Content_Encoding": "gzip"}),
    "gzip, unnamed": (gzip.compress(one()), {}),
    "brotli": (brotli.compress(one()), {"Content_Encoding": "br"}),
    "zstd": (zstandard.compress(one()), {"Content_Encoding": "zstd"}),
    "deflate": (zlib.compress(one()), {"Content_Encoding": "deflate"}),
    "NaN": (one(properties={"x": 1}).replace(b'"x": 1', b'"x": NaN'), {}),
    "NUL": (one(properties={"text": "a\0b"}), {}),
    "lone surrogate": (one(properties={"text": "?"}).replace(b'"?"', b'"\\ud800"'), {}),
    "bad UTF-8": (one(properties={"text": "?"}).replace(b'"?"', b'"\xff\xfe"'), {}),
    "1e400": (one(properties={"x": 1}).replace(b'"x": 1', b'"x": 1e400'), {}),
    "a huge integer": (one(properties={"x": 10**300}), {}),
    "repeated keys": (one(properties={"x": 1}).replace(b'"x": 1', b'"x": 1, "x": {"y": 2}'), {}),
    "conflicting paths": (one(properties={"a.b": 1, "a": {"b": 2}}), {}),
    "an empty key": (one(properties={"": 1}), {}),
    "a thousand keys": (one(properties={f"key {n}": n for n in range(1000)}), {}),
    "far future": (one(timestamp="2950-01-01T00:00:00Z"), {}),
    "long ago": (one(timestamp="1204-04-12T00:00:00Z"), {}),
    "1969": (one(timestamp="1969-12-31T23:59:59Z"), {}),
    "no time": (one(timestamp="yesterday"), {}),
    "an endless agent": (one(properties={"$user_agent": "android" * 100_000}), {}),
    "an endless address": (one(properties={"$current_url": "https://example.com/" + "x" * 900_000}), {}),
    "a long name": (one(name="n" * 5000), {}),
    "a long id": (one(person="p" * 5000), {}),
    "a number as id": (one(person="42").replace(b'"42"', b"42"), {}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_can_be_mended_is_stored(server: Server, name: str) -> None:
    before = server.wait_loaded()["stored"]
    body, headers = TAKEN[name]
    status, answer = post(server, body, **headers)
    assert status == 200, answer
    assert all(result["result"] in ("ok", "warning") for result in answer["results"].values())
    assert server.wait_loaded()["stored"] == before + 1


def test_the_ledger_adds_up_after_all_that(server: Server) -> None:
    post(server, json.dumps([event(), {"event": "nobody"}, event()]).encode())
    ledger = server.wait_loaded()
    assert ledger["received"] == ledger["stored"] + ledger["deduplicated"] + sum(ledger["dropped"].values())
    assert server.rows("SELECT count() FROM events") == [[ledger["stored"]]]


@pytest.mark.parametrize("token", ["", "0" * 32, "x" * 5000, "\xff", "' OR 1=1"])
def test_an_unknown_token_is_a_401(server: Server, token: str) -> None:
    status, answer = server.request("POST", NATIVE, one(), headers={"Authorization": f"Bearer {token}"})
    assert (status, answer["code"]) == (401, "invalid_token")


@pytest.mark.parametrize("path", ["/e", "/e/", "/i/v0/e/", "/batch/", "/batch", "/capture/", "/track/"])
def test_posthog_paths_take_a_batch(server: Server, path: str) -> None:
    before = server.wait_loaded()["stored"]
    body = {"api_key": TOKEN, "batch": [{"event": "hello", "distinct_id": "dora", "properties": {}}]}
    assert server.request("POST", path, body) == (200, {"status": 1})
    assert server.wait_loaded()["stored"] == before + 1


def test_a_pixel_is_counted(server: Server) -> None:
    before = server.wait_loaded()["stored"]
    data = base64.urlsafe_b64encode(
        json.dumps({"event": "opened", "distinct_id": "d", "token": TOKEN}).encode()
    ).decode()
    assert server.request("GET", f"/e/?data={data}")[0] == 200
    assert server.wait_loaded()["stored"] == before + 1


def test_browsers_of_any_site_may_send(server: Server) -> None:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 0, timeout=20)
    asked = {"Origin": "https://shop.example.com", "Access-Control-Request-Headers": "content-type, x-other"}
    connection.request("OPTIONS", "/e/", headers=asked)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example.com"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type, x-other"


def test_a_client_that_leaves_in_the_middle_harms_nobody(server: Server) -> None:
    before = server.wait_loaded()["received"]
    parts = urlsplit(server.url)
    for _ in range(20):
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as line:
            head = f"POST {NATIVE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 1000\r\n\r\n"
            line.sendall(head.encode() + b'[{"event": "half"')
    assert post(server, one())[0] == 200
    assert server.wait_loaded()["received"] == before + 1


def test_a_secret_key_may_send_where_its_scope_says_so(server: Server) -> None:
    keys = {
        scope: server.api("POST", "/api/v1/projects/1/keys", {"name": scope, "scopes": [scope]})
        for scope in ("ingest:write", "events:read")
    }
    statuses = {
        scope: server.request("POST", NATIVE, one(), headers={"Authorization": f"Bearer {key['secret']}"})[0]
        for scope, key in keys.items()
    }
    assert statuses == {"ingest:write": 200, "events:read": 401}


def test_senders_that_promise_and_wait_keep_nobody_out(server: Server) -> None:
    parts = urlsplit(server.url)
    lines = [socket.create_connection((parts.hostname or "", parts.port or 0)) for _ in range(40)]
    try:
        for line in lines:
            line.sendall(f"POST {NATIVE} HTTP/1.1\r\nHost: x\r\nContent-Length: {20 << 20}\r\n\r\n".encode())
        assert post(server, one())[0] == 200
    finally:
        for line in lines:
            line.close()


def test_flags_are_not_asked_with_a_flood(server: Server) -> None:
    assert server.request("POST", "/flags/?v=2", b"x" * (3 << 20))[0] == 413


def test_reading_events_needs_a_key_and_not_the_token(server: Server) -> None:
    assert server.request("GET", NATIVE, headers=AUTH)[0] == 401
    assert server.request("GET", NATIVE)[0] == 401
