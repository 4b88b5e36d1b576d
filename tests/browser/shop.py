"""The named world of these tests: three people of a shop, two days, and what the pages must say about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

# Of alice and bob.
COMPANY = "Acme/Berlin"
# Event, person, days ago, browser, plan, amount.
VISITS = (
    ("$pageview", "alice", 1, "Firefox", "pro", None),
    ("$pageview", "alice", 2, "Firefox", "pro", None),
    ("$pageview", "bob", 1, "Chrome", "free", None),
    ("$pageview", "carol", 2, "Chrome", "free", None),
    ("purchase", "alice", 1, "Firefox", "pro", 30),
    ("purchase", "alice", 2, "Firefox", "pro", 20),
    ("purchase", "bob", 1, "Chrome", "free", 5),
)


def events(now: datetime | None = None) -> list[dict[str, Any]]:
    """The visits as native events, all at noon of their day."""
    noon = (now or datetime.now(UTC)).replace(hour=12, minute=0, second=0, microsecond=0)
    return [_event(noon - timedelta(days=visit[2]), *visit) for visit in VISITS]


def _event(
    at: datetime, name: str, person: str, _ago: int, browser: str, plan: str, amount: int | None
) -> dict[str, Any]:
    page = "/pricing" if plan == "pro" else "/"
    properties = {"$browser": browser, "$current_url": f"https://shop.example{page}", "$pathname": page, "plan": plan}
    bought = {} if amount is None else {"amount": amount}
    event = {"event": name, "distinct_id": person, "timestamp": at.isoformat(), "properties": properties | bought}
    return event if person == "carol" else {**event, "groups": {"company": COMPANY}}
