"""Built-in segments: everyone active is in one of them at most, by how often and how lately they were active.

Each is a cohort underneath, with a number that is the same in every project and that no other cohort gets. A person is
in the first of these that fits: new, at risk, power, engaged, casual; who fits none has left, or never did anything.
A day of activity is a day of the project's zone with any event; today counts among the last days.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any

from northing.data.query.draft import Draft
from northing.data.query.ranges import EARLIEST, Range, end_of_running, start_of_day
from northing.data.query.reader import Reader
from northing.data.query.scan import scan
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement, quote_text

SEGMENTS = ("power", "engaged", "casual", "at_risk", "new")
SEGMENT_NUMBERS = {name: 2_000_000_001 + place for place, name in enumerate(SEGMENTS)}
LONGEST_WINDOW = 60
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds, in days.

    Power: active on `power_days` or more of the last `window_days`. Engaged: on `engaged_days` or more. Casual: on
    one or more. At risk: active before, but not in the last `at_risk_days`. New: first seen in the last `new_days`.
    """

    window_days: int = 28
    power_days: int = 14
    engaged_days: int = 5
    at_risk_days: int = 14
    new_days: int = 7


def read_rules(reader: Reader, present: Rules) -> Rules:
    """The thresholds given, the others as they are; faults are collected in the reader's notes."""
    most = {"window_days": LONGEST_WINDOW, "power_days": LONGEST_WINDOW, "engaged_days": LONGEST_WINDOW}
    given = {
        field.name: reader.integer(
            field.name, getattr(present, field.name), least=1, most=most.get(field.name, MOST_DAYS)
        )
        for field in fields(Rules)
    }
    rules = Rules(**given)
    if rules.power_days > rules.window_days:
        reader.fault("power_days", f"must not be more than window_days ({rules.window_days})")
    if rules.engaged_days >= rules.power_days:
        reader.fault("engaged_days", f"must be less than power_days ({rules.power_days})")
    return rules


def rules_as_json(rules: Rules) -> dict[str, Any]:
    """The thresholds by name."""
    return asdict(rules)


def describe_segment(name: str, rules: Rules) -> str:
    """Who is in a segment, in words."""
    window = f"of the last {rules.window_days} days"
    words = {
        "power": f"Active on {rules.power_days} or more {window}.",
        "engaged": f"Active on {rules.engaged_days} to {rules.power_days - 1} {window}.",
        "casual": f"Active on 1 to {rules.engaged_days - 1} {window}."
        if rules.engaged_days > 1
        else "Nobody: engaged begins at one day.",
        "at_risk": f"Active before, but not in the last {rules.at_risk_days} days.",
        "new": "First seen today." if rules.new_days == 1 else f"First seen in the last {rules.new_days} days.",
    }
    return words[name]


def plan_segments(scope: Scope, rules: Rules, *, version: int) -> Statement:
    """Work out all segments in one pass over the events and keep them as the cohorts of their numbers."""
    draft = Draft(scope)
    numbers = draft.bind(list(SEGMENT_NUMBERS.values()), "Array(UInt32)")
    at = draft.bind(version, "UInt64")
    bitmaps = ", ".join(f"groupBitmapStateIf(toUInt32(__person), __segment = '{name}')" for name in SEGMENTS)
    per_person = f"SELECT __person, {_segment(rules, draft)} AS __segment FROM ({_activity(rules, draft)})"
    return draft.statement(
        "INSERT INTO cohorts (project_id, cohort, persons, version) "
        f"SELECT {draft.project}, __number, __persons, {at} FROM (SELECT [{bitmaps}] AS __all FROM ({per_person})) "
        f"ARRAY JOIN {numbers} AS __number, __all AS __persons"
    )


def plan_segment_sizes(scope: Scope) -> Statement:
    """Of each segment that was worked out: its number, how many people, and the version."""
    draft = Draft(scope)
    numbers = draft.bind(list(SEGMENT_NUMBERS.values()), "Array(UInt32)")
    stored = (
        "SELECT __cohort.cohort AS __of, __cohort.version AS __at, bitmapToArray(__cohort.persons) AS __members "
        f"FROM cohorts AS __cohort FINAL WHERE __cohort.project_id = {draft.project} AND __cohort.cohort IN {numbers}"
    )
    person = draft.person_of("__member")
    return draft.statement(
        f"SELECT __of, length(arrayDistinct(arrayMap(__member -> {person}, __members))), __at FROM ({stored})"
    )


def _activity(rules: Rules, draft: Draft) -> str:
    """Of each person the first and the last event, and the days of the window that have any, as bits."""
    scope = draft.scope
    window = _first_day(rules.window_days, scope)
    day = f"toUInt16(toDate({ROW}.timestamp, {quote_text(scope.timezone)})) - {(window - date(1970, 1, 1)).days}"
    is_in = f"{ROW}.timestamp >= {_start(window, draft)}"
    where = scan(draft, Range(EARLIEST, end_of_running(scope.local_now, "day")), [])
    return (
        f"SELECT {draft.person} AS __person, min({ROW}.timestamp) AS __first, max({ROW}.timestamp) AS __last, "
        f"bitCount(groupBitOrIf(bitShiftLeft(toUInt64(1), toUInt8({day})), {is_in})) AS __days "
        f"FROM {EVENTS} {where} GROUP BY __person"
    )


def _segment(rules: Rules, draft: Draft) -> str:
    new = _start(_first_day(rules.new_days, draft.scope), draft)
    at_risk = _start(_first_day(rules.at_risk_days, draft.scope), draft)
    return (
        f"multiIf(__first >= {new}, 'new', __last < {at_risk}, 'at_risk', __days >= {rules.power_days}, 'power', "
        f"__days >= {rules.engaged_days}, 'engaged', __days >= 1, 'casual', '')"
    )


def _first_day(days: int, scope: Scope) -> date:
    """The first of the last so many days, today among them."""
    return scope.local_now.date() - timedelta(days=days - 1)


def _start(day: date, draft: Draft) -> str:
    moment = round(start_of_day(day, draft.scope.zone).timestamp() * 1000)
    return f"fromUnixTimestamp64Milli({draft.bind(moment, 'Int64')}, 'UTC')"
