"""Every way clients wrap a body gives the same canonical JSON, and nothing unpacks without a bound."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, urlencode

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from northing.data.wire.compression import MAX_MEMBERS
from northing.data.wire.lzstring import decompress_base64
from northing.kernel.problems import Problem
from tests.data.wire.cast import unpacked

EVENT = '{"event":"viewed","distinct_id":"älice","properties":{"plan":"pro"}}'
RAW = EVENT.encode()
FORM = "application/x-www-form-urlencoded"
BOMB = b" " * (4 << 20)
# Made by the lz-string package.
LZ64 = "N4IgpgbmB2AuIC4QQJZgO5gCYgDQixQGdYVoBjWAfRRyQBOAbFcsPEABwCcB7DsLqTBFEoDowCG0RJ17tYYAB7wkEteo2at2nRpABffUA==="
PAIRS = [
    ("", "Q==="),
    ("a", "IZA="),
    ("hello world", "BYUwNmD2AEDukCcwBMg="),
    ("中文中文 mixed é €", "rRynDTUAgWwSwDwUwCbgJfkDUEQ="),
]


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def bare(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


@pytest.mark.parametrize(
    ("body", "encoding", "compression"),
    [
        (RAW, "", ""),
        (RAW, "identity", ""),
        (b"\n\t " + RAW, "", ""),
        (gzip.compress(RAW), "gzip", ""),
        (gzip.compress(RAW), "x-gzip", ""),
        (gzip.compress(RAW), "", "gzip-js"),
        (gzip.compress(RAW), "", ""),  # posthog-js: gzip as text/plain, told by nothing but its first bytes
        (RAW, "gzip", ""),  # a proxy has unpacked it and left the header
        (gzip.compress(RAW[:9]) + gzip.compress(RAW[9:]), "gzip", ""),
        (gzip.compress(RAW) + b"\0" * 8, "gzip", ""),
        (gzip.compress(gzip.compress(RAW)), "gzip", "gzip"),
        (brotli.compress(RAW), "br", ""),
        (zstd(RAW), "zstd", ""),
        (zstd(RAW[:9]) + zstd(RAW[9:]), "zstd", ""),
        (zlib.compress(RAW), "deflate", ""),
        (bare(RAW), "deflate", ""),
        (brotli.compress(gzip.compress(RAW)), "gzip, br", ""),
        (b64encode(RAW), "", ""),
        (b64encode(RAW), "", "base64"),
        (b64encode(gzip.compress(RAW)), "", "gzip"),
        (urlsafe_b64encode(RAW), "", "base64"),
        (b64encode(RAW).rstrip(b"="), "", "b64"),
        (gzip.compress(b64encode(RAW)), "", "gzip"),
    ],
)
def test_unwraps(body: bytes, encoding: str, compression: str) -> None:
    found = unpacked(body, encoding=encoding, compression=compression)
    assert found.body == RAW
    assert found.value == json.loads(EVENT)


@pytest.mark.parametrize("data", [b64encode(RAW).decode(), b64encode(gzip.compress(RAW)).decode(), EVENT])
def test_reads_form_fields(data: str) -> None:
    body = urlencode({"data": data, "ver": "1.200.0", "_": "1741089605000"})
    found = unpacked(body, kind=f"{FORM}; charset=UTF-8")
    assert found.body == RAW
    assert found.sent_at_ms == 1_741_089_605_000


def test_puts_back_the_plus_that_a_sloppy_form_lost() -> None:
    text = '{"event":"a?>~","distinct_id":"b?>~~"}'
    data = b64encode(text.encode()).decode()
    assert "+" in data
    assert unpacked(f"data={data}", kind=FORM).body == text.encode()


def test_reads_the_pixel() -> None:
    found = unpacked(b"", data=b64encode(RAW).decode(), ip="1", _="1741089605000")
    assert found.body == RAW
    assert found.sent_at_ms == 1_741_089_605_000


def test_takes_a_form_for_json_where_its_content_type_is_wrong() -> None:
    assert unpacked(RAW, kind=FORM).body == RAW
    assert unpacked(f"data={quote(EVENT)}", kind="text/plain").body == RAW


@pytest.mark.parametrize(("text", "packed"), PAIRS)
def test_lz_string(text: str, packed: str) -> None:
    assert decompress_base64(packed.encode(), 100) == text


@pytest.mark.parametrize("name", ["lz64", "lz-string"])
def test_lz_string_as_body_and_form(name: str) -> None:
    assert unpacked(LZ64, compression=name).value["event"] == "viewed"
    assert unpacked(urlencode({"data": LZ64, "compression": name}), kind=FORM).value["event"] == "viewed"


@pytest.mark.parametrize("when", ["", "12", "abc", "١٢٣", "-1741089605000", "9" * 40])
def test_ignores_a_time_of_sending_that_is_none(when: str) -> None:
    assert unpacked(RAW, _=when).sent_at_ms is None


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(BOMB), "gzip"),
        (gzip.compress(BOMB), ""),
        (gzip.compress(BOMB[: 1 << 20]) * 3, "gzip"),
        (zstd(BOMB), "zstd"),
        (brotli.compress(BOMB), "br"),
        (zlib.compress(BOMB), "deflate"),
        (bare(BOMB), "deflate"),
        (gzip.compress(gzip.compress(BOMB)), "gzip"),
        (b"[" + b" " * (2 << 20), ""),
    ],
)
def test_stops_bombs(body: bytes, encoding: str) -> None:
    with pytest.raises(Problem) as refused:
        unpacked(body, encoding=encoding, limit=2 << 20)
    assert (refused.value.status, refused.value.code) == (413, "body_too_large")


def test_stops_an_lz_string_bomb() -> None:
    packed = b"I" + b"Zkk" * 200_000
    with pytest.raises(Problem):
        unpacked(packed, compression="lz64", limit=1 << 20)


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (b"", "", "empty_body"),
        (b"  \n", "", "empty_body"),
        (gzip.compress(b""), "gzip", "empty_body"),
        (gzip.compress(RAW)[:-9], "gzip", "invalid_encoding"),
        (gzip.compress(RAW)[:20], "", "invalid_encoding"),
        (gzip.compress(RAW) + b"\x1f\x8b\x08broken", "gzip", "invalid_encoding"),
        (b"\xff" * 20, "gzip", "invalid_encoding"),
        (zstd(RAW)[:10], "zstd", "invalid_encoding"),
        (b"\xff" * 20, "zstd", "invalid_encoding"),
        (brotli.compress(RAW)[:10], "br", "invalid_encoding"),
        (b"\xff" * 20, "br", "invalid_encoding"),
        (zlib.compress(RAW)[:10], "deflate", "invalid_encoding"),
        (b"\xff" * 20, "deflate", "invalid_encoding"),
        (RAW[:-3], "", "invalid_json"),
        (b"hello there!", "", "invalid_json"),
        (b"{'event': 1}", "", "invalid_json"),
        (b"\xff\xfe\xfd", "", "invalid_json"),
        (gzip.compress(b"x") * (MAX_MEMBERS + 1), "gzip", "invalid_encoding"),
    ],
)
def test_says_what_cannot_be_read(body: bytes, encoding: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        unpacked(body, encoding=encoding)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_refuses_an_unknown_content_encoding() -> None:
    with pytest.raises(Problem) as refused:
        unpacked(b"\x00\x01", encoding="compress")
    assert refused.value.status == 415


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('{"a":NaN,"b":Infinity,"c":-Infinity}', {"a": None, "b": None, "c": None}),
        ('{"a":1e400,"b":-1e400,"c":1e308}', {"a": None, "b": None, "c": 1e308}),
        (f'{{"a":{"9" * 5000},"b":{"9" * 300}}}', {"a": None, "b": int("9" * 300)}),
        ('{"a":"\\ud800","b":"\\ud83d\\ude00","c":"x\\udc00y"}', {"a": "\ufffd", "b": "😀", "c": "x\ufffdy"}),
        ('{"a":1,"a":2}', {"a": 2}),
        ('{"a":"x\ny\tz"}', {"a": "x\ny\tz"}),
        ('{"a":"\\u0000"}', {"a": "\0"}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":"\xff","\xfe":1}', {"a": "\ufffd", "\ufffd": 1}),
        (b'{"a":"\xed\xa0\x80"}', {"a": "\ufffd\ufffd\ufffd"}),
    ],
)
def test_mends_what_strict_json_refuses(sent: bytes | str, kept: object) -> None:
    found = unpacked(sent)
    assert json.loads(found.body) == found.value == kept
    assert found.body.decode()


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}")])
def test_nesting_has_a_limit(start: str, end: str) -> None:
    assert unpacked(start * 100 + "1" + end * 100).body
    for depth in (101, 500, 100_000):
        with pytest.raises(Problem, match="nested more than 100 levels"):
            unpacked(start * depth + "1" + end * depth)


def test_nesting_is_counted_beside_many_shallow_values_and_brackets_in_texts() -> None:
    assert unpacked(json.dumps([{"a": {"b": "]]]]}}}[[[[{{{{" * 20}}] * 200)).body
    with pytest.raises(Problem, match="nested more than 100 levels"):
        unpacked('["]]]]]]]]]]",' + "[" * 101 + "]" * 101 + "]")


def test_64_megabytes_of_brackets_are_answered_at_once() -> None:
    started = time.monotonic()
    for body in (b"[" * (64 << 20), gzip.compress(b"[" * (64 << 20), 1), b'{"a":' * (12 << 20)):
        with pytest.raises(Problem, match="nested more than 100 levels"):
            unpacked(body, limit=128 << 20)
    assert time.monotonic() - started < 10
