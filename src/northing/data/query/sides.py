"""The tables beside the events: whose row belongs to an event, and how its properties are read."""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.draft import Draft
from northing.data.query.properties import Access, Property, access_group, access_person, access_session
from northing.data.query.statements import GROUP, PERSONS, PROFILE, ROW, SESSION


@dataclass(frozen=True, slots=True)
class Side:
    """A table with one row per key; `row` is the key of the event at hand, in a statement over `EVENTS`."""

    source: str
    key: str
    row: str
    access: Access

    def having(self, condition: str) -> str:
        """Whether the event's row of this table meets a condition; an event without such a row does not."""
        return f"({self.row} IN (SELECT {self.key} FROM {self.source} AND {condition}))"

    def join(self, column: str) -> str:
        """A join that gives the property as the text column `column`, '' where there is none."""
        key = f"{column}_key"
        rows = f"SELECT {self.key} AS {key}, toString({self.access.text}) AS {column} FROM {self.source}"
        return f" LEFT ANY JOIN ({rows}) AS {column}_side ON {self.row} = {column}_side.{key}"


def side_of(found: Property, draft: Draft) -> Side:
    """The table that holds a property of a person, session or group; `source` ends with its own conditions."""
    match found.owner:
        case "person":
            own = f"{PERSONS} WHERE {PROFILE}.project_id = {draft.project}"
            return Side(own, f"{PROFILE}.person", draft.person, access_person(found.name))
        case "session":
            own = f"sessions AS {SESSION} FINAL WHERE {SESSION}.project_id = {draft.project}"
            return Side(own, f"{SESSION}.session", f"{ROW}.session", access_session(found.name))
        case "group":
            own = f"groups AS {GROUP} FINAL WHERE {GROUP}.project_id = {draft.project}"
            kind = draft.text(found.of)
            source = f"{own} AND {GROUP}.type = {kind}"
            return Side(source, f"{GROUP}.key", f"{ROW}.groups[{kind}]", access_group(found.name))
    raise AssertionError("properties of events are in the events themselves")
