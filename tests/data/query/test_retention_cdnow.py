"""Golden answers of the CDNOW purchases: the cohort of January 1997, repeat buyers, and where the money comes from.

The figures are those of Fader and Hardie's work with these data.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from northing.data.store import LocalStore, Store
from tests.data.query.world import World
from tests.support.engine import next_project_id
from tests.support.shared import shared_path

NOW = datetime(1998, 8, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def cdnow(engine: Store, event_store: LocalStore) -> World:
    """One event per purchase, 69,659 of 23,570 customers."""
    world = World(engine, event_store, next_project_id())
    lines = shared_path("data/cdnow/CDNOW_master.txt").read_text().splitlines()[1:]
    world.add_all(_purchase(*line.split()) for line in lines)
    return world


def _purchase(customer: str, day: str, copies: str, dollars: str) -> dict[str, object]:
    return {
        "event": "purchase",
        "timestamp": f"{day[:4]}-{day[4:6]}-{day[6:]} 12:00:00",
        "person": int(customer),
        "properties": {"copies": int(copies), "dollars": float(dollars)},
    }


@pytest.mark.parametrize("mode", ["first_time", "first_ever", "recurring"])
def test_the_cohort_of_january(cdnow: World, mode: str) -> None:
    """In the first month of the data every purchase is of a new customer, so all three modes agree on it."""
    purchases = {"event": "purchase"}
    dates = {"date_from": "1997-01-01", "date_to": "1997-06-30", "period": "month", "intervals": 6}
    body = {"kind": "retention", "target": purchases, "returning": purchases, "mode": mode, **dates}
    result = cdnow.ask(body, now=NOW).result
    assert result["cohorts"][0]["values"] == [7846, 1157, 964, 810, 679, 736]
    sizes = [cohort["size"] for cohort in result["cohorts"]]
    if mode != "recurring":
        assert (sizes[:3], sum(sizes)) == ([7846, 8476, 7248], 23_570)
    else:
        active = cdnow.trends([{"event": "purchase", "math": "unique"}], interval="month", now=NOW,
                              date_from="1997-01-01", date_to="1997-06-30")["series"][0]["data"]  # fmt: skip
        assert sizes == active


def test_growth_accounting_of_the_same_months(cdnow: World) -> None:
    body = {"kind": "growth_accounting", "interval": "month", "date_from": "1997-01-01", "date_to": "1997-06-30"}
    series = {one["name"]: one["data"] for one in cdnow.ask(body, now=NOW).result["series"]}
    assert series["new"] == [7846, 8476, 7248, 0, 0, 0]
    assert series["retained"][1] == 1157


def test_the_share_of_repeat_buyers(cdnow: World) -> None:
    """Two purchases of one day are one order, as everyone counts in these data."""
    rows = cdnow.rows(
        "SELECT countIf(days > 1), count() FROM "
        "(SELECT person, uniqExact(toDate(timestamp)) AS days FROM events WHERE event = 'purchase' GROUP BY person)"
    )
    assert round(int(rows[0][0]) / int(rows[0][1]), 4) == 0.4886
    body = {"kind": "stickiness", "cumulative": True, "date_from": "1997-01-01", "date_to": "1998-06-30"}
    data = cdnow.ask(body, now=NOW).result["series"][0]["data"]
    assert data[:2] == [int(rows[0][1]), int(rows[0][0])]


def test_the_share_of_the_top_tenth(cdnow: World) -> None:
    spent = (
        "SELECT person, sum(toFloat64OrZero(toString(properties.dollars))) AS spent FROM events GROUP BY person "
        "ORDER BY spent DESC"
    )
    top = cdnow.rows(f"SELECT sum(spent) FROM (SELECT spent FROM ({spent}) LIMIT 2357)")[0][0]
    whole = cdnow.trends([{"event": "purchase", "math": "sum", "math_property": "dollars"}], now=NOW,
                         date_from="1997-01-01", date_to="1998-06-30", interval="month")  # fmt: skip
    assert round(100 * top / whole["series"][0]["total"], 2) == 50.94
