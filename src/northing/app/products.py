"""Every product slice, in one tuple."""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter

from northing.products.analytics.manifest import MANIFEST as ANALYTICS
from northing.products.compatible.manifest import ROUTERS as COMPATIBLE
from northing.products.insights.manifest import MANIFEST as INSIGHTS
from northing.products.people.manifest import MANIFEST as PEOPLE


class Manifest(Protocol):
    """What every slice says of itself."""

    @property
    def name(self) -> str: ...

    @property
    def routers(self) -> tuple[APIRouter, ...]: ...


PRODUCTS: tuple[Manifest, ...] = (ANALYTICS, PEOPLE, INSIGHTS)
# Routes with whole paths of their own, of no one project in the path.
WHOLE_ROUTERS: tuple[APIRouter, ...] = COMPATIBLE
