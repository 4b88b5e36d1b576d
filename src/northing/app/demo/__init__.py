"""Lumen (simulated): an invented company that plans small events online, for trying Northing out."""

from __future__ import annotations

from northing.app.demo.simulation import Simulation, simulate
from northing.app.demo.world import COMPANY, truth

__all__ = ["COMPANY", "Simulation", "simulate", "truth"]
