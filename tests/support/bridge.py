"""ClickHouse's HTTP interface before the embedded engine: what stands in for a server where none can be installed.

It follows the documented interface of the server, its limits included, and not what our client happens to send:
statement in the body, in `query` or in a form; `param_x` values; every other field a setting of that one request;
bodies chunked or compressed; errors by status, header and text. The engine behind it is the real one.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from tests.support.bridge_engine import Answer, BridgeEngine
from tests.support.bridge_request import Question, Refusal, encode_body, read_question

USER, PASSWORD = "northing", "a-secret"
# How the server answers its own errors; every other code is a 500.
_STATUS = {
    **dict.fromkeys((192, 193, 516), 403),
    **dict.fromkeys((6, 26, 27, 36, 38, 41, 43, 53, 62, 70, 72, 117, 130, 377), 400),
    **dict.fromkeys((16, 46, 47, 56, 60, 81), 404),
    48: 501,
    159: 408,
    194: 401,
}


class Bridge:
    """A running bridge. `losing` makes it lose answers, and `asked` holds the statements it was sent while watched."""

    def __init__(self, folder: Path) -> None:
        self.engine = BridgeEngine(folder)
        self.losing: Callable[[Question], bool] = lambda _: False
        self.asked: list[Question] | None = None
        handler = type("Handler", (_Handler,), {"bridge": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="bridge", daemon=True)
        self._thread.start()

    def dsn(self, database: str = "default", *, password: str = PASSWORD) -> str:
        """What `Store.open` takes."""
        return f"clickhouse://{USER}:{password}@127.0.0.1:{self._server.server_port}/{database}"

    def make_database(self, name: str) -> str:
        """The DSN of a new, empty database."""
        self.engine.answer(Question(f"CREATE DATABASE {name}"))
        return self.dsn(name)

    @contextlib.contextmanager
    def watched(self) -> Iterator[list[Question]]:
        """The questions that come while the block runs."""
        self.asked = []
        try:
            yield self.asked
        finally:
            self.asked = None

    def answer(self, question: Question) -> Answer:
        if self.asked is not None:
            self.asked.append(question)
        return self.engine.answer(question)

    def close(self) -> None:
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()
        self.engine.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """A server that is gone answers nobody, also not on connections that were kept alive."""
        for request in list(self._open):
            self.shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    bridge: ClassVar[Bridge]

    def handle_one_request(self) -> None:
        """As the library has it, but for its limit on the first line, far below ClickHouse's."""
        try:
            self.raw_requestline = self.rfile.readline(1 << 22)
        except OSError:  # the bridge was closed
            self.raw_requestline = b""
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.do_GET() if self.command == "GET" else self.do_POST()

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/ping":
            self._send(200, b"Ok.\n", {})
        else:
            self._converse()

    def do_POST(self) -> None:
        self._converse()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at answers."""

    def _converse(self) -> None:
        body = self._body()
        try:
            self._check_user()
            question = read_question(self.command, self.path, self.headers, body, limits=self.bridge.engine.limits)
            answer = self.bridge.answer(question)
        except Refusal as refusal:
            self._refuse(refusal)
            return
        if self.bridge.losing(question):
            self.close_connection = True
            self.connection.close()
            return
        headers = {
            "X-ClickHouse-Summary": json.dumps(answer.summary),
            "X-ClickHouse-Server-Display-Name": "bridge",
            "X-ClickHouse-Timezone": self.bridge.engine.timezone,
            "X-ClickHouse-Query-Id": question.fields.get("query_id", ""),
        }
        if answer.format is not None:
            headers["X-ClickHouse-Format"] = answer.format
        content, encoding = encode_body(answer.body, question, self.headers.get("Accept-Encoding", ""))
        self._send(200, content, headers | ({"Content-Encoding": encoding} if encoding else {}))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _check_user(self) -> None:
        given = self.headers.get("Authorization", "")
        if given != "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode():
            raise Refusal(516, f"{USER}: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)")

    def _refuse(self, refusal: Refusal) -> None:
        status = refusal.status or _STATUS.get(refusal.code, 500)
        self._send(status, refusal.body.encode(), {"X-ClickHouse-Exception-Code": str(refusal.code)})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a client that has left
            self.wfile.write(body)
