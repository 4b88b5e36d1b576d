"""The spool's record: what a web worker knew when it accepted a request, and the request's events as they came.

A record is `magic · length · crc32 · payload`; a reader that meets damage can find the next magic and go on.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum

MAGIC = b"\xabNR1"
_FRAME = struct.Struct("<4sII")
# kind, project, events received, received (ms), sent (ms, -1 none), base of made-up uuids, lengths of ip, agent, path
_HEAD = struct.Struct("<BIIqq16sHHH")
FRAME_BYTES = _FRAME.size
LARGEST_PAYLOAD = 1 << 30


class WireKind(IntEnum):
    """Which decoder reads the body; the numbers are on disk and never change meaning."""

    NATIVE = 1
    POSTHOG = 2


@dataclass(frozen=True, slots=True)
class Record:
    """One accepted request: `events` counts all that it held, those that will be dropped included."""

    kind: WireKind
    project_id: int
    events: int
    received_ms: int
    sent_at_ms: int | None
    uuid_base: int
    ip: str
    user_agent: str
    path: str
    body: bytes


def frame(record: Record) -> bytes:
    """The record's bytes on disk."""
    ip, agent, path = (text.encode("utf-8", "replace")[:2000] for text in (record.ip, record.user_agent, record.path))
    head = _HEAD.pack(
        record.kind,
        record.project_id,
        record.events,
        record.received_ms,
        -1 if record.sent_at_ms is None else record.sent_at_ms,
        record.uuid_base.to_bytes(16, "big"),
        len(ip),
        len(agent),
        len(path),
    )
    payload = b"".join((head, ip, agent, path, record.body))
    return _FRAME.pack(MAGIC, len(payload), zlib.crc32(payload)) + payload


@dataclass(frozen=True, slots=True)
class Frame:
    """Where one whole record lies in its file, and whose events it holds."""

    start: int
    end: int
    project_id: int
    events: int


def read_frame(data: memoryview, start: int) -> Frame | None:
    """The whole, undamaged record at `start`, or None where there is none (yet)."""
    if start + FRAME_BYTES > len(data):
        return None
    magic, length, crc = _FRAME.unpack_from(data, start)
    end = start + FRAME_BYTES + length
    if magic != MAGIC or length < _HEAD.size or end > len(data):
        return None
    if zlib.crc32(data[start + FRAME_BYTES : end]) != crc:
        return None
    _, project_id, events, *_ = _HEAD.unpack_from(data, start + FRAME_BYTES)
    return Frame(start, end, project_id, events)


def parse_record(data: memoryview, found: Frame) -> Record:
    """The record of a frame that `read_frame` found."""
    at = found.start + FRAME_BYTES
    kind, project_id, events, received, sent, base, ip_size, agent_size, path_size = _HEAD.unpack_from(data, at)
    at += _HEAD.size
    ip = bytes(data[at : at + ip_size]).decode("utf-8", "replace")
    agent = bytes(data[at + ip_size : at + ip_size + agent_size]).decode("utf-8", "replace")
    at += ip_size + agent_size
    path = bytes(data[at : at + path_size]).decode("utf-8", "replace")
    return Record(
        kind=WireKind(kind),
        project_id=project_id,
        events=events,
        received_ms=received,
        sent_at_ms=None if sent < 0 else sent,
        uuid_base=int.from_bytes(base, "big"),
        ip=ip,
        user_agent=agent,
        path=path,
        body=bytes(data[at + path_size : found.end]),
    )


def next_frame(data: memoryview, start: int) -> Frame | None:
    """The first undamaged record that begins after `start`; for going on behind damage."""
    text = bytes(data[start:])
    at = text.find(MAGIC)
    while at >= 0:
        found = read_frame(data, start + at)
        if found is not None:
            return found
        at = text.find(MAGIC, at + 1)
    return None
