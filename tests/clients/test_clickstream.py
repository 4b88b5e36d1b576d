"""Real files, read by the import readers and sent through the real door; sending them again adds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from northing.data.imports import CsvMapping, Read, open_source, read_access_log, read_csv
from tests.support.server import Server
from tests.support.shared import shared_path

BATCH = 2_000


def send(server: Server, records: Iterable[Read]) -> None:
    """Send every event that was made of a file."""
    events = (record.event for record in records if record.event)
    while batch := list(islice(events, BATCH)):
        assert server.send(batch) == 200


def test_the_clickstream(server: Server) -> None:
    path = shared_path("data/ecom_clickstream/ecom.csv.gz")
    for _ in range(2):
        with open_source(path) as source:
            send(server, read_csv(source, CsvMapping({"distinct_id": "user_id"})))
    ledger = server.wait_loaded()
    assert (ledger["received"], ledger["stored"], ledger["deduplicated"]) == (62_212, 31_106, 31_106)
    assert server.rows("SELECT count(), uniqExact(person), uniqExact(session) FROM events") == [[31_106, 600, 3_605]]
    reached = "SELECT uniqExactIf(person, event = 'catalog'), uniqExactIf(person, event = 'add_to_cart') FROM events"
    assert server.rows(reached) == [[600, 522]]
    platforms = server.rows("SELECT properties.platform.:String AS p, count() FROM events GROUP BY p ORDER BY p")
    assert sum(count for _, count in platforms) == 31_106


def test_the_apache_log(fresh_server: Server) -> None:
    with open_source(shared_path("data/web_logs/apache_logs")) as source:
        send(fresh_server, read_access_log(source))
    fresh_server.wait_loaded()
    [[total, malformed, people]] = fresh_server.rows(
        "SELECT count(), countIf(properties.malformed.:Bool), uniqExact(person) FROM events WHERE event = 'request'"
    )
    assert (total, malformed, people) == (10_000, 1, 1_753)
    statuses = fresh_server.rows(
        "SELECT properties.status.:Int64 AS status, count() AS n FROM events "
        "WHERE NOT ifNull(properties.malformed.:Bool, false) GROUP BY status ORDER BY n DESC LIMIT 5"
    )
    assert [n for _, n in statuses] == [9_125, 445, 213, 164, 45]
