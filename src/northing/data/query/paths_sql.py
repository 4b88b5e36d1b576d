"""The SQL of `paths`: one pass that sorts each person's events, cuts them into visits and counts what follows what.

Inside the arrays an event is one 128-bit number: its milliseconds since the start of the range, then the hash of its
node. That sorts in half the time of pairs; the few nodes that are shown get their names back at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from northing.data.query.conditions import condition_sql, join_conditions
from northing.data.query.draft import Draft
from northing.data.query.paths_funnel import select_part
from northing.data.query.paths_spec import Cleaning, Paths
from northing.data.query.properties import access_event
from northing.data.query.ranges import Range
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement

GAP_MS = 30 * 60 * 1000
COMMON = 10
# Edges of the same value at the limit are all fetched, so that their names can decide; beyond this many, hashes do.
MAX_TIED = 3000
EDGE, NODE, PATH = 0, 1, 2
# What `cityHash64` makes of the text that stands for nodes left out.
HIDDEN_HASH = 13955684316476712671
_WAITS = "arrayDifference(arrayMap(__x -> toInt64(bitShiftRight(__x, 64)), __all))"
_SPLIT = f"arraySplit((__x, __wait) -> __wait >= {GAP_MS}, __all, {_WAITS})"
# Columns of `plan_paths`.
COLUMNS = ("__tag", "__step", "__from", "__to", "__value", "__ms", "__ended", "__whole")


@dataclass(frozen=True, slots=True)
class Place:
    """A node at a step, the first being 1."""

    step: int
    node: str


def plan_paths(query: Paths, span: Range, scope: Scope) -> Statement:
    """The greatest edges, the nodes they join and the commonest whole paths: columns `COLUMNS`."""
    draft = Draft(scope)
    grouped = (
        "SELECT __nodes, count() AS __times_seen, sumForEach(arrayDifference(__moments)) AS __waits "
        f"FROM ({_walks(query, span, draft)}) GROUP BY __nodes"
    )
    counted = (
        "SELECT __item.1 AS __tag, __item.2 AS __step, __item.3 AS __from, __item.4 AS __to, "
        "sum(__times_seen) AS __value, sum(__item.5) AS __ms, sumIf(__times_seen, __item.6) AS __ended, "
        f"anyIf(__nodes, __tag = {PATH}) AS __whole "
        f"FROM (SELECT __times_seen, __nodes, arrayJoin({_items(query)}) AS __item FROM ({grouped})) "
        "GROUP BY __tag, __step, __from, __to"
    )
    # Windows cost by the row: they see those alone that may have a rank, and all nodes, each by itself.
    apart = f"__tag, if(__tag = {NODE}, (__step, __from), (toUInt8(0), toUInt64(0)))"
    foremost = (
        f"SELECT * FROM ({counted}) WHERE __tag != {EDGE} OR {_weighs(query, draft)} "
        f"ORDER BY __value DESC, __from, __to, __step LIMIT {max(query.edge_limit, COMMON) + MAX_TIED} BY {apart}"
    )
    ranked = (
        "SELECT *, rank() OVER (PARTITION BY __tag ORDER BY __value DESC) AS __rank, "
        "row_number() OVER (PARTITION BY __tag ORDER BY __value DESC, __from, __to, __step) AS __number "
        f"FROM ({foremost})"
    )
    return draft.statement(_chosen(query, ranked))


def _chosen(query: Paths, ranked: str) -> str:
    """The rows of rank: a chosen edge also marks the nodes it joins, and of nodes only those are kept."""
    own = "(__tag, __step, __from, __to, false)"
    marks = f"[{own}, ({NODE}, __step, __from, 0, true), ({NODE}, __step + 1, __to, 0, true)]"
    kept = (
        f"(__tag = {EDGE} AND __rank <= {query.edge_limit} AND __number <= {query.edge_limit + MAX_TIED}) "
        f"OR (__tag = {PATH} AND __rank <= {COMMON} AND __number <= {COMMON + MAX_TIED}) OR __tag = {NODE}"
    )
    marked = f"SELECT *, arrayJoin(if(__tag = {EDGE}, {marks}, [{own}])) AS __mark FROM ({ranked}) WHERE {kept}"
    keys = ", ".join(f"__mark.{i} AS __k{i}" for i in range(1, 6))
    # Keys named one query further in: so the engine analyses the statement in three quarters of the time.
    named = f"SELECT {', '.join(COLUMNS[4:])}, {keys} FROM ({marked})"
    sums = ", ".join(f"anyIf({name}, NOT __k5)" for name in COLUMNS[4:])
    return (
        f"SELECT __k1, __k2, __k3, __k4, {sums} FROM ({named}) GROUP BY __k1, __k2, __k3, __k4 "
        f"HAVING __k1 != {NODE} OR max(__k5) ORDER BY __k1, __k2, __k3, __k4"
    )


def plan_names(query: Paths, span: Range, scope: Scope, hashes: list[int]) -> Statement:
    """The names of nodes by their hashes; it stops reading as soon as all are found."""
    draft = Draft(scope)
    node = _node(query, draft)
    wanted = draft.bind(hashes, "Array(UInt64)")
    where = scan(draft, span, [*_conditions(query, draft), f"cityHash64({node}) IN {wanted}"], guarded=_guarded(query))
    return draft.statement(
        f"SELECT DISTINCT cityHash64({node}) AS __hash, {node} AS __name FROM {EVENTS} {where} LIMIT {len(hashes)}"
    )


def plan_walkers(query: Paths, span: Range, draft: Draft, places: tuple[Place, ...]) -> str:
    """The people with a path through these places, which follow each other."""
    parts = [f"__nodes[{place.step}] = cityHash64({draft.text(place.node)})" for place in places]
    return f"SELECT __who AS __person FROM ({_walks(query, span, draft)}) WHERE {join_conditions(parts)}"


def _walks(query: Paths, span: Range, draft: Draft) -> str:
    """Every path: `__who`, the hashes `__nodes` and their times `__moments`."""
    since = draft.bind(round(span.start.timestamp() * 1000), "Int64")
    packed = (
        f"bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli({ROW}.timestamp) - {since}), 64), "
        f"toUInt128(cityHash64({_node(query, draft)})))"
    )
    where = scan(draft, span, _conditions(query, draft), guarded=_guarded(query))
    sorted_events = (
        f"SELECT {draft.person} AS __who, arraySort(groupArray({packed})) AS __all FROM {EVENTS} {where} GROUP BY __who"
    )
    if query.within:
        visits = f"FROM ({select_part(query.within, span, draft, sorted_events)})"
    else:
        visits = f"FROM ({sorted_events}) ARRAY JOIN {_SPLIT} AS __visit"
    cut = _cut(query, draft, f"SELECT __who, arrayCompact(__x -> toUInt64(__x), __visit) AS __steps {visits}")
    return (
        "SELECT __who, arrayMap(__x -> toUInt64(__x), __steps) AS __nodes, "
        f"arrayMap(__x -> toInt64(bitShiftRight(__x, 64)), __steps) AS __moments FROM ({cut})"
    )


def _cut(query: Paths, draft: Draft, steps: str) -> str:
    """Trimmed to begin at the start, to end at the end, and to be no longer than the limit."""
    if query.start:
        at = f"arrayFirstIndex(__x -> toUInt64(__x) = cityHash64({draft.text(query.start)}), __steps)"
        steps = f"SELECT __who, arraySlice(__steps, {at}) AS __steps FROM (SELECT * FROM ({steps}) WHERE {at} > 0)"
    if query.end:
        at = f"arrayFirstIndex(__x -> toUInt64(__x) = cityHash64({draft.text(query.end)}), __steps)"
        steps = f"SELECT __who, arraySlice(__steps, 1, {at}) AS __steps FROM (SELECT * FROM ({steps}) WHERE {at} > 0)"
    limit = query.step_limit
    if query.has_both_ends:
        return f"SELECT __who, {_collapsed(limit)} AS __steps FROM (SELECT __who, __steps AS __full FROM ({steps}))"
    kept = f"arraySlice(__full, {-limit})" if query.keeps_last else f"arraySlice(__full, 1, {limit})"
    return f"SELECT __who, {kept} AS __steps FROM (SELECT __who, __steps AS __full FROM ({steps}))"


def _collapsed(limit: int) -> str:
    """The first and last nodes, and between them one that stands for the rest, at the time of the first of those."""
    head = limit // 2
    tail = limit - 1 - head
    hidden = f"bitOr(bitShiftLeft(bitShiftRight(__full[{head + 1}], 64), 64), toUInt128({HIDDEN_HASH}))"
    short = f"arrayConcat(arraySlice(__full, 1, {head}), [{hidden}], arraySlice(__full, {-tail}))"
    return f"if(length(__full) > {limit}, {short}, __full)"


def _items(query: Paths) -> str:
    """What one whole path, seen any number of times, adds to: (tag, step, from, to, ms, whether it ended there)."""
    edges = (
        f"arrayMap(__i -> ({EDGE}, toUInt8(__i), __nodes[__i], __nodes[__i + 1], __waits[__i + 1], false), "
        "range(1, length(__nodes)))"
    )
    # Where an end was asked for, every path reaches it, and nobody drops off.
    ends = f"__i = length(__nodes) AND __i < {query.step_limit}" if query.has_drop_offs else "false"
    nodes = (
        f"arrayMap(__i -> ({NODE}, toUInt8(__i), __nodes[__i], toUInt64(0), toInt64(0), {ends}), "
        "range(1, length(__nodes) + 1))"
    )
    whole = f"if(length(__nodes) > 1, [({PATH}, toUInt8(0), cityHash64(__nodes), toUInt64(0), toInt64(0), false)], [])"
    return f"arrayConcat({edges}, {nodes}, {whole})"


def _weighs(query: Paths, draft: Draft) -> str:
    parts = [f"__value >= {draft.bind(query.min_weight, 'UInt64')}"]
    if query.max_weight is not None:
        parts.append(f"__value <= {draft.bind(query.max_weight, 'UInt64')}")
    return join_conditions(parts)


def _conditions(query: Paths, draft: Draft) -> list[str]:
    """Which events are nodes."""
    include, node = query.include, _node(query, draft)
    chosen = [f"{ROW}.event IN {draft.texts(include.events)}"] if include.events else []
    if include.custom:
        chosen.append(f"NOT startsWith({ROW}.event, '$')")
    parts = [] if include.expression else [join_conditions(chosen, "or")]
    parts += [condition_sql(query.filters, draft), f"{node} != ''"]
    if query.exclude:
        parts.append(f"{node} NOT IN {draft.texts(query.exclude)}")
    return parts


def _guarded(query: Paths) -> bool:
    return query.include.expression is not None or has_expression(query.filters)


def _node(query: Paths, draft: Draft) -> str:
    """The name of an event's node, '' where it has none."""
    include = query.include
    branches = []
    if "$pageview" in include.events:
        branches.append((f"{ROW}.event = '$pageview'", _page(query.cleaning, draft)))
    if "$screen" in include.events:
        branches.append((f"{ROW}.event = '$screen'", f"toString({access_event('$screen_name').text})"))
    named = tuple(name for name in include.events if name not in ("$pageview", "$screen"))
    rest = f"toString({ROW}.event)"
    if include.expression:
        by_name = [f"{ROW}.event IN {draft.texts(named)}"] if named else []
        by_name += [f"NOT startsWith({ROW}.event, '$')"] if include.custom else []
        branches += [(join_conditions(by_name, "or"), rest)] if by_name else []
        rest = f"ifNull(toString({include.expression[draft.scope.merged]}), '')"
    elif not named and not include.custom:
        rest = branches.pop()[1]
    choice = ", ".join(f"{condition}, {text}" for condition, text in branches)
    return _grouped(query.wildcards, f"multiIf({choice}, {rest})" if branches else rest, draft)


