"""The bridge itself, by plain HTTP: it must refuse what a server refuses, or the tests on it prove nothing."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import zstandard

from tests.support.bridge import PASSWORD, USER, Bridge

SIGNED = {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}
Reply = tuple[int, http.client.HTTPMessage, bytes]


def ask(
    bridge: Bridge,
    body: bytes | Iterable[bytes] = b"",
    *,
    method: str = "POST",
    headers: dict[str, str] = SIGNED,
    **fields: str,
) -> Reply:
    """Status, headers and body of one request."""
    connection = http.client.HTTPConnection(urlsplit(bridge.dsn()).netloc.rpartition("@")[2], timeout=30)
    connection.request(method, f"/?{urlencode(fields)}", body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def test_a_statement_may_be_the_body_or_a_field(bridge: Bridge) -> None:
    assert ask(bridge, b"SELECT 1")[2] == ask(bridge, query="SELECT 1")[2] == b"1\n"
    assert ask(bridge, b"1, 2", query="SELECT")[2] == b"1\t2\n"


def test_a_result_names_its_format_and_what_it_cost(bridge: Bridge) -> None:
    _, headers, body = ask(bridge, b"SELECT number FROM numbers(3) FORMAT JSONCompact")
    assert (headers["X-ClickHouse-Format"], json.loads(body)["rows"]) == ("JSONCompact", 3)
    assert json.loads(headers["X-ClickHouse-Summary"])["read_rows"] == "3"


def test_parameters_and_settings_are_of_one_request(bridge: Bridge) -> None:
    sql = "SELECT {text:String}, getSetting('max_threads')"
    assert ask(bridge, sql.encode(), param_text="a\\tb", max_threads="3")[2] == b"a\\tb\t3\n"
    assert ask(bridge, sql.encode(), param_text="a")[2] != b"a\t3\n"


def test_a_form_carries_a_statement_and_its_values(bridge: Bridge) -> None:
    parts = {"query": "SELECT {v:String}", "param_v": "é"}
    lines = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items()]
    headers = {**SIGNED, "Content-Type": "multipart/form-data; boundary=x"}
    assert ask(bridge, "".join([*lines, "--x--\r\n"]).encode(), headers=headers)[2] == "é\n".encode()


@pytest.mark.parametrize("encode", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_body_may_be_compressed(bridge: Bridge, encode: object, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    assert callable(encode)
    headers = {**SIGNED, "Content-Encoding": name, "Accept-Encoding": name}
    _, answered, body = ask(bridge, encode(b"SELECT 'x'"), headers=headers, enable_http_compression="1")
    assert (answered["Content-Encoding"], body) == (name, encode(b"x\n"))


def test_rows_may_come_in_chunks(bridge: Bridge) -> None:
    ask(bridge, b"CREATE TABLE IF NOT EXISTS chunks (n UInt8, t String) ENGINE = Memory")
    sql = "INSERT INTO chunks (n, t) FORMAT RowBinary"
    assert ask(bridge, iter([b"\x01\x01", b"a\x02", b"\x01b"]), query=sql)[0] == 200
    assert ask(bridge, b"INSERT INTO chunks (`n`, `t`) FORMAT RowBinary\n\x03\x01\n")[0] == 200
    assert ask(bridge, b"SELECT * FROM chunks ORDER BY n")[2] == b"1\ta\n2\tb\n3\t\\n\n"


@pytest.mark.parametrize(
    ("sql", "status", "code"),
    [("SELECT", 400, "62"), ("SELECT * FROM nowhere", 404, "60"), ("SELECT throwIf(1)", 500, "395")],
)
def test_an_error_has_status_code_and_text(bridge: Bridge, sql: str, status: int, code: str) -> None:
    found, headers, body = ask(bridge, sql.encode())
    assert (found, headers["X-ClickHouse-Exception-Code"]) == (status, code)
    assert body.startswith(f"Code: {code}. DB::Exception: ".encode())


def test_what_a_server_refuses_is_refused(bridge: Bridge) -> None:
    many: dict[str, Any] = {f"param_v{n}": "" for n in range(1_001)}
    assert ask(bridge, b"SELECT 1", param_v="x" * (1 << 20))[0] == 414
    assert b"Field value too long" in ask(bridge, b"SELECT 1", param_v="x" * (1 << 18))[2]
    assert b"Too many form fields" in ask(bridge, b"SELECT 1", **many)[2]
    assert ask(bridge, b"SELECT 1", session_id="a")[0] == 501
    assert ask(bridge, b"SELECT 1", no_such_setting="1")[1]["X-ClickHouse-Exception-Code"] == "115"
    assert ask(bridge, b"SELECT 1", headers={})[0] == 403
    assert ask(bridge, method="GET", query="CREATE TABLE readonly (n UInt8) ENGINE = Memory")[0] == 500


def test_a_ping_needs_no_password(bridge: Bridge) -> None:
    connection = http.client.HTTPConnection(urlsplit(bridge.dsn()).netloc.rpartition("@")[2], timeout=30)
    connection.request("GET", "/ping")
    assert connection.getresponse().read() == b"Ok.\n"
    connection.close()
