"""One request to ClickHouse's HTTP interface, read: statement, values, settings, database."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from urllib.parse import parse_qsl, urlsplit

import zstandard

# Fields that the interface keeps for itself; all others but `param_x` are settings.
_OWN_FIELDS = frozenset(
    "query database query_id user password quota_key default_format wait_end_of_query buffer_size compress decompress "
    "stacktrace session_id session_timeout session_check close_session role client_protocol_version".split()
)
_INSERT = re.compile(rb"\s*INSERT\s+INTO\s+(?:(?!\bSELECT\b)[^;\n])*?(\s+FORMAT\s+(\w+))\s*?(?:\n|\Z)", re.IGNORECASE)
_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server takes at most, before it looks at any setting of the request."""

    uri_bytes: int
    field_bytes: int
    fields: int


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with its values and settings; `data` are the rows of an insert in `data_format`."""

    statement: str
    params: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    data_format: str | None = None

    @property
    def database(self) -> str | None:
        return self.fields.get("database") or None


class Refusal(Exception):
    """An error as the server words it; `status` where it does not follow from the code."""

    def __init__(self, code: int, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.code, self.status = code, status
        self.body = text if status else f"Code: {code}. DB::Exception: {text} (version 26.9.2.1)\n"


def read_question(method: str, target: str, headers: Message, body: bytes, *, limits: Limits) -> Question:
    """The question of a request. Raises `Refusal` where the server refuses to read it."""
    if len(target) > limits.uri_bytes:
        raise Refusal(0, "URI Too Long", 414)
    encoding = headers.get("Content-Encoding", "")
    if encoding:
        body = _DECODERS[encoding](body)
    fields = parse_qsl(urlsplit(target).query, keep_blank_values=True)
    if headers.get_content_type() == "multipart/form-data":
        fields += _form_fields(headers, body)
        body = b""
    _check_fields(fields, limits)
    return _question(method, dict(fields), body)


def encode_body(body: bytes, question: Question, accepted: str) -> tuple[bytes, str | None]:
    """The body as the client takes it, and how it is encoded."""
    if question.settings.get("enable_http_compression") != "1":
        return body, None
    wanted = (name.strip() for name in accepted.split(","))
    name = next((name for name in wanted if name in _ENCODERS), None)
    return (_ENCODERS[name](body), name) if name else (body, None)


def _form_fields(headers: Message, body: bytes) -> list[tuple[str, str]]:
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    fields = []
    for part in BytesParser().parsebytes(head + body).get_payload():
        assert isinstance(part, Message)
        if part.get_filename() is not None:
            raise Refusal(48, "The bridge takes no external tables. (NOT_IMPLEMENTED)")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields.append((str(part.get_param("name", header="content-disposition")), content.decode()))
    return fields


def _check_fields(fields: list[tuple[str, str]], limits: Limits) -> None:
    fault = "Too many form fields" if len(fields) > limits.fields else None
    if any(len(value.encode()) > limits.field_bytes for _, value in fields):
        fault = "Field value too long"
    if fault:
        raise Refusal(1000, f"Poco::Exception. Code: 1000, e.code() = 0, HTML Form Exception: {fault}", 500)


def _question(method: str, fields: dict[str, str], body: bytes) -> Question:
    if "session_id" in fields:
        raise Refusal(48, "The bridge knows no sessions, and the store must not need one. (NOT_IMPLEMENTED)")
    given = fields.get("query", "").encode()
    text = given + b"\n" + body if given and body else given or body
    settings = {name: value for name, value in fields.items() if not _is_own(name)}
    if method == "GET":
        settings["readonly"] = "2"
    params = {name.removeprefix("param_"): value for name, value in fields.items() if name.startswith("param_")}
    insert = _INSERT.match(text)
    if insert is None:
        return Question(text.decode(), params, settings, fields)
    statement = text[: insert.start(1)].decode()
    return Question(statement, params, settings, fields, text[insert.end() :], insert.group(2).decode())


def _is_own(name: str) -> bool:
    return name in _OWN_FIELDS or name.startswith("param_")
