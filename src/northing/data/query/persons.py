"""SQL of single persons and of groups: who was active lately, what one person did, what is known of a group."""

from __future__ import annotations

from dataclasses import dataclass

from northing.data.query.draft import Draft
from northing.data.query.people import People
from northing.data.query.properties import BOUNCED
from northing.data.query.ranges import Range
from northing.data.query.scan import scan
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, GROUP, ROW, SESSION, Statement

MOST_IDS = 1000
MOST_GROUPS = 100
EVENT_COLUMNS = (
    "uuid", "event", "timestamp", "distinct_id", "session_id", "url", "path", "browser", "os", "device", "country",
    "lib", "groups", "properties",
)  # fmt: skip
SESSION_COLUMNS = (
    "session_id", "events", "pageviews", "actions", "entry_url", "entry_path", "exit_url", "exit_path",
    "referrer_host", "channel", "utm_source", "utm_medium", "utm_campaign", "browser", "os", "device", "country",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list that is newest first: a moment in Unix milliseconds, and what breaks ties."""

    at_ms: int
    key: str


def plan_active(people: People | None, scope: Scope, span: Range, *, before: Place | None, limit: int) -> Statement:
    """People by their last event, newest first, ties by number: person and that moment (ms).

    `span` must reach to the newest events, since a last event is only known from all after it. `people` narrows.
    """
    draft = people.draft if people else Draft(scope)
    conditions = [f"{draft.person} IN (SELECT __person FROM ({people.sql}))"] if people else []
    last = f"toUnixTimestamp64Milli(max({ROW}.timestamp))"
    having = ""
    if before:
        at, number = draft.bind(before.at_ms, "Int64"), draft.bind(int(before.key), "UInt32")
        having = f" HAVING (__last, __person) < ({at}, {number})"
    return draft.statement(
        f"SELECT {draft.person} AS __person, {last} AS __last FROM {EVENTS} {scan(draft, span, conditions)} "
        f"GROUP BY __person{having} ORDER BY __last DESC, __person DESC LIMIT {limit}"
    )


def plan_meant(scope: Scope, person: int) -> Statement:
    """The person whom a number means after merges, folded ones too, where anyone ever had it."""
    draft = Draft(scope)
    number = draft.bind(person, "UInt32")
    target = (
        "SELECT max(__merge.target) FROM person_overrides AS __merge FINAL "
        f"WHERE __merge.project_id = {draft.project} AND __merge.person = {number} AND __merge.is_active"
    )
    # Whoever was folded into somebody goes along where that one is merged later.
    meant = f"if(({target}) > 0, ({target}), {number})"
    return draft.statement(
        f"SELECT {draft.person_of(meant)} WHERE {number} IN "
        f"(SELECT __id.person FROM distinct_ids AS __id WHERE __id.project_id = {draft.project} "
        f"UNION ALL SELECT __one.person FROM persons AS __one WHERE __one.project_id = {draft.project} "
        f"AND __one.person = {number} UNION ALL SELECT __gone.person FROM person_overrides AS __gone "
        f"WHERE __gone.project_id = {draft.project} AND __gone.person = {number})"
    )


def plan_ids(scope: Scope, person: int) -> Statement:
    """Every distinct id of a person."""
    draft = Draft(scope)
    return draft.statement(
        f"SELECT __id.distinct_id FROM distinct_ids AS __id FINAL WHERE __id.project_id = {draft.project} "
        f"AND {draft.person_of('__id.person')} = {draft.bind(person, 'UInt32')} "
        f"ORDER BY __id.distinct_id LIMIT {MOST_IDS}"
    )


def plan_facts(scope: Scope, person: int, span: Range) -> Statement:
    """One row: first and last event (ms), how many events and sessions, and the groups of those events."""
    draft = Draft(scope)
    pairs = f"arrayZip(arrayMap(__type -> toString(__type), mapKeys({ROW}.groups)), mapValues({ROW}.groups))"
    where = scan(draft, span, [_is_of(person, draft)])
    return draft.statement(
        f"SELECT toUnixTimestamp64Milli(min({ROW}.timestamp)), toUnixTimestamp64Milli(max({ROW}.timestamp)), count(), "
        f"uniqExactIf({ROW}.session, {ROW}.session != 0), arraySort(groupUniqArrayArray({MOST_GROUPS})({pairs})) "
        f"FROM {EVENTS} {where}"
    )


def plan_merges(scope: Scope, person: int) -> Statement:
    """The merges that made a person: the number merged away, by which id, why, when (ms), whether folded."""
    draft = Draft(scope)
    return draft.statement(
        "SELECT __merge.person, __merge.parent, __merge.distinct_id, __merge.reason, "
        "toUnixTimestamp64Milli(__merge.merged_at), __merge.is_folded FROM person_overrides AS __merge FINAL "
        f"WHERE __merge.project_id = {draft.project} AND __merge.is_active "
        f"AND {draft.person_of('__merge.target')} = {draft.bind(person, 'UInt32')} "
        "ORDER BY __merge.merged_at, __merge.person"
    )


def plan_events_of(scope: Scope, person: int, span: Range, *, before: Place | None, limit: int) -> Statement:
    """A person's events, newest first, ties by uuid: `EVENT_COLUMNS`, then the moment in ms."""
    draft = Draft(scope)
    conditions = [_is_of(person, draft)]
    if before:
        at = f"fromUnixTimestamp64Milli({draft.bind(before.at_ms, 'Int64')}, 'UTC')"
        conditions.append(f"({ROW}.timestamp, {ROW}.uuid) < ({at}, {draft.bind(before.key, 'UUID')})")
    columns = ", ".join(f"{ROW}.{column}" for column in EVENT_COLUMNS)
    return draft.statement(
        f"SELECT {columns}, toUnixTimestamp64Milli({ROW}.timestamp) FROM {EVENTS} {scan(draft, span, conditions)} "
        f"ORDER BY {ROW}.timestamp DESC, {ROW}.uuid DESC LIMIT {limit}"
    )


def plan_sessions_of(scope: Scope, person: int, *, before: Place | None, limit: int) -> Statement:
    """A person's sessions, newest first: start and end (ms), bounced, key, `SESSION_COLUMNS`."""
    draft = Draft(scope)
    start = f"toUnixTimestamp64Milli({SESSION}.start)"
    later = ""
    if before:
        at, key = draft.bind(before.at_ms, "Int64"), draft.bind(int(before.key), "UInt64")
        later = f" AND ({start}, {SESSION}.session) < ({at}, {key})"
    columns = ", ".join(f"{SESSION}.{column}" for column in SESSION_COLUMNS)
    return draft.statement(
        f"SELECT {start}, toUnixTimestamp64Milli({SESSION}.end), {BOUNCED}, toString({SESSION}.session), {columns} "
        f"FROM sessions AS {SESSION} FINAL WHERE {SESSION}.project_id = {draft.project} "
        f"AND {draft.person_of(f'{SESSION}.person')} = {draft.bind(person, 'UInt32')}{later} "
        f"ORDER BY {SESSION}.start DESC, {SESSION}.session DESC LIMIT {limit}"
    )


@dataclass(frozen=True, slots=True)
class GroupSearch:
    """What a list of groups is narrowed to; `after` is the type and key of the last one seen."""

    type: str | None = None
    search: str = ""
    after: tuple[str, str] | None = None


def plan_groups(scope: Scope, asked: GroupSearch, *, limit: int) -> Statement:
    """Groups with a profile, by type and key: type, key, created (ms), properties."""
    draft = Draft(scope)
    conditions = [f"{GROUP}.project_id = {draft.project}"]
    if asked.type is not None:
        conditions.append(f"{GROUP}.type = {draft.text(asked.type)}")
    if asked.search:
        text = draft.text(asked.search)
        conditions.append(
            f"(positionCaseInsensitiveUTF8({GROUP}.key, {text}) > 0 "
            f"OR positionCaseInsensitiveUTF8({GROUP}.properties.name::String, {text}) > 0)"
        )
    if asked.after:
        place = f"({draft.text(asked.after[0])}, {draft.text(asked.after[1])})"
        conditions.append(f"(toString({GROUP}.type), {GROUP}.key) > {place}")
    return draft.statement(
        f"SELECT {GROUP}.type, {GROUP}.key, toUnixTimestamp64Milli({GROUP}.created_at), {GROUP}.properties "
        f"FROM groups AS {GROUP} FINAL WHERE {' AND '.join(conditions)} "
        f"ORDER BY toString({GROUP}.type), {GROUP}.key LIMIT {limit}"
    )


def plan_group(scope: Scope, kind: str, key: str) -> Statement:
    """The profile of one group: created (ms) and properties; no row where it has none."""
    draft = Draft(scope)
    return draft.statement(
        f"SELECT toUnixTimestamp64Milli({GROUP}.created_at), {GROUP}.properties FROM groups AS {GROUP} FINAL "
        f"WHERE {GROUP}.project_id = {draft.project} AND {GROUP}.type = {draft.text(kind)} "
        f"AND {GROUP}.key = {draft.text(key)}"
    )


def plan_group_facts(scope: Scope, kind: str, key: str, span: Range) -> Statement:
    """One row of a group's events: first and last (ms), how many, and of how many people."""
    draft = Draft(scope)
    where = scan(draft, span, [f"{ROW}.groups[{draft.text(kind)}] = {draft.text(key)}"])
    return draft.statement(
        f"SELECT toUnixTimestamp64Milli(min({ROW}.timestamp)), toUnixTimestamp64Milli(max({ROW}.timestamp)), count(), "
        f"uniqExact({draft.person}) FROM {EVENTS} {where}"
    )


def _is_of(person: int, draft: Draft) -> str:
    return f"{draft.person} = {draft.bind(person, 'UInt32')}"
