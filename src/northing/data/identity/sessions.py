"""Sessions: what the events of one visit have in common, kept as one row that each batch replaces.

A client that names its sessions is believed. Other events join their person's latest session while it is less than
thirty minutes away and the whole would stay within a day; else they begin one. Events are taken in order of time
within a batch, so what cannot happen is that two sessions grow together when an event between them comes late.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from northing.data.events.model import WireEvent
from northing.data.store import Store
from northing.data.store.rowbinary import EMPTY, i32, i64, text, u32, u64
from northing.data.store.schema import SESSIONS_OF_EVENTS

IDLE_MS = 30 * 60_000
DAY_MS = 24 * 3_600_000
LONGEST_MS = DAY_MS
PAGES = frozenset(("$pageview", "$screen"))
_CACHED = 100_000
_LOOKUP_CHUNK = 20_000
_TEXTS = (
    "entry_url entry_host entry_path exit_url exit_host exit_path referrer_host channel utm_source utm_medium "
    "utm_campaign utm_term utm_content browser os device country"
).split()
COLUMNS = (
    "project_id", "session", "day", "session_id", "person", "start", "end", "events", "pageviews", "actions",
    "entered_at", "left_at", *_TEXTS, "version",
)  # fmt: skip
_NO_PLACE = EMPTY * 3
_NO_SOURCE = EMPTY * 11


class Seen(NamedTuple):
    """What an event shows of its visit, in RowBinary: url, host and path; and `source`, referrer_host to country."""

    place: bytes
    source: bytes


class Wanted(NamedTuple):
    """The sessions a batch names, the people whose events name none, and the times it spans (ms)."""

    keys: Collection[int]
    persons: Mapping[int, Collection[int]]  # by person, all stored numbers that mean them
    first_ms: int
    last_ms: int


class Visit(NamedTuple):
    """Whose event it is, in which session; the id is empty where no client named it.

    `person` is the stored number, `owner` the person it means when the event arrives.
    """

    project_id: int
    key: int
    session_id: str
    person: int
    owner: int


class _Session(msgspec.Struct, gc=False):
    key: int
    day: int  # of the first event that was stored, since 1970; unlike the start it stays, as a key must
    session_id: str
    person: int
    start: int
    end: int
    version: int
    events: int = 0
    pageviews: int = 0
    actions: int = 0
    entered: int = 0
    left: int = 0
    entry: bytes = _NO_PLACE
    exit: bytes = _NO_PLACE
    source: bytes = _NO_SOURCE


class Sessions:
    """The loader's view of sessions: those that are stored and those that batches under way have changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[int, int], _Session] = {}
        self._latest: dict[tuple[int, int], _Session] = {}
        self._touched: dict[tuple[int, int], _Session] = {}

    def prepare(self, project_id: int, wanted: Wanted) -> None:
        """Read what the store knows of the sessions a batch names, and of the people whose events name none."""
        unknown = [key for key in wanted.keys if (project_id, key) not in self._known]
        self._read(project_id, wanted, "session IN {found:Array(UInt64)}", unknown)
        strangers = [person for person in wanted.persons if (project_id, person) not in self._latest]
        numbers = {number: person for person in strangers for number in wanted.persons[person]}
        self._read(project_id, wanted, "person IN {found:Array(UInt64)}", list(numbers))
        for number, person in numbers.items():
            if number != person:
                self.hand_over(project_id, number, person)

    def idle_key(self, project_id: int, owner: int, moment_ms: int) -> tuple[int, str]:
        """The session of an event that names none: the person's latest one, or one that begins now."""
        latest = self._latest.get((project_id, owner))
        if latest is not None and _reaches(latest, moment_ms):
            return latest.key, latest.session_id
        return idle_session_key(owner, moment_ms), ""

    def take(self, visit: Visit, event: WireEvent, seen: Seen, *, version: int) -> None:
        """Count an event to its session."""
        project_id, key, session_id, person, owner = visit
        found = self._known.get((project_id, key))
        moment = event.timestamp_ms
        if found is None:
            found = self._known[project_id, key] = _Session(
                key, moment // DAY_MS, session_id, person, moment, moment, version
            )
        self._touched[project_id, key] = found
        _add(found, event, person, seen)
        latest = self._latest.get((project_id, owner))
        if latest is None or moment >= latest.end:
            self._latest[project_id, owner] = found

    def hand_over(self, project_id: int, source: int, target: int) -> None:
        """The person `source` became part of `target`, who goes on with the later of their sessions."""
        mine, theirs = self._latest.get((project_id, target)), self._latest.get((project_id, source))
        if theirs is not None and (mine is None or mine.end < theirs.end):
            self._latest[project_id, target] = theirs

    def rows(self, *, version: int) -> bytes:
        """RowBinary rows of `sessions` for all that this batch has changed."""
        parts = []
        for (project_id, _), session in self._touched.items():
            session.version = version
            parts.append(_row(project_id, session))
        self._touched = {}
        return b"".join(parts)

    def are_stored(self, *, version: int) -> bool:
        """Whether an earlier attempt stored the sessions of this batch: all of them, since one insert is one part."""
        asked = {"version": version}
        return bool(self._store.query("SELECT 1 FROM sessions WHERE version = {version:UInt64} LIMIT 1", asked).rows)

    def trim(self, *, stored: int) -> None:
        """Keep memory bounded: forget the sessions touched longest ago, if their rows are stored."""
        if len(self._known) <= 2 * _CACHED:
            return
        by_age = sorted(self._known.items(), key=lambda item: item[1].version)
        gone = {key for key, session in by_age[:-_CACHED] if session.version <= stored}
        self._known = {key: session for key, session in by_age if key not in gone}
        kept = {id(session) for session in self._known.values()}
        self._latest = {key: session for key, session in self._latest.items() if id(session) in kept}

    def _read(self, project_id: int, wanted: Wanted, condition: str, found: list[int]) -> None:
        for at in range(0, len(found), _LOOKUP_CHUNK):
            asked = {
                "project": project_id,
                "found": found[at : at + _LOOKUP_CHUNK],
                "first": wanted.first_ms // DAY_MS - _NEAR_DAYS,
                "last": wanted.last_ms // DAY_MS + _NEAR_DAYS,
            }
            self._learn(project_id, self._store.query(_STORED + condition, asked).rows)

    def _learn(self, project_id: int, rows: list[list[Any]]) -> None:
        for row in rows:
            session = _Session(*row[:12])
            session.entry, session.exit, session.source = _pieces(row[12:])
            session = self._known.setdefault((project_id, session.key), session)
            latest = self._latest.get((project_id, session.person))
            if latest is None or session.end > latest.end:
                self._latest[project_id, session.person] = session


