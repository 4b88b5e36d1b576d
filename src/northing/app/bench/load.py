"""A load generator: prepared requests over keep-alive connections to the loopback, bounded in count and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(slots=True)
class Outcome:
    """What a run saw: latencies in seconds of requests that were answered 200, and the others by status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        """Latency in milliseconds."""
        return float(np.percentile(self.latencies, percent) * 1000) if self.latencies else float("nan")


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard to push: at most `seconds` long and `requests` many; `rate` requests/s in all, None for flat out."""

    connections: int
    seconds: float
    requests: int = 1 << 40
    rate: float | None = None


def prepare(path: str, token: str, body: bytes, *, host: str = "127.0.0.1") -> bytes:
    """One HTTP/1.1 POST request as bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last is complete."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._transport: asyncio.Transport
        self._buffer = b""
        self._sent_at = 0.0
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _content_length(self._buffer[:end])
        if len(self._buffer) < end + 4 + length:
            return
        status = int(self._buffer[9:12])
        self._buffer = self._buffer[end + 4 + length :]
        self._run.record(status, time.perf_counter() - self._sent_at)
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def _next(self) -> None:
        wait = self._run.wait_seconds()
        if wait is None:
            self._transport.close()
        elif wait > 0:
            asyncio.get_running_loop().call_later(wait, self._send)
        else:
            self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(self._run.take())


class _Run:
    def __init__(self, plan: Plan, requests: Sequence[bytes]) -> None:
        self._plan = plan
        self._requests = requests
        self._began = time.perf_counter()
        self._planned = 0
        self._taken = 0
        self.outcome = Outcome()

    def wait_seconds(self) -> float | None:
        """How long the next request must wait; None where there shall be none.

        Each has a moment of its own: connections that waited for the same one would all send at once.
        """
        elapsed = time.perf_counter() - self._began
        if elapsed >= self._plan.seconds or self._planned >= self._plan.requests:
            return None
        self._planned += 1
        if self._plan.rate is None:
            return 0.0
        return max(0.0, (self._planned - 1) / self._plan.rate - elapsed)

    def take(self) -> bytes:
        self._taken += 1
        return self._requests[self._taken % len(self._requests)]

    def record(self, status: int, seconds: float) -> None:
        if status == 200:
            self.outcome.latencies.append(seconds)
        else:
            self.outcome.refused[status] = self.outcome.refused.get(status, 0) + 1

    def finish(self) -> Outcome:
        self.outcome.seconds = time.perf_counter() - self._began
        return self.outcome


async def push(port: int, requests: Sequence[bytes], plan: Plan) -> Outcome:
    """Send the requests in turn, over and over, as the plan says."""
    run = _Run(plan, requests)
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port) for _ in range(plan.connections)]
    await asyncio.wait([protocol.closed for _, protocol in made], timeout=plan.seconds + 60)
    for transport, _ in made:
        transport.close()
    return run.finish()


def _content_length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    if at < 0:
        return 0
    line = head[at + 15 :].split(b"\r\n", 1)[0]
    return int(line)
