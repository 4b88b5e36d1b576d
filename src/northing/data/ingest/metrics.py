"""What ingest and the loader count for `/metrics`."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import Counter, Histogram

_REQUESTS = Counter("northing_ingest_requests", "Collector requests answered.", ["protocol", "status"])
_EVENTS = Counter("northing_ingest_events", "Events accepted: durable in the spool.", ["protocol"])
_REJECTED = Counter("northing_ingest_rejected", "Collector requests refused whole.", ["protocol", "code"])
_FATES = Counter("northing_loader_events", "Events that met their fate.", ["outcome", "reason"])
_BATCHES = Histogram(
    "northing_loader_batch_seconds", "Time to store one batch.", buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
)
_MERGES_REFUSED = Counter("northing_merges_refused", "Claims that two people are one, refused by a guard.")
_FAILURES = Counter("northing_loader_failures", "Inserts the store refused and that were tried again.")
_DAMAGED = Counter("northing_spool_damaged_bytes", "Bytes of damaged spool set aside in quarantine.")


@lru_cache(maxsize=1_000)
def _child(counter: Counter, *labels: str) -> Counter:
    """The counter of these labels, without looking them up under a lock each time."""
    return counter.labels(*labels)


def observe_request(protocol: str, status: int) -> None:
    """One collector request was answered."""
    _child(_REQUESTS, protocol, str(status)).inc()


def observe_events(protocol: str, count: int) -> None:
    """So many events became durable."""
    _child(_EVENTS, protocol).inc(count)


def observe_rejected(protocol: str, code: str) -> None:
    """One request was refused whole."""
    _REJECTED.labels(protocol, code).inc()


def observe_fate(outcome: str, reason: str, count: int) -> None:
    """So many events were stored, deduplicated or dropped."""
    _FATES.labels(outcome, reason).inc(count)


def observe_batch(seconds: float) -> None:
    """One batch is in the store."""
    _BATCHES.observe(seconds)


def observe_refused_merges(count: int) -> None:
    """So many claims that two people are one were refused."""
    if count:
        _MERGES_REFUSED.inc(count)


def observe_failure() -> None:
    """The store refused an insert."""
    _FAILURES.inc()


def observe_damage(count: int) -> None:
    """So many bytes of spool were damaged."""
    _DAMAGED.inc(count)
