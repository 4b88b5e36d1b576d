"""Kept values, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from starlette.testclient import TestClient

from tests.support.databases import database_url

__all__ = ["database_url"]
PATH = "/api/analytics/metrics"


def test_a_later_value_takes_the_place_of_an_earlier_one(bob: TestClient) -> None:
    body = {"name": "m", "period": "day", "date": "2026-02-01", "target": 1.5, "metadata": {"a": [1, None, "b"]}}
    first = bob.post(PATH, json={**body, "value": 1}).json()["metric"]
    second = bob.post(PATH, json={**body, "value": 2.25}).json()["metric"]
    assert (first["id"], first["value"], second["id"], second["value"]) == (first["id"], 1.0, first["id"], 2.25)
    assert bob.get(PATH, params={"name": "m"}).json()["metrics"] == [second]


def test_at_once_they_are_still_one(bob: TestClient, alice: TestClient) -> None:
    body = {"name": "m", "period": "day", "date": "2026-02-01"}
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(c.post, PATH, json={**body, "value": i}) for i, c in enumerate((bob, alice) * 2)]
        assert {job.result().status_code for job in jobs} == {200}
    assert len(bob.get(PATH).json()["metrics"]) == 1
