"""JSON as the world sends it: read strictly where possible, mended where a careful reader can, refused with words else.

What comes out re-parses under any strict reader, the event store's too, and is at most `MAX_DEPTH` deep.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from northing.kernel.problems import Problem

MAX_DEPTH = 100
# Integers beyond 64 bits are kept by the store as text; a longer one than any double is no number any more.
_MAX_INTEGER_DIGITS = 308

_strict = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


def parse_json(body: bytes) -> tuple[bytes, Any]:
    """The canonical bytes of a body (its own, unless it had to be mended) and their value."""
    try:
        value = _strict.decode(body)
    except RecursionError as error:
        raise _too_deep() from error
    except (msgspec.MsgspecError, ValueError):
        return _mended(body)
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _check_depth(value)
    return body, value


def encode_json(value: Any) -> bytes:
    """Compact UTF-8 JSON, integers of any size included."""
    try:
        return _encoder.encode(value)
    except OverflowError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def encode_shallow(value: Any) -> bytes:
    """The same for what the store keeps by path, where each dot of a name is one more level of an object.

    It gives objects out nested, and thousands of levels are more than any reader takes: the loader's, which reads the
    profiles of all projects, would stand still. So past the `MAX_DEPTH`th dot of a path there is `_` instead.
    """
    encoded = encode_json(value)
    return encoded if encoded.count(b".") <= MAX_DEPTH else encode_json(_shallow(value, MAX_DEPTH))


def encode_names(names: list[Any]) -> bytes:
    """Names of what `encode_shallow` wrote, cut as it cuts them."""
    encoded = encode_json(names)
    if encoded.count(b".") <= MAX_DEPTH:
        return encoded
    return encode_json([_cut_name(name, MAX_DEPTH) if type(name) is str else name for name in names])


def _shallow(value: Any, dots: int) -> Any:
    if type(value) is list:
        return [_shallow(item, dots) for item in value]
    if type(value) is not dict:
        return value
    named = {_cut_name(name, dots): item for name, item in value.items()}
    return {name: _shallow(item, dots - name.count(".")) for name, item in named.items()}


def _cut_name(name: str, dots: int) -> str:
    *levels, last = name.split(".", dots)
    return ".".join([*levels, last.replace(".", "_")])


def _mended(body: bytes) -> tuple[bytes, Any]:
    text = body.decode("utf-8-sig", "replace")
    try:
        value = json.JSONDecoder(strict=False, parse_constant=_null, parse_float=_double, parse_int=_integer).decode(
            text
        )
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise _malformed(error) from error
    _check_depth(value)
    dumped = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    units = dumped.encode("utf-16-le", "surrogatepass")  # joins surrogate pairs; what stays alone is replaced
    canonical = units.decode("utf-16-le", "replace").encode()
    return canonical, _strict.decode(canonical)


def _null(_: str) -> None:
    """NaN, Infinity and -Infinity."""


def _double(text: str) -> float | None:
    value = float(text)
    return None if value in (float("inf"), float("-inf")) else value


def _integer(text: str) -> int | None:
    return int(text) if len(text) <= _MAX_INTEGER_DIGITS else None


def _check_depth(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent if type(parent) is list else ())
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> Problem:
    return Problem(400, "too_deep", f"The JSON is nested more than {MAX_DEPTH} levels deep.", "Flatten the properties.")


def _malformed(error: ValueError) -> Problem:
    if isinstance(error, json.JSONDecodeError):
        where = f"{error.msg} at line {error.lineno}, column {error.colno}"
        return Problem(400, "invalid_json", f"The body is not JSON: {where}.")
    return Problem(400, "invalid_json", "The body is not JSON.")
