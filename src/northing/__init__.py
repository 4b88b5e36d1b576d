"""Northing: product analytics, experiments, monitoring and growth in one server."""

__version__ = "0.1.0"
