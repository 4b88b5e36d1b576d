"""Funnels: insights of the kind `funnel`, with the fields of their query beside their names, and their results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.kernel.problems import FieldError, Problem, not_found
from northing.products.insights import service
from northing.products.insights.questions import check_question, with_dates, with_errors
from northing.products.insights.service import InsightDraft, InsightSearch
from northing.products.insights.views import InsightView
from northing.server.auth.work import Work

KIND = "funnel"
FIELDS = (
    "steps", "order", "window", "exclusions", "filters", "breakdown", "breakdown_limit", "attribution",
    "attribution_step", "aggregate_by", "date_from", "date_to", "timezone",
)  # fmt: skip
_DEFAULTS = {"order": "ordered", "window": {"value": 14, "unit": "day"}}
_DATES = ("date_from", "date_to", "timezone")
_PARAMETERS = {"date_from": "from", "date_to": "to"}
_SHOWN = ("uuid", "event", "timestamp", "distinct_id", "url")
MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class FunnelDraft:
    """What a new funnel is made of; `fields` are those of the kind `funnel`."""

    name: str
    fields: Mapping[str, Any]
    description: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dates:
    """The range to look at; None leaves the funnel's own."""

    date_from: str | None = None
    date_to: str | None = None


def list_funnels(work: Work, project_id: int, asked: InsightSearch) -> list[InsightView]:
    """Funnels of the project, as `list_insights` gives them."""
    return service.list_insights(work, project_id, asked)


def get_funnel(work: Work, project_id: int, funnel_id: int) -> InsightView:
    """One funnel. Raises 404, also for an insight of another kind."""
    return service.get_insight(work, project_id, funnel_id, kind=KIND)


def create_funnel(work: Work, scope: Scope, draft: FunnelDraft) -> InsightView:
    """Save a funnel. Raises 422 that names what is wrong with its fields."""
    query = {"kind": KIND, **{name: value for name, value in draft.fields.items() if value is not None}}
    insight = InsightDraft(draft.name, query, draft.description, draft.tags)
    return service.create_insight(work, scope, insight, path="")


def change_funnel(work: Work, scope: Scope, funnel_id: int, changes: Mapping[str, Any]) -> InsightView:
    """Change what is given; null takes a field of the query away."""
    given = dict(changes)
    fields = {name: given.pop(name) for name in FIELDS if name in given}
    if fields:
        work.actor.require(service.SCOPE, scope.project_id)
        present = service.find_row(work, scope.project_id, funnel_id, kind=KIND, locked=True).query
        merged = {name: value for name, value in {**present, **fields}.items() if value is not None}
        check_question(merged, scope, path="")
        given["query"] = merged
    return service.change_insight(work, scope, funnel_id, given, kind=KIND)


def as_funnel(view: InsightView) -> dict[str, Any]:
    """The view with the fields of its query beside its name."""
    shown = asdict(view)
    query = {**_DEFAULTS, **shown.pop("query")}
    return {**shown, **{name: query.get(name) for name in FIELDS}}


async def run_funnel(
    runner: QueryRunner, scope: Scope, view: InsightView, dates: Dates, *, refresh: bool = False
) -> dict[str, Any]:
    """The answer of the kind `funnel`, over the dates."""
    return await _ask(runner, scope, {**_question(view, dates), "refresh": refresh})


async def drop_off(runner: QueryRunner, scope: Scope, view: InsightView, dates: Dates) -> dict[str, Any]:
    """What is lost between each step and the one before."""
    answer = await _ask(runner, scope, {**_question(view, dates), "breakdown": None})
    steps = answer["result"]["steps"]
    return {
        "funnel_id": view.id,
        "steps": [_lost(i, step) for i, step in enumerate(steps) if i],
        "bottleneck": answer["result"]["bottleneck"],
        **{name: answer[name] for name in ("definition", "date_from", "date_to")},
    }


async def journey(
    runner: QueryRunner, scope: Scope, view: InsightView, *, distinct_id: str, dates: Dates
) -> dict[str, Any]:
    """How far the person of an id got, and the events of the steps. Raises 404 where nobody has the id."""
    funnel = _question(view, dates)
    question = {
        "kind": "person_journey",
        "distinct_id": distinct_id,
        "funnel": funnel,
        "limit": MOST_EVENTS,
        "filters": _named(funnel["steps"]),
        **{name: funnel[name] for name in _DATES if funnel.get(name) is not None},
    }
    answer = await _ask(runner, scope, question)
    result = answer["result"]
    if result["person"] is None:
        raise not_found("person")
    return {
        "funnel_id": view.id,
        "distinct_id": distinct_id,
        "person": result["person"],
        **result["funnel"],
        "events": [{name: event[name] for name in _SHOWN} for event in result["events"]],
        **{name: answer[name] for name in ("definition", "date_from", "date_to")},
    }


def _named(steps: list[Any]) -> list[dict[str, Any]]:
    """The filter on the events that steps name; none where a step takes any event."""
    names = [step if isinstance(step, str) else step.get("event") for step in steps]
    if not all(names):
        return []
    listed = ", ".join("'" + str(name).replace("\\", "\\\\").replace("'", "\\'") + "'" for name in names)
    return [{"type": "sql", "value": f"event IN ({listed})"}]


async def _ask(runner: QueryRunner, scope: Scope, question: dict[str, Any]) -> dict[str, Any]:
    """The answer. Raises 422, which names the dates as the caller does."""
    try:
        return await runner.run(question, scope)
    except Problem as problem:
        if not any(e.path in _PARAMETERS for e in problem.errors):
            raise
        raise with_errors(problem, map(_as_parameter, problem.errors)) from problem


def _as_parameter(error: FieldError) -> FieldError:
    if error.path not in _PARAMETERS:
        return error
    return FieldError(_PARAMETERS[error.path], error.message.replace("date_to", "to"))


def _question(view: InsightView, dates: Dates) -> dict[str, Any]:
    return {**with_dates(view.query, dates.date_from, dates.date_to), "view": "steps"}


def _lost(i: int, step: dict[str, Any]) -> dict[str, Any]:
    entered = step["count"] + step["drop_off"]
    return {
        "step": i,
        "name": step["name"],
        "entered": entered,
        "reached": step["count"],
        "dropped": step["drop_off"],
        "drop_off_rate": round(100 - step["conversion_from_previous"], 2) if entered else 0.0,
    }
