"""Whom a definition means, before anybody keeps it."""

from __future__ import annotations

import time

from northing.data.identity.cohorts_sql import cohort_people
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.products.people.calculation import parse_rule
from northing.products.people.listing import Item
from northing.products.people.service import PageRequest, page_of_people


async def preview(runner: QueryRunner, scope: Scope, definition: object, asked: PageRequest) -> Item:
    """A page of the people, how many they are, and what it took, within the limits of queries."""
    begun = time.perf_counter()
    rule, warnings = parse_rule(definition, scope)
    page = await page_of_people(runner, cohort_people(rule, scope), asked)
    return {**page, "warnings": warnings, "elapsed_ms": round((time.perf_counter() - begun) * 1000, 1)}
