"""JSON out of the analytics routes, for the reference."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class LiveEvent(BaseModel):
    """One event as it was stored."""

    uuid: str
    event: str
    timestamp: datetime
    distinct_id: str
    person: int = Field(description="Number of the person in the project.")
    session_id: str
    url: str
    path: str
    browser: str
    os: str
    device: str
    country: str
    lib: str
    properties: dict[str, Any]
    received_at: datetime


class CatalogueEvent(BaseModel):
    """An event by name, over the last thirty days."""

    event: str
    count: int
    users: int
    last_seen: datetime


class CatalogueProperty(BaseModel):
    """A property seen lately; `column` where it is kept in a column of its own."""

    name: str
    type: Literal["event", "person"]
    types: list[str]
    column: bool


class CatalogueValue(BaseModel):
    """A value of a property and how many events (or people) have it."""

    value: str
    count: int


class QueryAnswer(BaseModel):
    """The answer to a query; the shape of `result` depends on the kind."""

    kind: str
    result: Any
    timezone: str
    date_from: datetime | None
    date_to: datetime | None
    definition: str = Field(description="What was counted, in words.")
    elapsed_ms: float
    rows_read: int
    bytes_read: int = Field(description="Uncompressed, in the event store.")
    cached: bool
    cached_at: datetime | None = Field(None, description="When a cached answer was worked out.")
    warnings: list[str]
    sql: str | None = Field(None, description="What ran, with `explain`.")
