"""What looks across slices: all tags, and anything by a piece of its name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, or_

from northing.data.query.catalogue import plan_events
from northing.data.query.live import Window, to_ms
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.products.insights.models import Annotation, Insight, InsightTag
from northing.products.people.models import Cohort
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work

MOST_OF_A_TYPE = 10
_MOST_EVENTS = 1000
_EVENT_SECONDS = 60.0
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Found:
    """Something with the text in its name."""

    type: Literal["insight", "cohort", "annotation", "event"]
    id: int | None
    name: str
    detail: str


def count_tags(work: Work, project_id: int) -> list[tuple[str, int]]:
    """Tags of insights that are not archived and of cohorts, the most used first, ties by name."""
    present = visible_to(work.actor, Insight).where(Insight.project_id == project_id, Insight.archived_at.is_(None))
    tags = visible_to(work.actor, InsightTag).where(InsightTag.insight_id.in_(present.with_only_columns(Insight.id)))
    counted = tags.with_only_columns(InsightTag.tag, func.count()).group_by(InsightTag.tag)
    counts = Counter({str(tag): int(number) for tag, number in work.session.execute(counted)})
    cohorts = visible_to(work.actor, Cohort).where(Cohort.project_id == project_id)
    for listed in work.session.scalars(cohorts.with_only_columns(Cohort.tags)):
        counts.update(set(listed))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def find_saved(work: Work, scope: Scope, text: str) -> list[Found]:
    """Insights, cohorts and annotations; those whose name begins with the text first."""
    return [*_insights(work, scope, text), *_cohorts(work, scope, text), *_annotations(work, scope, text)]


async def find_events(runner: QueryRunner, scope: Scope, text: str) -> list[Found]:
    """Events of the last thirty days by name, the most frequent first."""

    async def load() -> list[list[object]]:
        end = to_ms(scope.now) // 60_000 * 60_000 + 60_000
        window = Window(end - 30 * _DAY_MS, end)
        statement = plan_events(await runner.merged(scope), window, search="", limit=_MOST_EVENTS)
        return [row[:2] for row in (await runner.ask(statement, scope.project_id)).rows]

    # All names at once: a palette asks at every letter.
    rows = await runner.remembered(f"finding:events:{scope.project_id}", _EVENT_SECONDS, load)
    fitting = [(str(name), count) for name, count in rows if text.casefold() in str(name).casefold()]
    return [Found("event", None, name, str(count)) for name, count in fitting[:MOST_OF_A_TYPE]]


def _insights(work: Work, scope: Scope, text: str) -> list[Found]:
    own = visible_to(work.actor, Insight).where(Insight.project_id == scope.project_id, Insight.archived_at.is_(None))
    fitting = own.where(
        or_(Insight.name.icontains(text, autoescape=True), Insight.description.icontains(text, autoescape=True))
    )
    begins = Insight.name.istartswith(text, autoescape=True)
    named = Insight.name.icontains(text, autoescape=True)
    ordered = fitting.order_by(begins.desc(), named.desc(), Insight.updated_at.desc(), Insight.id.desc())
    rows = work.session.scalars(ordered.limit(MOST_OF_A_TYPE))
    return [Found("insight", row.id, row.name, row.kind) for row in rows]


def _cohorts(work: Work, scope: Scope, text: str) -> list[Found]:
    own = visible_to(work.actor, Cohort).where(Cohort.project_id == scope.project_id)
    fitting = own.where(Cohort.name.icontains(text, autoescape=True))
    begins = Cohort.name.istartswith(text, autoescape=True)
    rows = work.session.scalars(fitting.order_by(begins.desc(), Cohort.name, Cohort.id).limit(MOST_OF_A_TYPE))
    return [Found("cohort", row.id, row.name, row.kind) for row in rows]


def _annotations(work: Work, scope: Scope, text: str) -> list[Found]:
    own = visible_to(work.actor, Annotation).where(Annotation.project_id == scope.project_id)
    fitting = own.where(Annotation.text.icontains(text, autoescape=True))
    rows = work.session.scalars(fitting.order_by(Annotation.at.desc(), Annotation.id.desc()).limit(MOST_OF_A_TYPE))
    return [Found("annotation", row.id, row.text, row.at.astimezone(scope.zone).date().isoformat()) for row in rows]