def _page(cleaning: tuple[Cleaning, ...], draft: Draft) -> str:
    """The path of a page, or its address where it has none, cleaned and without a slash at its end."""
    # Patterns are tried once per different address of a block, not once per event.
    text = f"if({ROW}.path != '', {ROW}.path, {ROW}.url)"
    if cleaning:
        text = f"toLowCardinality({text})"
    for found in cleaning:
        text = f"replaceRegexpAll({text}, {draft.text(found.pattern)}, {draft.text(found.alias)})"
    return f"replaceRegexpOne(toString({text}), '(.)/$', '\\\\1')" if cleaning else _without_slash(text)


def _without_slash(text: str) -> str:
    return f"if(endsWith({text}, '/') AND length({text}) > 1, substring({text}, 1, length({text}) - 1), {text})"


def _grouped(wildcards: tuple[str, ...], node: str, draft: Draft) -> str:
    """Nodes that a wildcard covers, under its name; the first that covers one counts."""
    if not wildcards:
        return node
    text = f"toLowCardinality({node})"
    branches = []
    for wildcard in wildcards:
        pattern = "(?s)^" + ".*".join(map(re.escape, wildcard.split("*"))) + "$"
        branches.append(f"match({text}, {draft.text(pattern)}), {draft.text(wildcard)}")
    return f"multiIf({', '.join(branches)}, toString({text}))"
