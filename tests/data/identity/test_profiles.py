"""What writes make of a profile, however many they are."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.events.model import WireEvent
from northing.data.identity import profiles
from northing.data.identity.profiles import Profile

PATHS = st.sampled_from(("a", "a.b", "a.b.c", "a.bc", "a..b", "b", "b.a", ".", "a."))


def writes(**given: Any) -> WireEvent:
    parts = {f"person_{name}": msgspec.json.encode(value) for name, value in given.items()}
    return msgspec.structs.replace(WireEvent("$set", "alice", 0, b""), **parts)


def plainly(properties: dict[str, Any], set_: dict[str, Any], unset: list[str]) -> dict[str, Any]:
    """The same by comparing each path with each."""
    left = dict(properties)
    for path in [*set_, *unset]:
        others = [n for n in left if n == path or n.startswith(f"{path}.") or path.startswith(f"{n}.")]
        for name in [path] if path in left else others:
            del left[name]
        if path in set_:
            left[path] = set_[path]
    return left


@given(first=st.lists(PATHS, unique=True), second=st.lists(PATHS, unique=True), is_indexed=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_path_replaces_what_cannot_stand_beside_it(first: list[str], second: list[str], *, is_indexed: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "_FEW_PATHS", -1 if is_indexed else 1000)
        profile = Profile(0)
        profile.write(writes(set=dict.fromkeys(first, 1)))
        before = dict(profile.properties)
        assert before == plainly({}, dict.fromkeys(first, 1), [])
        profile.write(writes(set=dict.fromkeys(second, 2)))
        assert profile.properties == plainly(before, dict.fromkeys(second, 2), [])
        removed = Profile(0, dict(before))
        removed.write(writes(unset=second))
        assert removed.properties == plainly(before, {}, second)


@pytest.mark.parametrize("kind", ["set", "set_once", "unset"])
@pytest.mark.parametrize("name", ["k{}", "a.k{}", "k{}.a.b"])
def test_tens_of_thousands_of_properties_hold_nobody_up(kind: str, name: str) -> None:
    many = {name.format(i): 1 for i in range(20_000)}
    profile = Profile(0, {f"old.{i}": 1 for i in range(10_000)})
    began = time.monotonic()
    profile.write(writes(**{kind: list(many) if kind == "unset" else many}))
    profile.absorb(Profile(0, {f"other.{i}": 1 for i in range(10_000)}))
    assert time.monotonic() - began < 10  # comparing each with each takes minutes
    assert len(profile.properties) == (20_000 if kind == "unset" else 40_000)
