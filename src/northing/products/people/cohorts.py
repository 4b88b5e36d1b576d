"""The verbs of cohorts: what is known of them beside their members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, or_, select, tuple_

from northing.data.identity.cohorts import cohorts_in, describe, read_definition
from northing.data.identity.segments import SEGMENT_NUMBERS
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Scope
from northing.kernel.problems import Problem, invalid, not_found
from northing.products.people.models import Cohort, CohortFavourite, CohortVersion
from northing.server.auth.audit import Deed, record
from northing.server.auth.models import User
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work

Kind = Literal["static", "dynamic"]
SCOPE = "insights:write"
MOST_COHORTS = 1000
# A calculation whose process died is over by then: queries are given up long before.
_CLAIM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CohortDraft:
    """What a new cohort is made of; `source` says where the people of a static one come from."""

    name: str
    kind: Kind
    description: str = ""
    definition: dict[str, Any] | None = None
    source: dict[str, Any] | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CohortView:
    """A cohort, as shown."""

    id: int
    name: str
    description: str
    kind: Kind
    definition: dict[str, Any] | None
    source: dict[str, Any] | None
    meaning: str
    tags: list[str]
    version: int
    size: int | None
    calculated_at: datetime | None
    calculating: bool
    error: str | None
    owner_id: int | None
    owner: str | None
    is_favourite: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OldDefinition:
    """A definition that was replaced, and when."""

    version: int
    definition: dict[str, Any]
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class CohortSearch:
    """What a list of cohorts is narrowed to; `after` is the place of the last one seen."""

    search: str = ""
    kind: Kind | None = None
    tag: str | None = None
    favourites: bool = False
    owned: bool = False
    after: tuple[str, int] | None = None
    limit: int = 50


def list_cohorts(work: Work, scope: Scope, asked: CohortSearch) -> list[CohortView]:
    """Cohorts of the project by name."""
    query = visible_to(work.actor, Cohort).where(Cohort.project_id == scope.project_id)
    if asked.search:
        named = (column.icontains(asked.search, autoescape=True) for column in (Cohort.name, Cohort.description))
        query = query.where(or_(*named))
    if asked.kind:
        query = query.where(Cohort.kind == asked.kind)
    if asked.favourites:
        query = query.where(Cohort.id.in_(_favourites(work, scope.project_id)))
    if asked.owned:
        query = query.where(Cohort.owner_id == (work.actor.id if work.actor.is_person else -1))
    place = tuple_(func.lower(Cohort.name), Cohort.id)
    if asked.after:
        query = query.where(place > tuple_(func.lower(asked.after[0]), asked.after[1]))
    rows = work.session.scalars(query.order_by(func.lower(Cohort.name), Cohort.id))
    # JSON lists have no operator that both databases know; a project has a thousand cohorts at most.
    fitting = [row for row in rows if asked.tag is None or asked.tag in row.tags]
    return _views(work, scope, fitting[: asked.limit])


def find_cohort(work: Work, scope: Scope, cohort_id: int) -> CohortView:
    """One cohort. Raises 404."""
    return _views(work, scope, [_find(work, scope.project_id, cohort_id)])[0]


def list_versions(
    work: Work, project_id: int, cohort_id: int, *, before: int | None = None, limit: int = 50
) -> list[OldDefinition]:
    """Definitions that were replaced, the newest first, older than version `before`."""
    _find(work, project_id, cohort_id)
    query = visible_to(work.actor, CohortVersion).where(CohortVersion.cohort_id == cohort_id)
    if before is not None:
        query = query.where(CohortVersion.version < before)
    rows = work.session.scalars(query.order_by(CohortVersion.version.desc()).limit(limit))
    return [OldDefinition(row.version, row.definition, row.created_at) for row in rows]


def create_cohort(work: Work, scope: Scope, draft: CohortDraft) -> int:
    """Make a cohort, nobody in it yet; its number."""
    work.actor.require(SCOPE, scope.project_id)
    check_definition(work, scope, draft.definition)
    owned = visible_to(work.actor, Cohort).where(Cohort.project_id == scope.project_id)
    if (work.session.scalar(owned.with_only_columns(func.count())) or 0) >= MOST_COHORTS:
        raise Problem(422, "too_many_cohorts", f"A project has at most {MOST_COHORTS} cohorts.", "Delete some first.")
    row = Cohort(
        project_id=scope.project_id,
        name=draft.name,
        description=draft.description,
        kind=draft.kind,
        definition=draft.definition,
        source=draft.source,
        tags=list(draft.tags),
        version=1,
        generation=0,
        owner_id=work.actor.id if work.actor.is_person else None,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record(work, Deed("cohort.created", f"cohort:{row.id}", scope.project_id), name=row.name, kind=row.kind)
    return row.id


def change_cohort(work: Work, scope: Scope, cohort_id: int, changes: Mapping[str, Any]) -> bool:
    """Change what is given; whether its definition is another one now, so that its members are outdated.

    Liking it needs no right to change it.
    """
    given = dict(changes)
    favourite = given.pop("is_favourite", None)
    if given or favourite is None:
        work.actor.require(SCOPE, scope.project_id)
    row = _find(work, scope.project_id, cohort_id)
    if favourite is not None:
        _set_favourite(work, row, wanted=favourite)
    definition = given.pop("definition", None)
    redefined = definition is not None and definition != row.definition
    if redefined:
        _redefine(work, scope, row, definition)
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    if changed or redefined:
        row.updated_at = work.now
        fields = sorted([*changed, *(["definition"] if redefined else [])])
        record(work, Deed("cohort.changed", f"cohort:{row.id}", scope.project_id), name=row.name, fields=fields)
    return redefined


def delete_cohort(work: Work, scope: Scope, cohort_id: int) -> None:
    """Remove a cohort that no other one is made of. Raises 409 naming those that are."""
    work.actor.require(SCOPE, scope.project_id)
    row = _find(work, scope.project_id, cohort_id)
    using = [name for name, needs in _needs(work, scope, but=cohort_id) if cohort_id in needs]
    if using:
        listed = ", ".join(sorted(using)[:5])
        raise Problem(409, "cohort_in_use", f"Other cohorts are made of this one: {listed}.", "Change those first.")
    work.session.delete(row)
    record(work, Deed("cohort.deleted", f"cohort:{cohort_id}", scope.project_id), name=row.name)


def check_definition(work: Work, scope: Scope, definition: object, *, of: int | None = None) -> None:
    """Raise 422 where a definition cannot be read, names a cohort that is not there, or closes a circle."""
    if definition is None:
        return
    needs = needs_of(definition, scope)
    known = {row.id: row for row in _all(work, scope.project_id)}
    unknown = sorted(needs - known.keys() - set(SEGMENT_NUMBERS.values()))
    if unknown:
        raise invalid("definition", f"names cohort {unknown[0]}, which this project does not have")
    if of is not None and of in _reachable(needs, known, scope):
        raise invalid("definition", f"goes in a circle: cohort {of} would be made of itself")


def needs_of(definition: object, scope: Scope) -> set[int]:
    """The cohorts that a definition is made of. Raises 422 that names every field at fault."""
    notes = Notes()
    rule = read_definition(Reader({"definition": definition}, "", notes), scope)
    notes.raise_if_any()
    return set(cohorts_in(rule))


def claim(work: Work, project_id: int, cohort_id: int) -> int:
    """Begin a calculation; its generation. Raises 409 while another one runs."""
    row = _find(work, project_id, cohort_id, locked=True)
    if row.calculating_since is not None and row.calculating_since > work.now - _CLAIM:
        message = "This cohort is being calculated."
        raise Problem(409, "cohort_busy", message, "Try again in a few seconds.", headers={"Retry-After": "5"})
    row.calculating_since = work.now
    row.generation += 1
    return row.generation


def pass_generation(work: Work, project_id: int, cohort_id: int, *, mine: int, stored: int) -> int:
    """The generation to go on with, where the event store has members of a later one than the metadata know.

    That is so after older metadata were restored. A calculation that another has overtaken keeps its own, and loses.
    """
    row = _find(work, project_id, cohort_id, locked=True)
    if row.generation != mine:
        return mine
    row.generation = max(mine, stored + 1)
    return row.generation


def definition_of(work: Work, project_id: int, cohort_id: int) -> dict[str, Any] | None:
    """The definition of a cohort; None for a static one. Raises 404."""
    return _find(work, project_id, cohort_id).definition


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a calculation ended."""

    generation: int
    size: int | None = None
    error: str | None = None


