"""Where a visit came from: parts of the page's address, the referrer, and the channel both make."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

UTM_KEYS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_SEARCH = ("google bing duckduckgo yahoo ecosia baidu yandex qwant startpage search.brave naver seznam").split()
_SOCIAL = (
    "facebook instagram twitter t.co x.com linkedin lnkd.in reddit youtube tiktok pinterest mastodon bsky threads.net "
    "news.ycombinator quora whatsapp telegram snapchat"
).split()
_ASSISTANTS = ("chatgpt", "openai", "claude", "perplexity", "gemini.google", "copilot.microsoft")
_PAID = ("cpc", "ppc", "paid", "cpm", "display", "retargeting", "banner")


class Page(NamedTuple):
    """Parts of an address; the utm_* are in the order of `UTM_KEYS`."""

    host: str = ""
    path: str = ""
    utm: tuple[str, str, str, str, str] = ("", "", "", "", "")
    paid_click: bool = False


@lru_cache(maxsize=20_000)
def parse_page(url: str) -> Page:
    """Host, path and campaign parameters of an address; what cannot be parsed is empty."""
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, max_num_fields=200))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Page()
    utm = tuple(query.get(key, "")[:200] for key in UTM_KEYS)
    paid = any(key in query for key in ("gclid", "msclkid", "fbclid", "ttclid", "dclid"))
    return Page(host, parts.path or ("/" if host else ""), (utm[0], utm[1], utm[2], utm[3], utm[4]), paid)


@lru_cache(maxsize=20_000)
def parse_referrer(url: str, own_host: str) -> str:
    """The referrer's host, or empty for none, for our own pages and for what is no address (`$direct`)."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if host == own_host else host


@lru_cache(maxsize=20_000)
def channel_of(referrer_host: str, source: str, medium: str, *, paid_click: bool) -> str:
    """The acquisition channel in the usual words, judged by medium first, then source, then referrer."""
    medium, origin = medium.lower(), (source or referrer_host).lower()
    paid = paid_click or any(word in medium for word in _PAID)
    if "email" in medium or "e-mail" in medium or origin in ("email", "newsletter"):
        return "Email"
    if "affiliate" in medium:
        return "Affiliates"
    if _names(origin, _ASSISTANTS):
        return "AI assistants"
    if _names(origin, _SEARCH):
        return "Paid search" if paid else "Organic search"
    if _names(origin, _SOCIAL) or "social" in medium:
        return "Paid social" if paid else "Organic social"
    if paid:
        return "Paid other"
    if referrer_host or source:
        return "Referral"
    return "Direct"


def _names(origin: str, known: Sequence[str]) -> bool:
    """Whether a host (or a campaign's source) is, or lies under, one of the known names."""
    labels = f".{origin}."
    return any(f".{name}." in labels for name in known)
