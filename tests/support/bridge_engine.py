"""The embedded engine as a server would run it: each request on a connection of its own, with its own settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chdb.state.sqlitelike import Connection

from tests.support.bridge_request import Limits, Question, Refusal

_CODE = re.compile(r"Code: (\d+)\. (?:DB::Exception: )?")
_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
# A server's clock may be in any zone, while the embedded engine's is that of this machine.
_PROFILE = {"session_timezone": "Asia/Kolkata"}
_VERSION = re.compile(r"\s*\(version [^)]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said; `format` None where the statement has no result."""

    body: bytes
    format: str | None = None
    summary: dict[str, str] = field(default_factory=dict)


class BridgeEngine:
    """Statements on the engine in this folder, which other handles of this process may have open."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = str(folder.resolve())
        self._kept = Connection(self._folder)  # the engine lives as long as it has a connection
        self.timezone = _PROFILE["session_timezone"]
        limit = "SELECT value FROM system.settings WHERE name = 'http_max_{}'"
        uri, value, fields = (int(self._value(limit.format(n))) for n in ("uri_size", "field_value_size", "fields"))
        self.limits = Limits(uri, value, fields)

    def answer(self, question: Question) -> Answer:
        """Run one statement. Raises `Refusal`."""
        connection = Connection(self._folder)
        try:
            return _run(connection, question)
        except (RuntimeError, ValueError) as error:  # what chdb raises, by the part of it that does
            raise _refusal(str(error)) from error
        finally:
            connection.close()

    def close(self) -> None:
        self._kept.close()

    def _value(self, sql: str) -> str:
        return str(self._kept.query(sql, "TabSeparated").bytes().decode().strip())


def _run(connection: Connection, question: Question) -> Answer:
    if question.database:
        connection.query(f"USE `{question.database}`", "TabSeparated")
    assigned = (f"{name} = '{_escape(value)}'" for name, value in {**_PROFILE, **question.settings}.items())
    connection.query(f"SET {', '.join(assigned)}", "TabSeparated")
    if question.data_format is not None:
        return _insert(connection.send_insert(question.statement, question.data_format), question.data)
    named = _FORMAT.search(question.statement)
    if named:
        result = connection.query(question.statement, named.group(1), params=dict(question.params))
        return Answer(result.bytes() or b"", named.group(1), _summary(result))
    # With names, a result without rows is told from no result.
    result = connection.query(question.statement, "TabSeparatedWithNames", params=dict(question.params))
    body = result.bytes() or b""
    return Answer(body.partition(b"\n")[2], "TabSeparated" if body else None, _summary(result))


def _insert(inserter: Any, rows: bytes) -> Answer:
    try:
        inserter.append(rows)
        done = inserter.finish()
    finally:
        inserter.close()
    return Answer(b"", summary={"written_rows": str(done.rows_written), "written_bytes": str(done.bytes_written)})


def _summary(result: Any) -> dict[str, str]:
    return {"read_rows": str(result.rows_read()), "read_bytes": str(result.bytes_read())}


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _refusal(text: str) -> Refusal:
    found = _CODE.search(text)
    if found is None:
        return Refusal(1001, f"std::exception. Code: 1001, {text}", 500)
    return Refusal(int(found.group(1)), _VERSION.sub("", text[found.end() :]).strip())
