"""Tracked steps of funnels: which event a step is."""

from __future__ import annotations

import json
import time
from typing import Any

from northing.data.query.reader import text_fault
from northing.kernel.ids import SECRET_KEY_PREFIX
from northing.kernel.problems import Problem, invalid, not_found
from northing.products.compatible.funnels import find_funnel, steps_of
from northing.products.compatible.translation import translate_event
from northing.products.insights.views import InsightView
from northing.server.auth.actor import Actor
from northing.server.auth.key_directory import KeyDirectory
from northing.server.auth.tokens import ProjectInfo
from northing.server.auth.work import Work
from northing.server.db.aside import Aside
from northing.server.http.context import Context

_KEPT_SECONDS = 5.0
_KEPT = 1_000
_LONGEST = 200


class Steps:
    """Turns `{action: "track", funnelId | name, step, userId, …}` into the event of that step."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._keys = KeyDirectory(context.database, context.tokens)
        self._aside = Aside()
        self._known: dict[str, tuple[float, InsightView | None]] = {}

    async def event_of(self, body: dict[str, Any], token: str) -> dict[str, Any]:
        """The native event. Raises 401, 404 for a funnel that is not there, 409 for an inactive one, 422."""
        project = await self._project(token)
        funnel = await self._find(project.id, body.get("funnelId"), body.get("name") or body.get("funnelName"))
        if not funnel.is_active:
            hint = "Activate it with PUT /api/v1/funnels/{id}/activation."
            raise Problem(409, "funnel_inactive", f"The funnel {funnel.name} is not active.", hint)
        step = _step(funnel, body)
        given = body.get("properties") or body.get("metadata")
        properties = {
            **(given if isinstance(given, dict) else {}),
            "funnel_id": funnel.id,
            "funnel": funnel.name,
            "funnel_step": step["name"],
        }
        if all(body.get(name) in (None, "") for name in ("userId", "sessionId")):
            raise invalid("userId", "is required, or sessionId")
        event: dict[str, Any] = translate_event({**body, "event": step["event"], "properties": properties})
        return event

    async def _project(self, token: str) -> ProjectInfo:
        project = await self._context.tokens.find(token) if token else None
        if project is None and token.startswith(SECRET_KEY_PREFIX):
            project = await self._keys.project_of(token)
        if project is None:
            message = "The project token is unknown." if token else "The request carries no project token."
            raise Problem(401, "invalid_token", message, "Use the token shown under Settings, Project.")
        return project

    async def _find(self, project_id: int, number: Any, name: Any) -> InsightView:
        # Kept in memory, so it must be short.
        for path, value in (("funnelId", number), ("name", name)):
            if value is not None and (fault := text_fault(str(value), _LONGEST)):
                raise invalid(path, fault)
        asked = json.dumps([project_id, number, name])
        until, funnel = self._known.get(asked, (0.0, None))
        if until < time.monotonic():
            funnel = await self._aside.run(self._look_up, asked)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[asked] = (time.monotonic() + _KEPT_SECONDS, funnel)
        if funnel is None:
            raise not_found("funnel")
        return funnel

    def _look_up(self, asked: str) -> InsightView | None:
        project_id, number, name = json.loads(asked)
        # Sending to a project shows nothing of it; the funnel is read by nobody in particular.
        actor = Actor("key", None, "project token", project_id=project_id)
        try:
            with self._context.database.read() as session:
                return find_funnel(Work(session, actor, self._context.clock()), project_id, number=number, name=name)
        except Problem as problem:
            if problem.status == 404:
                return None
            raise


def _step(funnel: InsightView, body: dict[str, Any]) -> dict[str, Any]:
    """By name, by event, or by order, which counts from 1."""
    asked = next((body[n] for n in ("step", "stepName", "event", "order") if body.get(n) not in (None, "")), None)
    steps = steps_of(funnel)
    for step in steps:
        if step["event"] and asked in (step["name"], step["event"], step["order"]):
            return step
    shown = ", ".join(str(step["name"]) for step in steps)
    raise invalid("step", f"must be the name, the event or the order of a step that has an event: {shown}"[:500])
