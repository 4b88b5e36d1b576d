"""The server, restarted when its code changes, beside Vite's development server with hot reload.

Open http://localhost:5173 for the UI; arguments go to `northing serve`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.tree import ROOT

SOURCES = ROOT / "src" / "northing"
POLL_SECONDS = 0.5


def main(args: list[str]) -> int:
    """Run both until interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    processes = [_start_vite(_port(args))] if (ROOT / "web" / "package.json").exists() else []
    server = _start_server(args)
    seen = _newest(SOURCES)
    try:
        while True:
            time.sleep(POLL_SECONDS)
            newest = _newest(SOURCES)
            if newest != seen:
                print("dev: code changed, restarting", flush=True)
                _stop(server)
                server, seen = _start_server(args), newest
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (*processes, server):
            _stop(process)


def _port(args: list[str]) -> str:
    return args[args.index("--port") + 1] if "--port" in args[:-1] else os.environ.get("NORTHING_PORT", "8001")


def _start_server(args: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["northing", "serve", *args], cwd=ROOT, start_new_session=True)


def _start_vite(port: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "NORTHING_DEV_API": f"http://127.0.0.1:{port}"}
    command = [sys.executable, str(ROOT / "scripts" / "npm.py"), "run", "--silent", "dev"]
    return subprocess.Popen(command, env=environment, start_new_session=True)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to stop, as the server and npm have children; insist after half a minute."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
    except ProcessLookupError:
        return
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _newest(folder: Path) -> tuple[int, float]:
    """Number of source files and the time of the newest change; either changes when a file comes, goes or is saved."""
    times = [path.stat().st_mtime for path in folder.rglob("*.py")]
    return len(times), max(times, default=0.0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
