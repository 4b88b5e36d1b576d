"""The people of two projects, and what they save; metadata on both databases, events on a real engine."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.server.conftest import clock, passwords, settings
from tests.support.people import acme, alice, bob, charlie, context, make_app, vera, world

__all__ = [
    "acme", "alice", "bob", "charlie", "clock", "context", "make_app", "passwords", "settings", "vera", "world",
]  # fmt: skip

TRENDS = {"kind": "trends", "series": [{"event": "$pageview"}]}
FUNNEL = {"kind": "funnel", "steps": [{"event": "signup"}, {"event": "upgrade"}]}


def save(client: TestClient, name: str = "Visits", **more: Any) -> dict[str, Any]:
    """A new insight, as it was answered."""
    answer = client.post("/api/v1/insights", json={"name": name, "query": TRENDS, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def names(client: TestClient, path: str = "/insights", **params: Any) -> list[str]:
    """The names on one page of a list."""
    answer = client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]
