"""For anything that can be sent: both passes agree, nothing but `Problem` is raised, what is kept is strict JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.events.model import Dropped, WireEvent
from northing.data.wire.unpack import Unpacked, unpack
from northing.kernel.problems import Problem
from tests.data.wire.cast import CONTEXT, DECODE, EXAMINE

T = TypeVar("T")

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20)
FIELDS = """event distinct_id $distinct_id uuid timestamp properties batch token sent_at offset session_id category
$set $set_once $unset $groups set groups $session_id $ignore_sent_at
url $current_url $device_type browser $browser user_agent $referrer"""
keys = st.text(max_size=8) | st.sampled_from(FIELDS.split())
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6), max_leaves=20
)
names = st.sampled_from(["viewed", "$identify", "", " ", "e" * 300, "\ud800", "\0"]) | values
ids = st.sampled_from(["alice", "", "d" * 300, 7, None, "\udfff"]) | values
times = (
    st.sampled_from(["2025-03-04T11:59:55Z", "soon", "0001-01-01", "9999-12-31T23:59:59-14:00", 0, -1e9, 1e300, ""])
    | st.datetimes().map(str)
    | values
)
uuids = st.uuids().map(str) | st.sampled_from(["", "x", "-" * 36, None, 5]) | values
events = st.fixed_dictionaries(
    {"event": names, "distinct_id": ids},
    optional={
        "timestamp": times,
        "uuid": uuids,
        "offset": values,
        "properties": st.dictionaries(keys, values, max_size=8) | values,
        "set": values,
        "$set": values,
        "$unset": values,
        "groups": values,
        "session_id": values,
        "category": values,
        "token": values,
    },
)
requests = (
    events
    | st.lists(events | values, max_size=4)
    | st.fixed_dictionaries(
        {"batch": st.lists(events | values, max_size=4)}, optional={"sent_at": times, "api_key": values}
    )
    | values
)


def attempt(step: Callable[[], T], *statuses: int) -> T | None:
    """What a step gives, or None where it refused with one of these statuses."""
    try:
        return step()
    except Problem as problem:
        if problem.status not in statuses:
            raise
    return None


def check(found: Unpacked, wire: str) -> None:
    """Both passes over one body."""
    assert msgspec.json.decode(found.body) == found.value
    json.loads(found.body.decode())
    verdict = attempt(lambda: EXAMINE[wire](found, CONTEXT), 400, 401)
    if verdict is None:
        return
    decoded = DECODE[wire](found.body, CONTEXT)
    assert decoded == DECODE[wire](found.body, CONTEXT)
    assert len(decoded) == verdict.count == len(verdict.keys)
    assert {i: d for i, d in enumerate(decoded) if isinstance(d, Dropped)} == verdict.dropped
    kept = {i: d for i, d in enumerate(decoded) if isinstance(d, WireEvent)}
    assert {i: e.warnings for i, e in kept.items() if e.warnings} == verdict.warned
    msgspec.json.encode(verdict.results())
    for event in kept.values():
        check_event(event)


def check_event(event: WireEvent) -> None:
    assert 0 < len(event.event) <= 200
    assert 0 < len(event.distinct_id) <= 200
    assert 0 <= event.timestamp_ms <= CONTEXT.received_ms + 86_400_000
    assert len(event.uuid) == 16
    assert type(json.loads(event.properties)) is dict
    for text in (
        event.event,
        event.distinct_id,
        event.session_id,
        event.category,
        *msgspec.structs.astuple(event.known),
    ):
        text.encode()
    for written, kind in ((event.person_set, dict), (event.person_set_once, dict), (event.person_unset, list)):
        assert written == b"" or type(json.loads(written)) is kind


@pytest.mark.parametrize("wire", list(EXAMINE))
@given(value=requests)
@settings(max_examples=150, deadline=None)
def test_any_json(wire: str, value: Any) -> None:
    body = json.dumps(value).encode()
    found = attempt(lambda: unpack(body, query={}, content_type="", content_encoding="", max_bytes=1 << 20), 400)
    if found is not None:
        check(found, wire)


@given(
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.binary(max_size=80).map(gzip.compress),
    encoding=st.sampled_from(["", "gzip", "br", "zstd", "deflate", "identity", "gzip, br", "x"]),
    compression=st.sampled_from(["", "gzip", "gzip-js", "base64", "lz64", "br", "deflate", "x"]),
    kind=st.sampled_from(["", "application/x-www-form-urlencoded", "text/plain"]),
    data=st.sampled_from(["", "e30=", "eyJh"]) | st.text(max_size=20),
)
@settings(max_examples=250, deadline=None)
def test_any_bytes(body: bytes, encoding: str, compression: str, kind: str, data: str) -> None:
    query = {"compression": compression, "data": data.encode("utf-8", "replace").decode()}
    found = attempt(
        lambda: unpack(body, query=query, content_type=kind, content_encoding=encoding, max_bytes=1 << 16),
        400,
        413,
        415,
    )
    if found is not None:
        check(found, "native")
        check(found, "posthog")
