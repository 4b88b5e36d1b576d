"""When an event happened: reading the sender's time, mending its clock, keeping it in range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from northing.data.wire.verdicts import Warned

FUTURE_LIMIT_MS = 23 * 3_600_000
_DAY_MS = 86_400_000
_BROWSER_TEXT = re.compile(r"\w{3} (\w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - stands for UTC beside times that name no zone


def parse_time(value: Any) -> int | None:
    """Unix milliseconds of an ISO 8601 text (UTC where it has no zone), an HTTP date or a Unix time; `None` else.

    Unix times are seconds, or finer where the number is too large for that (10^11 seconds is the year 5138).
    """
    if type(value) is str:
        try:
            return _milliseconds(datetime.fromisoformat(value))
        except ValueError:
            return _parse_odd_text(value)
    if type(value) is int or type(value) is float:
        return _parse_number(value)
    return None


def _milliseconds(moment: datetime) -> int:
    try:
        since = moment - _EPOCH
    except TypeError:  # it has no zone
        since = moment - _NAIVE_EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def _parse_number(value: float) -> int | None:
    size = abs(value)
    if size < 1e11:
        return round(value * 1000)
    if size < 1e14:
        return round(value)
    if size < 1e17:
        return round(value / 1e3)
    return round(value / 1e6) if size < 1e20 else None


def _parse_odd_text(text: str) -> int | None:
    text = text.strip()
    try:
        return _parse_number(float(text)) if text[:1].isdigit() and text.isascii() else _parse_words(text)
    except (ValueError, OverflowError):
        return _parse_leap(text)


def _parse_leap(text: str) -> int | None:
    try:
        return _milliseconds(datetime.fromisoformat(text.replace(":60", ":59", 1)))
    except ValueError:
        return None


def _parse_words(text: str) -> int | None:
    browser = _BROWSER_TEXT.match(text)
    if browser:
        return _milliseconds(datetime.strptime(" ".join(browser.groups()), "%b %d %Y %H:%M:%S %z"))
    return _milliseconds(parsedate_to_datetime(text))


@dataclass(frozen=True, slots=True)
class Clock:
    """The server's time of arrival, and the sender's time of sending where it is known."""

    received_ms: int
    sent_at_ms: int | None = None

    def place(self, value: Any, offset: Any = None, *, skewed: bool = True) -> tuple[int, Warned | None]:
        """The event's Unix milliseconds, and what had to be mended.

        Where the sender's clock is known, the time becomes `arrival + (timestamp - sent_at)`, unless `skewed` is off.
        Without a timestamp, `offset` is its age in milliseconds; without both it happened on arrival.
        """
        if value is None or value == "":
            return self._aged(offset), None
        moment = parse_time(value)
        if moment is None:
            return self.received_ms, Warned.TIMESTAMP_UNREADABLE
        if skewed and self.sent_at_ms is not None:
            moment += self.received_ms - self.sent_at_ms
        if moment > self.received_ms + FUTURE_LIMIT_MS:
            return self.received_ms, Warned.TIMESTAMP_IN_FUTURE
        if moment < 0:
            return 0, Warned.TIMESTAMP_BEFORE_1970
        return moment, None

    def _aged(self, offset: Any) -> int:
        if not isinstance(offset, (int, float)):
            return self.received_ms
        return min(max(0, self.received_ms - round(offset)), self.received_ms + _DAY_MS)
