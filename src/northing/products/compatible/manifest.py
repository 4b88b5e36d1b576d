"""What the compatible slice adds to the app: routes with whole paths of their own, and a door for what clients send."""

from __future__ import annotations

from northing.products.compatible.routes import ROUTERS
from northing.products.compatible.tracking import SourceDoor

__all__ = ["ROUTERS", "SourceDoor"]
