"""Sending many events the way clients do: gzipped requests on several connections, acknowledged in order."""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import msgspec

from northing.app.client import Client, Json
from northing.kernel.problems import Problem

CONNECTIONS = 3
_IN_FLIGHT = 4 * CONNECTIONS
_PATIENCE_SECONDS = 300.0
_LONGEST_PAUSE_SECONDS = 30.0
_BUSY = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Events of one request. `place` says how far the source is read with them; `lines` where each comes from."""

    events: Sequence[Json]
    place: int
    lines: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a parcel: reasons of refusals, and of mended events, by index in it."""

    parcel: Parcel
    refused: Mapping[int, str] = field(default_factory=dict)
    mended: Mapping[int, str] = field(default_factory=dict)


class Sender:
    """Sends parcels; `on_receipt` is called in the order of sending, in the thread that sends.

    As a context manager it waits for everything at a good end. At a bad one, such as Ctrl-C, it gives up what has not
    begun and gives no more receipts, since the one before may have been cut short: what has arrived without is sent
    again the next time, and known by its uuid.
    """

    def __init__(self, url: str, token: str, *, on_receipt: Callable[[Receipt], None]) -> None:
        self._url = url
        self._token = token
        self._on_receipt = on_receipt
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="send")
        self._waiting: deque[Future[Receipt]] = deque()
        self._own = threading.local()
        self._clients: list[Client] = []
        self._stop = threading.Event()

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            while self._waiting:
                self._take()
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for client in self._clients:
            client.close()

    def send(self, parcel: Parcel) -> None:
        """Hand over a parcel; waits while many are on their way. Raises what stopped an earlier one."""
        self._waiting.append(self._pool.submit(self._post, parcel))
        while len(self._waiting) >= _IN_FLIGHT or (self._waiting and self._waiting[0].done()):
            self._take()

    def _take(self) -> None:
        self._on_receipt(self._waiting[0].result())
        self._waiting.popleft()

    def _post(self, parcel: Parcel) -> Receipt:
        client: Client | None = getattr(self._own, "client", None)
        if client is None:
            client = self._own.client = Client(self._url, self._token)
            self._clients.append(client)
        return post_parcel(client, parcel, self._stop)


def post_parcel(client: Client, parcel: Parcel, stop: threading.Event) -> Receipt:
    """Send one parcel until it is answered for. Raises `Problem` where the server stays away or refuses us."""
    body = gzip.compress(msgspec.json.encode(parcel.events), 1)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    pause = 0.2
    while True:
        outcome, retry_after = _try(client, body, parcel)
        if isinstance(outcome, Receipt):
            return outcome
        pause = min(max(pause * 2, retry_after), _LONGEST_PAUSE_SECONDS)
        # Sending again is harmless: every event carries its uuid.
        if time.monotonic() + pause > deadline or stop.wait(pause):
            raise outcome


def _try(client: Client, body: bytes, parcel: Parcel) -> tuple[Receipt | Problem, float]:
    """A receipt, or why to try again and after how many seconds."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    try:
        reply = client.call("POST", "/api/v1/events", body=body, headers=headers)
    except (OSError, http.client.HTTPException) as error:
        return Problem(503, "no_answer", f"The server does not answer: {str(error) or type(error).__name__}."), 0.0
    if reply.status in _BUSY:
        pause = _seconds(reply.headers.get("retry-after", ""))
        return Problem(503, "server_busy", f"The server cannot take events now ({reply.status})."), pause
    if reply.status == 413 and len(parcel.events) > 1:
        return _halves(client, parcel), 0.0
    if reply.status in (400, 413):
        detail = str(reply.json().get("detail", "refused"))
        return Receipt(parcel, dict.fromkeys(range(len(parcel.events)), detail)), 0.0
    reply.raise_for_problem()
    return _receipt(parcel, reply.json()["results"]), 0.0


def _halves(client: Client, parcel: Parcel) -> Receipt:
    middle = len(parcel.events) // 2
    refused: dict[int, str] = {}
    mended: dict[int, str] = {}
    for start, events in ((0, parcel.events[:middle]), (middle, parcel.events[middle:])):
        half = post_parcel(client, Parcel(events, parcel.place), threading.Event())
        refused |= {start + index: reason for index, reason in half.refused.items()}
        mended |= {start + index: reason for index, reason in half.mended.items()}
    return Receipt(parcel, refused, mended)


def _receipt(parcel: Parcel, results: Mapping[str, Mapping[str, Any]]) -> Receipt:
    odd = {key: verdict for key, verdict in results.items() if verdict["result"] != "ok"}
    if not odd:
        return Receipt(parcel)
    places = {str(event.get("uuid", "")): index for index, event in enumerate(parcel.events)}
    by_index = {places[key] if key in places else int(key): verdict for key, verdict in odd.items()}
    refused = {i: str(v.get("details", "")) for i, v in by_index.items() if v["result"] == "drop"}
    mended = {i: str(v.get("details", "")) for i, v in by_index.items() if v["result"] == "warning"}
    return Receipt(parcel, refused, mended)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 1.0
