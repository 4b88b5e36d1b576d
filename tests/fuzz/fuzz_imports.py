"""Coverage-guided fuzzing of the file readers: any file gives events, told problems, or a `Problem`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["northing.data.imports"]):
    from northing.data.imports import CsvMapping, Read, Source, read_access_log, read_csv, read_jsonl
    from northing.kernel.problems import Problem

MAPPING = CsvMapping({}, constants={"event": "row", "distinct_id": "someone"})


def test_one_input(data: bytes) -> None:
    """One file, read by every reader."""
    for number in range(3):
        try:
            source = Source(io.BytesIO(data))
            check(list(readers(source)[number]), source)
        except Problem as problem:
            if problem.status != 422:
                raise


def readers(source: Source) -> tuple[Iterator[Read], ...]:
    """All readers on one file; none has begun."""
    return read_jsonl(source), read_csv(source, MAPPING), read_access_log(source)


def check(found: list[Read], source: Source) -> None:
    """Records are in order, and each is an event, or told, or both."""
    assert all(record.event is not None or record.problem for record in found)
    assert [record.resume for record in found] == sorted({record.resume for record in found})
    assert source.position <= source.size


if __name__ == "__main__":
    seeds = ",".join(map(str, sorted((Path(__file__).parent / "seeds" / "imports").iterdir())))
    atheris.Setup([*sys.argv, f"-seed_inputs={seeds}"], test_one_input)
    atheris.Fuzz()
