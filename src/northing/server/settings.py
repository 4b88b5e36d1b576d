"""Every setting, once: the environment, the flags and the reference page come from this table."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from northing.kernel.problems import FieldError, Problem

PREFIX = "NORTHING_"


class Settings(BaseSettings):
    """One frozen object, made once at start-up and passed as an argument."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8001, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(Path("northing-data"), description="Data folder: events, metadata, spool.")
    workers: int = Field(1, ge=1, le=64, description="Web worker processes; each appends to its own spool file.")
    public_url: str = Field("", description="URL people reach the server at, such as https://northing.example.com.")
    events_dsn: str = Field("", description="Event store; empty is chdb:///DATA/events, clickhouse://… a cluster.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="Metadata; empty is SQLite in the data folder, postgresql://… a server.",
    )
    redis_url: SecretStr = Field(SecretStr(""), description="Cache; empty means process memory.")
    admin_email: str = Field("", description="Unattended set-up: e-mail of the owner made at first start.")
    admin_password: SecretStr = Field(SecretStr(""), description="Unattended set-up: password of that owner.")
    project_token: str = Field("", description="Unattended set-up: token of project 1, 32 hexadecimal digits.")
    admin_key: SecretStr = Field(SecretStr(""), description="Unattended set-up: a secret key nsk_… with all scopes.")
    timezone: str = Field("UTC", description="Time zone given to the first project, such as Europe/Berlin.")
    demo: bool = Field(False, description="Shows the simulated-data notice and the sign-in of the demo.")
    log_level: str = Field("info", description="debug, info, warning or error.")
    log_format: str = Field("auto", description="json, console, or auto: console on a terminal, else json.")
    disk_floor_mb: int = Field(512, ge=1, description="Free disk below which ingest answers 429 (MiB).")
    max_body_mb: int = Field(20, ge=1, le=1024, description="Largest request body, packed and unpacked (MiB).")
    trusted_proxies: str = Field("", description="Comma-separated proxy addresses whose X-Forwarded-For is believed.")
    load_interval_ms: int = Field(1000, ge=50, le=60_000, description="Time between inserted batches (milliseconds).")
    load_batch_events: int = Field(60_000, ge=100, le=1_000_000, description="Most events in one inserted batch.")
    query_timeout_s: int = Field(30, ge=1, le=3600, description="Longest time a query may run (seconds).")
    query_memory_mb: int = Field(2048, ge=64, description="Most memory a query may take (MiB).")
    query_max_rows: int = Field(2_000_000_000, ge=1000, description="Most rows a query may read.")
    query_concurrency: int = Field(4, ge=1, le=64, description="Queries of one project that may run at once.")
    query_cache_s: int = Field(60, ge=0, description="How long an answer is served from the cache (seconds).")
    session_days: int = Field(30, ge=1, le=365, description="How long a sign-in lasts without use (days).")
    drain_s: int = Field(
        20, ge=0, le=600, description="Longest time a graceful stop may load what is pending (seconds)."
    )

    @field_validator("project_token")
    @classmethod
    def _token_is_32_hex(cls, value: str) -> str:
        if value and (len(value) != 32 or any(c not in "0123456789abcdef" for c in value)):
            raise ValueError("must be 32 lowercase hexadecimal digits, such as the output of `openssl rand -hex 16`")
        return value

    @field_validator("admin_key")
    @classmethod
    def _key_has_prefix(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and (not text.startswith("nsk_") or len(text) < 24):
            raise ValueError("must start with nsk_ and have at least 24 characters")
        return value

    @field_validator("log_level")
    @classmethod
    def _level_is_known(cls, value: str) -> str:
        if value.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError("must be debug, info, warning or error")
        return value.lower()

    @field_validator("log_format")
    @classmethod
    def _format_is_known(cls, value: str) -> str:
        if value.lower() not in {"auto", "json", "console"}:
            raise ValueError("must be auto, json or console")
        return value.lower()

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):
            raise ValueError("must be an IANA time zone, such as Europe/Berlin") from None
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, value: str) -> str:
        for part in filter(None, (part.strip() for part in value.split(","))):
            try:
                ip_network(part, strict=False)
            except ValueError:
                raise ValueError("must be addresses or networks, such as 127.0.0.1,10.0.0.0/8") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _database_is_supported(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value().partition(":")[0].partition("+")[0] not in {"", "sqlite", "postgresql", "postgres"}:
            raise ValueError("must start with postgresql:// or sqlite:///")
        return value

    @property
    def resolved_events_dsn(self) -> str:
        """The event store's DSN, with the default filled in."""
        return self.events_dsn or f"chdb://{self.data.resolve() / 'events'}"

    @property
    def resolved_database_url(self) -> str:
        """The metadata database's URL, with the default filled in."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data.resolve() / 'northing.db'}"

    @property
    def run_folder(self) -> Path:
        """Folder of sockets, locks and the local key of a running server."""
        return self.data.resolve() / "run"


def load_settings(**flags: Any) -> Settings:
    """Settings from flags, then the environment, then `NORTHING_X_FILE` files, then defaults.

    Raises `Problem` that names each setting at fault and how to mend it.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**{**_from_files(), **given})
    except ValidationError as error:
        faults = tuple(
            FieldError(PREFIX + str(e["loc"][0]).upper(), e["msg"].removeprefix("Value error, "))
            for e in error.errors()
        )
        listed = "; ".join(f"{f.path} {f.message}" for f in faults)
        raise Problem(500, "bad_setting", f"Settings cannot be used: {listed}.", None, faults) from None


def _from_files() -> dict[str, str]:
    """`NORTHING_X_FILE=/path` gives setting X the text of that file, so that secrets stay out of the environment."""
    values: dict[str, str] = {}
    for name in Settings.model_fields:
        path = os.environ.get(f"{PREFIX}{name.upper()}_FILE")
        if path and f"{PREFIX}{name.upper()}" not in os.environ:
            try:
                values[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise Problem(
                    500, "bad_setting", f"{PREFIX}{name.upper()}_FILE: {path} cannot be read ({error.strerror})."
                ) from None
    return values
