from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from northing.server.http import management_app
from northing.server.http.headers import UI_POLICY
from tests.server.conftest import World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def client(world: World, tmp_path: Path) -> TestClient:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>the app</title>")
    (web / "assets" / "main-1a2b.js").write_text("let here = 1")
    (web / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return TestClient(management_app(replace(world.context, web_folder=web)))


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/projects/1/trends", "/settings/keys?tab=2", "/apiary", "/index.html"]
)
def test_every_address_inside_the_ui_is_the_app(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, "the app" in answer.text) == (200, True)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == UI_POLICY


def test_hashed_assets_are_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/assets/main-1a2b.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in answer.headers["content-type"]
    assert client.head("/assets/main-1a2b.js").status_code == 200


def test_other_files_are_asked_for_again(client: TestClient) -> None:
    first = client.get("/favicon.svg")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/favicon.svg", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/assets/gone-9z.js", "/gone.png", "/assets/gone"])
def test_a_missing_file_is_missing(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "the app" not in answer.text


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt", "//etc/passwd"]
)
def test_nothing_outside_the_folder_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert "secret" not in answer.text.replace("/secret", "")
    assert "root:" not in answer.text


def test_a_null_byte_does_no_harm(client: TestClient) -> None:
    assert client.get("/a%00b").status_code in (200, 404)


def test_the_api_never_answers_with_the_page(client: TestClient) -> None:
    for path in ("/api/v1/nothing", "/api/", "/api/v2/x"):
        assert client.get(path).status_code == 404
        assert "the app" not in client.get(path).text


def test_without_a_build_the_page_says_how_to_make_one(world: World) -> None:
    answer = world.anonymous().get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text
