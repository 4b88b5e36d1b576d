"""What a User-Agent header says: browser, system, kind of device, and how likely it is a bot."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import ua_parser

LONGEST_AGENT = 600

_BOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|fetch|scan|preview|monitor|headless|phantom|puppeteer|playwright|lighthouse|"
    r"pingdom|uptime|curl/|wget|python-requests|python-urllib|python-httpx|aiohttp|go-http-client|okhttp/|java/|"
    r"libwww|scrapy|facebookexternalhit|feed|rss|validator|archiver",
    re.IGNORECASE,
)
# Programs that send events about others: they say nothing of the person, and are no visitors themselves.
_SENDER = re.compile(
    r"^(posthog-|analytics-|northing-|sentry\.|opentelemetry|curl/|wget/|python-|python/|aiohttp/|go-http-client|okhttp/|"
    r"java/|axios/|node|undici|ruby|faraday|guzzlehttp|php/|dart|postmanruntime|insomnia|apache-httpclient|reqwest)",
    re.IGNORECASE,
)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|(android(?!.*mobile))", re.IGNORECASE)
_MOBILE = re.compile(r"mobi|iphone|ipod|android|blackberry|opera mini|iemobile|windows phone", re.IGNORECASE)


class Agent(NamedTuple):
    """`device` is desktop, mobile, tablet, bot or empty; `bot` is a likelihood from 0 to 100."""

    browser: str = ""
    browser_version: str = ""
    os: str = ""
    os_version: str = ""
    device: str = ""
    bot: int = 0


@lru_cache(maxsize=20_000)
def parse_agent(header: str) -> Agent:
    """The parts of a visitor's User-Agent header."""
    header = header[:LONGEST_AGENT]  # the patterns take quadratic time
    if not header:
        return Agent()
    if _BOT.search(header):
        return Agent(device="bot", bot=100)
    found = ua_parser.parse(header)
    browser, system = found.user_agent, found.os
    return Agent(
        browser=browser.family if browser else "",
        browser_version=(browser.major or "") if browser else "",
        os=system.family if system else "",
        os_version=".".join(p for p in (system.major, system.minor) if p) if system else "",
        device=_device(header),
        # A browser always says more of itself than this; what does not is seldom one.
        bot=50 if not browser or len(header) < 25 else 0,
    )


def visitor_header(header: str) -> str:
    """The User-Agent of a request to a collector, where it is that of the visitor; empty for programs that
    send events about other people.
    """
    return "" if _SENDER.match(header) else header


def _device(header: str) -> str:
    if _TABLET.search(header):
        return "tablet"
    return "mobile" if _MOBILE.search(header) else "desktop"
