"""Which columns of events activity is summed up by, beside the event's name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# By event: the dimension of the sums there have always been.
BY_EVENT = ""
# Of all events together, with their sessions.
ALL = "all"
# Column, and the only event of which it is summed up ('' = of all together).
DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "path": "$pageview",
        "referrer_host": "",
        "channel": "",
        "country": "",
        "browser": "",
        "os": "",
        "device": "",
    }
)
# When the marker of a dimension lies that has too many values to be summed up by: later than anything asked for.
MARKED = "toDateTime64('2200-01-01 00:00:00', 3, 'UTC')"
