"""Bytes to events, pure: `unpack` a request, `examine` it at the way in, `decode` the same bytes when loading."""

from __future__ import annotations

from northing.data.events.model import Dropped, DropReason, Known, WireEvent
from northing.data.wire import native, posthog
from northing.data.wire.unpack import Unpacked, unpack
from northing.data.wire.verdicts import Examined, Warned, WireContext

# The name is stored with every body in the spool; a name once used stays.
FORMATS = {"native": native, "posthog": posthog}

__all__ = [
    "FORMATS",
    "DropReason",
    "Dropped",
    "Examined",
    "Known",
    "Unpacked",
    "Warned",
    "WireContext",
    "WireEvent",
    "native",
    "posthog",
    "unpack",
]
