"""JSON in and out of the people routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from northing.server.http.schemas import Input, Line, Name, Output

Search = Annotated[str, StringConstraints(max_length=400)]


class PeopleSource(Input):
    """A number of an answer: the question, and the point of its answer in the fields of its kind."""

    query: dict[str, Any]
    point: dict[str, Any] = Field(default_factory=dict)


class PeopleQuestion(PeopleSource):
    """Who is behind it, page by page."""

    search: Search = Field("", description="Only people whose ids, name or e-mail address contain this.")
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str | None, Field(max_length=500)] = None


class ListedPerson(BaseModel):
    """A person in a list."""

    person: int
    name: str = Field(description="Name, e-mail address or user name, else the first id.")
    distinct_ids: list[str] = Field(description="The first ten.")
    properties: dict[str, Any]
    created_at: datetime | None = Field(description="Null without a profile.")
    is_identified: bool


class PeoplePage(BaseModel):
    """A page of people, by number."""

    items: list[ListedPerson]
    next_cursor: str | None
    total: int
    definition: str = Field(description="Who is listed, in words.")


Text = Annotated[str, StringConstraints(max_length=2000)]
Tags = Annotated[list[Line], Field(max_length=20)]


class Cohort(Output):
    """A list of people, or a rule that makes one."""

    id: int = Field(description="The number that filters of type `cohort` take.")
    name: str
    description: str
    kind: Literal["static", "dynamic"]
    definition: dict[str, Any] | None = Field(description="Of dynamic ones.")
    source: dict[str, Any] | None = Field(description="Where the people of a static one come from.")
    meaning: str = Field(description="Who is meant, in words.")
    tags: list[str]
    version: int = Field(description="Counts definitions.")
    size: int | None = Field(description="People in it when it was last worked out; null before that.")
    calculated_at: datetime | None
    calculating: bool
    error: str | None = Field(description="Why it could not be worked out the last time.")
    owner_id: int | None
    owner: str | None
    is_favourite: bool
    created_at: datetime
    updated_at: datetime


class NewCohort(Input):
    """A cohort to be: a dynamic one has a `definition`, a static one `people`, `distinct_ids`, `csv`, or nobody yet."""

    name: Name
    kind: Literal["static", "dynamic"]
    description: Text = ""
    tags: Tags = Field(default_factory=list)
    definition: dict[str, Any] | None = None
    people: PeopleSource | None = Field(None, description="Those behind a number of an answer.")
    distinct_ids: list[str] | None = None
    csv: str | None = Field(None, description="Ids in a column `distinct_id`, or in the first.")


class MadeCohort(Cohort):
    """The cohort, with its members."""

    unknown_ids: int = Field(0, description="How many of the given ids nobody has.")


class CohortChanges(Input):
    """Only what is given changes; the defaults are never used."""

    name: Name = ""
    description: Text = ""
    tags: Tags = Field(default_factory=list)
    definition: dict[str, Any] = Field(default_factory=dict)
    is_favourite: bool = False


class MemberIds(Input):
    """Whom to add to a static cohort and whom to take out; who is in both is out."""

    add: list[str] = Field(default_factory=list)
    remove: list[str] = Field(default_factory=list)


class CohortQuestion(Input):
    """Whom would this definition mean?"""

    definition: dict[str, Any]
    cohort: Annotated[int | None, Field(ge=1, lt=1 << 31)] = Field(
        None, description="The cohort that is changed, which cannot be made of itself."
    )
    limit: Annotated[int, Field(ge=1, le=500)] = 10
    cursor: Annotated[str | None, Field(max_length=500)] = None


class CohortPreview(PeoplePage):
    """Those it means now, by number."""

    total: int = Field(description="How many they are.")
    elapsed_ms: float
    warnings: list[str] = Field(description="What in the definition was not read.")


class OldDefinition(Output):
    """A definition that was replaced."""

    version: int
    definition: dict[str, Any]
    replaced_at: datetime


class SegmentRules(Input):
    """Thresholds in days; only what is given changes, the defaults here are never used."""

    window_days: int = Field(28, description="How many of the last days activity is counted in; at most 60.")
    power_days: int = Field(14, description="Active on so many of them or more: power.")
    engaged_days: int = Field(5, description="On so many or more: engaged; on fewer: casual.")
    at_risk_days: int = Field(14, description="Active before, but not in the last so many: at risk.")
    new_days: int = Field(7, description="First seen in the last so many: new.")


class Segment(BaseModel):
    """A built-in segment."""

    key: str
    name: str
    cohort: int = Field(description="The number that filters of type `cohort` take.")
    people: int
    share: float = Field(description="Of everyone in the project.")
    definition: str


class Segments(BaseModel):
    """All of them; everyone is in one at most."""

    items: list[Segment]
    next_cursor: str | None
    people: int = Field(description="Everyone in the project.")
    rest: int = Field(description="People in none.")
    rules: SegmentRules
    calculated_at: datetime | None
    definition: str


class RfmSegment(BaseModel):
    """A named segment, with means of its people."""

    key: str
    name: str
    people: int
    share: float
    mean_count: float
    mean_money: float
    mean_days_since: float


class RfmCell(BaseModel):
    """A pair of scores."""

    recency: int
    frequency: int
    segment: str
    people: int


class RfmMoney(BaseModel):
    """A monetary score."""

    monetary: int
    people: int


class Rfm(BaseModel):
    """People in fifths by recency, frequency and money."""

    people: int
    segments: list[RfmSegment]
    cells: list[RfmCell]
    monetary: list[RfmMoney] | None
    definition: str
    date_from: datetime
    date_to: datetime
    warnings: list[str]


class FoundPerson(ListedPerson):
    """A person in the list of persons."""

    last_seen: datetime | None = Field(None, description="Time of the last event, in order of activity.")


class PersonPage(BaseModel):
    """A page of persons."""

    items: list[FoundPerson]
    next_cursor: str | None
    total: int = Field(description="How many match.")


class PersonGroup(BaseModel):
    """A group that a person acted in."""

    type: str
    key: str


class PersonCohort(BaseModel):
    """A cohort or segment that a person is in."""

    id: int
    name: str
    is_segment: bool


class PersonMerge(BaseModel):
    """A merge that made a person."""

    person: int = Field(description="The number that was merged away.")
    into: int
    distinct_id: str = Field(description="The id that brought it about.")
    reason: str
    merged_at: datetime
    is_folded: bool = Field(description="Whether the events carry the new number already.")


class Person(ListedPerson):
    """All that is known of a person but what they did."""

    distinct_ids: list[str] = Field(description="All, up to a thousand.")
    first_seen: datetime | None
    last_seen: datetime | None
    events: int
    sessions: int
    groups: list[PersonGroup]
    cohorts: list[PersonCohort]
    merges: list[PersonMerge]


class PersonEvent(BaseModel):
    """An event of a person."""

    uuid: str
    event: str
    timestamp: datetime
    distinct_id: str
    session_id: str
    url: str
    path: str
    browser: str
    os: str
    device: str
    country: str
    lib: str
    groups: dict[str, str]
    properties: dict[str, Any]


class PersonSession(BaseModel):
    """A session of a person."""

    session_id: str
    start: datetime
    end: datetime
    duration: float = Field(description="Seconds.")
    is_bounce: bool
    events: int
    pageviews: int
    actions: int
    entry_url: str
    entry_path: str
    exit_url: str
    exit_path: str
    referrer_host: str
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    browser: str
    os: str
    device: str
    country: str


class ListedGroup(BaseModel):
    """A group with a profile."""

    type: str
    key: str
    created_at: datetime | None
    properties: dict[str, Any]


class Group(ListedGroup):
    """What is known of a group."""

    first_seen: datetime | None
    last_seen: datetime | None
    events: int
    people: int
