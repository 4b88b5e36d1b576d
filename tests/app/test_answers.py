"""Answers as plain rows."""

from __future__ import annotations

from typing import Any

import pytest

from northing.app.answers import rows_of

COHORTS = [{"date": "5", "size": 2, "values": [2, 1], "rates": [100, 50]}, {"date": "6", "size": 1, "values": [1]}]
STEPS = [{"name": "a", "count": 2}, {"name": "b", "count": 1}]
LINES = [
    {"breakdown": ["x", "y"], "is_other": False, "steps": [{"name": "a", "count": 2}]},
    {"breakdown": None, "is_other": True, "steps": []},
]


@pytest.mark.parametrize(
    ("result", "columns", "cells"),
    [
        ({"steps": STEPS, "bottleneck": 1}, ["name", "count"], [["a", 2], ["b", 1]]),
        (
            {"steps": STEPS, "bottleneck": 1, "breakdowns": LINES},
            ["breakdown", "name", "count"],
            [["all", "a", 2], ["all", "b", 1], ["x · y", "a", 2]],
        ),
        (
            {"labels": ["Day 0", "Day 1"], "cohorts": COHORTS, "mean": [100, 50]},
            ["cohort", "size", "Day 1"],
            [["5", 2, 1], ["6", 1, None]],
        ),
        ({"edges": [{"source": "1_/", "value": 3}], "nodes": []}, ["source", "value"], [["1_/", 3]]),
        ({"edges": [], "nodes": []}, [], []),
        ({"people": 2, "segments": [{"key": "loyal", "people": 2}]}, ["key", "people"], [["loyal", 2]]),
        ({"person": None, "events": [{"event": "seen"}], "sessions": []}, ["event"], [["seen"]]),
        (
            {"success": [{"event": "a"}], "failure": [{"event": "b"}], "converted": 5},
            ["more_often", "event"],
            [["converted", "a"], ["dropped", "b"]],
        ),
        ({"bins": [[60, 2], [120, 0]], "average": 5}, ["seconds", "people"], [[60, 2], [120, 0]]),
        ({"rate": 50, "times": {"bins": [[60, 2]]}}, ["seconds", "people"], [[60, 2]]),
        (
            {"rate": 50, "trend": {"labels": ["5"], "rate": [50], "started": [2], "incomplete_from": 0}},
            ["time", "rate", "started"],
            [["5", 50, 2]],
        ),
        ({"rate": 50, "started": 2}, ["name", "value"], [["rate", 50], ["started", 2]]),
        ({"labels": [1, 2], "series": [{"name": "any", "data": [3, 0]}]}, ["periods", "any"], [[1, 3], [2, 0]]),
    ],
)
def test_what_an_answer_lists_becomes_rows(result: Any, columns: list[str], cells: list[list[Any]]) -> None:
    found = rows_of({"kind": "any", "result": result})
    assert (found.columns, found.cells) == (columns, cells)
