"""A client that goes away ends its query: a real server, a real socket."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from northing.data.store import LocalStore
from northing.products.analytics.routes import ROUTERS
from northing.server.http import management_app
from tests.data.query.test_run import SLOW, CountingStore
from tests.data.query.world import World as Events
from tests.support.people import World


@pytest.fixture
def counting(event_store: LocalStore) -> CountingStore:
    return CountingStore(event_store)


@pytest.fixture
def port(world: World, counting: CountingStore) -> Iterator[int]:
    """The management app on a free port."""
    context = dataclasses.replace(world.context, store=counting)
    config = uvicorn.Config(management_app(context, scoped=ROUTERS), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    yield int(listener.getsockname()[1])
    server.should_exit = True
    thread.join(30)
    listener.close()


@pytest.mark.parametrize("path", ["/query", "/query/export"])
def test_the_query_ends_with_the_connection(
    world: World, acme: Events, counting: CountingStore, port: int, path: str
) -> None:
    acme.add_all({"event": "a", "timestamp": "2020-01-02 10:00:00"} for _ in range(4000))
    body = json.dumps(SLOW).encode()
    key = world.key("query:read", project_id=world.acme_id)
    head = f"POST /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + body)
        _wait_until(lambda: bool(counting.statements))
    _wait_until(lambda: counting.ended == ["cancelled"])


def _wait_until(is_so: object) -> None:
    assert callable(is_so)
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
