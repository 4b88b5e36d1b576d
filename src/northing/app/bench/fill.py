"""Millions of events straight into a store, made by the engine itself: the world the query figures are measured on."""

from __future__ import annotations

import sys

from northing.data.ingest.activity import sum_up
from northing.data.store import Store

_CHUNK = 1_000_000
# All of it is one batch, to the loader.
BATCH = 1
# What one visit holds, and how many of them a person makes in the time.
VISIT_EVENTS = 10
_VISITS_EACH = 5
# Eight properties an event, 90 days, a few event names as unevenly used as in life. A visit is ten events some tens of
# seconds apart of one person, whose country, browser and device stay what they are.
FILL = f"""
INSERT INTO events (project_id, event, timestamp, uuid, person, session, distinct_id, session_id, properties, url, host,
  path, referrer, referrer_host, channel, browser, os, device, country, received_at, batch)
SELECT 1,
  ['$pageview', '$pageview', '$pageview', '$autocapture', '$autocapture', 'search', 'item_added', 'signup', 'upgrade',
   'purchase'][1 + r1 % 10],
  fromUnixTimestamp64Milli(toInt64({{start_ms:Int64}} + (v1 % ({{span_ms:Int64}} - 3600000))
    + (number % {VISIT_EVENTS}) * 45000 + r2 % 45000), 'UTC'),
  generateUUIDv4(number), 1 + who, visit, concat('person-', toString(who)), '',
  concat('{{"plan":"', ['free', 'team', 'business'][1 + p1 % 3], '","price":', toString((r5 % 20000) / 100),
   ',"quantity":', toString(1 + r5 % 9), ',"n":', toString(number), ',"variant":"', ['a', 'b'][1 + p2 % 2],
   '","role":"', ['admin', 'member', 'guest'][1 + p3 % 3], '","beta":', if(r6 % 5 = 0, 'true', 'false'),
   ',"query":"term ', toString(r6 % 3000), '"}}'),
  concat('https://shop.example.com/products/', toString(r5 % 500)), 'shop.example.com',
  concat('/products/', toString(r5 % 500)), '', ['', 'google.com', 'news.example.org'][1 + v2 % 3],
  ['Direct', 'Organic search', 'Referral'][1 + v2 % 3], ['Chrome', 'Firefox', 'Safari', 'Edge'][1 + p4 % 4],
  ['Windows', 'Mac OS X', 'Linux', 'iOS', 'Android'][1 + p5 % 5], ['desktop', 'mobile'][1 + p5 % 2],
  ['DE', 'FR', 'US', 'GB', 'IN', 'BR'][1 + p6 % 6], now(), {BATCH}
FROM (
  SELECT number, cityHash64(number, 1) AS r1, cityHash64(number, 2) AS r2, cityHash64(number, 5) AS r5,
    cityHash64(number, 6) AS r6, cityHash64(intDiv(number, {VISIT_EVENTS})) AS visit, cityHash64(visit, 1) AS v1,
    cityHash64(visit, 2) AS v2, toUInt32(cityHash64(visit, 3) % {{persons:UInt32}}) AS who,
    cityHash64(who, 1) AS p1, cityHash64(who, 2) AS p2, cityHash64(who, 3) AS p3, cityHash64(who, 4) AS p4,
    cityHash64(who, 5) AS p5, cityHash64(who, 6) AS p6
  FROM numbers({{first:UInt64}}, {{count:UInt64}})
)
"""


def fill(dsn: str, events: int, *, start_ms: int, days: int) -> None:
    """Insert `events` events between `start_ms` and `days` later."""
    store = Store.open(dsn)
    for first in range(0, events, _CHUNK):
        store.command(
            FILL,
            {
                "start_ms": start_ms,
                "span_ms": days * 86_400_000,
                "persons": max(1, events // (VISIT_EVENTS * _VISITS_EACH)),
                "first": first,
                "count": min(_CHUNK, events - first),
            },
        )
        print(f"\rfilled {min(first + _CHUNK, events):,} of {events:,} events", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    while sum_up(store, last_batch=BATCH):
        pass
    store.close()


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]), start_ms=int(sys.argv[3]), days=int(sys.argv[4]))
