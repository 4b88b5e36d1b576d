"""Types that user SQL may cast to and parameters may have, and the checks of parameters' values."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from northing.data.query.ranges import is_zone
from northing.data.query.sandbox_parser import refuse
from northing.data.query.statements import quote_text

_T = exp.DType
_NUMERIC = {
    _T.TINYINT: "Int8", _T.SMALLINT: "Int16", _T.INT: "Int32", _T.BIGINT: "Int64", _T.INT128: "Int128",
    _T.UTINYINT: "UInt8", _T.USMALLINT: "UInt16", _T.UINT: "UInt32", _T.UBIGINT: "UInt64",
    _T.FLOAT: "Float32", _T.DOUBLE: "Float64",
}  # fmt: skip
_PLAIN = {
    **_NUMERIC, _T.TEXT: "String", _T.VARCHAR: "String", _T.BOOLEAN: "Bool", _T.DATE: "Date", _T.DATE32: "Date32",
    _T.DATETIME: "DateTime", _T.TIMESTAMP: "DateTime", _T.DATETIME64: "DateTime64", _T.UUID: "UUID",
    _T.DECIMAL: "Decimal", _T.IPV4: "IPv4",
}  # fmt: skip
_NESTED = {_T.ARRAY: "Array", _T.LOWCARDINALITY: "LowCardinality", _T.MAP: "Map"}
_FROM_NUMBERS = frozenset({*_NUMERIC, _T.BOOLEAN, _T.DECIMAL, _T.DATETIME, _T.TIMESTAMP, _T.DATETIME64, _T.DATE})
_STORED_NUMBERS = ("Int64", "UInt64", "Float64", "Bool")
_PARAMETRIC = frozenset({"DateTime", "DateTime64", "Decimal"})


def type_sql(kind: object) -> str:
    """The text of an allowed type."""
    if not isinstance(kind, exp.DataType):
        raise refuse("uses a type that is not allowed here")
    dtype = kind.this
    if dtype in _NESTED:
        inner = ", ".join(type_sql(part) for part in kind.expressions)
        return _nullable(kind, f"{_NESTED[dtype]}({inner})")
    if dtype not in _PLAIN:
        raise refuse(f"uses the type {str(getattr(dtype, 'value', dtype))[:40]}, which is not allowed")
    name = _PLAIN[dtype]
    parameters = [_type_parameter(p) for p in kind.expressions] if name in _PARAMETRIC else []
    return _nullable(kind, f"{name}({', '.join(parameters)})" if parameters else name)


def is_numeric_type(kind: object) -> bool:
    """Whether the type is a number's."""
    return isinstance(kind, exp.DataType) and kind.this in _NUMERIC


def convert_property(path: str, kind: object) -> str:
    """A path of the properties as a value of the type: NULL where there is none (an empty array or map).

    The engine converts all types that a stored part has at the path, rows of other projects among them, and fails
    where one of these has no conversion. So it converts plain values each by its own type, and the rest as text.
    """
    wanted = type_sql(kind)
    assert isinstance(kind, exp.DataType)
    if kind.this == _T.LOWCARDINALITY:
        return convert_property(path, kind.expressions[0])
    if kind.this in _NESTED:
        return f"JSONExtract(ifNull(toJSONString({path}), ''), {quote_text(wanted)})"
    target = wanted if kind.args.get("nullable") else f"Nullable({wanted})"
    if kind.this not in _FROM_NUMBERS:
        return f"CAST(CAST({path} AS Nullable(String)) AS {target})"
    parts = [f"isNotNull({path}.:{own}), CAST({path}.:{own} AS {target})" for own in _STORED_NUMBERS]
    return f"multiIf({', '.join(parts)}, CAST({path}.:String AS {target}))"


def _nullable(kind: exp.DataType, text: str) -> str:
    return f"Nullable({text})" if kind.args.get("nullable") else text


def _type_parameter(node: exp.Expr) -> str:
    value = node.this if isinstance(node, exp.DataTypeParam) else node
    if isinstance(value, exp.Literal):
        if not value.is_string and re.fullmatch(r"\d{1,3}", value.name):
            return value.name
        if value.is_string and is_zone(value.name):
            return quote_text(value.name)
    raise refuse("has a type with a parameter that is not allowed")


def check_value(name: str, value: Any) -> Any:
    """A parameter's value, if it is text, a number, a boolean, or a list of those."""
    if isinstance(value, (str, int, float, bool)):
        return _checked_text(name, value)
    if isinstance(value, list) and len(value) <= 10_000 and all(isinstance(v, (str, int, float, bool)) for v in value):
        return [_checked_text(name, v) for v in value]
    raise refuse(f"has the parameter {name}, whose value must be text, a number, a boolean, or a list of those")


def _checked_text(name: str, value: Any) -> Any:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise refuse(f"has the parameter {name}, whose text is not valid Unicode") from None
        if "\0" in value:
            raise refuse(f"has the parameter {name}, whose text has a NUL character")
    return value
