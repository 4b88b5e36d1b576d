"""The caller's address and scheme: the connection's own, or what a trusted proxy says they were."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_SCOPE_KEY = "northing.address"


def parse_networks(text: str) -> tuple[Network, ...]:
    """Comma-separated addresses and networks. Raises `ValueError` for what is neither."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


class ClientAddress:
    """ASGI middleware that puts the caller's address and scheme into the scope, once per request.

    `X-Forwarded-For` is read from the right, skipping trusted proxies: what stands further left was
    written by the caller and may be made up. Run uvicorn with `proxy_headers=False`.
    """

    def __init__(self, app: ASGIApp, *, trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and _SCOPE_KEY not in scope:
            scope = {**scope, _SCOPE_KEY: True, **self._seen(scope)}
        await self._app(scope, receive, send)

    def _seen(self, scope: Scope) -> dict[str, object]:
        client = scope.get("client")
        peer = parse_address(client[0]) if client else None
        if peer is None or not self._trusts(peer):
            return {}
        headers = HTTPConnection(scope).headers
        seen: dict[str, object] = {}
        address = self._last_untrusted(headers.getlist("x-forwarded-for"))
        if address is not None:
            seen["client"] = (str(address), 0)
        scheme = headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
        if scheme in ("http", "https"):
            seen["scheme"] = scheme
        return seen

    def _last_untrusted(self, values: Iterable[str]) -> Address | None:
        hops = [hop.strip() for value in values for hop in value.split(",")]
        nearest = None
        for hop in reversed(hops):
            address = parse_address(hop)
            if address is None:
                return nearest
            nearest = address
            if not self._trusts(address):
                return address
        return nearest

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def parse_address(text: str) -> Address | None:
    """An address with or without a port or brackets; IPv4 inside IPv6 counts as IPv4. None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
