"""`northing demo`."""

from __future__ import annotations

import json
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import typer
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from northing.app.background import BackgroundServer, find_live, start_server
from northing.app.client import Client
from northing.app.demo import COMPANY
from northing.app.demo.fill import Filling, keep_live
from northing.app.demo.marker import Marker, load_marker, new_marker, save_marker
from northing.app.folder import DataFolder, RunningServer
from northing.app.ledger import Tally, wait_until_loaded
from northing.kernel.clock import unix_ms, utc_now
from northing.kernel.problems import Problem

app = typer.Typer()

EMAIL = "demo@northing.local"
PASSWORD = "lumen-plans-parties"  # printed, and shown on the sign-in page: the data is made up
TOKEN = "00000000000000000000000000c0ffee"
PROJECT = 1
_GIVE_UP_SECONDS = 30.0
# A demo must never land in the stores of the real installation that the environment may name.
ENVIRONMENT = {
    "NORTHING_DEMO": "true",
    "NORTHING_ADMIN_EMAIL": EMAIL,
    "NORTHING_ADMIN_PASSWORD": PASSWORD,
    "NORTHING_PROJECT_TOKEN": TOKEN,
    "NORTHING_ADMIN_KEY": "",
    "NORTHING_EVENTS_DSN": "",
    "NORTHING_DATABASE_URL": "",
    "NORTHING_REDIS_URL": "",
}


@app.command()
def demo(
    data: Path = typer.Option(Path(".demo-data"), "--data", help="Data folder of the demo."),
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8001, help="Port to listen on; 0 takes a free one."),
    seed: int = typer.Option(7, help="Another seed makes another company of the same kind."),
    events: int = typer.Option(400_000, min=1000, help="About how many events the first 90 days have."),
    fresh: bool = typer.Option(False, "--fresh", help="Throw the demo's data away and begin anew."),
    live: bool = typer.Option(True, help="Let events happen while it serves."),
    as_json: bool = typer.Option(False, "--json", help="Say where it is as one line of JSON."),
) -> None:
    """Serve a simulated company, ninety days of about 400,000 events, to try everything out.

    The first start fills the data folder through the same door as any client; later ones only add what is new since.
    Everything in it is made up and marked as simulated.

    \b
    northing demo
    northing demo --port 9000 --events 50000 --fresh
    """
    folder = DataFolder(data.resolve())
    console = Console(stderr=as_json)
    running = find_live(folder)
    if running is not None and not fresh:
        _refuse_foreign(folder)
        _announce(console, running.url, as_json=as_json)
        return
    marker = _prepare(folder, seed, events=events, fresh=fresh)
    with _stop_on_signals(), _serving(folder, host, port=port, console=console) as (server, found):
        try:
            marker = _fill(folder, marker, found=found, console=console)
            _announce(console, found.url, as_json=as_json)
            with _happening(folder, marker, found=found) if live else nullcontext():
                _wait_for_end(server)
        except KeyboardInterrupt:
            console.print("Stopping …", style="dim")


def _prepare(folder: DataFolder, seed: int, *, events: int, fresh: bool) -> Marker:
    _refuse_foreign(folder)
    if fresh and folder.root.exists():
        if find_live(folder) is not None:
            raise Problem(409, "demo_runs", f"A server is using {folder.root}.", "Stop it before --fresh.")
        shutil.rmtree(folder.root)
    marker = load_marker(folder.root)
    if marker is None:
        marker = new_marker(seed, utc_now(), events=events)
        folder.create()
        save_marker(folder.root, marker)
    return marker


def _refuse_foreign(folder: DataFolder) -> None:
    """Real data must neither get demo events nor be thrown away."""
    if folder.root.exists() and any(folder.root.iterdir()) and load_marker(folder.root) is None:
        message = f"{folder.root} is not the data folder of a demo."
        raise Problem(409, "not_a_demo", message, "Choose another with --data.")


