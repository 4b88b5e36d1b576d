"""Importing a file: read, send in order, remember how far it went."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from northing.app.client import Json
from northing.app.sender import Parcel, Receipt, Sender
from northing.data.imports import CsvMapping, Read, Source, read_access_log, read_csv, read_jsonl
from northing.data.wire import native
from northing.data.wire.lenient import encode_json
from northing.data.wire.unpack import Unpacked
from northing.data.wire.verdicts import Examined, WireContext, listed_fields
from northing.kernel.clock import unix_ms
from northing.kernel.problems import Problem

_LOG_LINE = re.compile(rb"\S+ \S+ \S+ \[\d{2}/\w{3}/\d{4}:")
_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".log": "access-log"}
_PACKED = {".gz", ".bz2", ".xz", ".zst"}


class Format(StrEnum):
    """What a file holds."""

    JSONL = "jsonl"
    CSV = "csv"
    ACCESS_LOG = "access-log"


class Fate(StrEnum):
    """What became of an odd line."""

    KEPT = "kept"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    MENDED = "mended"


class Fault(NamedTuple):
    """A line that is not as it should be."""

    line: int
    fate: Fate
    reason: str
    event: Json | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read and sent."""

    format: Format
    mapping: CsvMapping
    batch: int = 500

    @property
    def signature(self) -> str:
        """Differs where the same line would become another event."""
        mapping = self.mapping
        said = [self.format, sorted(mapping.columns.items()), sorted(mapping.constants.items())]
        return str([*said, str(mapping.timezone), mapping.timestamp_format, mapping.delimiter])


@dataclass(slots=True)
class Counts:
    """Records read, events accepted, and odd lines by fate."""

    read: int = 0
    accepted: int = 0
    odd: Counter[str] = field(default_factory=Counter)


class State(msgspec.Struct):
    """How far a file has been imported; kept in the data folder."""

    file: str
    signature: str
    resume: int = 0
    read: int = 0
    accepted: int = 0
    odd: dict[str, int] = {}

    @property
    def counts(self) -> Counts:
        """The counts of all runs until now."""
        return Counts(self.read, self.accepted, Counter(self.odd))


def detect_format(path: Path, source: Source) -> Format:
    """By the name, or else by the first line that says something."""
    suffixes = [suffix for suffix in path.suffixes if suffix.lower() not in _PACKED]
    by_name = _SUFFIXES.get(suffixes[-1].lower()) if suffixes else None
    if by_name:
        return Format(by_name)
    first = next((line.text.strip() for line in source.lines() if line.text.strip()), b"")
    if first.startswith((b"{", b"\xef\xbb\xbf{")):
        return Format.JSONL
    if _LOG_LINE.match(first):
        return Format.ACCESS_LOG
    if any(mark in first for mark in (b",", b";", b"\t")):
        return Format.CSV
    raise Problem(422, "unknown_format", f"{path}: what it holds cannot be told.", "Say it with --format.")


def read_records(source: Source, plan: Plan, *, start: int = 0) -> Iterator[Read]:
    """The records of a file from offset `start` on."""
    if plan.format is Format.CSV:
        return read_csv(source, plan.mapping, start=start)
    return read_access_log(source, start=start) if plan.format is Format.ACCESS_LOG else read_jsonl(source, start=start)


@dataclass(slots=True)
class _Bundle:
    """Records on their way: those with an event, and what was odd among all."""

    events: list[Json] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    read: int = 0
    place: int = 0


def bundle_records(records: Iterator[Read], size: int) -> Iterator[_Bundle]:
    """Records in bundles of at most `size` events; the last may have none."""
    bundle = _Bundle()
    for record in records:
        bundle.read += 1
        bundle.place = record.resume
        if record.problem:
            fate = Fate.UNREADABLE if record.event is None else Fate.KEPT
            bundle.faults.append(Fault(record.line, fate, record.problem, record.event))
        if record.event is not None:
            bundle.events.append(record.event)
            bundle.lines.append(record.line)
        if len(bundle.events) == size:
            yield bundle
            bundle = _Bundle()
    if bundle.read:
        yield bundle


