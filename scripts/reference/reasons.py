"""docs/reference/drop-reasons.md, from the enumerations of the way in."""

from __future__ import annotations

import sys

from northing.data.events.model import DropReason
from northing.data.wire.verdicts import WARNING_TEXT, Warned

# What a caller does about each; a reason without words stops the rendering, and with it `make check`.
WORDS = {
    DropReason.INVALID_EVENT: "The event is not a JSON object, or a field of it has a type that cannot be read.",
    DropReason.MISSING_EVENT_NAME: "`event` is missing or empty. Send a name.",
    DropReason.MISSING_DISTINCT_ID: "`distinct_id` is missing, null or empty. Send an id of the person or device.",
    DropReason.EVENT_TOO_LARGE: "The event is larger than 1 MiB. Send fewer or smaller properties.",
    DropReason.UNDECODABLE: "The request was accepted but its body could not be read when it was loaded: tell us.",
    DropReason.PROJECT_DELETED: "The project was deleted after the request was accepted.",
    DropReason.ILLEGAL_UUID: "`uuid` is not a UUID. Send a UUID, or none and one is made.",
}

INTRODUCTION = """# Drop reasons and warnings

An event that cannot be stored is never dropped silently: the answer names it, and the
[ledger](../events-and-ingest.md#the-ledger) counts it
under one of these reasons. What can be mended is stored and answered with a warning.

"""


def render() -> str:
    """The page."""
    if missing := [reason for reason in DropReason if reason not in WORDS]:
        sys.exit(f"docs/reference/drop-reasons.md: no words for {', '.join(missing)}; write them in {__file__}")
    dropped = "\n".join(f"| `{reason}` | {WORDS[reason]} |" for reason in DropReason)
    warned = "\n".join(f"| `{code}` | {WARNING_TEXT[code]} |" for code in Warned)
    return (
        f"{INTRODUCTION}## Dropped\n\n| reason | what it means and what to do |\n|---|---|\n{dropped}\n\n"
        f"## Stored with a warning\n\n| code | what was mended |\n|---|---|\n{warned}\n"
    )
