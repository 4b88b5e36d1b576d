"""Decompression that never trusts the sender: it stops at a limit, and names what is wrong."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import zstandard

from northing.data.wire.lzstring import decompress_base64
from northing.kernel.problems import Problem

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
MAX_MEMBERS = 64
# RFC 9659: a sender of `Content-Encoding: zstd` may not ask for a larger window; it also bounds our memory.
_ZSTD_WINDOW = 8 << 20
_CHUNK = 1 << 16


def too_large(limit: int) -> Problem:
    """The 413 for a body that is, or would unpack to, more than `limit` bytes."""
    hint = "Send fewer events per request."
    return Problem(413, "body_too_large", f"The body is larger than {limit:,} bytes once unpacked.", hint)


def damaged(name: str, what: str) -> Problem:
    """The 400 for a compressed body that cannot be read to its end."""
    return Problem(400, "invalid_encoding", f"The body is not readable as {name}: {what}.")


def gunzip(data: bytes, limit: int) -> bytes:
    """All members of a gzip body, at most `limit` bytes."""
    parts: list[bytes] = []
    room = limit
    for _ in range(MAX_MEMBERS):
        part, data = _gzip_member(data, room)
        room -= len(part)
        if room < 0:
            raise too_large(limit)
        parts.append(part)
        if not data.startswith(GZIP_MAGIC):  # as gzip does: whatever follows the last member is padding
            return part if len(parts) == 1 else b"".join(parts)
    raise damaged("gzip", f"it has more than {MAX_MEMBERS} members")


def _gzip_member(data: bytes, room: int) -> tuple[bytes, bytes]:
    reader = zlib.decompressobj(31)
    try:
        part = reader.decompress(data, room + 1)
    except zlib.error as error:
        raise damaged("gzip", "its content is damaged") from error
    if not reader.eof and len(part) <= room:
        raise damaged("gzip", "it ends too early")
    return part, reader.unused_data


def inflate(data: bytes, limit: int) -> bytes:
    """A `deflate` body: with the zlib header as RFC 9110 says, or bare as some clients send."""
    bare = len(data) < 2 or data[0] & 0x0F != 8 or int.from_bytes(data[:2], "big") % 31 != 0
    reader = zlib.decompressobj(-15 if bare else 15)
    try:
        out = reader.decompress(data, limit + 1)
    except zlib.error as error:
        raise damaged("deflate", "its content is damaged") from error
    if len(out) > limit:
        raise too_large(limit)
    if not reader.eof:
        raise damaged("deflate", "it ends too early")
    return out


def unbrotli(data: bytes, limit: int) -> bytes:
    """A brotli body, at most `limit` bytes."""
    reader = brotli.Decompressor()
    parts: list[bytes] = []
    room = limit
    try:
        while not reader.is_finished():
            part = reader.process(data, output_buffer_limit=min(room + 1, 1 << 20))
            data = b""
            parts.append(part)
            room -= len(part)
            if room < 0:
                raise too_large(limit)
            if not part and reader.can_accept_more_data():
                raise damaged("brotli", "it ends too early")
    except brotli.error as error:
        raise damaged("brotli", "its content is damaged") from error
    return b"".join(parts)


def unzstd(data: bytes, limit: int) -> bytes:
    """All frames of a zstd body, at most `limit` bytes."""
    reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(data, read_across_frames=True)
    parts: list[bytes] = []
    room = limit
    try:
        while part := reader.read(_CHUNK):
            parts.append(part)
            room -= len(part)
            if room < 0:
                raise too_large(limit)
    except zstandard.ZstdError as error:
        raise damaged("zstd", "its content is damaged or asks for a window over 8 MiB") from error
    if not parts:
        raise damaged("zstd", "it ends too early")
    return b"".join(parts)


def unlz64(data: bytes, limit: int) -> bytes:
    """An lz-string base64 body as UTF-8 (lone surrogates pass; the JSON reader mends them)."""
    try:
        units = decompress_base64(data.strip(), limit).encode("utf-16-le", "surrogatepass")
    except OverflowError as error:
        raise too_large(limit) from error
    except ValueError as error:
        raise damaged("lz64", "it is not lz-string base64") from error
    return units.decode("utf-16-le", "replace").encode()


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": gunzip,
    "gzip-js": gunzip,
    "x-gzip": gunzip,
    "br": unbrotli,
    "zstd": unzstd,
    "deflate": inflate,
    "lz64": unlz64,
    "lz-string": unlz64,
}
