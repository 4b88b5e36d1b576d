"""A unit of work: the transaction, who acts in it, and the moment it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from northing.server.auth.actor import Actor


@dataclass(frozen=True, slots=True)
class Work:
    """What every service function takes first; made anew for each request or job."""

    session: Session
    actor: Actor
    now: datetime
