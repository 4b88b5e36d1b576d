"""Metrics as the source systems ask for them: active users, conversion, retention, growth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from northing.data.query.ranges import parse_moment, start_of_day
from northing.kernel.problems import invalid
from northing.products.compatible.asking import Asker, Period, before, growth, last

Length = Literal["day", "week", "month"]
LENGTHS: dict[str, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
# What can be compared without anyone having kept values of it.
BUILT_IN: dict[str, dict[str, Any]] = {
    "active_users": {"event": None, "math": "unique"},
    "events": {"event": None},
    "sessions": {"event": None, "math": "sessions"},
    "pageviews": {"event": "$pageview"},
}
RETENTION_DAYS = 30


async def active_users(asker: Asker, period: Length) -> dict[str, Any]:
    """Rolling: of the last day, seven days, thirty days, as of today."""
    answer = await asker.ask("active_users", period=period, date_from="-30d")
    result = answer["result"]
    named = {line["name"]: line["data"] for line in result["series"]}
    line = named[{"day": "dau", "week": "wau", "month": "mau"}[period]]
    return {
        "period": period,
        "activeUsers": result["value"],
        "dau": result["dau"],
        "wau": result["wau"],
        "mau": result["mau"],
        "engagementScore": result["engagement_score"],
        "series": [{"date": d, "count": n} for d, n in zip(result["labels"], line, strict=True)],
        "definition": answer["definition"],
    }


async def conversion(asker: Asker, start_event: str, end_event: str, *, minutes: int, period: Period) -> dict[str, Any]:
    """The per cent of people who go on from one event to the other within the window."""
    fields = {"start_event": start_event, "end_event": end_event, "window_minutes": minutes}
    answer = await asker.ask("conversion", **fields, **period.dates)
    result = answer["result"]
    return {
        "startEvent": start_event,
        "endEvent": end_event,
        "window": minutes,
        "conversionRate": result["rate"],
        "started": result["started"],
        "converted": result["converted"],
        "definition": answer["definition"],
        **period.shown,
    }


async def retention(asker: Asker, cohort_date: str) -> dict[str, Any]:
    """Who was active on the day, and how many of them were again on each of the thirty days after."""
    scope = asker.scope
    found = parse_moment(cohort_date, scope)
    if found is None or found[0] > scope.now:
        raise invalid("cohortDate", "must be a day that is not ahead, such as 2026-01-31")
    day = found[0].astimezone(scope.zone).date()
    end = min(start_of_day(day + timedelta(days=RETENTION_DAYS + 1), scope.zone), _tomorrow(asker))
    answer = await asker.ask(
        "retention",
        target={"event": None},
        returning={"event": None},
        period="day",
        intervals=RETENTION_DAYS + 1,
        **Period(start_of_day(day, scope.zone).astimezone(UTC), end).dates,
    )
    cohort = answer["result"]["cohorts"][0]
    values, rates = cohort["values"], cohort["rates"]
    return {
        "cohortDate": day.isoformat(),
        "cohortSize": cohort["size"],
        **{f"day{n}": rates[n] if n < len(rates) else None for n in (1, 7, 30)},
        "retention": [{"day": n, "users": values[n], "rate": rates[n]} for n in range(len(values))],
        "definition": answer["definition"],
    }


async def built_in_growth(asker: Asker, metric: str, period: Length) -> dict[str, Any]:
    """The last day, seven days or thirty days against those before; `metric` may be the name of an event."""
    series = BUILT_IN.get(metric, {"event": metric})
    current = last(asker.scope, LENGTHS[period])
    now, then = [(await _totals(asker, [series], found))[0] for found in (current, before(current))]
    return {**show_growth(metric, period, now, then), **current.shown}


async def built_in_totals(asker: Asker, period: Period) -> dict[str, float]:
    """Every number of `BUILT_IN` over a period, in one pass over its events."""
    totals = await _totals(asker, list(BUILT_IN.values()), period)
    return dict(zip(BUILT_IN, totals, strict=True))


def show_growth(metric: str, period: str, now: float | None, then: float | None) -> dict[str, Any]:
    """What both kinds of growth answer."""
    rate = None if now is None or then is None else growth(now, then)
    return {"metric": metric, "currentPeriod": period, "current": now, "previous": then, "growthRate": rate}


async def _totals(asker: Asker, series: list[dict[str, Any]], period: Period) -> list[float]:
    answer = await asker.ask("trends", series=series, **period.dates)
    return [line["total"] for line in answer["result"]["series"]]


def _tomorrow(asker: Asker) -> datetime:
    return start_of_day(asker.scope.local_now.date() + timedelta(days=1), asker.scope.zone)
