"""Expressions of the user's in filters and measures: over `events`, with no name that could take the place of ours.

In the engine an alias wins over a column wherever it stands, in `PREWHERE` too: `(1 AS project_id) = 1` would make our
own condition constant. So they may define no names but a lambda's parameters, its columns are the public ones, and
none of its names is written bare: columns get the row's alias, parameters a prefix.
"""

from __future__ import annotations

from sqlglot import exp

from northing.data.query.sandbox_expressions import Expressions, SelectScope, name_of, only, parts_of, plain_number
from northing.data.query.sandbox_functions import aggregate_name, function_name, is_row_function
from northing.data.query.sandbox_parser import parse_select, refuse
from northing.data.query.sandbox_tables import PUBLIC_TABLES, Source
from northing.data.query.statements import ROW, Binder, quote_identifier

_TABLE = "events"
_COLUMNS = frozenset(PUBLIC_TABLES[_TABLE])
_PARAMETER_PREFIX = "lambda_"
_REFUSED: dict[type[exp.Expr], str] = {
    exp.Alias: "an alias",
    exp.Aliases: "an alias",
    exp.Window: "a window",
    exp.Select: "a query",
    exp.Subquery: "a query",
    exp.Exists: "a query",
    exp.Star: "a star",
    exp.Placeholder: "a parameter",
}


def parse_expression(text: str, *, person: str = f"{ROW}.`person`") -> str:
    """A boolean expression over a row of `EVENTS`, rebuilt; it may hold no query, alias, aggregate or parameter.

    `person` is the SQL of the event's person after merges.

    Raises `Problem` 422 `invalid_sql`.
    """
    return _rebuild(text, _RowExpressions(person))


def parse_aggregate(text: str, *, person: str = f"{ROW}.`person`") -> str:
    """A number of many rows of `EVENTS`, such as `sum(properties.price) / count()`, rebuilt under the same rules.

    Raises `Problem` 422 `invalid_sql`.
    """
    writer = _AggregateExpressions(person)
    rebuilt = _rebuild(text, writer)
    if not writer.has_aggregate:
        raise refuse("must call an aggregate function, such as count() or sum(properties.price)")
    return rebuilt


def _rebuild(text: str, writer: _RowExpressions) -> str:
    tree = parse_select(f"SELECT ({text}\n) FROM {_TABLE}")
    if not isinstance(tree, exp.Select):
        raise refuse("must be one expression")
    only(tree, "expressions", "from_")
    if len(tree.expressions) != 1 or not isinstance(tree.expressions[0], exp.Paren):
        raise refuse("must be one expression")
    # A star scope keeps JSON paths in place: here the table itself is at hand, with nothing to hoist past.
    scope = SelectScope(None, frozenset(), {_TABLE: Source(ROW, _TABLE)}, has_star=True)
    try:
        return writer.sql(tree.expressions[0], scope)
    except RecursionError:
        raise refuse("is nested too deeply") from None


class _RowExpressions(Expressions):
    """What is left of user SQL where there is one row and nothing can be named."""

    def __init__(self, person: str) -> None:
        super().__init__(Binder(), {}, _no_query)
        self._person = person
        self._parameters: list[str] = []

    def sql(self, node: object, scope: SelectScope) -> str:
        for kind, noun in _REFUSED.items():
            if isinstance(node, kind):
                raise refuse(f"has {noun}, which cannot be here")
        if isinstance(node, exp.Lambda):
            return self._lambda(node, scope)
        if isinstance(node, exp.Identifier):
            return self._plain(name_of(node))
        if isinstance(node, exp.Column) or (isinstance(node, exp.Dot) and not isinstance(node.expression, exp.Literal)):
            return self._column(node, scope)
        return super().sql(node, scope)

    def _function(self, node: exp.Expr, scope: SelectScope) -> str:
        name = function_name(str(node.name))
        if name is not None:
            self._check_function(name)
        return super()._function(node, scope)

    def _check_function(self, name: str) -> None:
        if not is_row_function(name):
            raise refuse(f"calls {name}, which is not about one row, as a filter is")

    def _lambda(self, node: exp.Expr, scope: SelectScope) -> str:
        only(node, "this", "expressions")
        names = [name_of(name) for name in node.expressions]
        for name in names:
            if name in _COLUMNS or name == _TABLE:
                raise refuse(f"names a lambda's parameter {name}, which is a column or table")
        self._parameters += names
        body = self.sql(node.this, scope)
        del self._parameters[len(self._parameters) - len(names) :]
        return f"({', '.join(map(_parameter, names))}) -> {body}"

    def _column(self, node: exp.Expr, scope: SelectScope) -> str:
        parts = parts_of(node)
        last = parts[-1]
        if isinstance(last, exp.Literal) and not last.is_string and len(parts) == 2:
            return f"tupleElement({self._plain(name_of(parts[0]))}, {plain_number(last)})"
        names = [name_of(part) for part in parts]
        if len(names) == 1:
            return self._plain(names[0])
        rest = names[1:] if names[0] == _TABLE else names
        if len(rest) == 1:
            return self._public(rest[0])
        if rest[0] != "properties":
            raise refuse(f"reads {'.'.join(names)[:100]}, which is no column; JSON paths begin with properties")
        return self._json(node, ".".join(rest[1:]), scope, (scope, scope.sources[_TABLE]))

    def _plain(self, name: str) -> str:
        return _parameter(name) if name in self._parameters else self._public(name)

    def _public(self, name: str) -> str:
        if name not in _COLUMNS:
            name = name[:60]
            mend = f"a property is written properties.{name}, and text stands in single quotes"
            raise refuse(f"reads {name}, which is no column of {_TABLE}; {mend}")
        return self._person if name == "person" else f"{ROW}.{quote_identifier(name)}"


class _AggregateExpressions(_RowExpressions):
    """The same where the rows are grouped."""

    has_aggregate = False

    def _check_function(self, name: str) -> None:
        if aggregate_name(name) is not None:
            self.has_aggregate = True
        elif not is_row_function(name):
            raise refuse(f"calls {name}, which cannot be here")


def _parameter(name: str) -> str:
    return quote_identifier(_PARAMETER_PREFIX + name)


def _no_query(node: exp.Expr, scope: SelectScope) -> str:
    raise refuse("must not hold a query here")
