"""A file to import: opened whatever its compression, read line by line, resumable, and known by its content."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import zstandard

from northing.kernel.problems import Problem

Json = dict[str, Any]
MAX_LINE = 1 << 20
_SKIP_CHUNK = 1 << 20
_ZSTD_CHUNK = 1 << 14  # small, because one chunk may hold thousands of times its size
_IMPORTS = uuid.UUID("6f0d6f6e-6f72-5468-a96e-672f696d706f").bytes


class _ZstdFile(io.RawIOBase):
    """A zstd file that says so when it is cut off, which the library's own reader does not."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            data = self._frame.unused_data if self._frame.eof else b""
            data = data or self._raw.read(_ZSTD_CHUNK)
            if not data:
                if self._begun and not self._frame.eof:
                    raise EOFError("a zstd frame ends too early")
                return 0
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._begun = True
            self._ready = self._frame.decompress(data)
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


def _lzma(raw: IO[bytes]) -> IO[bytes]:
    return lzma.LZMAFile(raw)


_OPENERS: tuple[tuple[bytes, Callable[[IO[bytes]], Any]], ...] = (
    (b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", _lzma),
    (b"\x28\xb5\x2f\xfd", _ZstdFile),
)


@dataclass(frozen=True, slots=True)
class Read:
    """One record of a file.

    `resume` is where to start to read on behind it. `event` is absent where nothing can be made of the record;
    `problem` says what is odd, and both are there where an odd record is kept all the same.
    """

    line: int
    resume: int
    event: Json | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `cut` where it was longer than `MAX_LINE`."""

    number: int
    start: int
    resume: int
    text: bytes
    cut: bool = False


class Source:
    """An open file. Offsets count bytes of the content, uncompressed."""

    def __init__(self, raw: IO[bytes], identity: str | None = None) -> None:
        self._raw = raw
        self.size = raw.seek(0, io.SEEK_END)
        self._stream = self._reopened()
        self.identity = identity or self._identity_by_content()

    @property
    def position(self) -> int:
        """How much of the file, as it lies on disk, has been read; with `size` it makes a progress bar."""
        return self._raw.tell()

    def lines(self, start: int = 0) -> Iterator[Line]:
        """The lines from offset `start` on; numbers are those of the whole file."""
        number, at = self._skip_to(start), start
        with _damage_told():
            while text := self._stream.readline(MAX_LINE):
                cut = len(text) == MAX_LINE and not text.endswith(b"\n")
                end = at + len(text) + (self._rest_of_line() if cut else 0)
                number += 1
                yield Line(number, at, end, text.rstrip(b"\r\n"), cut)
                at = end

    def uuid_of(self, start: int, content: bytes) -> str:
        """The same UUID for the same record of the same file, whenever and from wherever it is imported."""
        digest = hashlib.sha1(_IMPORTS, usedforsecurity=False)
        digest.update(f"{self.identity}\0{start}\0".encode())
        digest.update(content)
        return str(uuid.UUID(bytes=digest.digest()[:16], version=5))

    def _reopened(self) -> IO[bytes]:
        self._raw.seek(0)
        magic = self._raw.read(6)
        self._raw.seek(0)
        opener = next((opener for start, opener in _OPENERS if magic.startswith(start)), None)
        # A buffer closes what it wraps when it goes, so the file itself must not be wrapped.
        return io.BufferedReader(opener(self._raw), 1 << 18) if opener else self._raw

    def _identity_by_content(self) -> str:
        # Two lines, because tables of the same kind share the first; no more, because log files grow.
        with _damage_told():
            head = self._stream.readline(MAX_LINE) + self._stream.readline(MAX_LINE)
        return hashlib.sha256(head).hexdigest()[:32]

    def _skip_to(self, start: int) -> int:
        """Go to an offset; the number of lines before it."""
        self._stream = self._reopened()
        lines = 0
        with _damage_told():
            while start > 0:
                chunk = self._stream.read(min(start, _SKIP_CHUNK))
                if not chunk:
                    return lines
                lines += chunk.count(b"\n")
                start -= len(chunk)
        return lines

    def _rest_of_line(self) -> int:
        size = 0
        while text := self._stream.readline(MAX_LINE):
            size += len(text)
            if text.endswith(b"\n"):
                break
        return size


@contextmanager
def open_source(path: Path, *, identity: str | None = None) -> Iterator[Source]:
    """A file to import: plain, gzip, bzip2, xz or zstd. `identity` replaces the one made from its first lines."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Problem(422, "unreadable_file", f"{path}: {error.strerror or error}.") from error
    with raw:
        yield Source(raw, identity)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
        hint = "What was read before the damage has been imported; importing a whole copy again adds the rest."
        raise Problem(422, "damaged_file", f"The file is damaged or cut off: {error}.", hint) from error
