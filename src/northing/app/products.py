"""Every product slice, in one tuple."""

from __future__ import annotations



PRODUCTS = ()
