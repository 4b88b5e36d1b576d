"""The query kind `paths`: what may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import re2

from northing.data.query.draft import MERGED_PERSON
from northing.data.query.filters import Group, read_filters
from northing.data.query.paths_funnel import Part, read_part
from northing.data.query.reader import Reader, text_fault
from northing.data.query.sandbox_door import parse_expression
from northing.data.query.scope import Scope
from northing.kernel.problems import Problem

HIDDEN = "..."
MAX_STEPS = 20
MAX_EDGES = 500
MAX_NAMES = 100
_MAX_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What of an address is replaced by what, before it becomes a node."""

    pattern: str
    alias: str


@dataclass(frozen=True, slots=True)
class Include:
    """Which events are nodes: names, screens by `$screen`, pages by `$pageview`, and all whose name has no `$`.

    `expression` is SQL that names the node of all other events, as it reads in projects without merges, and with.
    """

    events: tuple[str, ...]
    custom: bool
    expression: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Paths:
    """A parsed `paths` query without its dates; an empty `start` or `end` stands for none."""

    include: Include
    exclude: tuple[str, ...]
    cleaning: tuple[Cleaning, ...]
    wildcards: tuple[str, ...]
    start: str
    end: str
    step_limit: int
    edge_limit: int
    min_weight: int
    max_weight: int | None
    filters: Group
    within: Part | None

    @property
    def has_both_ends(self) -> bool:
        """Whether the nodes in the middle of longer paths become one."""
        return bool(self.start and self.end) or (self.within is not None and self.within.part == "between")

    @property
    def keeps_last(self) -> bool:
        """Whether of longer paths the last nodes count."""
        return bool(self.end) or (self.within is not None and self.within.part == "before")

    @property
    def has_drop_offs(self) -> bool:
        """Whether some paths may end where nobody asked for it."""
        return not self.end and (self.within is None or self.within.part == "after")


def read_paths(reader: Reader, scope: Scope) -> Paths:
    """Read every field but the dates; faults are collected in the reader's notes."""
    start, end = (reader.text(name, longest=_MAX_TEXT) for name in ("start", "end"))
    within = read_part(reader, scope)
    # Between a start and an end there must be room for what is left out.
    fewest = 3 if (start and end) or (within and within.part == "between") else 2
    least = reader.integer("min_edge_weight", 0, least=0, most=1 << 53)
    most = reader.integer("max_edge_weight", -1, least=0, most=1 << 53)
    return Paths(
        include=_read_include(reader),
        exclude=_read_names(reader, "exclude"),
        cleaning=reader.items("path_cleaning", lambda v, p: _read_cleaning(v, p, reader), most=MAX_NAMES),
        wildcards=_read_names(reader, "wildcards"),
        start=start,
        end=end,
        step_limit=reader.integer("step_limit", 5, least=fewest, most=MAX_STEPS),
        edge_limit=reader.integer("edge_limit", 50, least=1, most=MAX_EDGES),
        min_weight=least,
        max_weight=most if most >= 0 else None,
        filters=read_filters(reader, scope),
        within=within,
    )


def _read_include(reader: Reader) -> Include:
    """A list of `$pageview`, `$screen`, `custom_event`, names of events, and one `{"sql": expression}`."""
    entries = reader.items("include", lambda v, p: (p, v), most=MAX_NAMES) or (("include", "$pageview"),)
    names, expressions = [], []
    for path, entry in entries:
        if isinstance(entry, dict):
            expressions.append(_read_expression(Reader(entry, path, reader.notes)))
        else:
            names.append(_read_name(entry, path, reader))
    if len(expressions) > 1:
        reader.fault("include", "may hold one SQL expression")
    found = tuple(name for name in dict.fromkeys(names) if name != "custom_event")
    return Include(found, "custom_event" in names, expressions[0] if expressions else None)


def _read_expression(reader: Reader) -> tuple[str, str]:
    text = reader.text("sql", required=True, longest=_MAX_TEXT)
    reader.warn_unread()
    try:
        # Parsed twice, since its persons depend on whether any were merged.
        return (parse_expression(text), parse_expression(text, person=MERGED_PERSON)) if text else ("''", "''")
    except Problem as problem:
        reader.fault("sql", problem.errors[0].message)
        return "''", "''"


def _read_names(reader: Reader, name: str) -> tuple[str, ...]:
    return reader.items(name, lambda value, path: _read_name(value, path, reader), most=MAX_NAMES)


def _read_name(value: Any, path: str, parent: Reader) -> str:
    name = path.removeprefix(f"{parent.path}.") if parent.path else path
    if not isinstance(value, str) or not value:
        parent.fault(name, "must be text that is not empty")
        return "unknown"
    if fault := text_fault(value, _MAX_TEXT):
        parent.fault(name, fault)
        return "unknown"
    return value


def _read_cleaning(value: Any, path: str, parent: Reader) -> Cleaning:
    reader = Reader(value, path, parent.notes)
    found = Cleaning(reader.text("pattern", required=True, longest=1000), reader.text("alias", longest=1000))
    if fault := _pattern_fault(found):
        reader.fault("pattern", fault)
    reader.warn_unread()
    return found


def _pattern_fault(found: Cleaning) -> str | None:
    options = re2.Options()
    options.log_errors = False
    try:
        groups = re2.compile(found.pattern, options).groups
    except re2.error:
        return "is not a valid pattern (RE2 syntax: no look-around, no back-references)"
    named = [int(after[0]) for after in found.alias.split("\\")[1:] if after[:1].isascii() and after[:1].isdigit()]
    if any(number > groups for number in named):
        return f"has {groups} groups, fewer than its alias names"
    return None
