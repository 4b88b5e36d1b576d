"""What the insights slice adds to the app."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from northing.products.insights.routes import ROUTERS as INSIGHTS


@dataclass(frozen=True, slots=True)
class Manifest:
    """A slice by name, with its project-scoped routers."""

    name: str
    routers: tuple[APIRouter, ...]


MANIFEST = Manifest("insights", INSIGHTS)