# Only sessions that began near these days: the table is sorted by day, so this reads a few of its granules, however
# many sessions there have been. No session reaches further than a day from its first event.
_NEAR_DAYS = 2
_STORED = f"""
WITH toDate32('1970-01-01') AS epoch
SELECT session, toInt32(day), session_id, person, toUnixTimestamp64Milli(start), toUnixTimestamp64Milli(end), version,
  events, pageviews, actions, toUnixTimestamp64Milli(entered_at), toUnixTimestamp64Milli(left_at), {", ".join(_TEXTS)}
FROM sessions FINAL
WHERE project_id = {{project:UInt32}}
  AND day BETWEEN addDays(epoch, {{first:Int32}}) AND addDays(epoch, {{last:Int32}}) AND """


def settle_sessions(store: Store, last_batch: int) -> None:
    """Work out anew the sessions that know of batches after `last_batch`, of which the store has no events (yet)."""
    later = "SELECT session FROM sessions WHERE version > {last:UInt64}"
    asked = {"last": last_batch}
    changed = [row[0] for row in store.query(later, asked).rows]
    if not changed:
        return
    store.command("DELETE FROM sessions WHERE version > {last:UInt64}", asked)
    condition = "session IN {changed:Array(UInt64)}"
    statement = SESSIONS_OF_EVENTS.format(version="{last:UInt64}", condition=condition)
    store.command(statement, {**asked, "changed": changed})


def idle_session_key(person: int, start_ms: int) -> int:
    """The key of a session that no client has named: SplitMix64 of its person and its first moment."""
    mask = (1 << 64) - 1
    value = (person * 0x9E3779B97F4A7C15 + start_ms) & mask
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
    return (value ^ (value >> 31)) or 1


def is_action(name: str) -> bool:
    """Whether an event is something a visitor did beyond seeing a page."""
    return not name.startswith("$") or name == "$autocapture"


def _reaches(session: _Session, moment: int) -> bool:
    near = session.start - IDLE_MS <= moment <= session.end + IDLE_MS
    return near and max(session.end, moment) - min(session.start, moment) <= LONGEST_MS


def _add(session: _Session, event: WireEvent, person: int, seen: Seen) -> None:
    moment = event.timestamp_ms
    is_first = moment < session.start or not session.events
    session.events += 1
    if event.event in PAGES:
        if moment < session.entered or not session.pageviews:
            session.entered, session.entry, session.source = moment, seen.place, seen.source
        if moment >= session.left or not session.pageviews:
            session.left, session.exit = moment, seen.place
        session.pageviews += 1
    else:
        session.actions += is_action(event.event)
        if is_first and not session.pageviews:
            session.source = seen.source
    if moment < session.start:
        session.start = moment
    if moment >= session.end:
        session.end, session.person = moment, person


def _row(project_id: int, session: _Session) -> bytes:
    return b"".join(
        (
            u32(project_id), u64(session.key), i32(session.day), text(session.session_id), u32(session.person),
            i64(session.start), i64(session.end), u32(session.events), u32(session.pageviews), u32(session.actions),
            i64(session.entered),
            i64(session.left), session.entry, session.exit, session.source, u64(session.version),
        )
    )  # fmt: skip


def _pieces(texts: list[str]) -> tuple[bytes, bytes, bytes]:
    """Entry, exit and source from the columns of a stored row."""
    encoded = [text(value) for value in texts]
    return b"".join(encoded[:3]), b"".join(encoded[3:6]), b"".join(encoded[6:])
