from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.server.conftest import World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


class Outline(HTMLParser):
    """Collects tags, links and anything that would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


def test_the_reference_names_every_route(world: World) -> None:
    client = world.anonymous()
    page = client.get("/docs").text
    description = client.get("/openapi.json").json()
    for path, methods in description["paths"].items():
        assert page.count(f"<code>{path}</code>") == len(methods), path


def test_the_reference_needs_no_script_and_no_other_host(world: World) -> None:
    outline = Outline()
    outline.feed(world.anonymous().get("/docs").text)
    assert "script" not in outline.tags
    assert outline.links == ["/openapi.json"]


def test_every_route_says_what_it_is_for(world: World) -> None:
    description = world.anonymous().get("/openapi.json").json()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)


def test_both_forms_of_scoped_routes_declare_the_project(world: World) -> None:
    paths = world.anonymous().get("/openapi.json").json()["paths"]
    long = paths["/api/v1/projects/{project}/keys"]["get"]["parameters"]
    short = paths["/api/v1/keys"]["get"]["parameters"]
    assert ("project", "path", True) in [(p["name"], p["in"], p["required"]) for p in long]
    assert ("project", "query", False) in [(p["name"], p["in"], p["required"]) for p in short]
