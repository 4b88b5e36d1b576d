"""Which uuids are known, across merges and restarts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from northing.data.ingest import uuid_index
from northing.data.ingest.uuid_index import Hashes, UuidIndex, hash_uuids


def hashes(*numbers: int) -> Hashes:
    return np.array(numbers, dtype=np.uint64)


def test_the_same_uuid_in_two_projects_is_two_events() -> None:
    both = hash_uuids(np.array([1, 2], dtype=np.uint64), b"\x01" * 32)
    assert both[0] != both[1]


def test_uuids_that_differ_in_one_bit_have_other_hashes() -> None:
    uuids = [(1 << bit).to_bytes(16, "big") for bit in range(128)]
    found = hash_uuids(np.ones(128, dtype=np.uint64), b"".join(uuids))
    assert len(np.unique(found)) == 128


def test_what_is_being_built_counts_at_once(tmp_path: Path) -> None:
    index = UuidIndex(tmp_path)
    index.add(1, hashes(3, 5))
    assert index.contains(hashes(5, 4)).tolist() == [True, False]


def test_an_uncommitted_batch_is_forgotten_by_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid_index, "_RUN_ROWS", 1)
    index = UuidIndex(tmp_path)
    index.add(1, hashes(10))
    index.add(2, hashes(20))
    index.commit(1)
    again = UuidIndex(tmp_path)
    again.load(checkpoint=1)
    assert again.contains(hashes(10, 20)).tolist() == [True, False]
    assert again.known_batch == 1


def test_runs_newer_than_the_checkpoint_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid_index, "_RUN_ROWS", 1)
    index = UuidIndex(tmp_path)
    for batch in (1, 2):
        index.add(batch, hashes(batch * 10))
        index.commit(batch)
    again = UuidIndex(tmp_path)
    again.load(checkpoint=1)  # the metadata was restored from an older backup
    assert again.contains(hashes(10, 20)).tolist() == [True, False]


def test_many_batches_make_few_runs_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid_index, "_RUN_ROWS", 50)
    index = UuidIndex(tmp_path)
    rng = np.random.default_rng(7)
    everything = rng.integers(0, 2**63, 4000, dtype=np.uint64)
    for batch, part in enumerate(np.split(everything, 200), start=1):
        index.add(batch, part)
        index.commit(batch)
    assert len(list(tmp_path.glob("*.run"))) < 20
    again = UuidIndex(tmp_path)
    again.load(checkpoint=200)
    covered = everything[: again.known_batch * 20]
    assert index.contains(everything).all()
    assert again.contains(covered).all()
    assert len(covered) > 3000
