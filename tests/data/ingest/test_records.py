"""The spool's record format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northing.data.ingest.records import Record, WireKind, frame, next_frame, parse_record, read_frame
from tests.support.ingest import event, native_record

records = st.builds(
    Record,
    kind=st.sampled_from(WireKind),
    project_id=st.integers(0, 2**32 - 1),
    events=st.integers(0, 2**32 - 1),
    received_ms=st.integers(0, 2**60),
    sent_at_ms=st.none() | st.integers(0, 2**60),
    uuid_base=st.integers(0, 2**128 - 1),
    ip=st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    user_agent=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    body=st.binary(max_size=500),
)


@given(records)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    data = memoryview(frame(record))
    found = read_frame(data, 0)
    assert found is not None
    assert found.end == len(data)
    assert parse_record(data, found) == record


@given(records, st.data())
def test_any_flipped_bit_is_noticed(record: Record, data: st.DataObject) -> None:
    damaged = bytearray(frame(record))
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    found = read_frame(memoryview(damaged), 0)
    assert found is None


@pytest.mark.parametrize("missing", [1, 5, 11])
def test_a_torn_record_is_not_read(missing: int) -> None:
    whole = frame(native_record(1, [event()]))
    assert read_frame(memoryview(whole[:-missing]), 0) is None
    assert read_frame(memoryview(whole[:missing]), 0) is None


def test_reading_goes_on_behind_damage() -> None:
    good = frame(native_record(1, [event()]))
    data = memoryview(b"\xabNR1 not a record at all" + good)
    found = next_frame(data, 1)
    assert found is not None
    assert (found.start, found.end) == (24, len(data))
