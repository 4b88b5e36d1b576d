"""What PostHog's clients ask for besides capture: the remote configuration, flags, surveys and the like.

posthog-js starts autocapture on a first visit only if the configuration carries `autocapture_opt_out: false`, and
compresses only if it carries `supportedCompression`; so these two must be there even though all else is off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from northing.data.wire.posthog import checked_token
from northing.data.wire.properties import text_of
from northing.kernel.problems import Problem

Json = dict[str, Any]

# Answers to `GET /api/<name>/`, for features that a project does not have.
EMPTY_LISTS: Mapping[str, Json] = {
    "surveys": {"surveys": []},
    "web_experiments": {"experiments": []},
    "early_access_features": {"earlyAccessFeatures": []},
}
_TOKEN_KEYS = ("token", "$token", "api_key")
_DISTINCT_ID_KEYS = ("distinct_id", "$distinct_id")


@dataclass(frozen=True, slots=True)
class FlagsRequest:
    """Who asks for flags, and for which person."""

    token: str
    distinct_id: str


def remote_config(token: str, *, has_flags: bool = False) -> Json:
    """The body of `GET /array/<token>/config`."""
    return {
        "token": token,
        "supportedCompression": ["gzip", "gzip-js"],
        "autocapture_opt_out": False,
        "hasFeatureFlags": has_flags,
        "analytics": {"endpoint": "/i/v0/e/"},
        "elementsChainAsString": True,
        "defaultIdentifiedOnly": True,
        "isAuthenticated": False,
        "capturePerformance": False,
        "sessionRecording": False,
        "errorTracking": {"autocaptureExceptions": False, "suppressionRules": []},
        "heatmaps": False,
        "captureDeadClicks": False,
        "surveys": False,
        "productTours": False,
        "logs": False,
        "conversations": False,
        "toolbarParams": {},
        "siteApps": [],
    }


def config_script(token: str, *, has_flags: bool = False) -> str:
    """The body of `GET /array/<token>/config.js`."""
    key = _script_json(token)
    config = _script_json(remote_config(token, has_flags=has_flags))
    store = "window._POSTHOG_REMOTE_CONFIG"
    return f"{store}={store}||{{}};{store}[{key}]={{config:{config},siteApps:[]}};"


def flags_request(value: Any, query: Mapping[str, str]) -> FlagsRequest:
    """The asker of `/flags/` or `/decide/`. Raises `Problem` 400 without a person, 401 without a usable token."""
    if type(value) is not dict:
        raise Problem(400, "invalid_request", "The body must be a JSON object.")
    token = _first_text(value, _TOKEN_KEYS) or query.get("token", "") or query.get("api_key", "")
    if not token:
        raise Problem(401, "invalid_token", "The request carries no project token.")
    distinct_id = _first_text(value, _DISTINCT_ID_KEYS)
    if not distinct_id:
        raise Problem(400, "missing_distinct_id", "The request names no distinct_id.")
    return FlagsRequest(checked_token(token.strip()), distinct_id)


def flags_answer(query: Mapping[str, str], token: str, *, request_id: str, now_ms: int) -> Json:
    """The answer of `/flags/` for a project without flags; the configuration rides along where it was asked for."""
    asked_nothing = "v" not in query and "config" not in query
    answer: Json = {
        "errorsWhileComputingFlags": False,
        "flags": {},
        "requestId": request_id,
        "evaluatedAt": now_ms,
    }
    if asked_nothing or query.get("config", "").lower() in ("true", "1"):
        answer |= remote_config(token)
    return answer


def decide_answer(query: Mapping[str, str], token: str, *, request_id: str, now_ms: int) -> Json:
    """The answer of the older `/decide/`, whose shape depends on the version asked for; always with configuration."""
    version = query.get("v", "1")
    answer = remote_config(token) | {"config": {"enable_collect_everything": True}, "errorsWhileComputingFlags": False}
    if version in ("", "1"):
        return answer | {"featureFlags": []}
    if version == "2":
        return answer | {"featureFlags": {}}
    if version == "3":
        return answer | {"featureFlags": {}, "featureFlagPayloads": {}}
    return answer | {"flags": {}, "requestId": request_id, "evaluatedAt": now_ms}


def local_evaluation() -> Json:
    """The flag definitions of a project without flags; clients need all three keys."""
    return {"flags": [], "group_type_mapping": {}, "cohorts": {}}


def _first_text(value: Json, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := text_of(value.get(name)))), "")


def _script_json(value: Any) -> str:
    # `<` could end the script element where someone inlines the answer.
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
