"""lz-string's `compressToBase64` undone (an LZ78 variant that old browser clients still send as `lz64`).

The format: six bits per base64 character, read lowest bit first into variable-width codes. Codes 0, 1 and 2 mean a new
8-bit character, a new 16-bit character and the end; every other code names an entry of the growing dictionary.
"""

from __future__ import annotations

from base64 import b64decode

_NEW_BYTE, _NEW_WORD, _END = 0, 1, 2


class _Bits:
    """Reads codes, most significant stream bit first, each code lowest bit first."""

    def __init__(self, data: bytes) -> None:
        self._stream = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}" if data else ""
        self._at = 0

    def read(self, width: int) -> int:
        bits = self._stream[self._at : self._at + width]
        if len(bits) < width:
            raise ValueError("the lz-string text ends too early")
        self._at += width
        return int(bits[::-1], 2)


def decompress_base64(text: bytes, limit: int) -> str:
    """The text that was compressed; `ValueError` where it is damaged, `OverflowError` past `limit` characters."""
    bare = text.rstrip(b"=")  # its padding is not always that of RFC 4648, so zero bits stand in
    bits = _Bits(b64decode(bare + b"A" * (-len(bare) % 4), validate=True))
    first = _new_character(bits, bits.read(2))
    return "" if first is None else _rebuilt(bits, first, limit=limit)


def _new_character(bits: _Bits, code: int) -> str | None:
    if code == _END:
        return None
    if code == _NEW_BYTE:
        return chr(bits.read(8))
    if code == _NEW_WORD:
        return chr(bits.read(16))
    raise ValueError("the lz-string text is damaged")


def _rebuilt(bits: _Bits, first: str, *, limit: int) -> str:
    entries: list[str] = ["", "", "", first]
    parts, previous, size = [first], first, 1
    room, width = 4, 3
    while True:
        code = bits.read(width)
        if code == _END:
            return "".join(parts)
        if code < _END:
            entries.append(chr(bits.read(8 if code == _NEW_BYTE else 16)))
            code = len(entries) - 1
            room -= 1
            if room == 0:
                room, width = 1 << width, width + 1
        if code > len(entries):
            raise ValueError("the lz-string text is damaged")
        entry = entries[code] if code < len(entries) else previous + previous[0]
        size += len(entry)
        if size > limit:
            raise OverflowError
        parts.append(entry)
        entries.append(previous + entry[0])
        previous = entry
        room -= 1
        if room == 0:
            room, width = 1 << width, width + 1
