"""What the formats share: names and ids of an event, its properties, and the well-known ones among them."""

from __future__ import annotations

from typing import Any

from northing.data.events.model import NOTHING_KNOWN, Known
from northing.data.wire.lenient import encode_json

Json = dict[str, Any]

# Property name -> field of `Known`. `$` names are PostHog's; where both are present the `$` name wins.
LIFTED = {
    **{name: name for name in Known.__struct_fields__ if name not in ("device", "user_agent")},
    "$current_url": "url",
    "$host": "host",
    "$pathname": "path",
    "$title": "title",
    "$referrer": "referrer",
    "$referring_domain": "referrer_host",
    "$browser": "browser",
    "$browser_version": "browser_version",
    "$os": "os",
    "$os_version": "os_version",
    "$geoip_country_code": "country",
    "$geoip_subdivision_1_name": "region",
    "$geoip_city_name": "city",
    "$lib": "lib",
    "$ip": "ip",
}
# Their values must be one of few, or the property stays a property.
_DEVICES = {"$device_type": "device", "device": "device"}
_DEVICE_KINDS = frozenset(("desktop", "mobile", "tablet", "bot"))
# Read, but left among the properties: no column holds them.
_READ_ONLY = {"$raw_user_agent": "user_agent", "$user_agent": "user_agent", "user_agent": "user_agent"}
_ALL = frozenset((*LIFTED, *_DEVICES, *_READ_ONLY))
_DIRECT = "$direct"  # what PostHog's browser client sends for "no referrer"


def lift_known(properties: Json) -> Known:
    """Take the well-known properties out of `properties`; those that are not text stay where they are."""
    names = [name for name in properties if name in _ALL]
    if not names:
        return NOTHING_KNOWN
    fields: dict[str, str] = {}
    for name in sorted(names) if len(names) > 1 else names:  # `$` sorts before letters
        value = properties[name]
        if type(value) is str:
            _lift(properties, name, value, fields)
    return Known(**fields) if fields else NOTHING_KNOWN


def _lift(properties: Json, name: str, value: str, fields: dict[str, str]) -> None:
    field = LIFTED.get(name)
    if field is not None:
        if field not in fields:
            fields[field] = "" if value == _DIRECT else value
            del properties[name]
    elif name in _READ_ONLY:
        fields.setdefault("user_agent", value)
    elif "device" not in fields and value.lower() in _DEVICE_KINDS:
        fields["device"] = value.lower()
        del properties[name]


def text_of(value: Any) -> str:
    """An identifier as text: strings as they are, numbers and containers as JSON, `None` as nothing."""
    if type(value) is str:
        return value
    return "" if value is None else encode_json(value).decode()


def groups_of(value: Any) -> dict[str, str] | None:
    """`{type: key}` with keys as text; `None` where there are none."""
    if type(value) is not dict:
        return None
    return {name: text for name, key in value.items() if name and (text := text_of(key))} or None


def uuid_bytes(text: Any) -> bytes | None:
    """The 16 bytes of a UUID text with or without hyphens; `None` where it is not one."""
    if type(text) is not str:
        return None
    digits = text.replace("-", "")
    if len(digits) != 32:
        return None
    try:
        value = bytes.fromhex(digits)
    except ValueError:
        return None
    return value if len(value) == 16 else None


def uuid_text(value: bytes) -> str:
    """The canonical text of 16 UUID bytes."""
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
