"""Person profiles: what `set`, `set_once` and `unset` of a batch's events make of the profiles that are stored.

Writes apply in the order of arrival: `set` overwrites, `set_once` fills what is missing, `unset` removes.
Applying a batch twice gives the same profiles, so a batch that is loaded again after a crash does no harm.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import structlog

from northing.data.events.model import WireEvent
from northing.data.identity.merge_events import IDENTIFY, MERGE_EVENTS
from northing.data.store import Store
from northing.data.store.rowbinary import blob, i64, u8, u32, u64

log = structlog.get_logger(__name__)

COLUMNS = ("project_id", "person", "created_at", "properties", "is_identified", "version")
MAX_PROFILE_BYTES = 512 << 10
_LOOKUP_CHUNK = 5_000
_FEW_PATHS = 16
# Objects are no deeper; a name with more dots than this is taken for one of the last level.
_MOST_LEVELS = 100


@dataclass(slots=True)
class Profile:
    """What is known of a person: since when (ms), properties by dotted path, whether they made themselves known."""

    created_ms: int
    properties: dict[str, Any] = field(default_factory=dict)
    is_identified: bool = False
    most_bytes: int = MAX_PROFILE_BYTES  # an upper bound of what it takes; at the limit it is measured

    def write(self, event: WireEvent) -> None:
        """Apply the writes of one event."""
        changed, added = dict(self.properties), 0
        if event.person_set_once:
            once = flat(msgspec.json.decode(event.person_set_once))
            added += len(msgspec.json.encode(once))
            paths = _Paths(changed, len(once))
            changed |= {path: item for path, item in once.items() if not paths.related(path)}
        if event.person_set:
            added += _overwrite(changed, msgspec.json.decode(event.person_set))
        if event.person_unset:
            unset = list(map(str, msgspec.json.decode(event.person_unset)))
            paths = _Paths(changed, len(unset))
            for path in unset:
                paths.remove(path)
        self.is_identified |= event.event == IDENTIFY
        self._keep(changed, event.distinct_id, added=added)

    def overwrite(self, given: Mapping[str, Any], *, of: str) -> None:
        """Set properties; `of` says whose, for the log."""
        changed = dict(self.properties)
        self._keep(changed, of, added=_overwrite(changed, given))

    def _keep(self, changed: dict[str, Any], of: str, *, added: int) -> None:
        # Measuring all of a large profile at each of its writes would hold up the loader.
        most = self.most_bytes + added
        if most > MAX_PROFILE_BYTES:
            most = len(msgspec.json.encode(changed))
        if most > MAX_PROFILE_BYTES:
            log.warning("profile_too_large", of=of[:100], bytes_most=MAX_PROFILE_BYTES)
            return
        self.properties, self.most_bytes = changed, most

    def absorb(self, other: Profile) -> None:
        """Take in the profile of a person merged into this one, whose own properties win."""
        self.created_ms = min(self.created_ms, other.created_ms)
        paths = _Paths(self.properties, len(other.properties))
        added = {path: item for path, item in other.properties.items() if not paths.related(path)}
        self.properties = {**self.properties, **added}
        self.most_bytes += other.most_bytes


def writes_profile(event: WireEvent) -> bool:
    """Whether an event changes its person's profile."""
    return bool(event.person_set or event.person_set_once or event.person_unset) or event.event in MERGE_EVENTS


class Profiles:
    """The loader's view of stored profiles; read only for persons that a batch writes to.

    A batch is built while the one before is inserted, so what the last two made lies over what the store says.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: deque[tuple[int, dict[tuple[int, int], Profile]]] = deque(maxlen=2)

    def load(self, project_id: int, persons: set[int]) -> dict[int, Profile]:
        """The profiles of those persons who have one."""
        found = self._stored(project_id, persons)
        for _, made in self._made:
            for person in persons:
                profile = made.get((project_id, person))
                if profile is not None:
                    found[person] = replace(profile)
        return found

    def rows(self, project_id: int, profiles: Mapping[int, Profile], *, version: int) -> bytes:
        """RowBinary rows of `persons`; the profiles are remembered until they are stored."""
        if not self._made or self._made[-1][0] != version:
            self._made.append((version, {}))
        self._made[-1][1].update({(project_id, person): profile for person, profile in profiles.items()})
        return b"".join(_row(project_id, person, profile, version) for person, profile in profiles.items())

    def _stored(self, project_id: int, persons: set[int]) -> dict[int, Profile]:
        asked = sorted(persons)
        found: dict[int, Profile] = {}
        for at in range(0, len(asked), _LOOKUP_CHUNK):
            rows = self._store.query(
                "SELECT person, toUnixTimestamp64Milli(created_at), properties, is_identified FROM persons FINAL"
                " WHERE project_id = {project:UInt32} AND person IN {persons:Array(UInt32)}",
                {"project": project_id, "persons": asked[at : at + _LOOKUP_CHUNK]},
            ).rows
            found |= {person: Profile(ms, flat(properties), bool(known)) for person, ms, properties, known in rows}
        return found


def flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as dotted paths, which is how the store keeps them: `{"a": {"b": 1}}` is `{"a.b": 1}`."""
    paths: dict[str, Any] = {}
    for name, item in value.items():
        path = f"{prefix}{name}"
        paths |= flat(item, f"{path}.") if isinstance(item, dict) and item else {path: item}
    return paths


def _overwrite(changed: dict[str, Any], given: Mapping[str, Any]) -> int:
    """Set properties; returns how many bytes they take at most."""
    items = flat(given)
    paths = _Paths(changed, len(items))
    for path, item in items.items():
        paths.remove(path)
        paths.put(path, item)
    return len(msgspec.json.encode(items))


class _Paths:
    """The paths of a profile while `coming` others are held against them; it changes the properties it is given.

    Many are looked up in an index: anyone may send an event with tens of thousands of properties, and comparing each
    with each would hold up the events of all projects for minutes.
    """

    def __init__(self, properties: dict[str, Any], coming: int) -> None:
        self._properties = properties
        self._below: defaultdict[str, set[str]] | None = defaultdict(set) if coming > _FEW_PATHS else None
        for path in properties if coming > _FEW_PATHS else ():
            self._note(path)

    def related(self, path: str) -> list[str]:
        """Paths that cannot stand beside this one: itself, those below it, and those it lies below."""
        if path in self._properties:
            return [path]
        above = [name for name in _above(path) if name in self._properties]
        if self._below is not None:
            return [*self._below.get(path, ()), *above]
        return [*(name for name in self._properties if name.startswith(f"{path}.")), *above]

    def remove(self, path: str) -> None:
        for name in self.related(path):
            del self._properties[name]
            if self._below is not None:
                for above in _above(name):
                    self._below[above].discard(name)

    def put(self, path: str, item: Any) -> None:
        self._properties[path] = item
        self._note(path)

    def _note(self, path: str) -> None:
        if self._below is not None:
            for above in _above(path):
                self._below[above].add(path)


def _above(path: str) -> Iterator[str]:
    """What a path lies below: `a.b.c` below `a` and `a.b`."""
    at = path.find(".")
    for _ in range(_MOST_LEVELS):
        if at < 0:
            return
        yield path[:at]
        at = path.find(".", at + 1)


def _row(project_id: int, person: int, profile: Profile, version: int) -> bytes:
    properties = blob(msgspec.json.encode(profile.properties))
    fixed = u32(project_id) + u32(person) + i64(profile.created_ms)
    return fixed + properties + u8(profile.is_identified) + u64(version)