@contextmanager
def _serving(
    folder: DataFolder, host: str, *, port: int, console: Console
) -> Iterator[tuple[BackgroundServer, RunningServer]]:
    server = start_server(folder, host=host, port=port, environment=ENVIRONMENT)
    try:
        with console.status("Starting …"):
            found = server.wait_until_ready()
        yield server, found
    finally:
        server.stop()


@contextmanager
def _stop_on_signals() -> Iterator[None]:
    """SIGTERM stops like Ctrl-C: by KeyboardInterrupt, at the first signal only."""
    asked = False

    def on_signal(_signum: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise KeyboardInterrupt

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _fill(folder: DataFolder, marker: Marker, *, found: RunningServer, console: Console) -> Marker:
    with Client(found.url, found.key) as client:
        if client.ask("GET", f"/api/v1/projects/{PROJECT}")["name"] != COMPANY:
            client.ask("PATCH", f"/api/v1/projects/{PROJECT}", {"name": COMPANY})
        until_ms = unix_ms()
        columns = (
            TextColumn("{task.description:9}"),
            BarColumn(40),
            TaskProgressColumn(),
            TextColumn("{task.fields[said]}"),
        )
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            marker = _send(folder, marker, found=found, until_ms=until_ms, bar=bar)
            _load(client, bar)
    return marker


def _send(folder: DataFolder, marker: Marker, *, found: RunningServer, until_ms: int, bar: Progress) -> Marker:
    """The bar is that of simulated time; beside it, what has been sent."""
    filling = Filling(folder.root, marker, until_ms=until_ms)
    task = bar.add_task("Simulate", total=until_ms - marker.through_ms, said="")
    sent = 0

    def on_progress(count: int, moment: int) -> None:
        nonlocal sent
        sent += count
        seconds = bar.tasks[task].elapsed or 0.001
        day = datetime.fromtimestamp(moment / 1000, UTC).strftime("%d %b")
        said = f"{sent:>9,} events  {sent / seconds:>7,.0f}/s  {day}"
        bar.update(task, completed=moment - marker.through_ms, said=said)

    filling.run(found.url, TOKEN, on_progress=on_progress)
    bar.update(task, completed=until_ms - marker.through_ms)
    return filling.marker


def _load(client: Client, bar: Progress) -> None:
    task = bar.add_task("Load", total=None, said="")
    most = 1

    def on_look(tally: Tally) -> None:
        nonlocal most
        most = max(most, tally.pending)
        bar.update(task, total=most, completed=most - tally.pending, said=f"{tally.stored:>9,} stored")

    wait_until_loaded(client, PROJECT, on_look=on_look)


def _announce(console: Console, url: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"url": url, "email": EMAIL, "password": PASSWORD, "token": TOKEN}), flush=True)
        return
    shown = url.replace("127.0.0.1", "localhost")
    lines = (f"[bold]{shown}[/bold]", "", f"Sign in   {EMAIL}", f"Password  {PASSWORD}", "", "Ctrl-C stops it.")
    console.print(Panel("\n".join(lines), title=COMPANY, expand=False, padding=(1, 3)))


@contextmanager
def _happening(folder: DataFolder, marker: Marker, *, found: RunningServer) -> Iterator[None]:
    stop = threading.Event()
    trickle = threading.Thread(target=_trickle, args=(folder, marker, found, stop), name="live", daemon=True)
    trickle.start()
    try:
        yield
    finally:
        stop.set()
        trickle.join(_GIVE_UP_SECONDS)


def _trickle(folder: DataFolder, marker: Marker, found: RunningServer, stop: threading.Event) -> None:
    try:
        with Client(found.url, TOKEN) as client:
            keep_live(folder.root, marker, client=client, stop=stop)
    except Problem:
        if not stop.is_set():
            raise


def _wait_for_end(server: BackgroundServer) -> None:
    """Until a signal interrupts. Raises `Problem` when the server ends by itself."""
    while not server.has_ended:
        time.sleep(0.5)
    raise server.failure("The server has ended.")
