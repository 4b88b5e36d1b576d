"""Coverage-guided fuzzing of the way from bytes to events: `python tests/fuzz/fuzz_wire.py -max_total_time=60`.

The first byte picks encoding and compression; the rest is the body. What must hold is what `test_agreement` says.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["northing.data.wire"]):
    from northing.data.wire import native, posthog, posthog_config
    from northing.data.wire.unpack import unpack
    from northing.data.wire.verdicts import WireContext
    from northing.kernel.problems import Problem

CONTEXT = WireContext(received_ms=1_741_089_600_000, uuid_base=1 << 100, path="/engage")
ENCODINGS = ("", "gzip", "br", "zstd", "deflate")
COMPRESSIONS = ("", "gzip-js", "base64", "lz64", "deflate")
KINDS = ("", "application/x-www-form-urlencoded")
LIMIT = 1 << 16


def test_one_input(data: bytes) -> None:
    """One body."""
    pick, body = (data[0], data[1:]) if data else (0, b"")
    query = {"compression": COMPRESSIONS[pick // 5 % 5], "_": "1741089605000"}
    kind, encoding = KINDS[pick // 25 % 2], ENCODINGS[pick % 5]
    try:
        found = unpack(body, query=query, content_type=kind, content_encoding=encoding, max_bytes=LIMIT)
    except Problem as problem:
        if problem.status not in (400, 413, 415):
            raise
        return
    for wire in (native, posthog):
        try:
            verdict = wire.examine(found, CONTEXT)
        except Problem as problem:
            if problem.status not in (400, 401):
                raise
            continue
        events = wire.decode(found.body, CONTEXT)
        assert events == wire.decode(found.body, CONTEXT)
        assert len(events) == verdict.count
        verdict.results()
    try:
        posthog_config.flags_request(found.value, {})
    except Problem as problem:
        if problem.status not in (400, 401):
            raise


if __name__ == "__main__":
    seeds = ",".join(map(str, sorted((Path(__file__).parent / "seeds" / "wire").iterdir())))
    atheris.Setup([*sys.argv, f"-seed_inputs={seeds}"], test_one_input)
    atheris.Fuzz()
