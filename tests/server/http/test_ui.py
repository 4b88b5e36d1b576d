from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped]
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
    (web / "assets" / "main-1a2b.js.br").write_bytes(brotli.compress(b"let here = 1"))
    (web / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(b"let here = 1"))
    (web / "index.html.gz").write_bytes(gzip.compress(b"<!doctype html><title>the app</title>"))
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


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=1.0, br;q=0.2", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("br;q=0, gzip; q=0", None),
        ("br;q=nonsense", None),
        ("", None),
    ],
)
def test_a_file_goes_out_in_the_coding_that_the_client_likes_best(
    client: TestClient, accepted: str, sent: str | None
) -> None:
    answer = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": accepted})
    assert (answer.text, answer.headers.get("content-encoding")) == ("let here = 1", sent)
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_page_is_compressed_at_every_address(client: TestClient) -> None:
    answer = client.get("/settings/keys", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["content-encoding"], "the app" in answer.text) == ("gzip", True)
    assert answer.headers["content-type"].startswith("text/html")


def test_each_coding_has_its_own_etag(client: TestClient) -> None:
    tags = {
        client.head("/assets/main-1a2b.js", headers={"Accept-Encoding": c}).headers["etag"] for c in ("br", "gzip", "")
    }
    assert len(tags) == 3


def test_an_unchanged_compressed_file_is_not_sent_again(client: TestClient) -> None:
    asked = {"Accept-Encoding": "br"}
    first = client.get("/assets/main-1a2b.js", headers=asked)
    again = client.get("/assets/main-1a2b.js", headers=asked | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["vary"], again.headers["etag"]) == ("Accept-Encoding", first.headers["etag"])
    plain = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "", "If-None-Match": first.headers["etag"]})
    assert plain.status_code == 200


def test_a_head_says_the_size_of_what_would_be_sent(client: TestClient) -> None:
    answer = client.head("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert (answer.content, answer.headers["content-encoding"]) == (b"", "gzip")
    assert int(answer.headers["content-length"]) == len(gzip.compress(b"let here = 1"))


def test_a_file_without_compressed_forms_does_not_vary(client: TestClient) -> None:
    answer = client.get("/favicon.svg", headers={"Accept-Encoding": "br"})
    assert "vary" not in answer.headers
    assert "content-encoding" not in answer.headers


def test_a_compressed_file_has_no_address_of_its_own(client: TestClient) -> None:
    assert client.get("/assets/main-1a2b.js.br").status_code == 404


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
