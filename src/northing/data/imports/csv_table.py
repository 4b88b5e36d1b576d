"""CSV tables with a header: some columns are fields of the event, all others its properties."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from northing.data.imports.sources import Json, Read, Source
from northing.data.wire.timestamps import parse_time
from northing.kernel.problems import Problem, invalid

FIELDS = ("event", "distinct_id", "timestamp", "session_id", "category", "uuid")
_REQUIRED = ("event", "distinct_id")
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14})\.\d{1,15}")
_WORDS: Mapping[str, Any] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """Which column gives which field of the event, and how to read times.

    `columns` is field -> column; a field that is not named takes the column of its own name where there is one.
    `constants` gives a field the same value in every row, such as an event name for a table of one kind of event.
    Times without a zone are in `timezone`; `timestamp_format` is for `strptime` where they are not ISO 8601.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    timezone: tzinfo = UTC
    timestamp_format: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """The mapping, worked out for one header: position of each field, and of each property."""

    fields: Mapping[str, int]
    properties: tuple[tuple[str, int], ...]
    mapping: CsvMapping
    width: int


class _Tape:
    """The lines a CSV reader has taken since the last row, so that a row knows where it lies."""

    def __init__(self, source: Source, start: int) -> None:
        self._lines = source.lines(start)
        self.forget(start)

    def forget(self, at: int) -> None:
        self.start, self.resume, self.number, self.content = at, at, 0, b""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number = self.number or line.number
            self.resume = line.resume
            self.content += line.text + b"\n"
            yield line.text.decode("utf-8-sig" if line.start == 0 else "utf-8", "replace") + "\n"


def read_csv(source: Source, mapping: CsvMapping, *, start: int = 0) -> Iterator[Read]:
    """The rows of a table as events, from offset `start` on (0, or the `resume` of a row)."""
    header_tape = _Tape(source, 0)
    delimiter, header = _header(header_tape, mapping)
    plan = _plan(header, mapping)
    tape = _Tape(source, max(start, header_tape.resume))
    for row in _rows(tape, delimiter):
        event, problem = (None, row) if isinstance(row, str) else _event(row, plan)
        if event is not None and "uuid" not in event:
            event["uuid"] = source.uuid_of(tape.start, tape.content)
        yield Read(tape.number, tape.resume, event, problem)


def _rows(tape: _Tape, delimiter: str) -> Iterator[list[str] | str]:
    """The rows that are not empty, or what is wrong with one; while a row is out, the tape says where it lies."""
    rows = csv.reader(tape, delimiter=delimiter)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield f"The row is not CSV: {error}."
        else:
            if row is None:
                return
            if row:
                yield row
        tape.forget(tape.resume)


def _header(tape: _Tape, mapping: CsvMapping) -> tuple[str, list[str]]:
    lines = iter(tape)
    first = next(lines, None)
    if first is None:
        raise Problem(422, "empty_file", "The file is empty; a CSV file needs a header.")
    delimiter = mapping.delimiter or max(",;\t|", key=first.count)
    try:
        return delimiter, [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    except csv.Error as error:
        raise Problem(422, "invalid_header", f"The first line is not a CSV header: {error}.") from error


def _plan(header: list[str], mapping: CsvMapping) -> _Plan:
    places = {name: place for place, name in enumerate(header)}
    for name, column in mapping.columns.items():
        if name not in FIELDS:
            raise invalid("map", f"{name!r} is not a field of an event; fields are {', '.join(FIELDS)}.")
        if column not in places:
            raise invalid("map", f"The table has no column {column!r}; it has {', '.join(header)}.")
    named = {name: mapping.columns.get(name, name) for name in FIELDS if name not in mapping.constants}
    fields = {name: places[column] for name, column in named.items() if column in places}
    for name in _REQUIRED:
        if name not in fields and name not in mapping.constants:
            raise invalid("map", f"No column gives {name!r}.", hint=f"Add --map {name}=COLUMN.")
    taken = set(fields.values())
    properties = tuple((name, place) for name, place in places.items() if name and place not in taken)
    return _Plan(fields, properties, mapping, len(header))


def _event(row: list[str], plan: _Plan) -> tuple[Json | None, str | None]:
    if len(row) < plan.width:
        return None, f"The row has {len(row)} columns, the header {plan.width}."
    event: Json = dict(plan.mapping.constants)
    event.update({name: text for name, place in plan.fields.items() if (text := row[place].strip())})
    for name in _REQUIRED:
        if name not in event:
            return None, f"The row has no {name}."
    if "timestamp" in event:
        moment = _moment(event["timestamp"], plan.mapping)
        if moment is None:
            return None, f"The time {event['timestamp'][:60]!r} cannot be read."
        event["timestamp"] = moment
    event["properties"] = {name: typed(text) for name, place in plan.properties if (text := row[place]) != ""}
    more = len(row) - plan.width
    return event, f"The row has {more} more columns than the header; they are left out." if more else None


def _moment(text: str, mapping: CsvMapping) -> str | None:
    try:
        if mapping.timestamp_format:
            moment = datetime.strptime(text, mapping.timestamp_format)  # noqa: DTZ007 - the zone follows below
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        milliseconds = parse_time(text)
        if milliseconds is None or mapping.timestamp_format:
            return None
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=mapping.timezone)
    return moment.isoformat()


def typed(text: str) -> str | int | float | bool:
    """A cell as the number or truth value it plainly is; codes with leading zeros or many digits stay text."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return bool(_WORDS[text.lower()]) if text.lower() in _WORDS else text