def finish(work: Work, project_id: int, cohort_id: int, outcome: Outcome) -> bool:
    """Note how a calculation ended; whether the cohort is still there."""
    own = visible_to(work.actor, Cohort).where(Cohort.project_id == project_id, Cohort.id == cohort_id)
    row = work.session.scalar(own.with_for_update())
    if row is None:
        return False
    if row.generation == outcome.generation:
        row.calculating_since = None
        row.error = outcome.error
        if outcome.size is not None:
            row.size, row.calculated_at = outcome.size, work.now
    return True


def names_of(work: Work, project_id: int, numbers: Iterable[int]) -> dict[int, str]:
    """The names of those of the cohorts that there are."""
    own = visible_to(work.actor, Cohort).where(Cohort.project_id == project_id, Cohort.id.in_(list(numbers)))
    return {row.id: row.name for row in work.session.scalars(own)}


def _find(work: Work, project_id: int, cohort_id: int, *, locked: bool = False) -> Cohort:
    own = visible_to(work.actor, Cohort).where(Cohort.project_id == project_id, Cohort.id == cohort_id)
    row = work.session.scalar(own.with_for_update() if locked else own)
    if row is None:
        raise not_found("cohort")
    return row


def _all(work: Work, project_id: int) -> list[Cohort]:
    return list(work.session.scalars(visible_to(work.actor, Cohort).where(Cohort.project_id == project_id)))


