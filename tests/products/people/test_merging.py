"""Anonymous to known through the real server, with PostHog's own client; merged by hand and split again."""

from __future__ import annotations

import time

import pytest
from posthog import Posthog

from tests.support.server import KEY, TOKEN, Server


@pytest.fixture(scope="module")
def shop(server: Server) -> Server:
    """A visitor who becomes alice, and bob."""
    client = Posthog(TOKEN, host=server.url, sync_mode=True)
    client.capture("viewed", distinct_id="visitor")
    client.capture("viewed", distinct_id="bob")
    client.alias("alice", "visitor")
    client.capture("bought", distinct_id="alice", properties={"$set": {"name": "Alice"}})
    client.shutdown()
    wait_for(server, 4)
    return server


def wait_for(server: Server, events: int) -> None:
    for _ in range(600):
        if server.query(kind="sql", sql="SELECT count() FROM events")["rows"][0][0] >= events:
            return
        time.sleep(0.1)
    raise AssertionError("the events did not arrive")


def people(server: Server) -> list[list[str]]:
    """The distinct ids of each person."""
    sql = "SELECT arraySort(groupArray(distinct_id)) AS ids FROM distinct_ids GROUP BY person ORDER BY ids"
    return [row[0] for row in server.query(kind="sql", sql=sql)["rows"]]


def owner(server: Server, distinct_id: str) -> int:
    sql = "SELECT person FROM distinct_ids WHERE distinct_id = {id:String}"
    return int(server.query(kind="sql", sql=sql, params={"id": distinct_id})["rows"][0][0])


def test_an_alias_of_the_official_client_joins_all_history(shop: Server) -> None:
    assert people(shop) == [["alice", "visitor"], ["bob"]]
    series = [{"event": None, "math": "unique"}]
    assert shop.query(kind="trends", series=series)["series"][0]["total"] == 2


def test_a_merge_by_hand_and_its_undoing(shop: Server) -> None:
    person = owner(shop, "bob")
    assert shop.api("POST", f"/api/v1/persons/{person}/merges", {"distinct_id": "alice"}) == {"person": person}
    assert people(shop) == [["alice", "bob", "visitor"]]
    shop.api("POST", f"/api/v1/persons/{person}/splits", {"distinct_id": "alice"})
    assert people(shop) == [["alice", "visitor"], ["bob"]]
    actions = [entry["action"] for entry in shop.api("GET", "/api/v1/audit")["items"]]
    assert actions[:4] == ["person.split", "person.split_requested", "person.merged", "person.merge_requested"]


@pytest.mark.parametrize(
    ("verb", "distinct_id", "code"),
    [("merges", "nobody", 404), ("splits", "alice", 404), ("splits", "bob", 409), ("merges", "", 422)],
)
def test_what_cannot_be_done_is_said(shop: Server, verb: str, distinct_id: str, code: int) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    path = f"/api/v1/persons/{owner(shop, 'bob')}/{verb}"
    assert shop.request("POST", path, {"distinct_id": distinct_id}, headers=headers)[0] == code
