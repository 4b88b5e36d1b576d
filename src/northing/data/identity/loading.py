"""Who the events of a batch are of: numbers for new ids, merges, profiles and groups, as rows for the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import structlog

from northing.data.events.model import WireEvent
from northing.data.identity.groups import GroupProfiles
from northing.data.identity.merge_events import MANUAL, MergeClaim, is_illegal_id, is_personless, merge_claim
from northing.data.identity.merges import Edge, Forest, Merges, cut_row, override_rows
from northing.data.identity.persons import PersonNumbers, distinct_id_rows
from northing.data.identity.profiles import Profile, Profiles, writes_profile
from northing.data.store import Store

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class PeopleRows:
    """Rows of a batch in the order in which they must be stored: merges, profiles, ids; groups stand alone."""

    overrides: list[bytes] = field(default_factory=list)
    profiles: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    groups: list[bytes] = field(default_factory=list)
    moved: list[tuple[int, int, int]] = field(default_factory=list)  # project, person, whose part it became
    new: dict[int, frozenset[str]] = field(default_factory=dict)  # by project, ids that nobody had before
    regrouped: set[int] = field(default_factory=set)  # projects whose stored events are of other people now
    refused: int = 0


class Peopling:
    """The loader's memory of ids, merges, profiles and groups; batches come in order."""

    def __init__(self, store: Store) -> None:
        self.numbers = PersonNumbers(store)
        self.merges = Merges(store)
        self.profiles = Profiles(store)
        self.groups = GroupProfiles(store)

    def take(self, project_id: int, events: Sequence[WireEvent], rows: PeopleRows, *, version: int) -> dict[str, int]:
        """Number the people of one project's events in order of arrival; returns the number of each distinct id."""
        claims = {id(event): claim for event in events if (claim := merge_claim(event)) is not None}
        asked = chain((event.distinct_id for event in events), (claim.other for claim in claims.values()))
        known, new = self.numbers.resolve(project_id, asked)
        rows.new[project_id] = frozenset(new)
        rows.ids.append(distinct_id_rows(project_id, new, known, version))
        rows.groups.append(self.groups.rows(project_id, events, version=version))
        turn = _Turn(self.merges.forest(project_id), known, version)
        turn.forest.take_back(version)
        self._open_profiles(project_id, events, claims.values(), turn)
        turn.born = _born(new, events, known)
        turn.profiles |= turn.born
        turn.touched |= turn.born.keys()
        for event in events:
            claim = claims.get(id(event))
            if claim is not None:
                turn.claim(claim, event.timestamp_ms)
            if writes_profile(event):
                turn.write(event)
        rows.refused += turn.refused
        moved = turn.forest.moved_with(turn.moved)
        rows.moved += [(project_id, person, turn.forest.root(person)) for person in sorted(moved)]
        if moved - {known[distinct_id] for distinct_id in new}:  # a number that is new has no events yet
            rows.regrouped.add(project_id)
        rows.overrides.append(override_rows(project_id, turn.forest, moved, version=version))
        changed = {person: turn.profiles[person] for person in sorted(turn.touched)}
        rows.profiles.append(self.profiles.rows(project_id, changed, version=version))
        return known

    def merge(self, project_id: int, claim: MergeClaim, moment_ms: int, *, version: int) -> PeopleRows:
        """Merge two people who exist, whatever the guards say."""
        numbers = {d: self.numbers.find(project_id, d) for d in (claim.distinct_id, claim.other)}
        turn = _Turn(self.merges.forest(project_id), {d: n for d, n in numbers.items() if n is not None}, version)
        turn.profiles = self.profiles.load(project_id, {turn.person(d) for d in turn.known})
        turn.claim(claim, moment_ms)
        return self._rows_of(project_id, turn)

    def split(self, project_id: int, person: int, moment_ms: int, *, version: int) -> PeopleRows:
        """Undo one merge: the person, and whoever was merged into them, leave the one they were merged into.

        The other keeps what they learned of the first. Raises `KeyError` where there is no merge to undo.
        """
        forest = self.merges.forest(project_id)
        edge = forest.cut(person)
        turn = _Turn(forest, {}, version)
        turn.moved = {person}
        turn.profiles = self.profiles.load(project_id, {person})
        if person not in turn.profiles:
            turn.profiles[person] = Profile(moment_ms)
        turn.touched = {person}
        rows = self._rows_of(project_id, turn)
        rows.overrides.append(cut_row(project_id, person, edge, version=version))
        return rows

    def forget(self) -> None:
        """Read ids and merges anew."""
        self.numbers.forget()
        self.merges.forget()

    def _rows_of(self, project_id: int, turn: _Turn) -> PeopleRows:
        rows = PeopleRows(regrouped={project_id})
        moved = turn.forest.moved_with(turn.moved)
        rows.moved = [(project_id, person, turn.forest.root(person)) for person in sorted(moved)]
        rows.overrides.append(override_rows(project_id, turn.forest, moved, version=turn.version))
        changed = {person: turn.profiles[person] for person in sorted(turn.touched)}
        rows.profiles.append(self.profiles.rows(project_id, changed, version=turn.version))
        return rows

    def _open_profiles(
        self, project_id: int, events: Iterable[WireEvent], claims: Iterable[MergeClaim], turn: _Turn
    ) -> None:
        persons = {turn.person(event.distinct_id) for event in events if writes_profile(event)}
        persons |= {turn.person(claim.other) for claim in claims}
        turn.profiles = self.profiles.load(project_id, persons) if persons else {}