def _redefine(work: Work, scope: Scope, row: Cohort, definition: dict[str, Any]) -> None:
    if row.kind != "dynamic":
        raise invalid("definition", "is of dynamic cohorts; this one is a list of people")
    check_definition(work, scope, definition, of=row.id)
    kept = CohortVersion(
        cohort_id=row.id,
        version=row.version,
        project_id=row.project_id,
        definition=row.definition or {},
        created_at=work.now,
    )
    work.session.add(kept)
    row.definition = definition
    row.version += 1


def _set_favourite(work: Work, row: Cohort, *, wanted: bool) -> None:
    if not work.actor.is_person:
        raise invalid("is_favourite", "is about a person; a key has no favourites")
    own = visible_to(work.actor, CohortFavourite).where(
        CohortFavourite.cohort_id == row.id, CohortFavourite.user_id == work.actor.user_id
    )
    present = work.session.scalar(own)
    if wanted and present is None:
        work.session.add(CohortFavourite(cohort_id=row.id, user_id=work.actor.user_id, project_id=row.project_id))
    elif not wanted and present is not None:
        work.session.delete(present)


def _favourites(work: Work, project_id: int) -> list[int]:
    if not work.actor.is_person:
        return []
    own = visible_to(work.actor, CohortFavourite).where(
        CohortFavourite.project_id == project_id, CohortFavourite.user_id == work.actor.user_id
    )
    return [row.cohort_id for row in work.session.scalars(own)]


def _needs(work: Work, scope: Scope, *, but: int) -> list[tuple[str, set[int]]]:
    rows = _all(work, scope.project_id)
    return [(row.name, needs_of(row.definition, scope)) for row in rows if row.definition and row.id != but]


def _reachable(needs: set[int], known: Mapping[int, Cohort], scope: Scope) -> set[int]:
    """The cohorts that these are made of, themselves among them."""
    found: set[int] = set()
    waiting = list(needs)
    while waiting:
        number = waiting.pop()
        row = known.get(number)
        if number not in found and row is not None and row.definition:
            waiting.extend(needs_of(row.definition, scope))
        found.add(number)
    return found


def _views(work: Work, scope: Scope, rows: list[Cohort]) -> list[CohortView]:
    favourites = set(_favourites(work, scope.project_id))
    owners = _owners(work, {row.owner_id for row in rows if row.owner_id is not None})
    return [
        CohortView(
            id=row.id,
            name=row.name,
            description=row.description,
            kind="dynamic" if row.kind == "dynamic" else "static",
            definition=row.definition,
            source=row.source,
            meaning=meaning_of(row.definition, scope),
            tags=list(row.tags),
            version=row.version,
            size=row.size,
            calculated_at=row.calculated_at,
            calculating=row.calculating_since is not None and row.calculating_since > work.now - _CLAIM,
            error=row.error,
            owner_id=row.owner_id,
            owner=owners.get(row.owner_id or 0),
            is_favourite=row.id in favourites,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def meaning_of(definition: object, scope: Scope) -> str:
    """Who is meant, in words."""
    if definition is None:
        return "People on a list, which changes only by hand."
    rule = read_definition(Reader({"definition": definition}, "", Notes()), scope)
    return f"People who {describe(rule)}; days in {scope.timezone}, today included."


def _owners(work: Work, numbers: set[int]) -> dict[int, str]:
    rows = work.session.execute(select(User.id, User.name, User.email).where(User.id.in_(numbers)))
    return {number: name or email for number, name, email in rows}
