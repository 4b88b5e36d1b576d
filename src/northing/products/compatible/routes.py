"""HTTP of the source systems: `/api/analytics/*`, camelCase, as they were. Tracking is in `tracking`."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from northing.data.query.serving import LONGEST_TEXT, QueryDep, RunnerDep, check_texts, scope_of, while_connected
from northing.kernel.problems import Problem, invalid
from northing.products.compatible import events, funnel_routes, metric_values, metrics, overview, schemas
from northing.products.compatible.asking import Asker, Period, read_period
from northing.products.compatible.events import GroupBy, Narrowed
from northing.products.compatible.metric_values import SCOPE, ValueDraft, ValueSearch
from northing.products.compatible.metrics import Length
from northing.products.insights.annotations import read_bound
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ContextDep, access, declare_short, reading, writing

router = APIRouter(prefix="/api/analytics", tags=["compatible"], dependencies=[Depends(declare_short)])
later_router = APIRouter(tags=["compatible"])
ROUTERS = (router, funnel_routes.router, later_router)

WriteDep = Annotated[Access, Depends(access(SCOPE))]
Text = Annotated[str, Query(max_length=LONGEST_TEXT)]
From = Annotated[str | None, Query(alias="from", max_length=40, description="A date, a moment, or relative: -30d.")]
To = Annotated[str | None, Query(alias="to", max_length=40, description="A date means its whole day.")]
UserId = Annotated[str, Query(alias="userId", max_length=LONGEST_TEXT)]
SessionId = Annotated[str, Query(alias="sessionId", max_length=LONGEST_TEXT)]
Limit = Annotated[int, Query(ge=1, le=1000)]


def _asker(context: ContextDep, found: QueryDep, runner: RunnerDep) -> Asker:
    return Asker(runner, scope_of(found, context))


def _period(context: ContextDep, found: QueryDep, date_from: From = None, date_to: To = None) -> Period:
    """By default the last thirty days."""
    return read_period(scope_of(found, context), date_from, date_to)


AskerDep = Annotated[Asker, Depends(_asker)]
PeriodDep = Annotated[Period, Depends(_period)]


def _narrowed(period: PeriodDep, event: Text = "", category: Text = "", user_id: UserId = "") -> Narrowed:
    check_texts(event=event, category=category, userId=user_id)
    return Narrowed(period, event, category, user_id)


@router.get("/events")
async def get_analytics_events(
    *,
    request: Request,
    asker: AskerDep,
    asked: Annotated[Narrowed, Depends(_narrowed)],
    action: Annotated[Literal["list", "counts", "top"], Query()] = "list",
    group_by: Annotated[GroupBy, Query(alias="groupBy")] = "day",
    limit: Limit = 100,
) -> Response:
    """Events newest first; with `action=counts` how many by day, hour or user, with `action=top` the most frequent."""
    if action == "counts":
        return await _answer(request, events.count_events(asker, asked, group_by))
    if action == "top":
        return await _answer(request, events.top_events(asker, asked, min(limit, 100)))
    return await _answer(request, events.list_events(asker, asked, limit))


@router.post("/metrics")
def post_analytics_metric(body: schemas.MetricInput, context: ContextDep, found: WriteDep) -> dict[str, Any]:
    """Keep the value of a named metric; another of the same name and period gives way to it."""
    draft = ValueDraft(body.name, body.value, body.period, body.target, body.date, body.metadata)
    with writing(context, found.actor) as work:
        return {"success": True, "metric": metric_values.save_value(work, scope_of(found, context), draft)}


@dataclass(frozen=True, slots=True)
class MetricQuestion:
    """Everything that `GET /metrics` may be asked."""

    action: str
    name: str
    period: str
    start_event: str
    end_event: str
    window: int
    cohort_date: str
    metric: str
    current_period: Length


def _events_asked(
    start_event: Annotated[str, Query(alias="startEvent", max_length=LONGEST_TEXT)] = "",
    end_event: Annotated[str, Query(alias="endEvent", max_length=LONGEST_TEXT)] = "",
    window: Annotated[int, Query(ge=1, le=576_000, description="Minutes.")] = 1440,
) -> tuple[str, str, int]:
    check_texts(startEvent=start_event, endEvent=end_event)
    return start_event, end_event, window


def _growth_asked(
    metric: Text = "", current_period: Annotated[Length, Query(alias="currentPeriod")] = "week"
) -> tuple[str, Length]:
    check_texts(metric=metric)
    return metric, current_period


def _question(
    *,
    action: Annotated[Literal["", "active_users", "conversion", "retention", "growth"], Query()] = "",
    name: Text = "",
    period: Annotated[Literal["", "hour", "day", "week", "month", "quarter", "year"], Query()] = "",
    between: Annotated[tuple[str, str, int], Depends(_events_asked)],
    grown: Annotated[tuple[str, Length], Depends(_growth_asked)],
    cohort_date: Annotated[str, Query(alias="cohortDate", max_length=40)] = "",
) -> MetricQuestion:
    check_texts(name=name, cohortDate=cohort_date)
    return MetricQuestion(action, name, period, *between, cohort_date, *grown)


QuestionDep = Annotated[MetricQuestion, Depends(_question)]


@router.get("/metrics")
async def get_analytics_metrics(
    *,
    request: Request,
    context: ContextDep,
    found: QueryDep,
    asker: AskerDep,
    asked: QuestionDep,
    period: PeriodDep,
    date_from: From = None,
    date_to: To = None,
    limit: Limit = 100,
) -> Response:
    """Kept values by `name` and `period`; or, by `action`, active users, conversion, retention or growth."""
    match asked.action:
        case "active_users":
            return await _answer(request, metrics.active_users(asker, _length(asked.period)))
        case "conversion":
            _require(startEvent=asked.start_event, endEvent=asked.end_event)
            pair = (asked.start_event, asked.end_event)
            return await _answer(request, metrics.conversion(asker, *pair, minutes=asked.window, period=period))
        case "retention":
            _require(cohortDate=asked.cohort_date)
            return await _answer(request, metrics.retention(asker, asked.cohort_date))
        case "growth":
            _require(metric=asked.metric)
            return await _answer(request, _growth(context, found, asker, asked))
    start = read_bound("from", date_from, asker.scope)
    end = read_bound("to", date_to, asker.scope, is_end=True)
    search = ValueSearch(asked.name, asked.period, start, end, limit)
    return _json({"metrics": await asyncio.to_thread(_values, context, found, search)})


@router.get("/real-time-metrics")
async def get_analytics_real_time(request: Request, asker: AskerDep) -> Response:
    """Who is active now (five minutes), and the last half hour: events by minute, pages, events."""
    return await _answer(request, overview.real_time(asker))


@router.get("/dashboard")
async def get_analytics_dashboard(
    request: Request, asker: AskerDep, period: Annotated[Length, Query()] = "month"
) -> Response:
    """Totals of the last day, seven or thirty days with their growth, active users, top events."""
    return await _answer(request, overview.dashboard(asker, period))


@router.get("/feature-usage")
async def get_analytics_feature_usage(
    request: Request, asker: AskerDep, period: PeriodDep, feature: Text = "", limit: Limit = 100
) -> Response:
    """Uses, people and average duration of each feature: `feature_used` by its property `feature`, and own events."""
    check_texts(feature=feature)
    return await _answer(request, overview.feature_usage(asker, period, feature=feature, limit=limit))


@router.get("/session")
async def get_analytics_session(
    *,
    request: Request,
    asker: AskerDep,
    period: PeriodDep,
    session_id: SessionId = "",
    user_id: UserId = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """One session by `sessionId`, or those of a person by `userId`: times, pages, events."""
    check_texts(sessionId=session_id, userId=user_id)
    if session_id:
        return await _answer(request, overview.session(asker, session_id))
    if not user_id:
        raise invalid("userId", "is required, or sessionId")
    return await _answer(request, overview.sessions_of(asker, user_id, period, limit))


@router.get("/ab-tests", status_code=501)
def get_analytics_ab_tests() -> None:
    """Not there yet: belongs to experiments."""
    raise _later("A/B tests", "experiments")


@router.post("/ab-tests", status_code=501)
def post_analytics_ab_tests() -> None:
    """Not there yet: belongs to experiments."""
    raise _later("A/B tests", "experiments")


@router.get("/role-system-dashboard", status_code=501)
def get_role_system_dashboard() -> None:
    """Not there yet: belongs to programs."""
    raise _later("The role system dashboard", "programs")


@later_router.get("/api/ab-testing", status_code=501)
def get_ab_testing() -> None:
    """Not there yet: belongs to experiments."""
    raise _later("A/B testing", "experiments")


@later_router.post("/api/ab-testing", status_code=501)
def post_ab_testing() -> None:
    """Not there yet: belongs to experiments."""
    raise _later("A/B testing", "experiments")


async def _growth(context: Context, found: Access, asker: Asker, asked: MetricQuestion) -> dict[str, Any]:
    """Of kept values where there are any of that name, else of what the events say."""
    values = await asyncio.to_thread(_latest, context, found, asked)
    if not values:
        return await metrics.built_in_growth(asker, asked.metric, asked.current_period)
    now, then = (*values, None)[:2]
    return metrics.show_growth(asked.metric, asked.current_period, now, then)


def _latest(context: Context, found: Access, asked: MetricQuestion) -> list[float]:
    with reading(context, found.actor) as work:
        return metric_values.latest_two(work, scope_of(found, context), asked.metric, asked.current_period)


def _values(context: Context, found: Access, search: ValueSearch) -> list[dict[str, Any]]:
    with reading(context, found.actor) as work:
        return metric_values.list_values(work, scope_of(found, context), search)


def _length(text: str) -> Length:
    if text not in ("", "day", "week", "month"):
        raise invalid("period", "must be one of day, week, month")
    return text or "day"  # type: ignore[return-value]


def _require(**texts: str) -> None:
    for name, text in texts.items():
        if not text:
            raise invalid(name, "is required")


def _later(what: str, area: str) -> Problem:
    message = f"{what} will come with {area}, which this version does not have yet."
    return Problem(501, "not_there_yet", message, "The changelog says what each version has.")


async def _answer(request: Request, work: Coroutine[Any, Any, dict[str, Any]]) -> Response:
    return _json(await while_connected(request, work))


def _json(answer: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
