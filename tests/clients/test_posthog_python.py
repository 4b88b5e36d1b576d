"""The official PostHog client for Python, with nothing changed but its host."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from posthog import Posthog

from tests.support.server import TOKEN, Server


class Failures(list[Any]):
    """What the client could not deliver."""

    def add(self, error: Any, _: Any) -> None:
        self.append(error)


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def client(request: pytest.FixtureRequest, server: Server) -> Iterator[Posthog]:
    failures = Failures()
    found = Posthog(
        TOKEN, host=server.url, gzip=request.param, on_error=failures.add, max_retries=0, flush_interval=0.1
    )
    yield found
    found.shutdown()
    assert failures == []


def names(server: Server, prefix: str) -> dict[str, int]:
    """How often each event of a test is stored."""
    server.wait_loaded()
    rows = server.rows(f"SELECT event, count() FROM events WHERE startsWith(event, '{prefix}') GROUP BY event")
    return dict(rows)


def test_captures(client: Posthog, server: Server) -> None:
    event = f"captured {client.gzip}"
    for number in range(250):
        client.capture(event, distinct_id=f"person {number % 10}", properties={"number": number, "emoji": "😀"})
    client.flush()
    assert names(server, event) == {event: 250}
    wanted = "uniqExact(person), sum(properties.number.:Int64), any(properties.emoji.:String)"
    [[people, total, emoji]] = server.rows(f"SELECT {wanted} FROM events WHERE event = '{event}'")
    assert (people, total, emoji) == (10, sum(range(250)), "😀")


def test_a_uuid_sent_twice_is_stored_once(client: Posthog, server: Server) -> None:
    event, uuid = f"repeated {client.gzip}", f"0195610a-1b2c-7d3e-8f40-51526374859{int(client.gzip)}"
    for _ in range(2):
        client.capture(event, distinct_id="alice", uuid=uuid)
        client.flush()
    assert names(server, event) == {event: 1}


def test_keeps_the_clients_time(client: Posthog, server: Server) -> None:
    event = f"past {client.gzip}"
    when = datetime.now(UTC) - timedelta(days=3)
    client.capture(event, distinct_id="alice", timestamp=when)
    client.flush()
    server.wait_loaded()
    [[stored]] = server.rows(f"SELECT toUnixTimestamp64Milli(timestamp) FROM events WHERE event = '{event}'")
    assert abs(int(stored) / 1000 - when.timestamp()) < 60


def test_person_and_group_properties(client: Posthog, server: Server) -> None:
    person = f"bob {client.gzip}"
    client.set(distinct_id=person, properties={"plan": "pro"})
    client.set_once(distinct_id=person, properties={"first": "today"})
    client.capture("grouped", distinct_id=person, groups={"company": "acme"})
    client.group_identify("company", "acme", {"size": 7})
    client.flush()
    server.wait_loaded()
    rows = server.rows(f"SELECT event, groups FROM events WHERE distinct_id = '{person}' ORDER BY event")
    assert [row[0] for row in rows] == ["$set", "$set_once", "grouped"]
    assert rows[2][1] == {"company": "acme"}


def test_an_exception(client: Posthog, server: Server) -> None:
    try:
        raise ValueError("what a pity")
    except ValueError as error:
        client.capture_exception(error, distinct_id=f"carol {client.gzip}")
    client.flush()
    server.wait_loaded()
    [[count]] = server.rows(
        f"SELECT count() FROM events WHERE event = '$exception' AND distinct_id = 'carol {client.gzip}'"
    )
    assert count == 1


def test_flags_are_answered(client: Posthog) -> None:
    assert client.get_all_flags("alice") == {}
    assert not client.evaluate_flags("alice").is_enabled("none")


def test_a_wrong_token_is_an_error_and_not_a_retry(server: Server) -> None:
    failures = Failures()
    client = Posthog("f" * 32, host=server.url, on_error=failures.add, flush_interval=0.1)
    client.capture("lost", distinct_id="alice")
    client.shutdown()
    assert [getattr(error, "status", None) for error in failures] == [401]


def test_the_ledger_adds_up(server: Server) -> None:
    ledger = server.wait_loaded()
    dropped = sum(ledger["dropped"].values())
    assert ledger["received"] == ledger["stored"] + ledger["deduplicated"] + dropped + ledger["pending"]
    assert (ledger["deduplicated"], dropped) == (2, 0)
