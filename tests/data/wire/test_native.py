"""Northing's own format: shapes, rules, verdicts."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import pytest

from northing.data.events.model import MAX_EVENT_BYTES, Dropped, DropReason, WireEvent
from northing.data.wire.verdicts import WARNING_TEXT, Warned, WireContext
from northing.kernel.problems import Problem
from tests.data.wire.cast import CONTEXT, NOON_MS, decoded, examined, one, properties_of

ALICE: dict[str, Any] = {"event": "viewed", "distinct_id": "alice"}
UUID = "0195610a-1b2c-7d3e-8f40-515263748596"


@pytest.mark.parametrize("value", [ALICE, [ALICE], {"batch": [ALICE]}, {"batch": [ALICE], "sent_at": None}])
def test_shapes(value: Any) -> None:
    assert examined(value).keys == ["0"]
    event = one(value)
    assert (event.event, event.distinct_id, event.timestamp_ms) == ("viewed", "alice", NOON_MS)
    assert (event.properties, event.warnings, event.groups) == (b"{}", (), None)


@pytest.mark.parametrize("value", [[], {"batch": []}])
def test_nothing_sent(value: Any) -> None:
    with pytest.raises(Problem) as refused:
        examined(value)
    assert refused.value.code == "empty_batch"


def test_every_field() -> None:
    event = one(
        {
            **ALICE,
            "timestamp": "2025-03-04T11:00:00Z",
            "uuid": UUID,
            "category": "reading",
            "session_id": "s1",
            "properties": {"plan": "pro", "n": 1},
            "set": {"name": "Alice"},
            "set_once": {"first": "today"},
            "unset": ["old"],
            "groups": {"company": 7},
        }
    )
    assert event.timestamp_ms == NOON_MS - 3_600_000
    assert event.uuid == uuid.UUID(UUID).bytes
    assert (event.category, event.session_id, event.properties) == ("reading", "s1", b'{"plan":"pro","n":1}')
    assert (event.person_set, event.person_set_once, event.person_unset) == (
        b'{"name":"Alice"}',
        b'{"first":"today"}',
        b'["old"]',
    )
    assert event.groups == {"company": "7"}
    assert event.warnings == ()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (1, DropReason.INVALID_EVENT),
        (None, DropReason.INVALID_EVENT),
        ([], DropReason.INVALID_EVENT),
        ({}, DropReason.MISSING_EVENT_NAME),
        ({"distinct_id": "a"}, DropReason.MISSING_EVENT_NAME),
        ({**ALICE, "event": ""}, DropReason.MISSING_EVENT_NAME),
        ({**ALICE, "event": " \n"}, DropReason.MISSING_EVENT_NAME),
        ({**ALICE, "event": 5}, DropReason.MISSING_EVENT_NAME),
        ({"event": "viewed"}, DropReason.MISSING_DISTINCT_ID),
        ({**ALICE, "distinct_id": ""}, DropReason.MISSING_DISTINCT_ID),
        ({**ALICE, "distinct_id": None}, DropReason.MISSING_DISTINCT_ID),
        ({**ALICE, "uuid": "x"}, DropReason.ILLEGAL_UUID),
        ({**ALICE, "uuid": UUID[:-1]}, DropReason.ILLEGAL_UUID),
        ({**ALICE, "uuid": UUID[:-2] + "  "}, DropReason.ILLEGAL_UUID),
        ({**ALICE, "uuid": 7}, DropReason.ILLEGAL_UUID),
        ({**ALICE, "properties": []}, DropReason.INVALID_EVENT),
        ({**ALICE, "properties": "{}"}, DropReason.INVALID_EVENT),
    ],
)
def test_drops(item: Any, reason: DropReason) -> None:
    batch = [ALICE, item, ALICE]
    verdict = examined(batch)
    assert (verdict.count, verdict.accepted, verdict.dropped[1].reason) == (3, 2, reason)
    before, dropped, after = decoded(batch)
    assert isinstance(dropped, Dropped)
    assert dropped.reason == reason
    assert isinstance(before, WireEvent)
    assert isinstance(after, WireEvent)


@pytest.mark.parametrize(
    ("more", "warning", "named"),
    [
        ({"event": "e" * 201}, Warned.EVENT_NAME_CUT, ""),
        ({"distinct_id": "d" * 201}, Warned.DISTINCT_ID_CUT, ""),
        ({"timestamp": "2030-01-01T00:00:00Z"}, Warned.TIMESTAMP_IN_FUTURE, ""),
        ({"timestamp": "1066-10-14T09:00:00Z"}, Warned.TIMESTAMP_BEFORE_1970, ""),
        ({"timestamp": "soon"}, Warned.TIMESTAMP_UNREADABLE, ""),
        ({"propertys": {}}, Warned.UNKNOWN_FIELD, " Ignored: `propertys`."),
        (dict.fromkeys("abcdefg", 1), Warned.UNKNOWN_FIELD, " Ignored: `a`, `b`, `c`, `d`, `e` and 2 more."),
        ({"u" * 99: 1}, Warned.UNKNOWN_FIELD, f" Ignored: `{'u' * 60}`."),
        ({"set": []}, Warned.FIELD_IGNORED, " Ignored: `set`."),
        ({"groups": "company"}, Warned.FIELD_IGNORED, " Ignored: `groups`."),
    ],
)
def test_warns(more: dict[str, Any], warning: Warned, named: str) -> None:
    verdict = examined([{**ALICE, **more}])
    assert verdict.warned == {0: (warning,)}
    assert verdict.results()["0"] == {"result": "warning", "details": WARNING_TEXT[warning] + named}
    event = one({**ALICE, **more})
    assert event.warnings == (warning,)
    assert max(len(event.event), len(event.distinct_id)) <= 200


def test_keeps_a_replaced_time_as_a_property() -> None:
    event = one({**ALICE, "timestamp": "1066-10-14T09:00:00Z", "properties": {"a": 1}})
    assert properties_of(event) == {"a": 1, "$original_timestamp": "1066-10-14T09:00:00Z"}


def test_every_warning_has_words() -> None:
    assert set(WARNING_TEXT) == set(Warned)


def test_answers_per_event() -> None:
    answer = examined([{**ALICE, "uuid": UUID}, {**ALICE, "timestamp": "soon"}, {"event": "x"}]).results()
    assert answer[UUID] == {"result": "ok"}
    assert answer["1"]["result"] == "warning"
    assert answer["2"] == {"result": "drop", "details": "missing_distinct_id: The event has no distinct_id."}


def test_an_event_without_uuid_gets_the_same_one_every_time() -> None:
    first, second = decoded([ALICE, ALICE])
    again, _ = decoded([ALICE, ALICE])
    assert isinstance(first, WireEvent)
    assert isinstance(second, WireEvent)
    assert first == again
    assert int.from_bytes(first.uuid, "big") == CONTEXT.uuid_base
    assert int.from_bytes(second.uuid, "big") == CONTEXT.uuid_base + 1


@pytest.mark.parametrize("form", [UUID, UUID.upper(), UUID.replace("-", "")])
def test_uuid_forms(form: str) -> None:
    assert examined({**ALICE, "uuid": form}).keys == [form]
    assert one({**ALICE, "uuid": form}).uuid == uuid.UUID(UUID).bytes


@pytest.mark.parametrize(("sent", "kept"), [(7, "7"), (1.5, "1.5"), (["a"], '["a"]'), ({"a": 1}, '{"a":1}')])
def test_distinct_ids_become_text(sent: Any, kept: str) -> None:
    assert one({**ALICE, "distinct_id": sent}).distinct_id == kept


def test_the_senders_clock() -> None:
    batch = {"batch": [{**ALICE, "timestamp": "2025-03-04T11:59:55Z"}], "sent_at": "2025-03-04T12:00:05Z"}
    assert one(batch).timestamp_ms == NOON_MS - 10_000
    hinted = WireContext(received_ms=NOON_MS, uuid_base=0, sent_at_ms=NOON_MS + 5000)
    assert one(batch["batch"], context=hinted).timestamp_ms == NOON_MS - 10_000


def test_well_known_properties_become_columns() -> None:
    event = one(
        {
            **ALICE,
            "properties": {
                "url": "https://example.com/",
                "$browser": "Firefox",
                "browser": "mine",
                "utm_source": "mail",
                "$device_type": "Mobile",
                "$referrer": "$direct",
                "country": 7,
                "device": "iPhone",
                "user_agent": "curl/8",
                "$session_id": "s9",
                "plan": "pro",
            },
        }
    )
    known = event.known
    assert (known.url, known.browser, known.utm_source) == ("https://example.com/", "Firefox", "mail")
    assert (known.device, known.referrer, known.country, known.user_agent) == ("mobile", "", "", "curl/8")
    assert event.session_id == "s9"
    assert properties_of(event) == {
        "browser": "mine",
        "country": 7,
        "device": "iPhone",
        "user_agent": "curl/8",
        "plan": "pro",
    }


def test_a_dollar_name_wins_in_either_order() -> None:
    event = one({**ALICE, "properties": {"browser": "mine", "$browser": "Firefox"}})
    assert event.known.browser == "Firefox"
    assert properties_of(event) == {"browser": "mine"}


def test_too_large_an_event_is_dropped_alone() -> None:
    batch = [ALICE, {**ALICE, "properties": {"text": "x" * MAX_EVENT_BYTES}}, ALICE]
    verdict = examined(batch)
    assert verdict.dropped[1].reason == DropReason.EVENT_TOO_LARGE
    assert [isinstance(found, WireEvent) for found in decoded(batch)] == [True, False, True]


def test_integers_of_any_size_survive() -> None:
    event = one({**ALICE, "properties": {"n": 10**30, "m": -(2**63)}})
    assert properties_of(event) == {"n": 10**30, "m": -(2**63)}


def test_the_context_can_be_stored() -> None:
    assert msgspec.json.decode(msgspec.json.encode({"received_ms": 1, "uuid_base": 2}), type=WireContext).path == ""
