"""What commands ask of the ledger: what became of the events they sent, once all of them are loaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from northing.app.client import Client

_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Tally:
    """The ledger of a project, or the difference of two."""

    stored: int
    deduplicated: int
    dropped: int
    pending: int

    def since(self, earlier: Tally) -> Tally:
        """What was added."""
        return Tally(
            self.stored - earlier.stored,
            self.deduplicated - earlier.deduplicated,
            self.dropped - earlier.dropped,
            self.pending,
        )


def read_tally(client: Client, project_id: int) -> Tally:
    """The project's ledger now."""
    said: dict[str, Any] = client.ask("GET", f"/api/v1/projects/{project_id}/ingest/ledger")
    return Tally(said["stored"], said["deduplicated"], sum(said["dropped"].values()), said["pending"])


def wait_until_loaded(client: Client, project_id: int, *, on_look: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Wait until nothing is pending; `on_look` sees every look. The server's own limits decide how long that takes."""
    while (tally := read_tally(client, project_id)).pending:
        on_look(tally)
        time.sleep(_POLL_SECONDS)
    on_look(tally)
    return tally
