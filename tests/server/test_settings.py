from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from northing.kernel.problems import Problem
from northing.server.settings import load_settings


def test_flags_win_over_the_environment_and_that_over_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    monkeypatch.setenv("NORTHING_PORT", "9001")
    monkeypatch.setenv("NORTHING_ADMIN_PASSWORD_FILE", str(secret))
    assert load_settings().port == 9001
    assert load_settings(port=9002).port == 9002
    assert load_settings(port=None).port == 9001
    assert load_settings().admin_password.get_secret_value() == "from a file"
    monkeypatch.setenv("NORTHING_ADMIN_PASSWORD", "from the environment")
    assert load_settings().admin_password.get_secret_value() == "from the environment"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "http"),
        ("project_token", "xyz"),
        ("admin_key", "sk_nothing"),
        ("log_level", "loud"),
        ("log_format", "xml"),
        ("timezone", "Mars/Olympus"),
        ("trusted_proxies", "127.0.0.1,proxy.example.com"),
        ("database_url", "mysql://db/northing"),
        ("workers", 0),
    ],
)
def test_a_bad_value_is_named_with_the_way_out(name: str, value: Any) -> None:
    with pytest.raises(Problem) as caught:
        load_settings(**{name: value})
    assert caught.value.errors[0].path == f"NORTHING_{name.upper()}"
    assert "must" in caught.value.message or "should" in caught.value.message or "valid" in caught.value.message


def test_a_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NORTHING_ADMIN_KEY_FILE", "/nowhere/key")
    with pytest.raises(Problem, match="NORTHING_ADMIN_KEY_FILE"):
        load_settings()


def test_secrets_do_not_show() -> None:
    settings = load_settings(admin_password="hunter2 hunter2", database_url="postgresql://u:hunter2@db/n")
    assert "hunter2" not in repr(settings)
