"""One process tree: a light parent that holds the folder's lock and the listening socket, the engine process,
and the web workers. The parent starts them, restarts one that dies, and stops them in the right order.
"""

from __future__ import annotations

import ctypes
import gc
import json
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from types import FrameType

from northing.app.folder import DataFolder, FolderLock
from northing.kernel.problems import Problem
from northing.server.settings import Settings

_RESTART_SECONDS = (0.2, 1.0, 3.0, 10.0)
_STEADY_SECONDS = 60.0
_WEB_STOP_SECONDS = 15.0
_PR_SET_PDEATHSIG = 1

Main = Callable[[], None]


@dataclass(slots=True)
class _Child:
    name: str
    main: Main
    process: ForkProcess
    started: float
    failures: int = 0


class Supervisor:
    """Runs until a signal; `serve` is its one public verb."""

    def __init__(self, settings: Settings, *, announce: Callable[[str], None]) -> None:
        self._settings = settings
        self._announce = announce
        self._folder = DataFolder(settings.data.resolve())
        self._children: list[_Child] = []
        self._stopping = False
        self._fork = multiprocessing.get_context("fork")
        self._prepared = self._fork.Event()

    def serve(self) -> int:
        """Start everything, wait, stop everything; the exit code.

        Raises `Problem` where the folder, the port or the database cannot be used.
        """
        self._folder.create()
        lock = FolderLock(self._folder)
        lock.acquire()
        listener = _listen(self._settings.host, self._settings.port)
        url = self._write_run_files(listener)
        self._clear_metrics()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._on_signal)
        _preload()
        try:
            # The engine opens its files while the metadata is brought up to date, and waits before it reads them.
            self._start("engine", self._engine)
            self._run_once(self._prepare)
            self._prepared.set()
            for number in range(self._settings.workers):
                self._start(f"web-{number}", lambda n=number: self._web(n, listener))  # type: ignore[misc]
            self._announce(url)
            self._watch()
        finally:
            self._stop_all()
            self._folder.server.unlink(missing_ok=True)
            self._folder.local_key.unlink(missing_ok=True)
            listener.close()
            lock.release()
        return 0

    def _write_run_files(self, listener: socket.socket) -> str:
        host, port = listener.getsockname()[:2]
        shown = {"0.0.0.0": "localhost", "::": "localhost", "127.0.0.1": "localhost"}.get(host, host)
        url = self._settings.public_url or f"http://{shown}:{port}"
        key = "nsk_" + secrets.token_urlsafe(32)
        handle = os.open(self._folder.local_key, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(key)
        local = f"http://{'127.0.0.1' if shown == 'localhost' else host}:{port}"
        self._folder.server.write_text(json.dumps({"pid": os.getpid(), "url": local}), encoding="utf-8")
        return url

    def _clear_metrics(self) -> None:
        for path in self._folder.metrics.glob("*.db"):
            path.unlink()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self._folder.metrics)

    # What runs in the children.

    def _prepare(self) -> None:
        from northing.app.composition import prepare_database

        prepare_database(self._settings)

    def _engine(self) -> None:
        from northing.app.engine import run_engine

        run_engine(self._settings, self._folder, self._prepared)

    def _web(self, number: int, listener: socket.socket) -> None:
        from northing.app.web import run_web

        run_web(self._settings, self._folder, listener, number)

    def _run_once(self, main: Main) -> None:
        child = self._fork.Process(target=run_child, args=(main, "prepare", os.getpid()))
        child.start()
        child.join()
        if child.exitcode:
            raise Problem(500, "start_failed", "The server could not start; the reason is in the lines above.")

    def _start(self, name: str, main: Main, *, failures: int = 0) -> None:
        process = self._fork.Process(target=run_child, args=(main, name, os.getpid()), name=f"northing {name}")
        process.start()
        self._children.append(_Child(name, main, process, time.monotonic(), failures))

    def _watch(self) -> None:
        while not self._stopping:
            wait([child.process.sentinel for child in self._children], timeout=1.0)
            for child in [c for c in self._children if c.process.exitcode is not None]:
                if not self._stopping:
                    self._restart(child)

    def _restart(self, child: _Child) -> None:
        self._children.remove(child)
        steady = time.monotonic() - child.started > _STEADY_SECONDS
        failures = 0 if steady else child.failures
        pause = _RESTART_SECONDS[min(failures, len(_RESTART_SECONDS) - 1)]
        print(
            json.dumps(
                {"event": "child_died", "child": child.name, "code": child.process.exitcode, "restart_s": pause}
            ),
            file=sys.stderr,
            flush=True,
        )
        deadline = time.monotonic() + pause
        while time.monotonic() < deadline and not self._stopping:
            time.sleep(0.05)
        if not self._stopping:
            self._start(child.name, child.main, failures=failures + 1)

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _stop_all(self) -> None:
        """Web workers first, so that nothing new comes in; then the engine, which loads what is left."""
        web = [c for c in self._children if c.name.startswith("web")]
        engine = [c for c in self._children if not c.name.startswith("web")]
        _stop(web, _WEB_STOP_SECONDS)
        _stop(engine, self._settings.drain_s + 20.0)


def _preload() -> None:
    """Import what the children need, once: they share its memory, and start in a third of the time.

    The embedded engine itself is not among it: it starts threads, which do not survive a fork.
    """
    import northing.app.engine
    import northing.app.web  # noqa: F401

    gc.collect()
    gc.freeze()  # so that the children's collectors leave the shared pages alone


def _stop(children: list[_Child], seconds: float) -> None:
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + seconds
    for child in children:
        child.process.join(max(0.1, deadline - time.monotonic()))
        if child.process.exitcode is None:
            child.process.kill()
            child.process.join()


def run_child(main: Main, name: str, parent: int) -> None:
    """What every child does first: die with the parent, leave the terminal's Ctrl-C to it.

    `parent` is the parent's own word: one that was killed right after the fork is no longer to be asked for.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Batches and bodies are many small objects without cycles; looking for some every 700 of them costs a tenth of all.
    gc.set_threshold(100_000, 50, 100)
    try:
        main()
    except Problem as problem:
        print(f"northing {name}: {problem}", file=sys.stderr, flush=True)
        raise SystemExit(1) from None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise Problem(
            500,
            "port_unavailable",
            f"Cannot listen on {host}:{port}: {error.strerror}.",
            "Stop the other program or choose another port with --port.",
        ) from None
    listener.listen(2048)
    listener.setblocking(False)
    return listener
