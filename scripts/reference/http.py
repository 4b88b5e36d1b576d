"""docs/reference/http-api.md, from the OpenAPI description and the table of collectors."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from northing.app.composition import full_management_app, make_context
from northing.app.folder import DataFolder
from northing.data.ingest.collectors import ROUTES
from northing.data.store import RemoteStore
from northing.server.settings import Settings

INTRODUCTION = """# HTTP API

JSON in, JSON out, snake_case, RFC 3339 times with a zone. A running server shows the same at
`/docs`, and for machines at `/openapi.json`.

Secret keys go into `Authorization: Bearer nsk_…`. People have a cookie from `POST /api/v1/session`; what changes
something then also needs the header `X-CSRF-Token`. Errors are RFC 9457 `application/problem+json`:
`{type, title, status, detail, code, hint?, errors?: [{path, message}]}`. Lists are `{items, next_cursor}`; send
`next_cursor` back as `cursor`.

What belongs to a project is at `/api/v1/projects/{project}/…`. A caller with one project, such as a key, may leave out
`/projects/{project}`; others may then name it with `?project=`.

## Collectors

They take a project token and are described under [events and ingest](../events-and-ingest.md); each works with and
without a trailing slash.

"""
API, PROJECT = "/api/v1/", "/api/v1/projects/{project}/"
METHODS = ("get", "post", "put", "patch", "delete")

Schema = Mapping[str, Any]


def render() -> str:
    """The page."""
    document = load_openapi()
    collectors = "\n".join(f"- `POST {path}` ({route.protocol})" for path, route in ROUTES.items())
    groups: dict[str, list[str]] = defaultdict(list)
    for method, path, operation in list_operations(document):
        group = (operation.get("tags") or ["other"])[0]
        groups[group].append(_operation(f"{method.upper()} {path}", operation, document=document))
    sections = (f"## {group[:1].upper()}{group[1:]}\n\n" + "\n".join(texts) for group, texts in sorted(groups.items()))
    return INTRODUCTION + collectors + "\n\n" + "\n".join(sections)


def load_openapi() -> Schema:
    """The description of the management API, as a running server gives it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        parts = DataFolder(settings.data)
        context = make_context(settings, parts, RemoteStore(parts.socket))
        document: Schema = full_management_app(context).openapi()
        context.database.close()
    return document


def list_operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Method, path and operation, in the order of the routers; the short forms of project paths are left out."""
    paths = document["paths"]
    for path, item in paths.items():
        if not path.startswith(API) or path.replace(API, PROJECT, 1) not in paths:
            yield from ((method, path, item[method]) for method in METHODS if method in item)


def _operation(title: str, operation: Schema, *, document: Schema) -> str:
    parts = [f"### `{title}`\n", operation.get("description") or operation.get("summary", ""), ""]
    rows = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    rows += _body(operation, document)
    if rows:
        parts += ["| | name | type | |", "|---|---|---|---|", *rows, ""]
    good = [(code, answer) for code, answer in operation["responses"].items() if code < "4"]
    answers = ", ".join(f"{code}{_fields(answer, document)}" for code, answer in good)
    return "\n".join([*parts, f"Answers {answers}.", ""])


def _parameter(parameter: Schema) -> str:
    name = f"`{parameter['name']}`" + ("" if parameter.get("required") else "?")
    words = _words(parameter.get("description", ""))
    return f"| {parameter['in']} | {name} | {type_name(parameter.get('schema', {}))} | {words} |"


def _body(operation: Schema, document: Schema) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = _resolve(_schema_of(content), document)
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        shown = f"`{name}`" + ("" if name in required else "?")
        yield f"| body | {shown} | {type_name(field)} | {_words(field.get('description', ''))} |"


def _fields(answer: Schema, document: Schema) -> str:
    content = answer.get("content", {})
    files = [f"`{kind}`" for kind, one in content.items() if one.get("schema", {}).get("format") == "binary"]
    if files:
        return f" with a file, {' or '.join(files)}"
    fields = _resolve(_schema_of(content), document).get("properties", {})
    return f" `{{{', '.join(fields)}}}`" if fields else ""


def type_name(schema: Schema) -> str:
    """`text`, `whole number or null`, `list of Filter` …"""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(type_name(choice) for choice in schema[key]))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {type_name(schema.get('items', {}))}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    kind = str(schema.get("format") or schema.get("type", "anything"))
    return words.get(kind, kind)


def _schema_of(content: Mapping[str, Schema]) -> Schema:
    """The schema of the first media type; there is one wherever there is a body."""
    found: Schema = next((media.get("schema", {}) for media in content.values()), {})
    return found


def _resolve(schema: Schema, document: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return found


def _words(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
