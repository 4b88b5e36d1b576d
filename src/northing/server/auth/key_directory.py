"""Secret keys that may send events, remembered for a few seconds: servers send often with the same one."""

from __future__ import annotations

import time

from northing.kernel.clock import utc_now
from northing.server.auth.identify import identify_key
from northing.server.auth.sessions import hash_secret
from northing.server.auth.tokens import ProjectInfo, TokenDirectory
from northing.server.db.aside import Aside
from northing.server.db.base import Database

SCOPE = "ingest:write"
_KEPT_SECONDS = 5.0
_KEPT_KEYS = 1_000


class KeyDirectory:
    """The project of a secret key with the scope `ingest:write`; a revoked key is refused within five seconds."""

    def __init__(self, database: Database, tokens: TokenDirectory) -> None:
        self._database = database
        self._tokens = tokens
        self._aside = Aside()
        self._known: dict[str, tuple[float, int | None]] = {}

    async def project_of(self, secret: str) -> ProjectInfo | None:
        """The project, or None for a key that is unknown, lacks the scope, or belongs to no single project.

        Raises 503 where only the database could tell and it does not answer.
        """
        name = hash_secret(secret)
        until, project_id = self._known.get(name, (0.0, None))
        if until < time.monotonic():
            project_id = await self._aside.run(self._look_up, secret)
            if len(self._known) >= _KEPT_KEYS:
                self._known.clear()
            self._known[name] = (time.monotonic() + _KEPT_SECONDS, project_id)
        return None if project_id is None else self._tokens.by_id(project_id)

    def _look_up(self, secret: str) -> int | None:
        actor = identify_key(self._database, secret, now=utc_now(), ip="")
        if actor is None or actor.project_id is None or not actor.allows(SCOPE, actor.project_id):
            return None
        return actor.project_id
