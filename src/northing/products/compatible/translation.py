"""The source systems' events as native ones; pure, and total: what is no event is left for the collector to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.kernel.ids import uuid7

FIELDS = ("event", "category", "properties", "userId", "sessionId", "page", "referrer", "timestamp", "id", "token")
ANONYMOUS = "anonymous:"


@dataclass(frozen=True, slots=True)
class Translated:
    """Native events, the token that the body names, and what was passed over."""

    events: list[Any]
    token: str
    warnings: list[str]


def translate(body: Any) -> Translated:
    """One event, an array of them, or `{"events": […]}`."""
    items = body.get("events") if isinstance(body, dict) and isinstance(body.get("events"), list) else body
    listed = items if isinstance(items, list) else [items]
    holders = [body, *listed[:1]]
    tokens = (h.get("token") for h in holders if isinstance(h, dict))
    token = next((t for t in tokens if isinstance(t, str) and t), "")
    unknown = sorted({str(name) for item in listed if isinstance(item, dict) for name in item if name not in FIELDS})
    warnings = [f"{name[:80]} is not a known field and was ignored; put it into properties." for name in unknown[:10]]
    return Translated([translate_event(item) for item in listed], token, warnings)


def translate_event(item: Any) -> Any:
    """`{event, category?, properties?, userId?, sessionId?, page?, referrer?}` as a native event with a uuid."""
    if not isinstance(item, dict):
        return item
    properties = item.get("properties")
    native = {
        "event": item.get("event"),
        "distinct_id": distinct_id_of(item),
        "uuid": item.get("id") or str(uuid7()),
        "properties": {**_page(item), **properties} if isinstance(properties, dict) else properties or _page(item),
    }
    copied = {"timestamp": "timestamp", "category": "category", "session_id": "sessionId"}
    return native | {name: item[theirs] for name, theirs in copied.items() if item.get(theirs) not in (None, "")}


def distinct_id_of(item: dict[str, Any]) -> Any:
    """The user, else an anonymous id of the session, else one that nobody else has."""
    if item.get("userId") not in (None, ""):
        return item["userId"]
    session = item.get("sessionId")
    return f"{ANONYMOUS}{session}" if session not in (None, "") else f"{ANONYMOUS}{uuid7()}"


def _page(item: dict[str, Any]) -> dict[str, Any]:
    """Whole addresses tell host and path by themselves; a path is one."""
    page, referrer = item.get("page"), item.get("referrer")
    found: dict[str, Any] = {}
    if isinstance(page, str) and page:
        found["$current_url" if "://" in page else "$pathname"] = page
    return found | ({"$referrer": referrer} if isinstance(referrer, str) and referrer else {})
