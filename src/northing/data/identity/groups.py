"""Groups: the profile of a company, team or the like, which `$groupidentify` events write."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from northing.data.events.model import MAX_DISTINCT_ID, WireEvent
from northing.data.identity.profiles import Profile, flat
from northing.data.store import Store
from northing.data.store.rowbinary import blob, i64, text, u32, u64

COLUMNS = ("project_id", "type", "key", "created_at", "properties", "version")
GROUP_IDENTIFY = "$groupidentify"
_LOOKUP_CHUNK = 2_000


class GroupKey(NamedTuple):
    """A group: what kind of thing it is, and which one."""

    type: str
    key: str


class GroupProfiles:
    """The loader's view of stored groups, as `Profiles` is of persons."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: deque[tuple[int, dict[tuple[int, GroupKey], Profile]]] = deque(maxlen=2)

    def rows(self, project_id: int, events: Iterable[WireEvent], *, version: int) -> bytes:
        """RowBinary rows of `groups` for what a batch writes; applying it twice gives the same."""
        writes = [(key, event, given) for event in events for key, given in _writes(event)]
        if not writes:
            return b""
        groups = self._load(project_id, {key for key, _, _ in writes})
        for key, event, given in writes:
            group = groups.setdefault(key, Profile(event.timestamp_ms))
            group.created_ms = min(group.created_ms, event.timestamp_ms)
            group.overwrite(given, of=key.key)
        if not self._made or self._made[-1][0] != version:
            self._made.append((version, {}))
        self._made[-1][1].update({(project_id, key): group for key, group in groups.items()})
        return b"".join(_row(project_id, key, group, version) for key, group in groups.items())

    def _load(self, project_id: int, keys: set[GroupKey]) -> dict[GroupKey, Profile]:
        found = self._stored(project_id, sorted(keys))
        for _, made in self._made:
            for key in keys:
                group = made.get((project_id, key))
                if group is not None:
                    found[key] = Profile(group.created_ms, dict(group.properties))
        return found

    def _stored(self, project_id: int, keys: list[GroupKey]) -> dict[GroupKey, Profile]:
        found: dict[GroupKey, Profile] = {}
        for at in range(0, len(keys), _LOOKUP_CHUNK):
            part = keys[at : at + _LOOKUP_CHUNK]
            rows = self._store.query(
                "SELECT type, key, toUnixTimestamp64Milli(created_at), properties FROM groups FINAL"
                " WHERE project_id = {project:UInt32}"
                " AND type IN {types:Array(String)} AND key IN {keys:Array(String)}",
                {"project": project_id, "types": sorted({k.type for k in part}), "keys": [k.key for k in part]},
            ).rows
            found |= {GroupKey(kind, key): Profile(ms, flat(properties)) for kind, key, ms, properties in rows}
        return {key: found[key] for key in keys if key in found}


def _writes(event: WireEvent) -> list[tuple[GroupKey, dict[str, Any]]]:
    if event.event != GROUP_IDENTIFY:
        return []
    properties = msgspec.json.decode(event.properties)
    kind, key, given = (properties.get(name) for name in ("$group_type", "$group_key", "$group_set"))
    if isinstance(key, int) and not isinstance(key, bool):
        key = str(key)
    if not (isinstance(kind, str) and kind and isinstance(key, str) and key):
        return []
    return [(GroupKey(kind[:MAX_DISTINCT_ID], key[:MAX_DISTINCT_ID]), given if isinstance(given, dict) else {})]


def _row(project_id: int, key: GroupKey, group: Profile, version: int) -> bytes:
    named = u32(project_id) + text(key.type) + text(key.key) + i64(group.created_ms)
    return named + blob(msgspec.json.encode(group.properties)) + u64(version)
