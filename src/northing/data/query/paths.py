"""The query kind `paths`: what people do one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from northing.data.query.draft import Draft
from northing.data.query.kinds import Kind
from northing.data.query.paths_funnel import describe_part
from northing.data.query.paths_spec import HIDDEN, Paths, read_paths
from northing.data.query.paths_sql import (
    COMMON,
    EDGE,
    HIDDEN_HASH,
    PATH,
    Place,
    plan_names,
    plan_paths,
    plan_walkers,
)
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import EventName, Suspect, suspects_of


class _Edge(NamedTuple):
    """In the order they are shown in."""

    less: int
    source: str
    target: str
    ms: int


async def answer_paths(query: Paths, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Edges, the nodes they join, where paths end, and the commonest whole paths."""
    rows = (await ask(plan_paths(query, span, scope))).rows
    names = await _names(query, rows, span=span, scope=scope, ask=ask)
    edges = _edges(query, rows, names)
    shown = {key for edge in edges for key in (edge.source, edge.target)}
    nodes = [node for node in _nodes(rows, names) if node["id"] in shown]
    result = {
        "edges": [_render_edge(edge) for edge in edges],
        "nodes": [{k: node[k] for k in ("id", "name", "step", "value")} for node in nodes],
        "drop_offs": _drop_offs(nodes),
        "common": _common(rows, names),
    }
    return Answer(result, _define(query, span, scope), span.start, span.end)


async def _names(query: Paths, rows: list[list[Any]], *, span: Range, scope: Scope, ask: Ask) -> dict[int, str]:
    hashes = {int(h) for row in rows if row[0] != PATH for h in (row[2:4] if row[0] == EDGE else row[2:3])}
    hashes |= {int(h) for row in rows for h in row[7]}
    names = {HIDDEN_HASH: HIDDEN}
    if wanted := sorted(hashes - set(names)):
        found = await ask(plan_names(query, span, scope, wanted))
        names |= {int(number): str(name) for number, name in found.rows}
    return names


def _edges(query: Paths, rows: list[list[Any]], names: dict[int, str]) -> list[_Edge]:
    edges = [
        _Edge(-int(value), f"{step}_{names[int(source)]}", f"{step + 1}_{names[int(target)]}", int(ms))
        for tag, step, source, target, value, ms, *_ in rows
        if tag == EDGE
    ]
    return sorted(edges)[: query.edge_limit]


def _render_edge(edge: _Edge) -> dict[str, Any]:
    value = -edge.less
    average = round(edge.ms / value / 1000, 3)
    return {"source": edge.source, "target": edge.target, "value": value, "average_seconds": average}


def _nodes(rows: list[list[Any]], names: dict[int, str]) -> list[dict[str, Any]]:
    """By step, then greatest first."""
    nodes = [
        {
            "id": f"{step}_{names[int(node)]}",
            "name": names[int(node)],
            "step": step,
            "value": int(value),
            "ended": ended,
        }
        for tag, step, node, _, value, _, ended, _ in rows
        if tag not in (EDGE, PATH)
    ]
    return sorted(nodes, key=lambda node: (node["step"], -node["value"], node["name"]))


def _drop_offs(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [(-int(node["ended"]), node["id"], node["value"]) for node in nodes if int(node["ended"])]
    return [{"node": key, "value": -less, "rate": round(-less / value, 6)} for less, key, value in sorted(found)]


def _common(rows: list[list[Any]], names: dict[int, str]) -> list[dict[str, Any]]:
    found = sorted((-int(row[4]), [names[int(h)] for h in row[7]]) for row in rows if row[0] == PATH)
    return [{"path": path, "value": -less} for less, path in found[:COMMON]]


def people_of_paths(query: Paths, span: Range, scope: Scope, point: Reader) -> People:
    """Who walked it: the point is an edge, `{source, target}`, or a node, `{node}`, by the keys of the answer."""
    names = ("node",) if point.has("node") else ("source", "target")
    places = tuple(_read_place(point, name) for name in names)
    if len(places) == 2 and places[1].step != places[0].step + 1:
        point.fault("target", "must be one step after the source")
    draft = Draft(scope)
    words = " to ".join(f"{place.node} (step {place.step})" for place in places)
    return People(draft, plan_walkers(query, span, draft, places), f"People with a path through {words}.")


def _read_place(point: Reader, name: str) -> Place:
    step, _, node = point.text(name, required=True, longest=2100).partition("_")
    if node and step.isascii() and step.isdigit() and 0 < int(step[:4]) < 1000:
        return Place(int(step[:4]), node)
    point.fault(name, "must be a step and a node, such as 1_/pricing")
    return Place(1, "")


def _define(query: Paths, span: Range, scope: Scope) -> str:
    include = [*query.include.events, *(["every event of your own"] if query.include.custom else [])]
    include += ["an SQL expression"] if query.include.expression else []
    text = (
        f"What people did one after another, of {', '.join(include)}: pages by path without a slash at the end, or by "
        "address where they have no path; screens and other events by name. A node after itself counts once. "
    )
    if query.within:
        text += describe_part(query.within)
    else:
        text += "A person's events are a new path after 30 minutes without any. "
    if query.start:
        text += f"Paths begin at {query.start}; what came before is left out. "
    if query.end:
        text += f"Paths end at {query.end}; what came after is left out. "
    text += (
        f"Values are numbers of paths, of at most {query.step_limit} nodes. Times are those between the first events "
        f"of two nodes. Events from {span.start:%Y-%m-%d %H:%M} to before {span.end:%Y-%m-%d %H:%M} in {scope.timezone}"
    )
    return text + (", only those that match the filters." if query.filters.members else ".")


def _suspects(query: Paths, result: dict[str, Any]) -> Iterator[Suspect]:
    if not result["edges"]:
        yield from (EventName(name) for name in query.include.events)
        steps = query.within.funnel.steps if query.within else ()
        yield from (EventName(step.event) for step in steps if step.event)
        yield from suspects_of(query.filters)


PATHS = Kind("paths", read_paths, answer_paths, people=people_of_paths, suspects=_suspects)
