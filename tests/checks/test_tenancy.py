"""The tenancy check finds a statement on a tenant table that forgot whose rows they are."""

from __future__ import annotations

import pytest

from scripts.check_tenancy import check_tenancy, find_tenant_tables

MODELS = """
class Key(ProjectOwned, Base):
    __tablename__ = "keys"

class LedgerCount(Base):
    __tablename__ = "ledger"
    project_id: Mapped[int] = mapped_column()

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column()

class KeyIn(Schema):
    project_id: int
"""


def faults(function: str) -> list[str]:
    return check_tenancy({"service.py": function}, {"Key", "LedgerCount"})


def test_tenant_tables_are_those_with_a_project() -> None:
    assert find_tenant_tables({"models.py": MODELS}) == {"Key", "LedgerCount"}


@pytest.mark.parametrize("statement", ["select(Key)", "select(Key.id)", "delete(Key)", "session.get(Key, 1)"])
def test_finds_a_statement_without_the_gate(statement: str) -> None:
    assert faults(f"def load(session):\n    return {statement}\n") == [
        "service.py:2 reads or writes Key without visible_to"
    ]


def test_finds_it_in_a_method() -> None:
    assert len(faults("class Service:\n    def load(self):\n        return select(LedgerCount)\n")) == 1


@pytest.mark.parametrize(
    "function",
    [
        "def load(session, actor):\n    return session.scalars(visible_to(actor, Key).where(Key.id == 1))\n",
        "def load(actor):\n    keys = visible_to(actor, Key)\n    return select(Key).where(Key.id.in_(keys))\n",
        "def load(session):\n    return select(User)\n",
        "def sweep(session):\n    return delete(Key)  # tenancy: the schedule removes expired keys of all projects\n",
    ],
)
def test_lets_through(function: str) -> None:
    assert faults(function) == []
