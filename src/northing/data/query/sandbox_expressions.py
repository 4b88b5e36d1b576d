"""Expressions of user SQL, written anew from an allow-list of node types. What is not listed is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from northing.data.query.properties import property_fault
from northing.data.query.sandbox_functions import aggregate_name, function_name, wants_numbers
from northing.data.query.sandbox_parser import refuse
from northing.data.query.sandbox_tables import RESERVED, Source, inner_path, json_path
from northing.data.query.sandbox_types import check_value, convert_property, is_numeric_type, type_sql
from northing.data.query.statements import Binder, quote_identifier, quote_text

_BINARY: dict[type[exp.Expr], str] = {
    exp.And: "AND", exp.Or: "OR", exp.EQ: "=", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%", exp.DPipe: "||",
    exp.Like: "LIKE", exp.ILike: "ILIKE",
}  # fmt: skip
_CALLS: dict[type[exp.Expr], str] = {exp.IntDiv: "intDiv", exp.RegexpLike: "match", exp.Xor: "xor"}
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.Neg)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_FUNCTIONS = (
    exp.Anonymous,
    exp.AnonymousAggFunc,
    exp.ParameterizedAgg,
    exp.CombinedAggFunc,
    exp.CombinedParameterizedAgg,
)
_UNITS = frozenset("SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR".split())
_NUMBER = re.compile(r"(0x[0-9a-fA-F]+|\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)")
_RAW_FUNCTIONS = frozenset({"dynamictype", "dynamicelement", "varianttype"})


@dataclass(slots=True)
class SelectScope:
    """The names that one SELECT sees: its own sources, the CTEs in force, and the SELECT around it."""

    parent: SelectScope | None
    ctes: frozenset[str]
    sources: dict[str, Source] = field(default_factory=dict)
    has_star: bool = False

    def find(self, alias: str) -> tuple[SelectScope, Source] | None:
        if alias in self.sources:
            return self, self.sources[alias]
        return self.parent.find(alias) if self.parent else None

    def with_properties(self) -> tuple[SelectScope, Source] | None:
        """The one source that an unqualified `properties` belongs to."""
        found = [source for source in self.sources.values() if source.has_properties]
        if len(found) > 1:
            names = " or ".join(f"{s.alias}.properties" for s in found)
            raise refuse(f"has properties without a table; write {names}")
        if found:
            return self, found[0]
        return self.parent.with_properties() if self.parent else None


@dataclass(slots=True)
class Expressions:
    """Writes expressions; `subquery` writes the queries inside them."""

    binder: Binder
    params: Mapping[str, Any]
    subquery: Callable[[exp.Expr, SelectScope], str]
    used: set[str] = field(default_factory=set)
    properties: set[int] = field(default_factory=set)

    def sql(self, node: object, scope: SelectScope) -> str:
        """The text of an expression, in parentheses wherever precedence could matter."""
        if not isinstance(node, exp.Expr):
            raise refuse("has something that is not an expression")
        kind = type(node)
        if kind in _BINARY:
            only(node, "this", "expression", *_flags(node))
            word = f"NOT {_BINARY[kind]}" if node.args.get("negate") else _BINARY[kind]
            return f"({self.sql(node.this, scope)} {word} {self.sql(node.expression, scope)})"
        if kind in _CALLS:
            only(node, "this", "expression")
            return f"{_CALLS[kind]}({self.sql(node.this, scope)}, {self.sql(node.expression, scope)})"
        if isinstance(node, _FUNCTIONS) and kind in _FUNCTIONS:
            return self._function(node, scope)
        writer = _WRITERS.get(kind)
        if writer is None:
            raise refuse(f"uses {_kind_of(node)}, which is not supported")
        return writer(self, node, scope)

    def listed(self, nodes: list[exp.Expr], scope: SelectScope) -> str:
        return ", ".join(self.sql(node, scope) for node in nodes)

    def _function(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "expressions", "params")
        written = str(node.name)
        name = function_name(written)
        if name is None:
            raise refuse(f"calls {written[:60]}, which is not an allowed function")
        arguments = node.expressions
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            only(arguments[0])
            return "count()"
        first = f"{name}({self.listed(arguments, scope)})"
        if "params" not in node.args or node.args["params"] is None:
            return first
        if aggregate_name(written) is None:
            raise refuse(f"calls {name} with two lists of arguments")
        return f"{first}({self.listed(node.args['params'], scope)})"

    def _column(self, node: exp.Expr, scope: SelectScope) -> str:
        parts = parts_of(node)
        if isinstance(parts[-1], exp.Star):
            return self._qualified_star(parts, scope)
        last = parts[-1]
        if isinstance(last, exp.Literal) and not last.is_string and len(parts) == 2:
            return f"tupleElement({identifier(parts[0])}, {plain_number(last)})"
        names = [name_of(part) for part in parts]
        found = scope.find(names[0]) if len(names) > 1 else None
        rest = names[1:] if found else names
        if len(rest) > 1 and rest[0] == "properties":
            return self._json(node, ".".join(rest[1:]), scope, found)
        if len(rest) > 1:
            raise refuse(f"reads {'.'.join(names)[:100]}, which is no column; JSON paths begin with properties")
        prefix = f"{quote_identifier(names[0])}." if found else ""
        return prefix + quote_identifier(rest[0])

    def _qualified_star(self, parts: list[exp.Expr], scope: SelectScope) -> str:
        if len(parts) != 2:
            raise refuse("has a star after more than one name")
        only(parts[-1])
        return f"{identifier(parts[0])}.*"

    def _json(self, node: exp.Expr, path: str, scope: SelectScope, found: tuple[SelectScope, Source] | None) -> str:
        """A path of the properties: as the type it is cast to, as a number where one is needed, else as text."""
        fault = property_fault(path)
        if fault:
            raise refuse(f"has a property whose name {fault}")
        self.properties.add(id(node))
        home = found or scope.with_properties()
        if home is None:
            raise refuse("reads properties, but no table in FROM has them")
        owner, source = home
        if source.table is None or owner.has_star:
            prefix = f"{quote_identifier(source.alias)}." if found else ""
            return _json_value(json_path(path, prefix), node)
        return source.hoist(_json_value(inner_path(path), node))

    def _placeholder(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "kind")
        name = str(getattr(node.this, "name", node.this))
        kind = type_sql(node.args.get("kind"))
        if name not in self.params:
            raise refuse(f"uses the parameter {name[:60]}, which params does not have")
        self.used.add(name)
        return self.binder.bind(check_value(name, self.params[name]), kind)

    def _in(self, node: exp.Expr, scope: SelectScope) -> str:
        """Membership. A bare name on the right would be read as a table by the engine, so names become comparisons."""
        only(node, "this", "expressions", "query", "field")
        left = self.sql(node.this, scope)
        query, among = node.args.get("query"), node.args.get("field")
        if query is not None:
            return f"({left} IN {self.sql(query, scope)})"
        if among is not None:
            if not isinstance(among, (exp.Placeholder, exp.Array, exp.Tuple)):
                raise refuse("has IN before a name; write IN (SELECT …), a list, or has(array, value)")
            return f"({left} IN {self.sql(among, scope)})"
        members = node.expressions
        if all(_is_constant(member) for member in members):
            return f"({left} IN tuple({self.listed(members, scope)}))"
        return "(" + " OR ".join(f"{left} = {self.sql(member, scope)}" for member in members) + ")"

    def _case(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "ifs", "default")
        head = f" {self.sql(node.this, scope)}" if node.this is not None else ""
        text = "CASE" + head
        for branch in node.args["ifs"]:
            only(branch, "this", "true")
            text += f" WHEN {self.sql(branch.this, scope)} THEN {self.sql(branch.args['true'], scope)}"
        default = node.args.get("default")
        return text + (f" ELSE {self.sql(default, scope)}" if default is not None else "") + " END"

    def _if(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "true", "false")
        otherwise = node.args.get("false")
        parts = [node.this, node.args["true"], otherwise if otherwise is not None else exp.Null()]
        return f"if({self.listed(parts, scope)})"

    def _cast(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "to", "safe")
        text, kind = self.sql(node.this, scope), type_sql(node.args["to"])
        return text if self._is_property(node.this) else f"CAST({text} AS {kind})"

    def _is_property(self, node: exp.Expr) -> bool:
        """Whether the node is a path of the properties, which is written in the type that it is cast to."""
        while isinstance(node, exp.Paren):
            node = node.this
        return id(node) in self.properties

    def _json_cast(self, node: exp.Expr, scope: SelectScope) -> str:
        """`properties.n.:Int64`: the value where it has exactly that type, else NULL."""
        only(node, "this", "to")
        return f"dynamicElement({self.sql(node.this, scope)}, {quote_text(type_sql(node.args['to']))})"

    def _is(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "expression")
        if isinstance(node.expression, exp.Null):
            return f"isNull({self.sql(node.this, scope)})"
        if isinstance(node.expression, exp.Not) and isinstance(node.expression.this, exp.Null):
            return f"isNotNull({self.sql(node.this, scope)})"
        return f"({self.sql(node.this, scope)} = {self.sql(node.expression, scope)})"

    def _interval(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "unit")
        unit = str(node.args["unit"].name).upper() if isinstance(node.args.get("unit"), exp.Var) else ""
        if unit.removesuffix("S") in _UNITS:
            unit = unit.removesuffix("S")
        if unit not in _UNITS:
            raise refuse("has an interval with an unknown unit")
        amount = node.this
        if isinstance(amount, exp.Literal) and re.fullmatch(r"-?\d{1,9}", amount.name):
            return f"INTERVAL {amount.name} {unit}"
        return f"toInterval{unit.capitalize()}({self.sql(amount, scope)})"

    def _window(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "partition_by", "order", "spec", "alias", "over")
        if str(node.args.get("over") or "OVER").upper() != "OVER":
            raise refuse("has a window that is not OVER")
        call = self.sql(node.this, scope)
        alias = node.args.get("alias")
        return (
            f"{call} OVER {identifier(alias)}"
            if alias is not None
            else f"{call} OVER ({self.window_body(node, scope)})"
        )

    def window_body(self, node: exp.Expr, scope: SelectScope) -> str:
        """What stands between the parentheses of OVER."""
        parts = []
        if node.args.get("partition_by"):
            parts.append(f"PARTITION BY {self.listed(node.args['partition_by'], scope)}")
        if node.args.get("order"):
            parts.append(self.order(node.args["order"], scope))
        if node.args.get("spec"):
            parts.append(self._frame(node.args["spec"], scope))
        return " ".join(parts)

    def order(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "expressions")
        return f"ORDER BY {', '.join(self._ordered(entry, scope) for entry in node.expressions)}"

    def _ordered(self, node: exp.Expr, scope: SelectScope) -> str:
        if not isinstance(node, exp.Ordered):
            return self.sql(node, scope)
        only(node, "this", "desc", "nulls_first")
        nulls = " NULLS FIRST" if node.args.get("nulls_first") else ""
        return f"{self.sql(node.this, scope)}{' DESC' if node.args.get('desc') else ''}{nulls}"

    def _frame(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "kind", "start", "start_side", "end", "end_side")
        kind = str(node.args.get("kind") or "").upper()
        if kind not in ("ROWS", "RANGE"):
            raise refuse("has a window frame that is neither ROWS nor RANGE")
        start = self._edge(node.args.get("start"), node.args.get("start_side"), scope)
        end = self._edge(node.args.get("end") or "CURRENT ROW", node.args.get("end_side"), scope)
        return f"{kind} BETWEEN {start} AND {end}"

    def _edge(self, edge: object, side: object, scope: SelectScope) -> str:
        if str(edge).upper() == "CURRENT ROW":
            return "CURRENT ROW"
        if str(side or "").upper() not in ("PRECEDING", "FOLLOWING"):
            raise refuse("has a window frame that cannot be read")
        amount = "UNBOUNDED" if str(edge).upper() == "UNBOUNDED" else self.sql(edge, scope)
        return f"{amount} {str(side).upper()}"

    def _query(self, node: exp.Expr, scope: SelectScope) -> str:
        return f"({self.subquery(node, scope)})"

    def _exists(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this")
        return f"EXISTS ({self.subquery(node.this, scope)})"

    def _lambda(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "expressions")
        names = ", ".join(identifier(name) for name in node.expressions)
        return f"({names}) -> {self.sql(node.this, scope)}"

    def _bracket(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "expressions", "offset")
        if len(node.expressions) != 1:
            raise refuse("has an index that is not one value")
        return f"arrayElement({self.sql(node.this, scope)}, {self.sql(node.expressions[0], scope)})"

    def _dot(self, node: exp.Expr, scope: SelectScope) -> str:
        """A long JSON path, or one element of a tuple."""
        if isinstance(node.expression, exp.Literal) and not node.expression.is_string:
            only(node, "this", "expression")
            return f"tupleElement({self.sql(node.this, scope)}, {plain_number(node.expression)})"
        return self._column(node, scope)


Writer = Callable[[Expressions, Any, SelectScope], str]


def _around(before: str, after: str = ")") -> Writer:
    def write(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this")
        return f"{before}{self.sql(node.this, scope)}{after}"

    return write


def _listed(before: str, after: str) -> Writer:
    def write(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "expressions", "value_constructor", "bracket_notation")
        return f"{before}{self.listed(node.expressions, scope)}{after}"

    return write


def _literal(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    only(node, "this", "is_string")
    return quote_text(clean(node.name)) if node.args.get("is_string") else plain_number(node)


def _boolean(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    only(node, "this")
    return "true" if node.this else "false"


def _null(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    only(node)
    return "NULL"


def _identifier(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    return identifier(node)


def _alias(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    only(node, "this", "alias")
    return f"({self.sql(node.this, scope)} AS {identifier(node.args['alias'])})"


def _between(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    only(node, "this", "low", "high")
    low, high = self.sql(node.args["low"], scope), self.sql(node.args["high"], scope)
    return f"({self.sql(node.this, scope)} BETWEEN {low} AND {high})"


def _distinct(self: Expressions, node: exp.Expr, scope: SelectScope) -> str:
    only(node, "expressions")
    return f"DISTINCT {self.listed(node.expressions, scope)}"


_WRITERS: dict[type[exp.Expr], Writer] = {
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _null,
    exp.Identifier: _identifier,
    exp.Alias: _alias,
    exp.Paren: _around("("),
    exp.Not: _around("(NOT ", ")"),
    exp.Neg: _around("(- ", ")"),
    exp.Between: _between,
    exp.Distinct: _distinct,
    exp.Tuple: _listed("tuple(", ")"),
    exp.Array: _listed("[", "]"),
    exp.Column: Expressions._column,
    exp.Dot: Expressions._dot,
    exp.Placeholder: Expressions._placeholder,
    exp.In: Expressions._in,
    exp.Case: Expressions._case,
    exp.If: Expressions._if,
    exp.Cast: Expressions._cast,
    exp.JSONCast: Expressions._json_cast,
    exp.Is: Expressions._is,
    exp.Interval: Expressions._interval,
    exp.Window: Expressions._window,
    exp.Subquery: Expressions._query,
    exp.Select: Expressions._query,
    exp.Exists: Expressions._exists,
    exp.Lambda: Expressions._lambda,
    exp.Bracket: Expressions._bracket,
}


def only(node: exp.Expr, *allowed: str) -> None:
    """Refuse a node that says more than we would write: whatever we do not copy must not be there."""
    for name, value in node.args.items():
        if name not in allowed and value not in (None, False, []):
            raise refuse(f"uses {name.strip('_').replace('_', ' ')} in {_kind_of(node)}, which is not supported")


def identifier(node: object) -> str:
    """A name of the user's, quoted; names we keep for ourselves are refused."""
    return quote_identifier(name_of(node))


