"""The source systems' events as native ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northing.data.wire import native
from northing.data.wire.lenient import encode_json
from northing.data.wire.unpack import Unpacked
from northing.data.wire.verdicts import WireContext
from northing.products.compatible.translation import translate, translate_event

CONTEXT = WireContext(received_ms=1_700_000_000_000, uuid_base=1 << 80)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(("event", "userId", "sessionId", "properties", "page", "referrer", "id", "token", "odd"))


def test_every_field_has_its_place() -> None:
    event = translate_event(
        {
            "event": "search",
            "category": "c",
            "properties": {"term": "boots"},
            "userId": "alice",
            "sessionId": "s1",
            "page": "/catalogue",
            "referrer": "https://a.test/",
            "timestamp": "2026-03-01T12:00:00Z",
        }
    )
    assert UUID(event.pop("uuid")).version == 7
    assert event == {
        "event": "search",
        "category": "c",
        "distinct_id": "alice",
        "session_id": "s1",
        "timestamp": "2026-03-01T12:00:00Z",
        "properties": {"$pathname": "/catalogue", "$referrer": "https://a.test/", "term": "boots"},
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"userId": "u", "sessionId": "s"}, "u"),
        ({"userId": 7}, 7),
        ({"userId": "", "sessionId": "s"}, "anonymous:s"),
        ({"sessionId": "s"}, "anonymous:s"),
    ],
)
def test_whose_event_it_is(fields: dict[str, Any], expected: Any) -> None:
    assert translate_event({"event": "e", **fields})["distinct_id"] == expected


def test_nobody_shares_the_id_of_nobody() -> None:
    first, second = (translate_event({"event": "e"})["distinct_id"] for _ in range(2))
    assert first.startswith("anonymous:")
    assert first != second


def test_whole_addresses_are_addresses() -> None:
    assert translate_event({"event": "e", "page": "https://a.test/x?y=1"})["properties"] == {
        "$current_url": "https://a.test/x?y=1"
    }
    assert translate_event({"event": "e", "page": "/x", "properties": {"$pathname": "/mine"}})["properties"] == {
        "$pathname": "/mine"
    }


def test_tokens_and_unknown_fields_are_told() -> None:
    found = translate({"events": [{"event": "a", "name": 1}, {"event": "b"}], "token": "t"})
    assert (found.token, [e["event"] for e in found.events]) == ("t", ["a", "b"])
    assert found.warnings == ["name is not a known field and was ignored; put it into properties."]
    assert translate([{"event": "a", "token": "first"}]).token == "first"


@given(JSON | st.dictionaries(NAMES, JSON) | st.lists(st.dictionaries(NAMES, JSON), max_size=3))
def test_anything_is_translated_and_can_be_judged(body: Any) -> None:
    found = translate(body)
    text = encode_json(found.events)
    if found.events:
        assert native.examine(Unpacked(text, found.events), CONTEXT).count == len(found.events)
