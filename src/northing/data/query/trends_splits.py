"""What a trend may be split by: properties, bins of a numeric property, cohorts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from northing.data.query.breakdowns import MOST, OWNERS, breakdown_columns, read_property
from northing.data.query.conditions import members_sql
from northing.data.query.draft import Draft
from northing.data.query.filters import MAX_COHORT
from northing.data.query.properties import Owner, Property, access_event
from northing.data.query.reader import Reader

MAX_BINS = 50
MAX_COHORTS = 50
EVERYONE = "all"


@dataclass(frozen=True, slots=True)
class Bins:
    """Ranges of a numeric property that hold about equally many events each."""

    property: Property
    count: int


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Who is in each of these cohorts: numbers as text, or "all"."""

    labels: tuple[str, ...]


Split = Property | Bins | Cohorts
# By the place of the split: where its bins begin, and where the last of them ends.
Edges = dict[int, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Columns:
    """`values` are text expressions over `EVENTS` followed by `joins`; '' stands for no value.

    `repeats` are those of them by which one event may be several rows, always by who its person is.
    """

    values: tuple[str, ...]
    joins: str
    repeats: tuple[int, ...]


def read_splits(reader: Reader, name: str = "breakdown") -> tuple[Split, ...]:
    """A list of splits, or one; a plain text is a property of events."""
    value = reader.raw(name)
    if isinstance(value, (dict, str)):
        reader.values[name] = [value]
    splits = reader.items(name, lambda v, p: _read_split(v, p, reader), most=MOST)
    if sum(isinstance(split, Cohorts) for split in splits) > 1:
        reader.fault(name, "may have cohorts once; name all of them there")
    return splits


def _read_split(value: Any, path: str, parent: Reader) -> Split:
    reader = Reader({"property": value} if isinstance(value, str) else value, path, parent.notes)
    owner = reader.choice("type", (*OWNERS, "cohort"), "event")
    split = _read_cohorts(reader) if owner == "cohort" else _read_of_property(reader, owner)  # type: ignore[arg-type]
    reader.warn_unread()
    return split


def _read_of_property(reader: Reader, owner: Owner) -> Split:
    found = read_property(reader, owner)
    count = reader.integer("bins", 0, least=2, most=MAX_BINS)
    return Bins(found, count) if count else found


def _read_cohorts(reader: Reader) -> Cohorts:
    entries = reader.items("cohorts", lambda value, path: value, most=MAX_COHORTS)
    labels = tuple(dict.fromkeys(str(entry) for entry in entries))
    if not labels or any(not _is_cohort(entry) for entry in entries):
        reader.fault("cohorts", 'must be a list of numbers of cohorts, and "all" for everyone')
        return Cohorts((EVERYONE,))
    return Cohorts(labels)


def _is_cohort(entry: Any) -> bool:
    return entry == EVERYONE or (isinstance(entry, int) and not isinstance(entry, bool) and 0 < entry <= MAX_COHORT)


def split_columns(splits: Sequence[Split], draft: Draft, edges: Edges, edge_texts: Mapping[int, str]) -> Columns:
    """How a statement over `EVENTS` reads the values; bins by number, in two digits, so that text sorts them.

    `edge_texts` are SQL for the edges of bins that are not known yet.
    """
    # Cohorts stand in the place of any property here, since columns go by place; theirs is replaced below.
    plain = [property_of(split) or Property("event", "$lib") for split in splits]
    columns = breakdown_columns(plain, draft)
    values, joins, repeats = list(columns.values), columns.joins, []
    for i, split in enumerate(splits):
        if isinstance(split, Bins):
            number = number_of(split, values[i])
            found = edge_texts.get(i)
            values[i] = bin_by(number, found) if found else _bin(number, edges.get(i, ()), draft)
        elif isinstance(split, Cohorts):
            values[i] = f"__cohort{i}"
            joins += f" ARRAY JOIN {_cohorts(split, draft)} AS __cohort{i}"
            repeats.append(i)
    return Columns(tuple(values), joins, tuple(repeats))


def property_of(split: Split) -> Property | None:
    """The property it splits by; cohorts have none."""
    if isinstance(split, Cohorts):
        return None
    return split.property if isinstance(split, Bins) else split


def number_of(split: Bins, text: str) -> str:
    """The number of an event, NULL where it has none; `text` is the column that a join gives."""
    if split.property.owner == "event":
        return access_event(split.property.name).number
    number = f"toFloat64OrNull({text})"
    return f"if(isFinite({number}), {number}, NULL)"


def edges_sql(split: Bins, number: str) -> str:
    """Where the bins begin and end, duplicates removed: NaN where there are no numbers."""
    levels = ", ".join(repr(i / split.count) for i in range(split.count + 1))
    return f"arrayCompact(quantilesExactInclusive({levels})({number}))"


def are_edges(found: Sequence[Any]) -> bool:
    """Whether the engine found any numbers: of none it gives a NaN, or a null on the wire."""
    return all(isinstance(n, (int, float)) and math.isfinite(n) for n in found)


def _bin(number: str, edges: tuple[float, ...], draft: Draft) -> str:
    """The bin a number is in; numbers outside all bins, from beyond the range, are in the first or the last."""
    if not edges:
        return "''"
    inner = edges[1:-1]
    # Comparisons added up: no branch and no array per row.
    place = " + ".join(f"({number} >= {draft.number(edge)})" for edge in inner) or "0"
    return f"if(isNull({number}), '', leftPad(toString(ifNull({place}, 0)), 2, '0'))"


def bin_by(number: str, edges: str) -> str:
    """The same by SQL for the edges, which are one NaN where the range has no numbers."""
    place = f"arrayCount(__edge -> {number} >= __edge, arraySlice({edges}, 2, length({edges}) - 2))"
    return f"if(isNull({number}) OR isNaN({edges}[1]), '', leftPad(toString({place}), 2, '0'))"


def _cohorts(split: Cohorts, draft: Draft) -> str:
    """The labels of the cohorts that an event's person is in."""
    members = [
        "true" if label == EVERYONE else f"toBool({draft.person} IN ({members_sql((int(label),), draft)}))"
        for label in split.labels
    ]
    return f"arrayFilter((__label, __is_in) -> __is_in, {draft.texts(split.labels)}, [{', '.join(members)}])"


def bin_label(edges: tuple[float, ...], place: int) -> str:
    """A bin in words: `[0, 10)`, and `[10, 20]` for the last."""
    last = place >= len(edges) - 2
    return f"[{_shown(edges[place])}, {_shown(edges[min(place + 1, len(edges) - 1)])}{']' if last else ')'}"


def _shown(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def split_names(splits: Sequence[Split]) -> str:
    """The splits in words."""
    return ", ".join(_name(split) for split in splits)


def _name(split: Split) -> str:
    if isinstance(split, Cohorts):
        return f"cohort ({', '.join(split.labels)}; somebody in several counts in each)"
    if isinstance(split, Bins):
        return (
            f"{split.property.owner} property {split.property.name} in {split.count} bins of about equally many events"
        )
    return f"{split.owner} property {split.name}"