def name_of(node: object) -> str:
    """A name of the user's as it is; names we keep for ourselves are refused."""
    name = node.name if isinstance(node, exp.Identifier) else ""
    if isinstance(node, exp.Expr) and isinstance(node, (exp.Column, exp.TableAlias)):
        only(node, "this")
        name = node.name
    if not name or len(name) > 300:
        raise refuse("has an empty or overlong name")
    if name.startswith(RESERVED):
        raise refuse(f"uses the name {name[:60]}; names that begin with {RESERVED} are reserved")
    return clean(name)


def clean(text: str) -> str:
    """The text, if it can be sent to the engine at all."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refuse("has text that is not valid Unicode") from None
    return text


def parts_of(node: exp.Expr) -> list[exp.Expr]:
    """The names of a dotted column, outermost first."""
    if isinstance(node, exp.Dot):
        only(node, "this", "expression")
        if not isinstance(node.this, (exp.Dot, exp.Column)) or not isinstance(node.expression, exp.Identifier):
            raise refuse("has a dot after something that is no column")
        return [*parts_of(node.this), node.expression]
    only(node, "this", "table", "db", "catalog")
    return [part for name in ("catalog", "db", "table", "this") if (part := node.args.get(name)) is not None]


def plain_number(node: exp.Expr) -> str:
    """A number as it was written, if the engine reads it so."""
    text = node.name.replace("_", "")
    if not _NUMBER.fullmatch(text):
        raise refuse(f"has the number {node.name[:40]}, which cannot be read")
    return text


def _is_constant(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, (exp.Neg, exp.Paren)) else node
    if isinstance(inner, exp.Tuple):
        return all(_is_constant(part) for part in inner.expressions)
    return isinstance(inner, (exp.Literal, exp.Boolean, exp.Null, exp.Placeholder))


def _json_value(path: str, node: exp.Expr) -> str:
    mode, kind = _json_mode(node)
    if kind is not None:
        return convert_property(path, kind)
    if mode == "raw":
        return path
    if mode == "number":
        return f"coalesce(toFloat64({path}.:Int64), {path}.:Float64, toFloat64OrNull({path}.:String))"
    return f"CAST({path} AS Nullable(String))"


def _json_mode(node: exp.Expr) -> tuple[str, object]:
    """How a path of the properties is read: raw, as a number, as text, or converted to a type."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.JSONCast):
        return "raw", None
    if isinstance(parent, exp.Cast):
        return "cast", parent.args["to"]
    if isinstance(parent, _FUNCTIONS):
        lowered = parent.name.lower()
        return "raw" if lowered in _RAW_FUNCTIONS else "number" if wants_numbers(lowered) else "text", None
    if isinstance(parent, _ARITHMETIC):
        return "number", None
    return "number" if _compares_with_number(node, parent) else "text", None


def _compares_with_number(node: exp.Expr, parent: exp.Expr | None) -> bool:
    if isinstance(parent, _COMPARISONS):
        return _is_number(parent.expression if parent.this is node else parent.this)
    if isinstance(parent, exp.Between):
        return _is_number(parent.args["low"])
    return isinstance(parent, exp.In) and bool(parent.expressions) and _is_number(parent.expressions[0])


def _is_number(node: exp.Expr) -> bool:
    if isinstance(node, exp.Literal):
        return not node.is_string
    if isinstance(node, exp.Placeholder):
        return is_numeric_type(node.args.get("kind"))
    if isinstance(node, exp.Paren):
        return _is_number(node.this)
    return isinstance(node, _ARITHMETIC) or (isinstance(node, _FUNCTIONS) and wants_numbers(node.name))


def _flags(node: exp.Expr) -> tuple[str, ...]:
    """What a binary node may say besides its two sides: nothing we would have to write, or NOT before LIKE."""
    if isinstance(node, exp.Div):
        return ("typed", "safe")
    if isinstance(node, exp.DPipe):
        return ("safe",)
    return ("negate",) if isinstance(node, exp.Like | exp.ILike) else ()


def _kind_of(node: exp.Expr) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).upper()
