"""The API's reference at `/docs`: one page without scripts, made from the OpenAPI description.

Made here rather than with an off-the-shelf viewer: those need a megabyte of script, inline styles and, as
FastAPI serves them, another host; this needs none, and works under a policy that allows nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.responses import HTMLResponse

Json = Mapping[str, Any]

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
details { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; margin: .4rem 0; }
summary { padding: .5rem .8rem; cursor: pointer; }
details > div { padding: 0 .8rem .8rem; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; }
.quiet { opacity: .7; }
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_METHODS = ("get", "post", "put", "patch", "delete")


def add_reference(app: FastAPI) -> None:
    """Serve the page; it is rendered at the first visit, when every route is there."""
    rendered: list[str] = []

    def get_docs() -> HTMLResponse:
        if not rendered:
            rendered.append(render_reference(app.openapi()))
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
        return HTMLResponse(rendered[0], headers=headers)

    app.add_api_route("/docs", get_docs, include_in_schema=False, response_class=HTMLResponse)


def render_reference(description: Json) -> str:
    """The whole page."""
    info = description["info"]
    parts = "".join(_render_part(description, tag) for tag in _tags(description))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])} API <small class=quiet>{escape(info['version'])}</small></h1>"
        "<p>Send a secret key as <code>Authorization: Bearer nsk_…</code>. Errors are "
        '<code>application/problem+json</code>. Machine-readable: <a href="/openapi.json">openapi.json</a>.</p>'
        f"<main>{parts}</main></body></html>"
    )


def _operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in description["paths"].items():
        yield from ((path, method, methods[method]) for method in _METHODS if method in methods)


def _tags(description: Json) -> list[str]:
    return list(dict.fromkeys(_tag(operation) for _, _, operation in _operations(description)))


def _tag(operation: Json) -> str:
    return str((operation.get("tags") or ["other"])[0])


def _render_part(description: Json, tag: str) -> str:
    render = partial(_render_operation, description)
    chosen = [render(entry) for entry in _operations(description) if _tag(entry[2]) == tag]
    return f"<h2>{escape(tag.capitalize())}</h2>{''.join(chosen)}"


def _render_operation(description: Json, entry: tuple[str, str, Json]) -> str:
    path, method, operation = entry
    text = escape(operation.get("description", ""))
    parts = [f"<p>{text}</p>", _render_parameters(operation), _render_body(description, operation)]
    parts.append(_render_answers(description, operation))
    return (
        f"<details><summary><span class=method>{method.upper()}</span> <code>{escape(path)}</code> "
        f"<span class=quiet>{text.partition('.')[0]}</span></summary><div>{''.join(parts)}</div></details>"
    )


def _render_parameters(operation: Json) -> str:
    given = operation.get("parameters", ())
    rows = [
        (f"{parameter['name']} ({parameter['in']})", parameter["schema"], parameter.get("required", False))
        for parameter in given
    ]
    return _render_table("Parameters", rows, described=[p.get("description", "") for p in given])


def _render_body(description: Json, operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(_render_schema(description, media["schema"], title="Body") for media in content.values())


def _render_answers(description: Json, operation: Json) -> str:
    answers = ((code, answer) for code, answer in operation["responses"].items() if code < "300")
    shown = []
    for code, answer in answers:
        schemas = [media.get("schema", {}) for media in answer.get("content", {}).values()]
        shown += [_render_schema(description, schema, title=f"Answer {code}") for schema in schemas]
        shown += [] if schemas else [f"<h3>Answer {code}</h3><p class=quiet>empty</p>"]
    return "".join(shown)


def _render_schema(description: Json, schema: Json, *, title: str) -> str:
    resolved = _resolve(description, schema)
    fields = resolved.get("properties", {})
    if not fields:
        return f"<h3>{title}</h3><p><code>{escape(_kind(schema))}</code></p>" if schema else ""
    needed = resolved.get("required", ())
    rows = [(name, field, name in needed) for name, field in fields.items()]
    return _render_table(title, rows, described=[field.get("description", "") for field in fields.values()])


def _render_table(title: str, rows: list[tuple[str, Json, bool]], *, described: list[str]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_kind(schema))}"
        f"{'' if needed else ' <span class=quiet>optional</span>'}</td><td>{escape(text)}</td></tr>"
        for (name, schema, needed), text in zip(rows, described, strict=True)
    )
    return f"<h3>{title}</h3><table><tbody>{body}</tbody></table>"


def _resolve(description: Json, schema: Json) -> Json:
    """The schema behind a reference into the components."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = description.get("components", {}).get("schemas", {}).get(name, schema)
    return found


def _kind(schema: Json) -> str:
    """A type in a word or two: `string`, `list of Key`, `"monday" | "sunday"`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(_kind(choice) for choice in schema[several])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or schema.get("const") or "any")
