"""The source systems' funnels, on those of `/api/v1/funnels`: their names and shapes, nothing of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.kernel.clock import rfc3339
from northing.kernel.problems import invalid, not_found
from northing.products.insights import funnels
from northing.products.insights.funnels import Dates, FunnelDraft
from northing.products.insights.listing import Place, cut
from northing.products.insights.service import InsightSearch
from northing.products.insights.views import InsightView
from northing.server.auth.work import Work

_LARGEST_ID = 2**31 - 1
_MOST = 500


def find_funnel(work: Work, project_id: int, *, number: Any = None, name: Any = None) -> InsightView:
    """By number, or by name the one changed last. Raises 404, 422 where neither is given."""
    if number not in (None, ""):
        if isinstance(number, bool) or not str(number).isdecimal() or not 0 < int(number) <= _LARGEST_ID:
            raise not_found("funnel")
        return funnels.get_funnel(work, project_id, int(number))
    if not isinstance(name, str) or not name:
        raise invalid("funnelId", "is required, or name")
    found = _named(work, project_id, InsightSearch(search=name, kind=funnels.KIND, limit=_MOST), name)
    if found is None:
        raise not_found("funnel")
    return found


def list_funnels(work: Work, project_id: int, place: Place, *, inactive: bool) -> dict[str, Any]:
    """A page of the active ones, or of all; those changed last first."""
    active = None if inactive else True
    asked = InsightSearch(kind=funnels.KIND, active=active, after=place.after, limit=place.limit)
    items, cursor = cut(funnels.list_funnels(work, project_id, asked), place.limit)
    return {"funnels": [show(view) for view in items], "nextCursor": cursor}


def create(work: Work, scope: Scope, body: Mapping[str, Any]) -> InsightView:
    """`{name, steps: [{name, event, order}], timeWindow (minutes), description?}`; steps in their order."""
    steps = body["steps"]
    ordered = sorted(steps, key=lambda step: step["order"]) if all("order" in step for step in steps) else steps
    fields: dict[str, Any] = {"steps": [{n: s[n] for n in ("event", "name") if s.get(n)} for s in ordered]}
    if body.get("timeWindow") is not None:
        fields["window"] = {"value": body["timeWindow"], "unit": "minute"}
    draft = FunnelDraft(body["name"], fields, body.get("description") or "")
    return funnels.create_funnel(work, scope, draft)


def deactivate(work: Work, scope: Scope, found: InsightView) -> InsightView:
    """No longer among the active ones, with its results as they are."""
    return funnels.change_funnel(work, scope, found.id, {"is_active": False})


def show(view: InsightView) -> dict[str, Any]:
    """A funnel in their names."""
    shown = funnels.as_funnel(view)
    return {
        "id": view.id,
        "name": view.name,
        "description": view.description,
        "steps": steps_of(view),
        "timeWindow": _minutes(shown["window"]),
        "isActive": view.is_active,
        "createdAt": rfc3339(view.created_at),
        "updatedAt": rfc3339(view.updated_at),
    }


def steps_of(view: InsightView) -> list[dict[str, Any]]:
    """`{name, event, order}`, order counted from 1."""
    steps = [{"event": step} if isinstance(step, str) else step for step in view.query["steps"]]
    events = [(step.get("event"), step.get("name")) for step in steps]
    return [
        {"name": name or event or "Any event", "event": event, "order": i + 1} for i, (event, name) in enumerate(events)
    ]


async def results(runner: QueryRunner, scope: Scope, view: InsightView, dates: Dates) -> dict[str, Any]:
    """How many reach each step."""
    answer = await funnels.run_funnel(runner, scope, view, dates)
    steps = answer["result"]["steps"]
    bottleneck = answer["result"]["bottleneck"]
    return {
        **_head(view, answer),
        "totalUsers": steps[0]["count"],
        "convertedUsers": steps[-1]["count"],
        "conversionRate": steps[-1]["conversion_from_first"],
        "bottleneck": None if bottleneck is None else steps[bottleneck]["name"],
        "steps": [_step(i, step, steps_of(view)[i]["event"]) for i, step in enumerate(steps)],
    }


async def drop_off(runner: QueryRunner, scope: Scope, view: InsightView, dates: Dates) -> dict[str, Any]:
    """What is lost between each step and the one before."""
    answer = await funnels.drop_off(runner, scope, view, dates)
    names = [step["name"] for step in steps_of(view)]
    return {
        **_head(view, answer),
        "dropoff": [
            {
                "fromStep": names[step["step"] - 1],
                "toStep": step["name"],
                "entered": step["entered"],
                "reached": step["reached"],
                "dropped": step["dropped"],
                "dropoffRate": step["drop_off_rate"],
            }
            for step in answer["steps"]
        ],
    }


async def conversion(runner: QueryRunner, scope: Scope, view: InsightView, dates: Dates) -> dict[str, Any]:
    """The per cent who go all the way."""
    found = await results(runner, scope, view, dates)
    return {name: found[name] for name in (*_HEAD, "totalUsers", "convertedUsers", "conversionRate")}


async def journey(
    runner: QueryRunner, scope: Scope, view: InsightView, *, user_id: str, dates: Dates
) -> dict[str, Any]:
    """How far one person got."""
    found = await funnels.journey(runner, scope, view, distinct_id=user_id, dates=dates)
    return {
        **_head(view, found),
        "userId": user_id,
        "completed": found["converted"],
        "currentStep": None if found["step_reached"] is None else found["steps"][found["step_reached"]]["name"],
        "steps": [
            {"name": step["name"], "completed": step["reached_at"] is not None, "completedAt": step["reached_at"]}
            for step in found["steps"]
        ],
        "events": [{"id": e["uuid"], "event": e["event"], "timestamp": e["timestamp"]} for e in found["events"]],
    }


_HEAD = ("funnelId", "name", "from", "to", "definition")


def _head(view: InsightView, answer: dict[str, Any]) -> dict[str, Any]:
    values = (view.id, view.name, answer["date_from"], answer["date_to"], answer["definition"])
    return dict(zip(_HEAD, values, strict=True))


def _named(work: Work, project_id: int, asked: InsightSearch, name: str) -> InsightView | None:
    """The search is for a piece of the name or of a description, in any case."""
    while True:
        rows = funnels.list_funnels(work, project_id, asked)
        page = rows[: asked.limit]
        if (found := next((row for row in page if row.name == name), None)) or len(rows) <= asked.limit:
            return found
        asked = replace(asked, after=(page[-1].updated_at, page[-1].id))


def _step(i: int, step: dict[str, Any], event: str | None) -> dict[str, Any]:
    return {
        "name": step["name"],
        "event": event,
        "order": i + 1,
        "users": step["count"],
        "conversionRate": step["conversion_from_first"],
        "stepConversionRate": step["conversion_from_previous"],
        "dropoff": step["drop_off"],
        "averageTime": step["mean_seconds"],
    }


def _minutes(window: Any) -> float:
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000}
    minutes: float = window.get("value", 14) * seconds[window.get("unit", "day")] / 60
    return int(minutes) if minutes == int(minutes) else minutes
