"""Which event uuids the store holds already: sorted runs of 64-bit hashes, in memory and in files.

One event costs eight bytes; a batch is looked up by binary search in every run. The index is a cache: where files
are missing it is read again from the store. Two different uuids of one project share a hash with probability
n / 2^64 (at 100 million stored events 5e-12 per new event), which is the chance to take a new event for a repeat.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_RUN_ROWS = 500_000
_MERGE_RUNS = 4
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def hash_uuids(project_ids: NDArray[np.uint64], uuids: bytes) -> Hashes:
    """One 64-bit hash per event from its project and its uuid (`uuids`: 16 big-endian bytes each)."""
    halves = np.frombuffer(uuids, dtype=">u8").astype(np.uint64).reshape(-1, 2)
    return _mix(_mix(halves[:, 0] ^ (project_ids * _GOLDEN)) ^ halves[:, 1])


def _mix(value: Hashes) -> Hashes:
    """The finaliser of SplitMix64: every input bit moves about half of the output bits."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = value ^ (value >> np.uint64(31))
    return mixed


class UuidIndex:
    """The hashes of all stored events, as sorted runs; runs of like size are merged so that few stay.

    Only committed batches reach a file: a file that knew an event the store never got would drop its repeat.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._building: list[tuple[int, Hashes]] = []
        self._recent: list[Hashes] = []
        self._runs: list[tuple[Path, Hashes]] = []
        self._first_batch = 1
        self.known_batch = 0

    def __len__(self) -> int:
        return sum(len(run) for run in self._all())

    def load(self, checkpoint: int) -> None:
        """Open the run files up to the last committed batch; `known_batch` is then what they cover without a gap."""
        for path in sorted(self._folder.glob("*.run"), key=lambda p: (_batches(p)[0], -_batches(p)[1])):
            first, last = _batches(path)
            if last <= self.known_batch or first > self.known_batch + 1 or last > checkpoint:
                path.unlink()  # covered by a merged run, behind a gap, or newer than the truth: the store will tell
                continue
            self._runs.append((path, np.memmap(path, dtype=np.uint64, mode="r")))
            self.known_batch = last
        self._first_batch = self.known_batch + 1

    def contains(self, hashes: Hashes) -> NDArray[np.bool_]:
        """For each hash, whether an event with it is stored or on its way."""
        result = np.zeros(len(hashes), dtype=bool)
        for run in self._all():
            if len(run):
                at = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
                result |= run[at] == hashes
        return result

    def add(self, batch: int, hashes: Hashes) -> None:
        """Remember the events of a batch that is being built; batches come in order."""
        self._building.append((batch, np.sort(hashes)))

    def commit(self, batch: int) -> None:
        """The batch, and all before it, are in the store."""
        self._recent += [run for number, run in self._building if number <= batch]
        self._building = [(number, run) for number, run in self._building if number > batch]
        self.known_batch = batch
        if sum(len(run) for run in self._recent) >= _RUN_ROWS:
            self._keep(_merged(self._recent), self._first_batch, batch)
            self._recent, self._first_batch = [], batch + 1
            while self._mergeable():
                self._merge_tail()
        elif len(self._recent) > 2 * _MERGE_RUNS:
            self._recent = [_merged(self._recent)]

    def _all(self) -> Iterator[Hashes]:
        yield from (run for _, run in self._building)
        yield from self._recent
        yield from (run for _, run in self._runs)

    def _mergeable(self) -> bool:
        tail = self._runs[-_MERGE_RUNS:]
        return len(tail) == _MERGE_RUNS and len(tail[0][1]) <= 2 * _MERGE_RUNS * len(tail[-1][1])

    def _merge_tail(self) -> None:
        tail = self._runs[-_MERGE_RUNS:]
        self._runs = self._runs[:-_MERGE_RUNS]
        self._keep(_merged([run for _, run in tail]), _batches(tail[0][0])[0], _batches(tail[-1][0])[1])
        for path, _ in tail:
            path.unlink(missing_ok=True)

    def _keep(self, run: Hashes, first: int, last: int) -> None:
        path = self._folder / f"{first:012d}-{last:012d}.run"
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(run.tobytes())
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        self._runs.append((path, np.memmap(path, dtype=np.uint64, mode="r")))


def _merged(runs: Iterable[Hashes]) -> Hashes:
    result: Hashes = np.sort(np.concatenate([np.asarray(run) for run in runs]))
    return result


def _batches(path: Path) -> tuple[int, int]:
    first, last = path.stem.split("-")
    return int(first), int(last)
