"""PostHog's capture format: shapes, where tokens and persons hide, what becomes of the special properties."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from northing.data.events.model import Dropped, DropReason
from northing.data.wire.verdicts import Warned
from northing.kernel.problems import Problem
from tests.data.wire.cast import CONTEXT, NOON_MS, decoded, examined, one, properties_of

TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
ALICE: dict[str, Any] = {"event": "viewed", "distinct_id": "alice"}
ENGAGE = msgspec.structs.replace(CONTEXT, path="/engage/")


@pytest.mark.parametrize(
    "value",
    [
        {"api_key": TOKEN, "batch": [ALICE]},
        {"token": TOKEN, "batch": [ALICE]},
        {"batch": [{**ALICE, "token": TOKEN}]},
        {"api_key": f" {TOKEN} ", "batch": [{**ALICE, "token": "other"}]},
        {**ALICE, "api_key": TOKEN},
        {**ALICE, "token": TOKEN},
        {**ALICE, "$token": TOKEN},
        {**ALICE, "properties": {"token": TOKEN}},
        [{**ALICE, "properties": {"token": TOKEN}}, ALICE],
    ],
)
def test_finds_the_token(value: Any) -> None:
    assert examined(value, "posthog").token == TOKEN
    event = decoded(value, "posthog")[0]
    assert not isinstance(event, Dropped)
    assert (event.event, event.distinct_id, event.properties) == ("viewed", "alice", b"{}")


def test_finds_no_token() -> None:
    assert examined([ALICE], "posthog").token is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([{**ALICE, "token": "a"}, {**ALICE, "token": "b"}], "several_tokens"),
        ({**ALICE, "token": "phx_secret"}, "secret_key_as_token"),
        ({**ALICE, "token": "nsk_secret"}, "secret_key_as_token"),
        ({"api_key": "a" * 65, "batch": [ALICE]}, "invalid_token"),
        ({**ALICE, "token": "schlüssel"}, "invalid_token"),
        ({**ALICE, "token": "a\0b"}, "invalid_token"),
        ({**ALICE, "token": "  "}, "invalid_token"),
    ],
)
def test_refuses_tokens(value: Any, code: str) -> None:
    with pytest.raises(Problem) as refused:
        examined(value, "posthog")
    assert (refused.value.status, refused.value.code) == (401, code)


@pytest.mark.parametrize(
    ("more", "distinct_id"),
    [
        ({"distinct_id": "bob"}, "bob"),
        ({"$distinct_id": "bob"}, "bob"),
        ({"distinct_id": "", "$distinct_id": "bob"}, "bob"),
        ({"properties": {"distinct_id": "bob"}}, "bob"),
        ({"properties": {"$distinct_id": "bob"}}, "bob"),
        ({"distinct_id": 12.0}, "12.0"),
        ({"properties": {"distinct_id": 12}}, "12"),
        ({"distinct_id": {"a": [1]}}, '{"a":[1]}'),
    ],
)
def test_finds_the_person(more: dict[str, Any], distinct_id: str) -> None:
    event = one({"event": "viewed", **more}, "posthog")
    assert (event.distinct_id, event.properties) == (distinct_id, b"{}")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"event": "x"}, DropReason.MISSING_DISTINCT_ID),
        ({"event": "x", "distinct_id": None, "properties": {"distinct_id": ""}}, DropReason.MISSING_DISTINCT_ID),
        ({"distinct_id": "x"}, DropReason.MISSING_EVENT_NAME),
        ({**ALICE, "uuid": "no"}, DropReason.ILLEGAL_UUID),
        ({**ALICE, "properties": 1}, DropReason.INVALID_EVENT),
        ("text", DropReason.INVALID_EVENT),
    ],
)
def test_drops(value: Any, reason: DropReason) -> None:
    verdict = examined([ALICE, value], "posthog")
    assert (verdict.accepted, verdict.dropped[1].reason) == (1, reason)


@pytest.mark.parametrize("value", [[], {"api_key": TOKEN, "batch": []}])
def test_nothing_sent(value: Any) -> None:
    with pytest.raises(Problem) as refused:
        examined(value, "posthog")
    assert refused.value.status == 400


def test_mends_the_senders_clock() -> None:
    item = {**ALICE, "timestamp": "2025-03-04T11:59:55Z"}
    batch = {"api_key": TOKEN, "batch": [item], "sent_at": "2025-03-04T12:00:05.000Z"}
    assert one(batch, "posthog").timestamp_ms == NOON_MS - 10_000
    item["properties"] = {"$ignore_sent_at": True}
    assert one(batch, "posthog").timestamp_ms == NOON_MS - 5_000


def test_reads_the_offset_of_old_clients() -> None:
    assert one({**ALICE, "offset": 1500}, "posthog").timestamp_ms == NOON_MS - 1500


def test_a_time_to_come_becomes_now() -> None:
    event = one({**ALICE, "timestamp": "2025-03-05T11:00:01Z"}, "posthog")
    assert (event.timestamp_ms, event.warnings) == (NOON_MS, (Warned.TIMESTAMP_IN_FUTURE,))


def test_a_page_view_of_the_browser_client() -> None:
    event = one(
        {
            "event": "$pageview",
            "properties": {
                "token": TOKEN,
                "distinct_id": "alice",
                "$session_id": "s1",
                "$window_id": "w1",
                "$current_url": "https://example.com/pricing?a=1",
                "$host": "example.com",
                "$pathname": "/pricing",
                "$referrer": "https://search.example/",
                "$referring_domain": "search.example",
                "$browser": "Chrome",
                "$browser_version": 131,
                "$device_type": "Desktop",
                "$os": "Linux",
                "$lib": "web",
                "$raw_user_agent": "Mozilla/5.0",
                "title": "Pricing",
                "utm_source": "mail",
                "$groups": {"company": "acme"},
                "plan": "pro",
            },
        },
        "posthog",
    )
    known = event.known
    assert (known.url, known.host, known.path) == ("https://example.com/pricing?a=1", "example.com", "/pricing")
    assert (known.referrer, known.referrer_host) == ("https://search.example/", "search.example")
    assert (known.browser, known.os, known.device, known.lib) == ("Chrome", "Linux", "desktop", "web")
    assert (known.title, known.utm_source, known.user_agent) == ("Pricing", "mail", "Mozilla/5.0")
    assert (event.session_id, event.groups) == ("s1", {"company": "acme"})
    assert properties_of(event) == {
        "$window_id": "w1",
        "$browser_version": 131,
        "$raw_user_agent": "Mozilla/5.0",
        "plan": "pro",
    }


def test_person_properties_in_both_places() -> None:
    event = one(
        {
            **ALICE,
            "event": "$identify",
            "$set": {"name": "Alice"},
            "properties": {
                "$set": {"name": "Al", "age": 30},
                "$set_once": {"first": None},
                "$unset": ["old", 5],
                "$anon_distinct_id": "anon",
            },
        },
        "posthog",
    )
    assert msgspec.json.decode(event.person_set) == {"name": "Alice", "age": 30}
    assert event.person_set_once == b'{"first":null}'
    assert event.person_unset == b'["old"]'
    assert properties_of(event) == {"$anon_distinct_id": "anon"}


def test_an_alias_keeps_its_other_name() -> None:
    sent = {"event": "$create_alias", "distinct_id": "old", "properties": {"distinct_id": "old", "alias": "new"}}
    event = one(sent, "posthog")
    assert (event.distinct_id, properties_of(event)) == ("old", {"alias": "new"})


def test_a_people_update() -> None:
    sent = {
        "$token": TOKEN,
        "$distinct_id": "alice",
        "$set": {"plan": "pro"},
        "$ip": "192.0.2.1",
        "$add": {"visits": 1},
        "$time": 1_741_089_600,
    }
    assert examined(sent, "posthog", ENGAGE).token == TOKEN
    event = one(sent, "posthog", ENGAGE)
    assert (event.event, event.distinct_id, event.person_set) == ("$identify", "alice", b'{"plan":"pro"}')
    assert (event.known.ip, properties_of(event), event.timestamp_ms) == (
        "192.0.2.1",
        {"$add": {"visits": 1}},
        NOON_MS,
    )


def test_uuids_stay_the_same_over_retries() -> None:
    sent = {**ALICE, "uuid": "0195610A-1b2c-7d3e-8f40-515263748596"}
    assert one(sent, "posthog").uuid.hex() == "0195610a1b2c7d3e8f40515263748596"
    assert one({**ALICE, "uuid": ""}, "posthog").uuid == CONTEXT.uuid_base.to_bytes(16, "big")
