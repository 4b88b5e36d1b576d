"""Queries of user SQL: SELECT, WITH, FROM, JOIN and UNION, written anew clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from northing.data.query.draft import Draft
from northing.data.query.sandbox_expressions import Expressions, SelectScope, clean, identifier, only
from northing.data.query.sandbox_parser import NorthingSql, refuse
from northing.data.query.sandbox_tables import PUBLIC_TABLES, RESERVED, Source, table_sql
from northing.data.query.statements import quote_identifier

_SET_OPERATIONS: dict[type[exp.Expr], str] = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}
_JOINS = frozenset({"", "INNER", "OUTER", "CROSS", "ANY", "ALL", "SEMI", "ANTI", "ASOF"})
_SIDES = frozenset({"", "LEFT", "RIGHT", "FULL"})
_CTE_PREFIX = "cte_"


class Selects:
    """Writes queries. Names the engine could look up by itself never survive: tables become subqueries of the project,
    CTEs get a prefix, and every source an alias.
    """

    def __init__(self, draft: Draft, params: Mapping[str, Any]) -> None:
        self.expressions = Expressions(draft, params, self.query)
        self._draft = draft

    def outermost(self, tree: exp.Expr, *, limit: int) -> str:
        """The whole statement with its rows limited to `limit` and one more, by which truncation is seen."""
        scope = SelectScope(None, frozenset())
        query = tree
        while isinstance(query, exp.Subquery):
            only(query, "this")
            query = query.this
        if isinstance(query, exp.Select) and not query.args.get("limit") and not query.args.get("offset"):
            return f"{self._select(query, scope, is_outermost=True)} LIMIT {limit + 1}"
        text = (
            self._select(query, scope, is_outermost=True) if isinstance(query, exp.Select) else self.query(query, scope)
        )
        return f"SELECT * FROM ({text}) LIMIT {limit + 1}"

    def query(self, node: exp.Expr, scope: SelectScope) -> str:
        """A query without parentheses around it."""
        if isinstance(node, exp.Subquery):
            only(node, "this")
            return self.query(node.this, scope)
        if isinstance(node, exp.Select):
            return self._select(node, scope)
        if type(node) in _SET_OPERATIONS:
            return self._set_operation(node, scope)
        raise refuse("has parentheses around something that is no SELECT")

    def _set_operation(self, node: exp.Expr, parent: SelectScope) -> str:
        only(node, "this", "expression", "distinct", "with_", "order", "limit", "offset")
        scope = SelectScope(parent, parent.ctes)
        ctes = self._with(node, scope)
        mode = "DISTINCT" if node.args.get("distinct") else "ALL"
        word = f"{_SET_OPERATIONS[type(node)]} {mode}"
        both = f"({self.query(node.this, scope)}) {word} ({self.query(node.expression, scope)})"
        tail = self._tail(node, scope)
        return f"{ctes}SELECT * FROM ({both}){tail}" if ctes or tail else both

    def _select(self, node: exp.Expr, parent: SelectScope, *, is_outermost: bool = False) -> str:
        only(
            node, "with_", "distinct", "expressions", "from_", "joins", "where", "group", "having", "windows",
            "order", "limit", "offset",
        )  # fmt: skip
        if not node.expressions:
            raise refuse("has a SELECT without columns")
        scope = SelectScope(parent, parent.ctes)
        ctes = self._with(node, scope)
        entries = self._sources(node, scope)
        scope.has_star = any(e.is_star for e in node.expressions)
        columns = ", ".join(self._projection(e, scope, named=is_outermost) for e in node.expressions)
        text = f"{ctes}SELECT {self._distinct(node, scope)}{columns}"
        # FROM is written last: its subqueries carry the JSON paths that the other clauses turned out to need.
        clauses = self._clauses(node, scope)
        joins = [self._join(join, source, scope) for join, source in entries[1:]]
        return text + "".join([self._from(entries[:1], scope), *joins]) + clauses

    def _with(self, node: exp.Expr, scope: SelectScope) -> str:
        with_ = node.args.get("with_")
        if with_ is None:
            return ""
        only(with_, "expressions")
        return f"WITH {', '.join(self._cte(cte, scope) for cte in with_.expressions)} "

    def _cte(self, cte: exp.Expr, scope: SelectScope) -> str:
        only(cte, "this", "alias", "scalar")
        alias = cte.args.get("alias")
        if alias is None:
            raise refuse("has a WITH entry without a name")
        name = self._alias(alias)
        if cte.args.get("scalar"):
            return f"{self.expressions.sql(cte.this, scope)} AS {quote_identifier(name)}"
        if name in PUBLIC_TABLES or name in scope.ctes:
            raise refuse(f"names a WITH query {name}, which is taken")
        text = f"{quote_identifier(_CTE_PREFIX + name)} AS ({self.query(cte.this, scope)})"
        scope.ctes |= {name}
        return text

    def _alias(self, alias: exp.Expr) -> str:
        only(alias, "this")
        identifier(alias)
        name = alias.name
        if name == "properties":
            raise refuse("gives the name properties to a table, which would hide the column")
        return clean(name)

    def _sources(self, node: exp.Expr, scope: SelectScope) -> list[tuple[exp.Expr | None, exp.Expr]]:
        """The entries of FROM and its joins, each registered under its alias before any expression is written."""
        from_ = node.args.get("from_")
        entries: list[tuple[exp.Expr | None, exp.Expr]] = []
        if from_ is not None:
            only(from_, "this")
            entries.append((None, from_.this))
        entries += [(join, join.this) for join in node.args.get("joins") or ()]
        for join, entry in entries:
            if join is None or str(join.args.get("kind") or "").upper() != "ARRAY":
                self._register(entry, scope)
        return entries

    def _register(self, entry: exp.Expr, scope: SelectScope) -> None:
        source = self._source(entry, scope, len(scope.sources))
        if source.alias in scope.sources:
            raise refuse(f"has two tables named {source.alias} in one FROM; give them aliases")
        scope.sources[source.alias] = source

    def _source(self, entry: exp.Expr, scope: SelectScope, position: int) -> Source:
        entry = _without_final(entry)
        alias = entry.args.get("alias")
        given = self._alias(alias) if alias is not None else None
        if isinstance(entry, exp.Subquery):
            only(entry, "this", "alias")
            return Source(given or f"subquery_{position + 1}")
        name = self._table_name(entry)
        if name in scope.ctes:
            return Source(given or name)
        if name not in PUBLIC_TABLES:
            raise refuse(f"reads {name[:60]}; the tables are {', '.join(PUBLIC_TABLES)}")
        return Source(given or name, name)

    def _table_name(self, entry: exp.Expr) -> str:
        if not isinstance(entry, exp.Table):
            raise refuse("reads something in FROM that is no table; table functions and VALUES are refused")
        if not isinstance(entry.this, exp.Identifier):
            raise refuse(f"uses a table function in FROM; the tables are {', '.join(PUBLIC_TABLES)}")
        if entry.db:
            raise refuse(f"reads {entry.db}.{entry.name}"[:60] + f"; the tables are {', '.join(PUBLIC_TABLES)}")
        only(entry, "this", "alias")
        identifier(entry.this)
        return entry.this.name

    def _from(self, entries: list[tuple[exp.Expr | None, exp.Expr]], scope: SelectScope) -> str:
        return "".join(f" FROM {self._source_sql(entry, scope, 0)}" for _, entry in entries)

    def _source_sql(self, entry: exp.Expr, scope: SelectScope, position: int) -> str:
        source = self._source(entry, scope, position)
        source = scope.sources[source.alias]
        alias = quote_identifier(source.alias)
        entry = _without_final(entry)
        if source.table is not None:
            return table_sql(source, self._draft)
        if isinstance(entry, exp.Subquery):
            # A subquery of FROM sees the CTEs, but no rows of its siblings.
            return f"({self.query(entry.this, SelectScope(None, scope.ctes))}) AS {alias}"
        return f"{quote_identifier(_CTE_PREFIX + entry.name)} AS {alias}"

    def _join(self, join: exp.Expr | None, entry: exp.Expr, scope: SelectScope) -> str:
        assert join is not None
        kind, side = str(join.args.get("kind") or "").upper(), str(join.args.get("side") or "").upper()
        if kind == "ARRAY":
            return self._array_join(join, side, scope)
        only(join, "this", "kind", "side", "on", "using")
        if kind not in _JOINS or side not in _SIDES:
            raise refuse(f"has a {side} {kind} join, which is not supported")
        position = list(scope.sources).index(self._source_alias(entry, scope))
        text = f" {' '.join(part for part in (side, kind) if part)} JOIN {self._source_sql(entry, scope, position)}"
        if join.args.get("using"):
            return f"{text} USING ({', '.join(identifier(name) for name in join.args['using'])})"
        on = join.args.get("on")
        return f"{text} ON {self.expressions.sql(on, scope)}" if on is not None else text

    def _source_alias(self, entry: exp.Expr, scope: SelectScope) -> str:
        alias = _without_final(entry).args.get("alias")
        if alias is not None:
            return str(alias.name)
        if isinstance(entry, exp.Subquery):
            unnamed = [name for name in scope.sources if name.startswith("subquery_")]
            return unnamed[0] if len(unnamed) == 1 else self._needs_alias()
        return _without_final(entry).name

    def _needs_alias(self) -> str:
        raise refuse("has several subqueries in FROM without names; give them aliases")

    def _array_join(self, join: exp.Expr, side: str, scope: SelectScope) -> str:
        only(join, "this", "kind", "side", "expressions")
        if side not in ("", "LEFT"):
            raise refuse("has an ARRAY JOIN of a kind that is not supported")
        arrays = [join.this, *(join.expressions or ())]
        text = ", ".join(self._projection(array, scope) for array in arrays)
        return f" {'LEFT ' if side else ''}ARRAY JOIN {text}"

    def _clauses(self, node: exp.Expr, scope: SelectScope) -> str:
        text = ""
        for name, word in (("where", "WHERE"), ("group", "GROUP BY"), ("having", "HAVING")):
            clause = node.args.get(name)
            if clause is None:
                continue
            text += f" {word} {self._group(clause, scope) if name == 'group' else self._this(clause, scope)}"
        windows = node.args.get("windows") or ()
        if windows:
            text += f" WINDOW {', '.join(self._named_window(w, scope) for w in windows)}"
        return text + self._tail(node, scope)

    def _this(self, clause: exp.Expr, scope: SelectScope) -> str:
        only(clause, "this")
        return self.expressions.sql(clause.this, scope)

    def _group(self, clause: exp.Expr, scope: SelectScope) -> str:
        only(clause, "expressions", "all")
        return "ALL" if clause.args.get("all") else self.expressions.listed(clause.expressions, scope)

    def _named_window(self, window: exp.Expr, scope: SelectScope) -> str:
        only(window, "this", "partition_by", "order", "spec")
        return f"{identifier(window.this)} AS ({self.expressions.window_body(window, scope)})"

    def _tail(self, node: exp.Expr, scope: SelectScope) -> str:
        """ORDER BY, LIMIT BY, LIMIT and OFFSET."""
        text = ""
        if node.args.get("order") is not None:
            text += f" {self.expressions.order(node.args['order'], scope)}"
        limit, offset = node.args.get("limit"), node.args.get("offset")
        if limit is not None:
            text += self._limit(limit, scope)
        if offset is not None:
            only(offset, "this", "expression")
            text += f" OFFSET {self.expressions.sql(offset.expression, scope)}"
        return text

    def _limit(self, limit: exp.Expr, scope: SelectScope) -> str:
        if not isinstance(limit, exp.Limit):
            raise refuse("has a LIMIT that is not supported")
        only(limit, "this", "expression", "expressions")
        by = self.expressions.listed(limit.expressions, scope)
        return f" LIMIT {self.expressions.sql(limit.expression, scope)}{f' BY {by}' if by else ''}"

    def _distinct(self, node: exp.Expr, scope: SelectScope) -> str:
        distinct = node.args.get("distinct")
        if distinct is None:
            return ""
        only(distinct)
        return "DISTINCT "

    def _projection(self, node: exp.Expr, scope: SelectScope, *, named: bool = False) -> str:
        if isinstance(node, exp.Star):
            only(node)
            return "*"
        if isinstance(node, exp.Alias):
            only(node, "this", "alias")
            return f"{self.expressions.sql(node.this, scope)} AS {identifier(node.args['alias'])}"
        text = self.expressions.sql(node, scope)
        is_path = isinstance(node, (exp.Column, exp.Dot)) and not node.is_star and RESERVED in text
        if is_path or (named and not isinstance(node, exp.Column)):
            # Columns are named as they were written, not as we rewrote them.
            return f"{text} AS {quote_identifier(_written(node))}"
        return text


def _written(node: exp.Expr) -> str:
    return clean(node.sql(dialect=NorthingSql, comments=False))[:200].lstrip("_").replace('"', "") or "value"


def _without_final(entry: exp.Expr) -> exp.Expr:
    """`FINAL` is always in force where it means anything."""
    if isinstance(entry, exp.Final):
        only(entry, "this")
        inner = entry.this
        return inner if isinstance(inner, exp.Expr) else entry
    return entry