@dataclass(slots=True)
class _Turn:
    """One project's turn in a batch."""

    forest: Forest
    known: Mapping[str, int]
    version: int
    profiles: dict[int, Profile] = field(default_factory=dict)
    born: dict[int, Profile] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    refused: int = 0

    def person(self, distinct_id: str) -> int:
        return self.forest.root(self.known[distinct_id])

    def write(self, event: WireEvent) -> None:
        """Apply the writes of an event to its person's profile."""
        self._profile(self.person(event.distinct_id), event.timestamp_ms).write(event)

    def claim(self, claim: MergeClaim, moment_ms: int) -> None:
        """Merge, unless the claim is refused: for an id of nobody in particular, or of somebody known already."""
        source, target = self.person(claim.other), self.person(claim.distinct_id)
        if source == target:
            return
        reason = self._refusal(claim, source)
        if reason:
            self.refused += 1
            log.info("merge_refused", reason=reason, event_name=claim.reason)
            return
        self._absorb(source, target, moment_ms)
        edge = Edge(self.known[claim.distinct_id], claim.other, claim.reason, moment_ms, self.version)
        self.forest.join(source, edge)
        self.moved.add(source)

    def _refusal(self, claim: MergeClaim, source: int) -> str:
        is_by_hand = claim.reason == MANUAL
        if not is_by_hand and (is_illegal_id(claim.other) or is_illegal_id(claim.distinct_id)):
            return "illegal_id"
        known = self.profiles.get(source)
        if known is not None and known.is_identified and not claim.is_forced:
            return "already_identified"
        return ""

    def _absorb(self, source: int, target: int, moment_ms: int) -> None:
        profile = self._profile(target, moment_ms)
        profile.is_identified = True
        other = self.profiles.get(source)
        if other is not None:
            profile.absorb(other)

    def _profile(self, person: int, moment_ms: int) -> Profile:
        self.touched.add(person)
        return self.profiles.setdefault(person, Profile(moment_ms))


def _born(new: Iterable[str], events: Iterable[WireEvent], known: Mapping[str, int]) -> dict[int, Profile]:
    """Profiles of new people, from their earliest event on; personless events make none."""
    unborn = set(new)
    born: dict[int, Profile] = {}
    if not unborn:
        return born
    for event in events:
        if event.distinct_id in unborn and not is_personless(event):
            profile = born.setdefault(known[event.distinct_id], Profile(event.timestamp_ms))
            profile.created_ms = min(profile.created_ms, event.timestamp_ms)
    return born
