"""SQL of the catalogue: which events, properties and values there are."""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.draft import Draft
from northing.data.query.live import Window, in_window
from northing.data.query.properties import DOLLAR_COLUMNS, Property, access_event, access_person
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, PERSONS, PROFILE, ROW, Statement

SAMPLE_ROWS = 20_000
# Columns offered as properties, under the names that trackers use for them where they have one.
COLUMN_NAMES = {
    **{name: column for name, column in DOLLAR_COLUMNS.items() if not name.startswith("$utm_")},
    **{name: name for name in ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")},
    "channel": "channel",
    "category": "category",
}


def plan_events(scope: Scope, window: Window, *, search: str, limit: int) -> Statement:
    """Events of the window with counts, different people, and the time of the last one."""
    draft = Draft(scope)
    parts = in_window(draft, window)
    if search:
        parts.append(f"positionCaseInsensitiveUTF8({ROW}.event, {draft.text(search)}) > 0")
    return draft.statement(
        f"SELECT {ROW}.event AS __event, count() AS __count, uniqExact({draft.person}), max({ROW}.timestamp) "
        f"FROM {EVENTS} WHERE {' AND '.join(parts)} GROUP BY __event ORDER BY __count DESC, __event LIMIT {limit}"
    )


def plan_event_properties(scope: Scope, window: Window, event: str | None) -> Statement:
    """JSON paths with their types, and how many rows of the sample have each column; last, the sample's size."""
    draft = Draft(scope)
    parts = in_window(draft, window)
    if event is not None:
        parts.append(f"{ROW}.event = {draft.text(event)}")
    columns = tuple(dict.fromkeys(COLUMN_NAMES.values()))
    read = ", ".join(f"{ROW}.{column} AS {column}" for column in ("properties", *columns))
    sample = f"SELECT {read} FROM {EVENTS} WHERE {' AND '.join(parts)} LIMIT {SAMPLE_ROWS}"
    counts = ", ".join(f"countIf({column} != '')" for column in columns)
    return draft.statement(f"SELECT distinctJSONPathsAndTypes(properties), {counts}, count() FROM ({sample})")


def plan_person_properties(scope: Scope) -> Statement:
    """JSON paths of a sample of persons, with their types."""
    draft = Draft(scope)
    own = f"{PROFILE}.project_id = {draft.project}"
    sample = f"SELECT {PROFILE}.properties AS properties FROM persons AS {PROFILE} WHERE {own} LIMIT {SAMPLE_ROWS}"
    return draft.statement(f"SELECT distinctJSONPathsAndTypes(properties) FROM ({sample})")


@dataclass(frozen=True, slots=True)
class ValueSearch:
    """Values of a property, of one event or any, that contain a text."""

    found: Property
    event: str | None
    search: str


def plan_values(scope: Scope, window: Window, asked: ValueSearch, *, limit: int) -> Statement:
    """Values with how many events (or people) have them, most frequent first."""
    draft = Draft(scope)
    if asked.found.owner == "person":
        text, table = access_person(asked.found.name).text, PERSONS
        parts = [f"{PROFILE}.project_id = {draft.project}"]
    else:
        text, table = f"toString({access_event(asked.found.name).text})", EVENTS
        parts = in_window(draft, window)
        if asked.event is not None:
            parts.append(f"{ROW}.event = {draft.text(asked.event)}")
    parts.append("__value != ''")
    if asked.search:
        parts.append(f"positionCaseInsensitiveUTF8(__value, {draft.text(asked.search)}) > 0")
    return draft.statement(
        f"SELECT {text} AS __value, count() AS __count FROM {table} WHERE {' AND '.join(parts)} "
        f"GROUP BY __value ORDER BY __count DESC, __value LIMIT {limit}"
    )
