"""Every product slice, in one tuple."""

from __future__ import annotations

from northing.products.analytics.manifest import MANIFEST as ANALYTICS

PRODUCTS = (ANALYTICS,)
