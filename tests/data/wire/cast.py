"""What the tests of the wire share: a moment, a context, and shortcuts."""

from __future__ import annotations

import json
from typing import Any

from northing.data.events.model import Dropped, WireEvent
from northing.data.wire import native, posthog
from northing.data.wire.unpack import Unpacked, unpack
from northing.data.wire.verdicts import Examined, WireContext

NOON_MS = 1_741_089_600_000  # 2025-03-04T12:00:00Z
CONTEXT = WireContext(received_ms=NOON_MS, uuid_base=0x0195_6100_0000_7000_8000_0000_0000_0000)
EXAMINE = {"native": native.examine, "posthog": posthog.examine}
DECODE = {"native": native.decode, "posthog": posthog.decode}


def unpacked(body: bytes | str, *, limit: int = 2 << 20, encoding: str = "", kind: str = "", **query: str) -> Unpacked:
    """Unpack a body with little around it."""
    data = body.encode() if isinstance(body, str) else body
    return unpack(data, query=query, content_type=kind, content_encoding=encoding, max_bytes=limit)


def examined(value: Any, wire: str = "native", context: WireContext = CONTEXT) -> Examined:
    """Examine a value as if it had been sent."""
    return EXAMINE[wire](unpacked(json.dumps(value)), context)


def decoded(value: Any, wire: str = "native", context: WireContext = CONTEXT) -> list[WireEvent | Dropped]:
    """Decode a value as if it had been sent and stored."""
    return DECODE[wire](unpacked(json.dumps(value)).body, context)


def one(value: Any, wire: str = "native", context: WireContext = CONTEXT) -> WireEvent:
    """The only event of a value."""
    [event] = decoded(value, wire, context)
    assert isinstance(event, WireEvent)
    return event


def properties_of(event: WireEvent) -> dict[str, Any]:
    """The properties of an event, parsed."""
    found: dict[str, Any] = json.loads(event.properties)
    return found
