"""What PostHog's clients read besides capture."""

from __future__ import annotations

import json

import pytest

from northing.data.wire.posthog_config import (
    EMPTY_LISTS,
    config_script,
    decide_answer,
    flags_answer,
    flags_request,
    local_evaluation,
    remote_config,
)
from northing.kernel.problems import Problem

TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def test_autocapture_and_compression_start() -> None:
    config = remote_config(TOKEN)
    assert config["autocapture_opt_out"] is False
    assert config["supportedCompression"] == ["gzip", "gzip-js"]
    assert config["hasFeatureFlags"] is False
    json.dumps(config)


def test_the_script_cannot_be_broken_out_of() -> None:
    script = config_script('x"]</script><script>alert(1)')
    assert script.startswith("window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{};")
    assert "<" not in script
    assert '["x\\"]' in script


@pytest.mark.parametrize(
    ("query", "with_config"),
    [({"v": "2"}, False), ({"v": "4"}, False), ({"v": "2", "config": "true"}, True), ({}, True)],
)
def test_flags(query: dict[str, str], with_config: bool) -> None:
    answer = flags_answer(query, TOKEN, request_id="r", now_ms=1)
    assert (answer["flags"], answer["errorsWhileComputingFlags"]) == ({}, False)
    assert ("supportedCompression" in answer) is with_config


@pytest.mark.parametrize(
    ("version", "shape"),
    [
        ("1", {"featureFlags": []}),
        ("2", {"featureFlags": {}}),
        ("3", {"featureFlagPayloads": {}}),
        ("4", {"flags": {}}),
    ],
)
def test_decide(version: str, shape: dict[str, object]) -> None:
    answer = decide_answer({"v": version}, TOKEN, request_id="r", now_ms=1)
    assert shape.items() <= answer.items()
    assert answer["config"] == {"enable_collect_everything": True}


def test_who_asks_for_flags() -> None:
    asked = flags_request({"$token": TOKEN, "$distinct_id": 7}, {})
    assert (asked.token, asked.distinct_id) == (TOKEN, "7")
    assert flags_request({"distinct_id": "a"}, {"token": TOKEN}).token == TOKEN


@pytest.mark.parametrize(
    ("value", "status"),
    [([], 400), ({"token": TOKEN}, 400), ({"distinct_id": "a"}, 401), ({"token": "phx_x", "distinct_id": "a"}, 401)],
)
def test_refuses_to_say_flags(value: object, status: int) -> None:
    with pytest.raises(Problem) as refused:
        flags_request(value, {})
    assert refused.value.status == status


def test_local_evaluation_has_what_clients_need() -> None:
    assert set(local_evaluation()) == {"flags", "group_type_mapping", "cohorts"}
    assert EMPTY_LISTS["surveys"] == {"surveys": []}
