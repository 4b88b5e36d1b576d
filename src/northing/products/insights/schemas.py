"""JSON in and out of the insights routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from northing.server.http.schemas import Input, Line, Name, Output

Text = Annotated[str, StringConstraints(max_length=10_000)]
TagName = Annotated[Line, StringConstraints(min_length=1, max_length=60)]
Tags = Annotated[list[TagName], Field(max_length=20)]
Display = Annotated[
    dict[str, Any],
    Field(description='How its page shows the answer, such as `{chart: "bar"}`; kept as it is given.'),
]
Seen = Annotated[
    int | None, Field(ge=1, description="The version that was changed; 409 where it is no longer the newest.")
]


class Who(Output):
    """A person; a key has no `id`."""

    id: int | None
    name: str


class _Kept(Output):
    """What everything that is kept says of itself."""

    id: int
    name: str
    description: str
    tags: list[str]
    is_favourite: bool = Field(description="Of the caller.")
    archived: bool
    version: int
    owner: Who | None
    created_at: datetime
    updated_at: datetime
    updated_by: Who


class Insight(_Kept):
    """A saved question."""

    kind: str = Field(description="The kind of its query.")
    query: dict[str, Any] = Field(description="A body of `POST /api/v1/query`.")
    display: Display


class NewInsight(Input):
    """An insight to be."""

    name: Name
    query: dict[str, Any] = Field(description="A body of `POST /api/v1/query`.")
    display: Display = Field(default_factory=dict)
    description: Text = ""
    tags: Tags = Field(default_factory=list)


class InsightChanges(Input):
    """Only what is given changes; the defaults are never used."""

    name: Name = ""
    query: dict[str, Any] = Field(default_factory=dict)
    display: Display = Field(default_factory=dict)
    description: Text = ""
    tags: Tags = Field(default_factory=list)
    is_favourite: bool = Field(False, description="Of the caller, who need not be allowed to change the rest.")
    archived: bool = Field(False, description="False brings an archived one back.")
    version: Seen = None


class InsightVersion(Output):
    """An insight as it was saved once."""

    version: int
    name: str
    description: str
    query: dict[str, Any]
    display: Display
    tags: list[str]
    made_by: Who
    created_at: datetime


class SavedAnswer(BaseModel):
    """The answer to a saved question, as `POST /api/v1/query` gives it; `result` depends on the kind."""

    kind: str
    result: Any
    timezone: str
    date_from: datetime | None
    date_to: datetime | None
    definition: str = Field(description="What was counted, in words.")
    elapsed_ms: float
    rows_read: int
    cached: bool
    cached_at: datetime | None = Field(None, description="When a cached answer was worked out.")
    warnings: list[str]


class FunnelFields(BaseModel):
    """The fields of the kind `funnel`, which checks them."""

    steps: Any = Field(None, description="At least two of `{event, name?, filters?, optional?}`.")
    order: Any = Field(None, description="`ordered`, `strict` or `unordered`.")
    window: Any = Field(None, description="`{value, unit}`, by default 14 days.")
    exclusions: Any = None
    filters: Any = None
    breakdown: Any = None
    breakdown_limit: Any = None
    attribution: Any = None
    attribution_step: Any = None
    aggregate_by: Any = None
    date_from: Any = None
    date_to: Any = None
    timezone: Any = None


class Funnel(_Kept, FunnelFields):
    """A saved funnel: an insight of the kind `funnel`, its query beside its name."""

    is_active: bool = Field(description="Whether anyone still looks after it; its results are there all the same.")


class NewFunnel(FunnelFields, Input):
    """A funnel to be."""

    name: Name
    description: Text = ""
    tags: Tags = Field(default_factory=list)


class FunnelChanges(FunnelFields, Input):
    """Only what is given changes; null takes a field of the query away."""

    name: Name = ""
    description: Text = ""
    tags: Tags = Field(default_factory=list)
    is_active: bool = True
    archived: bool = False
    version: Seen = None


class DropOffStep(BaseModel):
    """What is lost between a step and the one before."""

    step: int
    name: str
    entered: int = Field(description="Who had reached the step before.")
    reached: int
    dropped: int
    drop_off_rate: float = Field(description="Per cent of those who had reached the step before.")


class DropOff(BaseModel):
    """Where people leave a funnel."""

    funnel_id: int
    steps: list[DropOffStep]
    bottleneck: int | None = Field(description="The step with the greatest share lost; null where none is.")
    definition: str
    date_from: datetime | None
    date_to: datetime | None


class JourneyStep(BaseModel):
    """One step of a funnel, for one person."""

    name: str
    reached_at: datetime | None


class JourneyEvent(BaseModel):
    """An event of one of the steps."""

    uuid: str
    event: str
    timestamp: datetime
    distinct_id: str
    url: str


class Journey(BaseModel):
    """How far one person got, in the attempt that counts."""

    funnel_id: int
    distinct_id: str
    person: dict[str, Any] = Field(description="Number, name, ids and properties.")
    step_reached: int | None = Field(description="Counted from 0; null where the person never entered.")
    converted: bool
    steps: list[JourneyStep]
    events: list[JourneyEvent] = Field(description="Those that steps name, in order of time; the first 500.")
    definition: str
    date_from: datetime | None
    date_to: datetime | None


class Annotation(Output):
    """A note at a moment."""

    id: int
    text: str
    date: str = Field(description="A date in the project's zone, or an RFC 3339 moment; as it was given.")
    at: datetime = Field(description="The moment, of a date its first.")
    scope: Literal["project", "insight"]
    insight_id: int | None
    owner: Who | None
    created_at: datetime
    updated_at: datetime


class NewAnnotation(Input):
    """A note to be."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    date: Annotated[str, StringConstraints(max_length=40)] = Field(description="2026-01-31, or an RFC 3339 moment.")
    scope: Literal["project", "insight"] = "project"
    insight_id: int | None = None


class AnnotationChanges(Input):
    """Only what is given changes; the defaults are never used."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)] = ""
    date: Annotated[str, StringConstraints(max_length=40)] = ""
    scope: Literal["project", "insight"] = "project"
    insight_id: int | None = None


class TagCount(BaseModel):
    """A tag and how many saved things have it."""

    tag: str
    count: int


class Found(BaseModel):
    """Something with the text in its name."""

    type: Literal["insight", "cohort", "annotation", "event"]
    id: int | None = Field(description="Events have a name only.")
    name: str
    detail: str = Field(
        description="The kind of an insight or a cohort, the date of an annotation, the count of events."
    )


class FoundThings(BaseModel):
    """What was found, at most ten of each type."""

    items: list[Found]