class FileImport:
    """One file, sent to one project; going on where an earlier run stopped unless told otherwise."""

    def __init__(self, source: Source, plan: Plan, *, state_path: Path, state: State, on_fault: OnFault) -> None:
        self.counts = state.counts
        self._source = source
        self._plan = plan
        self._path = state_path
        self._state = state
        self._on_fault = on_fault
        self._sent: deque[_Bundle] = deque()

    def run(self, url: str, token: str, *, on_progress: Callable[[int], None]) -> None:
        """Send everything; `on_progress` gets how many bytes of the file have been read."""
        records = read_records(self._source, self._plan, start=self._state.resume)
        with Sender(url, token, on_receipt=self._on_receipt) as sender:
            last = None
            for bundle in bundle_records(records, self._plan.batch):
                if bundle.events:
                    self._sent.append(bundle)
                    sender.send(Parcel(bundle.events, bundle.place, bundle.lines))
                else:
                    last = bundle
                on_progress(self._source.position)
        if last is not None:
            self._settle(last, ())

    def _on_receipt(self, receipt: Receipt) -> None:
        parcel = receipt.parcel
        faults = [
            Fault(parcel.lines[index], fate, reason, parcel.events[index])
            for fate, found in ((Fate.REFUSED, receipt.refused), (Fate.MENDED, receipt.mended))
            for index, reason in sorted(found.items())
        ]
        self.counts.accepted += len(parcel.events) - len(receipt.refused)
        self._settle(self._sent.popleft(), faults)

    def _settle(self, bundle: _Bundle, more: list[Fault] | tuple[()]) -> None:
        """Count what is certain now, and write down how far it goes."""
        counts = self.counts
        counts.read += bundle.read
        for fault in (*bundle.faults, *more):
            counts.odd[fault.fate] += 1
            self._on_fault(fault)
        self._state.resume, self._state.read, self._state.accepted = bundle.place, counts.read, counts.accepted
        self._state.odd = dict(counts.odd)
        _save(self._path, self._state)


OnFault = Callable[[Fault], None]


def rehearse(source: Source, plan: Plan, *, on_fault: OnFault, on_event: Callable[[Json], None]) -> Counts:
    """Read a file and judge its events as the server would, sending nothing."""
    counts = Counts()
    for bundle in bundle_records(read_records(source, plan), plan.batch):
        refused = _judge(bundle) if bundle.events else []
        counts.read += bundle.read
        counts.accepted += len(bundle.events) - sum(fault.fate is Fate.REFUSED for fault in refused)
        for fault in (*bundle.faults, *refused):
            counts.odd[fault.fate] += 1
            on_fault(fault)
        for event in bundle.events:
            on_event(event)
    return counts


def _judge(bundle: _Bundle) -> list[Fault]:
    body = encode_json(bundle.events)
    judged = native.examine(Unpacked(body, bundle.events), WireContext(received_ms=unix_ms(), uuid_base=0))
    refused = [(i, Fate.REFUSED, f"{drop.reason}: {drop.details}") for i, drop in judged.dropped.items()]
    mended = [(i, Fate.MENDED, _mended(judged, i)) for i in judged.warned]
    return [Fault(bundle.lines[i], fate, reason, bundle.events[i]) for i, fate, reason in sorted(refused + mended)]


def _mended(judged: Examined, index: int) -> str:
    codes, ignored = " ".join(judged.warned[index]), judged.ignored.get(index)
    return f"{codes}: {listed_fields(ignored)}" if ignored else codes


def load_state(path: Path, file: Path, plan: Plan, *, resume: bool) -> State:
    """Where to go on. Raises 409 where the file was imported with other options."""
    state = State(str(file), plan.signature)
    if not resume or not path.exists():
        return state
    try:
        found = msgspec.json.decode(path.read_bytes(), type=State)
    except msgspec.DecodeError:
        return state
    if found.signature != plan.signature:
        hint = (
            "Take the same options, or --no-resume: then its events are sent again, and those stored stay as they are."
        )
        raise Problem(409, "other_options", f"{file} was imported with other options before.", hint)
    return found


def _save(path: Path, state: State) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.encode(state))
    os.replace(draft, path)


def as_json(counts: Counts) -> Json:
    """The counts for machines."""
    return asdict(counts) | {"odd": dict(counts.odd)}
