"""JSON in and out of the people routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from northing.server.http.schemas import Input

Search = Annotated[str, StringConstraints(max_length=400)]


class PeopleSource(Input):
    """A number of an answer: the question, and the point of its answer in the fields of its kind."""

    query: dict[str, Any]
    point: dict[str, Any] = Field(default_factory=dict)


class PeopleQuestion(PeopleSource):
    """Who is behind it, page by page."""

    search: Search = Field("", description="Only people whose ids, name or e-mail address contain this.")
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str | None, Field(max_length=500)] = None


class ListedPerson(BaseModel):
    """A person in a list."""

    person: int
    name: str = Field(description="Name, e-mail address or user name, else the first id.")
    distinct_ids: list[str] = Field(description="The first ten.")
    properties: dict[str, Any]
    created_at: datetime | None = Field(description="Null without a profile.")
    is_identified: bool


class PeoplePage(BaseModel):
    """A page of people, by number."""

    items: list[ListedPerson]
    next_cursor: str | None
    total: int
    definition: str = Field(description="Who is listed, in words.")
