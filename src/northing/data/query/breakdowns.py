"""Breakdowns: properties that a kind splits its numbers by, read from a request and written as columns of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from northing.data.query.draft import Draft
from northing.data.query.properties import Owner, Property, access_event, property_fault
from northing.data.query.reader import Reader
from northing.data.query.sides import side_of

MOST = 3
OWNERS: tuple[Owner, ...] = ("event", "person", "session", "group")


def read_breakdown(reader: Reader, name: str = "breakdown", *, most: int = MOST) -> tuple[Property, ...]:
    """A list of properties, or one; a plain text is a property of events."""
    value = reader.raw(name)
    if isinstance(value, (dict, str)):
        reader.values[name] = [value]
    return reader.items(name, lambda v, p: _read_property(v, p, reader), most=most)


@dataclass(frozen=True, slots=True)
class Columns:
    """`values` are text expressions over `EVENTS` followed by `joins`; '' stands for no value."""

    values: tuple[str, ...]
    joins: str


def breakdown_columns(breakdown: Sequence[Property], draft: Draft) -> Columns:
    """How a statement over `EVENTS` reads the values."""
    values, joins = [], []
    for i, found in enumerate(breakdown):
        if found.owner == "event":
            values.append(f"toString({access_event(found.name).text})")
        else:
            values.append(f"__side{i}")
            joins.append(side_of(found, draft).join(f"__side{i}"))
    return Columns(tuple(values), "".join(joins))


def _read_property(value: Any, path: str, parent: Reader) -> Property:
    reader = Reader({"property": value} if isinstance(value, str) else value, path, parent.notes)
    owner: Owner = reader.choice("type", OWNERS, "event")  # type: ignore[assignment]
    found = read_property(reader, owner)
    reader.warn_unread()
    return found


def read_property(reader: Reader, owner: Owner) -> Property:
    """The fields `property` and, for groups, `group_type`."""
    name = reader.text("property", required=True)
    of = reader.text("group_type", required=True) if owner == "group" else ""
    if name and (fault := property_fault(name, owner)):
        reader.fault("property", fault)
        return Property("event", "unknown")
    return Property(owner, name, of)
