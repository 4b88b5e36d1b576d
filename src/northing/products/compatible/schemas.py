"""JSON into the source systems' routes, in their names."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from northing.products.compatible.metric_values import Period
from northing.server.http.schemas import Input, Line, Name

Ref = int | Line


class MetricInput(Input):
    """A value of a named metric."""

    name: Name
    value: Annotated[float, Field(allow_inf_nan=False)]
    target: Annotated[float | None, Field(allow_inf_nan=False)] = None
    period: Period = "day"
    date: Annotated[str | None, StringConstraints(max_length=40)] = Field(None, description="Any moment of the period.")
    metadata: dict[str, Any] = Field(default_factory=dict)


class StepInput(Input):
    """A step of a funnel."""

    event: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    name: Annotated[str, StringConstraints(max_length=400)] = ""
    order: int = Field(0, description="Steps are taken in this order.")


class FunnelInput(Input):
    """`create` takes a name and steps, `deactivate` says which funnel; `track` takes the project token instead."""

    action: Literal["create", "deactivate"]
    name: Line = ""
    description: Annotated[str, StringConstraints(max_length=10_000)] = ""
    steps: Annotated[list[StepInput], Field(max_length=50)] = Field(default_factory=list)
    timeWindow: int | None = Field(None, description="Minutes; 14 days without it.")  # noqa: N815
    funnelId: Ref | None = None  # noqa: N815
