"""The hash of rollouts, against the published case of the semantics page."""

from __future__ import annotations

from northing.kernel.rollout import rollout_share


def test_the_published_case() -> None:
    """`simple-flag` at 45 per cent."""
    found = [rollout_share("simple-flag", f"distinct_id_{i}") <= 0.45 for i in range(7)]
    assert found == [False, True, True, False, True, False, False]


def test_shares_of_people_are_even_and_differ_by_key_and_salt() -> None:
    shares = {key: [rollout_share(key, str(i)) for i in range(4000)] for key in ("one", "other")}
    for found in shares.values():
        tenths = [sum(n / 10 <= share < (n + 1) / 10 for share in found) for n in range(10)]
        assert all(300 < count < 500 for count in tenths)
    assert shares["one"] != shares["other"]
    assert rollout_share("one", "1") != rollout_share("one", "1", "variant")
