"""The forest of merges: short ways up however long a chain is, and every merge undone by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from northing.data.identity.merges import Edge, Forest

LONG = 20_000
STEPS = st.lists(st.tuples(st.sampled_from(["join", "cut", "ask"]), st.integers(1, 8), st.integers(1, 8)), max_size=40)


class Counted(dict[int, Edge]):
    """Edges that count how often one is looked up."""

    steps = 0

    def get(self, person: int, default: Edge | None = None) -> Edge | None:  # type: ignore[override]
        self.steps += 1
        return super().get(person, default)


def edge(parent: int, batch: int = 1) -> Edge:
    return Edge(parent, "", "$identify", 0, batch)


def chain(length: int) -> tuple[Forest, Counted]:
    """Person 1 is part of 2, which is part of 3, and so on."""
    counted = Counted()
    forest = Forest(edges=counted)
    for person in range(1, length):
        forest.join(person, edge(person + 1))
    return forest, counted


def test_a_long_chain_is_walked_once() -> None:
    forest, counted = chain(LONG)
    counted.steps = 0
    assert {forest.root(person) for person in (1, LONG // 2, 1, LONG - 1) * 1000} == {LONG}
    assert counted.steps < 2 * LONG


def test_a_chain_that_grows_with_each_claim_costs_a_few_steps_each() -> None:
    forest, counted = chain(1)
    for person in range(1, LONG):
        forest.join(person, edge(person + 1))
        assert forest.root(1) == person + 1
    assert counted.steps < 6 * LONG


def test_a_cut_costs_those_above_nothing() -> None:
    forest, counted = chain(LONG)
    forest.root(1)
    counted.steps = 0
    for person in range(1, 100):
        forest.cut(person)
        assert forest.root(LONG // 2) == LONG
    assert counted.steps < 1000


@given(steps=STEPS)
def test_who_is_whose_part_stays_right_through_cuts(steps: list[tuple[str, int, int]]) -> None:
    forest, parents = Forest(), dict[int, int]()
    for step, one, other in steps:
        if step == "join" and one not in parents and plain_root(parents, other) != one:
            forest.join(one, edge(other))
            parents[one] = other
        elif step == "cut" and one in parents:
            forest.cut(one)
            del parents[one]
        assert forest.root(other) == plain_root(parents, other)
    assert all(forest.root(person) == plain_root(parents, person) for person in range(1, 9))


def plain_root(parents: dict[int, int], person: int) -> int:
    while person in parents:
        person = parents[person]
    return person
