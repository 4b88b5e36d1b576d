"""One stored event: the decoded event, enriched, as a RowBinary row of the `events` table."""

from __future__ import annotations

import hashlib
import ipaddress
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from northing.data.events.model import Known, WireEvent
from northing.data.identity.sessions import Seen
from northing.data.ingest.agents import LONGEST_AGENT, Agent, parse_agent, visitor_header
from northing.data.ingest.sources import Page, channel_of, parse_page, parse_referrer
from northing.data.store.rowbinary import EMPTY, blob, text, text_map, u8, u32, u64

COLUMNS = (
    "project_id event timestamp uuid person session distinct_id session_id category properties "
    "url host path referrer referrer_host title utm_source utm_medium utm_campaign utm_term utm_content channel "
    "browser browser_version os os_version device country region city lib ip bot "
    "groups person_set person_set_once person_unset received_at batch"
).split()


@dataclass(frozen=True, slots=True)
class Origin:
    """What a record knows of the request its events came in."""

    project_id: int
    received_ms: int
    user_agent: str
    ip: str
    ip_rule: str  # what the project keeps of addresses: drop, truncate or keep


class Row(NamedTuple):
    """A row in three pieces, so that properties the engine cannot take can be replaced by their text."""

    head: bytes
    properties: bytes
    tail: bytes


def encode_rows(rows: Iterable[Row]) -> bytes:
    """The rows as one RowBinary block."""
    return b"".join([piece for head, properties, tail in rows for piece in (head, blob(properties), tail)])


class RowMaker:
    """Makes the rows of one record's events: what they have in common is encoded once."""

    __slots__ = ("_end", "_origin", "_start")

    def __init__(self, origin: Origin, batch: int) -> None:
        self._origin = origin
        self._start = u32(origin.project_id)
        self._end = u32(origin.received_ms // 1000) + u64(batch)

    def context(self, event: WireEvent) -> Context:
        """What an event shows of its page, browser and place."""
        origin = self._origin
        return context_columns(event.known, origin.user_agent, origin.ip, origin.ip_rule)

    def row(self, event: WireEvent, person: int, session: int, seen: bytes) -> Row:
        """The row of an event; `seen` are the columns of its context."""
        session_id = event.session_id
        high, low = _HALVES(event.uuid)
        head = b"".join(
            (
                self._start,
                _name(event.event),
                _FIXED(event.timestamp_ms, high, low, person, session),
                text(event.distinct_id),
                text(session_id) if session_id else EMPTY,
                _name(event.category),
            )
        )
        if event.groups or event.person_set or event.person_set_once or event.person_unset:
            return Row(head, event.properties, seen + _writes(event) + self._end)
        return Row(head, event.properties, seen + _NO_WRITES + self._end)


_HALVES = struct.Struct(">QQ").unpack
_FIXED = struct.Struct("<qQQIQ").pack  # timestamp, the uuid's halves, person, session
_NO_WRITES = EMPTY * 4


def _writes(event: WireEvent) -> bytes:
    writes = (event.person_set, event.person_set_once, event.person_unset)
    return text_map(event.groups) + b"".join(map(blob, writes))


@lru_cache(maxsize=20_000)
def _name(value: str) -> bytes:
    return text(value)


class Context(NamedTuple):
    """The columns url … bot of an event, and what its session keeps of them."""

    columns: bytes
    seen: Seen


@lru_cache(maxsize=50_000)
def context_columns(known: Known, user_agent: str, ip: str, ip_rule: str) -> Context:
    """What the client said of page, browser and place, with its request's header and address."""
    header = (known.user_agent or visitor_header(user_agent))[:LONGEST_AGENT]
    page = page_columns(known.url, known.host, known.path, known.referrer, known.referrer_host, _campaign(known))
    agent = agent_columns(header, _given_agent(known))
    place = place_columns(known.country, known.region, known.city, known.lib)
    address = text(kept_ip(known.ip or ip, ip_rule))
    columns = b"".join((page.columns, agent.columns, place, address, u8(parse_agent(header).bot)))
    return Context(columns, Seen(page.place, page.source + agent.visit + text(known.country)))


class Campaign(NamedTuple):
    """What the client itself says of the page and the visit."""

    title: str
    utm: tuple[str, str, str, str, str]
    channel: str


_NO_CAMPAIGN = Campaign("", ("", "", "", "", ""), "")


@lru_cache(maxsize=50_000)
def session_key(session_id: str) -> int:
    """The 64-bit key of a session id: the first eight bytes of its BLAKE2b, little-endian."""
    return int.from_bytes(hashlib.blake2b(session_id.encode("utf-8", "replace"), digest_size=8).digest(), "little")


class PageColumns(NamedTuple):
    """The columns url … channel; of these the place, and the source of a visit that begins here."""

    columns: bytes
    place: bytes
    source: bytes


@lru_cache(maxsize=20_000)
def page_columns(url: str, host: str, path: str, referrer: str, referrer_host: str, said: Campaign) -> PageColumns:
    """The columns url … channel; what the client says of its page wins over what its address says."""
    page: Page = parse_page(url) if url else Page()
    own_host = host or page.host
    foreign = parse_referrer(referrer or f"//{referrer_host}", own_host.removeprefix("www."))
    utm = said.utm if any(said.utm) else page.utm
    channel = said.channel
    if not channel and (url or foreign or any(utm)):
        channel = channel_of(foreign, utm[0], utm[1], paid_click=page.paid_click)
    place = b"".join(map(text, (url, own_host, path or page.path)))
    campaign = b"".join(map(text, utm))
    columns = b"".join((place, text(referrer), text(foreign), text(said.title), campaign, text(channel)))
    return PageColumns(columns, place, text(foreign) + text(channel) + campaign)


class AgentColumns(NamedTuple):
    """The columns browser … device, and those of them that a session keeps."""

    columns: bytes
    visit: bytes


@lru_cache(maxsize=20_000)
def agent_columns(header: str, given: Agent | None) -> AgentColumns:
    """The columns browser … device; what the client says of itself wins over its header."""
    agent = parse_agent(header)
    if given is not None:
        agent = Agent(
            given.browser or agent.browser,
            given.browser_version or agent.browser_version,
            given.os or agent.os,
            given.os_version or agent.os_version,
            given.device or agent.device,
        )
    columns = (agent.browser, agent.browser_version, agent.os, agent.os_version, agent.device)
    visit = (agent.browser, agent.os, agent.device)
    return AgentColumns(b"".join(map(text, columns)), b"".join(map(text, visit)))


@lru_cache(maxsize=20_000)
def kept_ip(address: str, rule: str) -> str:
    """What the project keeps of an address, whoever told it."""
    if rule == "keep":
        return address
    return truncate_ip(address) if rule == "truncate" else ""


def truncate_ip(address: str) -> str:
    """The address without its last 8 bits (IPv4) or 80 bits (IPv6); empty where it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    network = ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False)
    return str(network.network_address)


@lru_cache(maxsize=5_000)
def place_columns(country: str, region: str, city: str, lib: str) -> bytes:
    """The columns country … lib."""
    return b"".join(map(text, (country, region, city, lib)))


def _campaign(known: Known) -> Campaign:
    utm = (known.utm_source, known.utm_medium, known.utm_campaign, known.utm_term, known.utm_content)
    if not (known.title or known.channel or any(utm)):
        return _NO_CAMPAIGN
    return Campaign(known.title, utm, known.channel)


def _given_agent(known: Known) -> Agent | None:
    if not (known.browser or known.os or known.device):
        return None
    return Agent(known.browser, known.browser_version, known.os, known.os_version, known.device.lower(), 0)
