"""What the formats share: names and ids of an event, its properties, and the well-known ones among them."""

from __future__ import annotations

from typing import Any

from northing.data.events.model import NOTHING_KNOWN, Known
from northing.data.wire.lenient import encode_json

Json = dict[str, Any]

# Property name -> field of `Known`. `$` names are PostHog's; where both are present the `$` name wins.
LIFTED = {
    **{name: name for name in Known.__struct_fields__},
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
    "$device_type": "device",
    "$geoip_country_code": "country",
    "$geoip_subdivision_1_name": "region",
    "$geoip_city_name": "city",
    "$lib": "lib",
    "$ip": "ip",
    "$raw_user_agent": "user_agent",
    "$user_agent": "user_agent",
}
# A device must be one of few, "no referrer" has a word of its own, and the user agent is only read.
_SPECIAL = frozenset(("device", "referrer", "referrer_host", "user_agent"))
_DEVICE_KINDS = frozenset(("desktop", "mobile", "tablet", "bot"))
MAX_LIFTED = 2_000
_DIRECT = "$direct"  # what PostHog's browser client sends for "no referrer"


def lift_known(properties: Json) -> Known:
    """Take the well-known properties out of `properties`; those that are not text stay where they are."""
    names = [name for name in properties if name in LIFTED]
    if not names:
        return NOTHING_KNOWN
    fields: dict[str, str] = {}
    for name in names:
        value = properties[name]
        if type(value) is not str:
            continue
        field = LIFTED[name]
        if len(value) > MAX_LIFTED:
            fields.setdefault(field, value[:MAX_LIFTED])  # the column holds its beginning, the property all of it
        elif field in fields or field in _SPECIAL:
            _lift_special(properties, name, fields=fields)
        else:
            fields[field] = value
            del properties[name]
    return Known(**fields) if fields else NOTHING_KNOWN


def _lift_special(properties: Json, name: str, *, fields: dict[str, str]) -> None:
    field, value = LIFTED[name], properties[name]
    if field == "user_agent":  # no column holds it, so it stays a property too
        fields.setdefault(field, value)
        return
    if field == "device" and value.lower() not in _DEVICE_KINDS:
        return
    if field in fields:
        if not name.startswith("$"):
            return
        properties[field] = fields[field]  # the plain name came first; it goes back among the properties
    fields[field] = value.lower() if field == "device" else "" if value == _DIRECT else value
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
