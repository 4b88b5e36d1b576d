"""PostHog's capture format (v0): one event, an array, or `{"api_key", "batch": [...], "sent_at"}`; and `/engage`.

More lenient than its model in one point: an invalid event in a batch is dropped (and counted) alone, where PostHog
refuses the request; a request without any valid event is refused here too.
"""

from __future__ import annotations

from typing import Any

import msgspec

from northing.data.events.model import Dropped, WireEvent
from northing.data.wire.drafts import Draft, Judge, examine_drafts, finish_drafts
from northing.data.wire.properties import Json
from northing.data.wire.timestamps import Clock, parse_time
from northing.data.wire.unpack import Unpacked
from northing.data.wire.verdicts import Examined, WireContext
from northing.kernel.problems import Problem

MAX_TOKEN = 64
_BATCH_TOKENS = ("api_key", "token")
_EVENT_TOKENS = ("token", "$token", "api_key")
# Properties that say something about the event itself; they became fields of it.
_CONSUMED = (
    "token",
    "distinct_id",
    "$set",
    "$set_once",
    "$unset",
    "$groups",
    "$session_id",
    "$ignore_sent_at",
    "$distinct_id",
)
_PEOPLE_KEYS = frozenset(("$distinct_id", "$token", "token", "$set", "$set_once", "$unset", "$time", "$ip"))

_decoder = msgspec.json.Decoder()


def examine(unpacked: Unpacked, context: WireContext) -> Examined:
    """Judge every event of a request and find its project token.

    Raises `Problem` 400 where there is no event, 401 where events name different tokens or an impossible one.
    """
    token = _token_of(unpacked.value)
    drafts = _drafts(unpacked, context)
    if not drafts:
        raise Problem(400, "empty_batch", "The request holds no event.")
    return examine_drafts(drafts, token)


def decode(body: bytes, context: WireContext) -> list[WireEvent | Dropped]:
    """The events of a canonical body: as many as `examine` judged, with the same verdicts, in order."""
    return finish_drafts(_drafts(Unpacked(body, _decoder.decode(body)), context), context)


def _drafts(unpacked: Unpacked, context: WireContext) -> list[Draft | Dropped]:
    items, sent_at = _events_of(unpacked.value)
    sent_at_ms = context.sent_at_ms if sent_at is None else parse_time(sent_at)
    take_apart = _take_apart_person if "/engage" in context.path else _take_apart
    judge = Judge(take_apart, Clock(context.received_ms, sent_at_ms))
    return judge.draft_all(items, body_size=len(unpacked.body))


def _events_of(value: Any) -> tuple[list[Any], Any]:
    if type(value) is list:
        return value, None
    if type(value) is dict:
        if type(value.get("batch")) is list:
            return value["batch"], value.get("sent_at")
        return [value], value.get("sent_at")
    return [value], None


def _token_of(value: Any) -> str | None:
    if type(value) is dict and type(value.get("batch")) is list:
        named = _named_token(value, _BATCH_TOKENS)
        if named is not None:
            return checked_token(named)
    items, _ = _events_of(value)
    tokens = {token for item in items if type(item) is dict and (token := _event_token(item)) is not None}
    if len(tokens) > 1:
        raise Problem(401, "several_tokens", "The events name different project tokens; send one project per request.")
    return checked_token(tokens.pop()) if tokens else None


def _event_token(item: Json) -> str | None:
    token = _named_token(item, _EVENT_TOKENS)
    if token is None and type(item.get("properties")) is dict:
        token = _named_token(item["properties"], ("token",))
    return token


def _named_token(item: Json, names: tuple[str, ...]) -> str | None:
    for name in names:
        value = item.get(name)
        if type(value) is str and value:
            return value.strip()
    return None


def checked_token(token: str) -> str:
    """The token, if it can be one. Raises `Problem` 401, and says so where someone put a secret key into a client."""
    if token.startswith(("phx_", "nsk_")):
        hint = "Use the project token; a personal or secret key must never be in a client."
        raise Problem(401, "secret_key_as_token", "The token is a secret key.", hint)
    if len(token) > MAX_TOKEN or not token.isascii() or "\0" in token or not token:
        raise Problem(401, "invalid_token", "The project token is not valid.")
    return token


def _take_apart(item: Json) -> Draft:
    get = item.get
    properties, person_set, person_set_once, unset = get("properties"), get("$set"), get("$set_once"), get("$unset")
    distinct_id = get("distinct_id")
    draft = Draft(
        get("event"),
        get("$distinct_id") if distinct_id is None or distinct_id == "" else distinct_id,
        get("uuid"),
        get("timestamp"),
        properties,
        consumed=_CONSUMED,
        offset=get("offset"),
    )
    if type(properties) is dict:
        inner = properties.get
        if draft.distinct_id is None:
            draft.distinct_id = _first(inner("distinct_id"), inner("$distinct_id"))
        draft.session_id = inner("$session_id")
        draft.groups = inner("$groups")
        draft.skewed = inner("$ignore_sent_at") is not True
        # Some clients send these beside the properties and some among them; the outer ones win.
        person_set = _merged(inner("$set"), person_set)
        person_set_once = _merged(inner("$set_once"), person_set_once)
        unset = unset or inner("$unset")
    if person_set or person_set_once or unset:
        draft.person_set, draft.person_set_once = _object(person_set), _object(person_set_once)
        draft.person_unset = _names(unset)
    return draft


def _take_apart_person(item: Json) -> Draft:
    """A people update of `/engage`; whatever it says beyond `$set`, `$set_once` and `$unset` is kept as properties."""
    if "event" in item:
        return _take_apart(item)
    rest = {name: value for name, value in item.items() if name not in _PEOPLE_KEYS and name != "properties"}
    own = item.get("properties")
    properties = {**own, **rest} if type(own) is dict else rest
    if "$ip" in item:
        properties["$ip"] = item["$ip"]
    writes: Json = {name: item[name] for name in ("$set", "$set_once", "$unset") if name in item}
    person = _first(item.get("$distinct_id"), rest.pop("distinct_id", None))
    time: Json = {"timestamp": item["$time"]} if "$time" in item else {}
    return _take_apart({"event": "$identify", "distinct_id": person, "properties": properties, **writes, **time})


def _first(value: Any, other: Any) -> Any:
    return other if value is None or value == "" else value


def _object(value: Any) -> Json | None:
    return value if type(value) is dict else None


def _merged(inner: Any, outer: Any) -> Any:
    if type(inner) is not dict:
        return outer
    return {**inner, **outer} if type(outer) is dict else inner


def _names(value: Any) -> list[str] | None:
    if type(value) is dict:
        value = list(value)
    if type(value) is not list:
        return None
    return [name for name in value if type(name) is str and name] or None
