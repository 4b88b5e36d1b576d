from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from northing.server.logs import configure_logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is written; afterwards logging is as pytest had it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers, root.level = before, level


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_lines_and_those_of_libraries_are_json_with_the_request_id(stream: io.StringIO) -> None:
    configure_logs("info", "json", stream=stream)
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("ours").info("batch_loaded", events=3)
        logging.getLogger("theirs").warning("slow %s", "thing")
    ours, theirs = lines(stream)
    assert (ours["event"], ours["events"], ours["level"], ours["request_id"]) == ("batch_loaded", 3, "info", "r-1")
    assert (theirs["event"], theirs["logger"], theirs["request_id"]) == ("slow thing", "theirs", "r-1")
    assert ours["timestamp"].endswith("Z")


def test_lines_below_the_level_are_left_out(stream: io.StringIO) -> None:
    configure_logs("warning", "json", stream=stream)
    structlog.get_logger("ours").info("quiet")
    logging.getLogger("theirs").info("quiet")
    assert lines(stream) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "hunter2"},
        {"nested": {"api_key": "hunter2"}},
        {"headers": [{"authorization": "hunter2"}]},
        {"note": "key nsk_hunter2hunter2 was used"},
        {"url": "postgresql://northing:hunter2@db/northing"},
        {"x_csrf_token": b"hunter2"},
    ],
)
def test_secrets_are_never_written(stream: io.StringIO, fields: dict[str, Any]) -> None:
    configure_logs("info", "json", stream=stream)
    structlog.get_logger("ours").info("something", **fields)
    assert "hunter2" not in stream.getvalue()
    assert "[hidden]" in stream.getvalue()


def test_secrets_in_tracebacks_are_hidden_too(stream: io.StringIO) -> None:
    configure_logs("info", "json", stream=stream)
    try:
        raise ValueError("could not connect to postgresql://northing:hunter2@db/northing")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("theirs").exception("failed")
    assert "hunter2" not in stream.getvalue()
    assert all("ValueError" in line["exception"] for line in lines(stream))


def test_a_console_gets_plain_lines(stream: io.StringIO) -> None:
    configure_logs("info", "console", stream=stream)
    structlog.get_logger("ours").info("batch_loaded", events=3)
    assert "batch_loaded" in stream.getvalue()
    assert "events=3" in stream.getvalue()


def test_auto_is_json_where_there_is_no_terminal(stream: io.StringIO) -> None:
    configure_logs("info", "auto", stream=stream)
    structlog.get_logger("ours").info("batch_loaded")
    assert lines(stream)[0]["event"] == "batch_loaded"
