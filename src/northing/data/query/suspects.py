"""Names a query uses that may be misspelt: looked up where its answer is suspiciously empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from northing.data.query.filters import Condition, Filter, Group
from northing.data.query.properties import Property


@dataclass(frozen=True, slots=True)
class EventName:
    """An event by name."""

    name: str


@dataclass(frozen=True, slots=True)
class GroupType:
    """A kind of group, as events name their groups."""

    name: str


Suspect = EventName | GroupType | Property


def suspects_of(*filters: Filter) -> Iterator[Property]:
    """The properties that filters name."""
    for found in filters:
        if isinstance(found, Group):
            yield from suspects_of(*found.members)
        elif isinstance(found, Condition):
            yield found.property
