"""The event as the formats hand it over: decoded, judged and flat, before enrichment and identity.

`wire` makes these values, the loader turns them into rows. They are plain structs outside the
garbage collector's care, because a batch holds thousands of them for a second at most.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

MAX_EVENT_NAME = 200
MAX_DISTINCT_ID = 200
MAX_EVENT_BYTES = 1 << 20


class DropReason(StrEnum):
    """Why an event was refused; the ledger counts each."""

    INVALID_EVENT = "invalid_event"
    MISSING_EVENT_NAME = "missing_event_name"
    MISSING_DISTINCT_ID = "missing_distinct_id"
    EVENT_TOO_LARGE = "event_too_large"
    ILLEGAL_UUID = "illegal_uuid"
    PROJECT_DELETED = "project_deleted"
    UNDECODABLE = "undecodable"


class Known(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The well-known properties, each a column of the events table (but `user_agent`, which feeds several)."""

    url: str = ""
    host: str = ""
    path: str = ""
    title: str = ""
    referrer: str = ""
    referrer_host: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    channel: str = ""
    browser: str = ""
    browser_version: str = ""
    os: str = ""
    os_version: str = ""
    device: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    lib: str = ""
    ip: str = ""
    user_agent: str = ""


NOTHING_KNOWN = Known()


class WireEvent(msgspec.Struct, frozen=True, gc=False):
    """One accepted event.

    `properties` is a JSON object as UTF-8 text, without the keys that became fields here or in `known`.
    `person_set`, `person_set_once` (JSON objects) and `person_unset` (a JSON array of names) are empty bytes where
    the event writes nothing. `warnings` holds codes of `northing.data.wire.verdicts.Warned`.
    """

    event: str
    distinct_id: str
    timestamp_ms: int
    uuid: bytes
    session_id: str = ""
    category: str = ""
    properties: bytes = b"{}"
    known: Known = NOTHING_KNOWN
    person_set: bytes = b""
    person_set_once: bytes = b""
    person_unset: bytes = b""
    groups: dict[str, str] | None = None
    warnings: tuple[str, ...] = ()


class Dropped(msgspec.Struct, frozen=True, gc=False):
    """One refused event: the reason that is counted, and the words for the caller."""

    reason: DropReason
    details: str
