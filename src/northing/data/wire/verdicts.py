"""What a format module is told about a request, and what it says about each event in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from northing.data.events.model import Dropped


class WireContext(msgspec.Struct, frozen=True):
    """The circumstances of a request; stored beside its body, so that decoding again gives the same events.

    `uuid_base` is a 128-bit version 7 UUID made at the way in: event number i without its own gets `uuid_base + i`.
    `sent_at_ms` is the sender's clock where the address or a header told it; a `sent_at` in the body wins.
    """

    received_ms: int
    uuid_base: int
    sent_at_ms: int | None = None
    path: str = ""


class Warned(StrEnum):
    """What was mended in an event that is kept all the same."""

    EVENT_NAME_CUT = "event_name_cut"
    DISTINCT_ID_CUT = "distinct_id_cut"
    TIMESTAMP_IN_FUTURE = "timestamp_in_future"
    TIMESTAMP_BEFORE_1970 = "timestamp_before_1970"
    TIMESTAMP_UNREADABLE = "timestamp_unreadable"
    UNKNOWN_FIELD = "unknown_field"
    FIELD_IGNORED = "field_ignored"


WARNING_TEXT = {
    Warned.EVENT_NAME_CUT: "The event name was cut to 200 characters.",
    Warned.DISTINCT_ID_CUT: "The distinct_id was cut to 200 characters.",
    Warned.TIMESTAMP_IN_FUTURE: "The timestamp lies more than 23 hours ahead; the time of arrival is used.",
    Warned.TIMESTAMP_BEFORE_1970: "The timestamp lies before 1970; 1970-01-01T00:00:00Z is used.",
    Warned.TIMESTAMP_UNREADABLE: "The timestamp is not an RFC 3339 time; the time of arrival is used.",
    Warned.UNKNOWN_FIELD: "A field outside the event format was ignored; put it into properties.",
    Warned.FIELD_IGNORED: "A field of the wrong type was ignored (set, set_once and groups are objects, unset a list).",
}
_NAMED_FIELDS = 5
_NAME_LENGTH = 60


def warning_details(codes: tuple[str, ...], ignored: tuple[str, ...] = ()) -> str:
    """The words for the warnings of one event; `ignored` are the names of its fields that were not taken."""
    said = [WARNING_TEXT[Warned(code)] for code in codes]
    if ignored:
        said.append(f"Ignored: {listed_fields(ignored)}.")
    return " ".join(said)


def listed_fields(names: tuple[str, ...]) -> str:
    """The first few names, each cut to a line's width."""
    listed = ", ".join(f"`{name[:_NAME_LENGTH]}`" for name in names[:_NAMED_FIELDS])
    more = len(names) - _NAMED_FIELDS
    return f"{listed} and {more} more" if more > 0 else listed


@dataclass(frozen=True, slots=True)
class Examined:
    """The verdict on a request: how many events, and what is not plainly well with some of them.

    `keys` has one answer key per event, its UUID as it was sent or else its index; `warned` and `dropped` are by index.
    `ignored` has the names of an event's fields that were not taken.
    `token` is the project token found in the body, if the format puts it there.
    """

    count: int
    keys: list[str]
    warned: dict[int, tuple[str, ...]] = field(default_factory=dict)
    dropped: dict[int, Dropped] = field(default_factory=dict)
    ignored: dict[int, tuple[str, ...]] = field(default_factory=dict)
    token: str | None = None

    @property
    def accepted(self) -> int:
        """How many events will be stored."""
        return self.count - len(self.dropped)

    def results(self) -> dict[str, dict[str, Any]]:
        """The per-event answer `{"<uuid or index>": {"result", "details"?}}`."""
        answer: dict[str, dict[str, Any]] = {key: {"result": "ok"} for key in self.keys}
        for index, codes in self.warned.items():
            details = warning_details(codes, self.ignored.get(index, ()))
            answer[self.keys[index]] = {"result": "warning", "details": details}
        for index, drop in self.dropped.items():
            details = f"{drop.reason}: {drop.details}"
            answer[self.keys[index]] = {"result": "drop", "details": details}
        return answer
