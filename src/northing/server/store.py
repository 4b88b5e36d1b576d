"""The event store as this layer knows it: something the context carries; `northing.data` gives it meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class EventStore(Protocol):
    """Structurally the `EventStore` of `northing.data.store`; pass it on to functions that ask for that one."""

    async def query(self, sql: str, params: Mapping[str, Any] | None = None, *, limits: Any = ...) -> Any: ...
