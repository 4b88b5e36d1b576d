"""Person profiles: what `set`, `set_once` and `unset` of a batch's events make of the profiles that are stored.

Writes apply in the order of arrival: `set` overwrites, `set_once` fills what is missing, `unset` removes.
Applying a batch twice gives the same profiles, so a batch that is loaded again after a crash does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from northing.data.events.model import WireEvent
from northing.data.store import Store
from northing.data.store.rowbinary import blob, i64, u8, u32, u64

log = structlog.get_logger(__name__)

COLUMNS = ("project_id", "person", "created_at", "properties", "is_identified", "version")
MAX_PROFILE_BYTES = 512 << 10
_LOOKUP_CHUNK = 5_000
_IDENTIFY = "$identify"


@dataclass(slots=True)
class _Profile:
    created_ms: int
    properties: dict[str, Any] = field(default_factory=dict)
    is_identified: bool = False


def writes_profile(event: WireEvent) -> bool:
    """Whether an event changes its person's profile."""
    return bool(event.person_set or event.person_set_once or event.person_unset) or event.event == _IDENTIFY


class Profiles:
    """The loader's view of stored profiles; read only for persons that a batch writes to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(
        self, project_id: int, born: Mapping[int, int], writes: Iterable[tuple[int, WireEvent]], *, version: int
    ) -> bytes:
        """RowBinary rows of `persons` for new persons (`born`: number to first moment, ms) and changed ones."""
        writes = list(writes)
        profiles = {person: _Profile(moment) for person, moment in born.items()}
        profiles |= self._stored(project_id, {person for person, _ in writes})
        for person, event in writes:
            profile = profiles.setdefault(person, _Profile(event.timestamp_ms))
            _apply(profile, event)
        return b"".join(_row(project_id, person, profile, version) for person, profile in profiles.items())

    def _stored(self, project_id: int, persons: set[int]) -> dict[int, _Profile]:
        asked = sorted(persons)
        found: dict[int, _Profile] = {}
        for at in range(0, len(asked), _LOOKUP_CHUNK):
            rows = self._store.query(
                "SELECT person, toUnixTimestamp64Milli(created_at), properties, is_identified FROM persons FINAL"
                " WHERE project_id = {project:UInt32} AND person IN {persons:Array(UInt32)}",
                {"project": project_id, "persons": asked[at : at + _LOOKUP_CHUNK]},
            ).rows
            found |= {person: _Profile(ms, properties, bool(known)) for person, ms, properties, known in rows}
        return found


def _apply(profile: _Profile, event: WireEvent) -> None:
    changed = dict(profile.properties)
    if event.person_set_once:
        changed = {**msgspec.json.decode(event.person_set_once), **changed}
    if event.person_set:
        changed |= msgspec.json.decode(event.person_set)
    for name in msgspec.json.decode(event.person_unset) if event.person_unset else ():
        changed.pop(name, None)
    profile.is_identified |= event.event == _IDENTIFY
    if len(msgspec.json.encode(changed)) > MAX_PROFILE_BYTES:
        log.warning("profile_too_large", distinct_id=event.distinct_id[:100], bytes_most=MAX_PROFILE_BYTES)
        return
    profile.properties = changed


def _row(project_id: int, person: int, profile: _Profile, version: int) -> bytes:
    properties = blob(msgspec.json.encode(profile.properties))
    fixed = u32(project_id) + u32(person) + i64(profile.created_ms)
    return fixed + properties + u8(profile.is_identified) + u64(version)
