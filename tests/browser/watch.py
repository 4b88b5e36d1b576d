"""What a page must never do, whatever a test is about: fail in its console, break our policy, get a 5xx."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Response

REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`))"""


# Without slots: Playwright keeps notes on the object whose methods it calls.
@dataclass
class Watch:
    """Collects what went wrong on the pages of one test."""

    faults: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)

    def follow(self, context: BrowserContext) -> None:
        """Listen to all pages of this context."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("response", self._answered)

    def allow(self, words: str) -> None:
        """The test provokes a complaint that holds these words."""
        self.allowed.add(words)

    def unexpected(self) -> list[str]:
        """Everything that no test asked for."""
        return [fault for fault in self.faults if not any(words in fault for words in self.allowed)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            # A refused request names its address only here.
            self.faults.append(f"{message.type}: {message.text} {message.location['url']}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {answer.url}")
