"""What an event says of identities: that another distinct id is the same person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from northing.data.events.model import MAX_DISTINCT_ID, WireEvent

IDENTIFY = "$identify"
ALIAS = "$create_alias"
MERGE = "$merge_dangerously"
MANUAL = "manual"
MERGE_EVENTS = frozenset((IDENTIFY, ALIAS, MERGE))
# Values that programs send where they know nobody; merging on one would make strangers one person.
_ILLEGAL_ANY_CASE = frozenset(
    "anonymous guest distinctid distinct_id id not_authenticated email undefined true false".split()
)
_ILLEGAL = frozenset(("[object Object]", "NaN", "None", "none", "null", "0", ""))
_PERSONLESS = b'"$process_person_profile":false'


class MergeClaim(NamedTuple):
    """The person of `other` is claimed to be part of the person of `distinct_id`."""

    distinct_id: str
    other: str
    reason: str

    @property
    def is_forced(self) -> bool:
        """Whether it holds even where the other is somebody known already."""
        return self.reason in (MERGE, MANUAL)


def merge_claim(event: WireEvent) -> MergeClaim | None:
    """The claim of an event, or None where it makes none."""
    if event.event not in MERGE_EVENTS:
        return None
    properties = msgspec.json.decode(event.properties)
    other = _other(event.event, properties)
    if not other or other == event.distinct_id:
        return None
    return MergeClaim(event.distinct_id, other, event.event)


def _other(name: str, properties: Mapping[str, Any]) -> str:
    value = properties.get("$anon_distinct_id" if name == IDENTIFY else "alias")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:MAX_DISTINCT_ID]


def is_illegal_id(distinct_id: str) -> bool:
    """Whether an id stands for nobody in particular."""
    plain = distinct_id.strip().strip("\"'").strip()
    return plain in _ILLEGAL or plain.lower() in _ILLEGAL_ANY_CASE


def is_personless(event: WireEvent) -> bool:
    """Whether the client asks for no profile to be made of this event."""
    return _PERSONLESS in event.properties
