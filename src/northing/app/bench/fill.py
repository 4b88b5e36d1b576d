"""Millions of events straight into a store, made by the engine itself: the world the query figures are measured on."""

from __future__ import annotations

import sys

from northing.data.ingest.activity import sum_up
from northing.data.store import Store

_CHUNK = 1_000_000
# Eight properties an event, 90 days, one person in 20 events, a few event names as unevenly used as in life.
FILL = """
INSERT INTO events (project_id, event, timestamp, uuid, person, session, distinct_id, session_id, properties, url, host,
  path, referrer, referrer_host, channel, browser, os, device, country, received_at, batch)
SELECT 1,
  ['$pageview', '$pageview', '$pageview', '$autocapture', '$autocapture', 'search', 'item_added', 'signup', 'upgrade',
   'purchase'][1 + r1 % 10],
  fromUnixTimestamp64Milli(toInt64({start_ms:Int64} + (r2 % {span_ms:Int64})), 'UTC'),
  generateUUIDv4(number), 1 + r3 % {persons:UInt32}, cityHash64(r3 % {persons:UInt32}, intDiv(r2, 3000000)),
  concat('person-', toString(r3 % {persons:UInt32})), '',
  concat('{"plan":"', ['free', 'team', 'business'][1 + r4 % 3], '","price":', toString((r5 % 20000) / 100),
   ',"quantity":', toString(1 + r5 % 9), ',"n":', toString(number), ',"variant":"', ['a', 'b'][1 + r4 % 2],
   '","role":"', ['admin', 'member', 'guest'][1 + r6 % 3], '","beta":', if(r6 % 5 = 0, 'true', 'false'),
   ',"query":"term ', toString(r6 % 3000), '"}'),
  concat('https://shop.example.com/products/', toString(r5 % 500)), 'shop.example.com',
  concat('/products/', toString(r5 % 500)), '', ['', 'google.com', 'news.example.org'][1 + r4 % 3],
  ['Direct', 'Organic search', 'Referral'][1 + r4 % 3], ['Chrome', 'Firefox', 'Safari', 'Edge'][1 + r6 % 4],
  ['Windows', 'Mac OS X', 'Linux', 'iOS', 'Android'][1 + r5 % 5], ['desktop', 'mobile'][1 + r5 % 2],
  ['DE', 'FR', 'US', 'GB', 'IN', 'BR'][1 + r6 % 6], now(), 1
FROM (
  SELECT number, cityHash64(number, 1) AS r1, cityHash64(number, 2) AS r2, cityHash64(number, 3) AS r3,
    cityHash64(number, 4) AS r4, cityHash64(number, 5) AS r5, cityHash64(number, 6) AS r6
  FROM numbers({first:UInt64}, {count:UInt64})
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
                "persons": max(1, events // 20),
                "first": first,
                "count": min(_CHUNK, events - first),
            },
        )
        print(f"\rfilled {min(first + _CHUNK, events):,} of {events:,} events", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    while sum_up(store, last_batch=1):
        pass
    store.close()


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]), start_ms=int(sys.argv[3]), days=int(sys.argv[4]))
