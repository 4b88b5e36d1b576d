"""A statement while it is being written: whose data it reads, who its people are, and the values it binds."""

from __future__ import annotations

from northing.data.query.scope import Scope
from northing.data.query.statements import ROW, Binder

# Always the first value bound, so that pieces of SQL made before the statement (a filter's expression) can name it.
PROJECT = "{p0:UInt32}"
_MERGES = (
    "SELECT __merge.person AS __old, __merge.target AS __new FROM person_overrides AS __merge FINAL "
    f"WHERE __merge.project_id = {PROJECT} AND __merge.is_active AND NOT __merge.is_folded ORDER BY __old"
)
_MAP = f"(SELECT (groupArray(__old), groupArray(__new)) FROM ({_MERGES}))"


class Draft(Binder):
    """One statement over a project; every value of the user's goes through `bind`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        self.project = self.bind(scope.project_id, "UInt32")
        assert self.project == PROJECT

    @property
    def person(self) -> str:
        """The person of the event at hand, after merges."""
        return person_sql(f"{ROW}.person", merged=self.scope.merged)

    def person_of(self, number: str) -> str:
        """The person whom a stored number means, after merges."""
        return person_sql(number, merged=self.scope.merged)


def person_sql(number: str, *, merged: bool) -> str:
    """The person a stored number means: itself where the project has no merges, which then cost nothing."""
    if not merged:
        return number
    # One scalar subquery, worked out once per statement however often it is written.
    old, new = merge_arrays()
    return f"transform({number}, {old}, {new}, {number})"


def merge_arrays() -> tuple[str, str]:
    """Two arrays of equal length: stored numbers that mean another person, and whom they mean."""
    return f"tupleElement({_MAP}, 1)", f"tupleElement({_MAP}, 2)"


MERGED_PERSON = person_sql(f"{ROW}.person", merged=True)


def merged_away(project: str = PROJECT) -> str:
    """The stored numbers that are no longer persons of their own."""
    return (
        "SELECT __gone.person FROM person_overrides AS __gone FINAL "
        f"WHERE __gone.project_id = {project} AND __gone.is_active"
    )
