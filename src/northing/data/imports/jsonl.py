"""JSON lines: one native event per line."""

from __future__ import annotations

from collections.abc import Iterator

from northing.data.imports.sources import Line, Read, Source
from northing.data.wire.lenient import parse_json
from northing.kernel.problems import Problem


def read_jsonl(source: Source, *, start: int = 0) -> Iterator[Read]:
    """The events of a file from offset `start` on; empty lines are passed over."""
    for line in source.lines(start):
        if line.text.strip():
            yield _read_line(source, line)


def _read_line(source: Source, line: Line) -> Read:
    if line.cut:
        return Read(line.number, line.resume, None, "The line is longer than 1 MiB.")
    try:
        _, event = parse_json(line.text)
    except Problem as problem:
        return Read(line.number, line.resume, None, problem.message)
    if type(event) is not dict:
        return Read(line.number, line.resume, None, "The line is not a JSON object.")
    if not event.get("uuid"):
        event["uuid"] = source.uuid_of(line.start, line.text)
    return Read(line.number, line.resume, event)
