"""From the bytes on the wire to canonical JSON: form fields, compression, base64, tolerant reading.

Senders combine these layers in every order (and proxies undo some of them), so layers are recognised by what the
bytes look like; the declared compression is only a hint for those that have no signature.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from northing.data.wire.compression import (
    DECODERS,
    GZIP_MAGIC,
    ZSTD_MAGIC,
    damaged,
    gunzip,
    too_large,
    unzstd,
)
from northing.data.wire.lenient import parse_json
from northing.kernel.problems import Problem

FORM_TYPE = "application/x-www-form-urlencoded"
_MAX_LAYERS = 5
_MAX_FORM_FIELDS = 100
_EARLIEST_SENT_AT_MS = 1_577_836_800_000  # 2020: anything before is not a time of sending
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]+={0,2}")
_JSON_START = b"{["


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A request's content: canonical UTF-8 JSON, its value, and the sender's clock if the address or form told it."""

    body: bytes
    value: Any
    sent_at_ms: int | None = None


def unpack(
    body: bytes, *, query: Mapping[str, str], content_type: str, content_encoding: str, max_bytes: int
) -> Unpacked:
    """Undo every layer of a collector request.

    Raises `Problem` 400 where it cannot be read, 413 where it is, or unpacks to, more than `max_bytes`.
    """
    if len(body) > max_bytes:
        raise too_large(max_bytes)
    fields: Mapping[str, str] = query
    data = query["data"].encode() if query.get("data") else body
    hint = query.get("compression", "")
    if data is body:
        data = _undo_transport(data, content_encoding, limit=max_bytes)
        if _is_form(data, content_type):
            form = _form_fields(data)
            data, fields = form.get("data", "").encode(), {**form, **query}
            hint = hint or form.get("compression", "")
    data = _undo_layers(data, hint.lower(), limit=max_bytes)
    if not data.strip():
        raise Problem(400, "empty_body", "The request has no body.", "Send one event, an array, or a batch as JSON.")
    canonical, value = parse_json(data)
    return Unpacked(canonical, value, _sent_at(fields))


def _undo_transport(data: bytes, content_encoding: str, *, limit: int) -> bytes:
    for name in reversed(content_encoding.lower().split(",")):
        coding = name.strip()
        if coding in ("", "identity") or data[:1] in (b"{", b"["):  # a proxy has undone it already
            continue
        decoder = DECODERS.get(coding)
        if decoder is None:
            hint = "Use gzip, br, zstd, deflate or identity."
            raise Problem(415, "unsupported_encoding", f"Content-Encoding {coding[:40]!r} is not supported.", hint)
        data = decoder(data, limit)
    return data


def _is_form(data: bytes, content_type: str) -> bool:
    if data[:1] in (b"{", b"["):
        return False
    return content_type.lower().startswith(FORM_TYPE) or data[:5] == b"data="


def _form_fields(data: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(data.decode("latin-1"), keep_blank_values=True, max_num_fields=_MAX_FORM_FIELDS)
    except ValueError as error:
        raise Problem(400, "invalid_form", f"The form has more than {_MAX_FORM_FIELDS} fields.") from error
    return {name: values[-1] for name, values in fields.items()}


def _undo_layers(data: bytes, hint: str, *, limit: int) -> bytes:
    for _ in range(_MAX_LAYERS):
        data = data.lstrip()
        if data[:1] in (b"{", b"[", b""):
            return data
        if data.startswith(GZIP_MAGIC):
            data = gunzip(data, limit)
        elif data.startswith(ZSTD_MAGIC):
            data = unzstd(data, limit)
        elif hint in ("lz64", "lz-string"):
            # Form decoding turns + into a space; base64 has no spaces, so every one of them was a +.
            data, hint = DECODERS[hint](data.rstrip().replace(b" ", b"+"), limit), ""
        elif (plain := _from_base64(data)) is not None:
            data = plain
        elif hint in ("br", "deflate"):
            data, hint = DECODERS[hint](data, limit), ""
        else:
            return data
    raise damaged("JSON", f"it is wrapped in more than {_MAX_LAYERS} layers")


def _from_base64(data: bytes) -> bytes | None:
    text = data.rstrip().replace(b" ", b"+")
    if not _BASE64.fullmatch(text):
        text = text.replace(b"\r", b"").replace(b"\n", b"")
        if not _BASE64.fullmatch(text):
            return None
    bare = text.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return None


def _sent_at(fields: Mapping[str, str]) -> int | None:
    for name in ("_", "sent_at"):
        text = fields.get(name, "")
        if text.isdecimal() and text.isascii() and len(text) <= 16 and int(text) > _EARLIEST_SENT_AT_MS:
            return int(text)
    return None
