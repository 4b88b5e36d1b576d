"""Values too large to travel as parameters: a server bounds those, but not the statement they can be part of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# A server takes a megabyte of address, 128 KiB of one value and 1,000 fields, and refuses the request before it reads
# any setting. Three bytes of address may stand for one byte of a value.
_VALUE_BYTES = 4 << 10
_VALUES_BYTES = 256 << 10
_VALUES = 500
# What is quoted or a comment is passed over: a placeholder in there is text of somebody's.
_PLACES = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|--[^\n]*|/\*.*?\*/|\{\s*(\w+)\s*:\s*([^}]+?)\s*\}""",
    re.DOTALL,
)


def place_large(sql: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The statement with its large values in it as literals, and the values that stay parameters.

    Literals mean what the parameter means: each is cast to the type of its placeholder.
    """
    large = dict(_choose(params))
    if not large:
        return sql, dict(params)

    def place(found: re.Match[str]) -> str:
        text = large.get(found.group(1) or "")
        return found.group(0) if text is None else f"CAST({text}, {_literal(found.group(2))})"

    return _PLACES.sub(place, sql), {name: value for name, value in params.items() if name not in large}


def _choose(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and literals of the values that are large, or that follow when there is room for no more."""
    count = size = 0
    for name, value in params.items():
        text = _literal(value) if isinstance(value, str | list | tuple | int | float) else ""
        length = len(text.encode())
        if text and (length > _VALUE_BYTES or size + length > _VALUES_BYTES or count >= _VALUES):
            yield name, text
        else:
            count, size = count + 1, size + length


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0") + "'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return repr(value)
