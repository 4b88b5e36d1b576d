"""The benchmark's report: a table for people, JSON for the docs page, and what machine it was."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from northing.app.bench.ingest import Figure
from northing.kernel.clock import rfc3339, utc_now

_PACKAGES = ("northing", "chdb-core", "clickhouse-connect", "uvicorn", "msgspec", "fastapi", "numpy")


def machine() -> dict[str, Any]:
    """Cores, memory, system and versions."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / (1 << 30), 1),
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PACKAGES},
    }


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    """One table."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("what", "value", "", "must reach", "", "detail"):
        table.add_column(heading, justify="right" if heading in ("value", "must reach") else "left")
    for figure in figures:
        sign = {None: "", True: "[green]reached[/]", False: "[red]not reached[/]"}[figure.reached]
        target = "" if figure.target is None else f"{figure.target:,.0f}"
        table.add_row(figure.what, f"{figure.value:,.2f}", figure.unit, target, sign, figure.detail)
    Console(width=150).print(table)


def write_json(path: Path, sections: dict[str, Sequence[Figure]], about: dict[str, Any]) -> None:
    """All figures with the machine they were measured on."""
    body = {
        "measured_at": rfc3339(utc_now()),
        "machine": about,
        "figures": {
            name: [{**asdict(figure), "reached": figure.reached} for figure in figures]
            for name, figures in sections.items()
        },
    }
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
