"""Where the parts are put together: contexts, routers, the one tuple of products."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI

from northing.app.folder import DataFolder
from northing.app.products import PRODUCTS, WHOLE_ROUTERS
from northing.data.ingest.ledger_routes import router as ledger_router
from northing.data.store import RemoteStore
from northing.kernel.clock import utc_now
from northing.server.auth.passwords import Passwords
from northing.server.auth.setup import prepare_instance
from northing.server.auth.tokens import TokenDirectory
from northing.server.cache import open_cache
from northing.server.db.base import Database
from northing.server.db.instance import instance_name
from northing.server.db.migrate import migrate
from northing.server.http.app import management_app
from northing.server.http.context import Context
from northing.server.logs import configure_logs
from northing.server.settings import Settings


def prepare_database(settings: Settings) -> None:
    """Bring the metadata up to date and make what the settings ask for; runs before anything listens."""
    configure_logs(settings.log_level, settings.log_format)
    database = Database(settings.resolved_database_url)
    try:
        migrate(database)
        prepare_instance(database, settings, passwords=Passwords(), now=utc_now())
    finally:
        database.close()


def make_context(settings: Settings, folder: DataFolder, store: RemoteStore) -> Context:
    """The context of one web worker."""
    database = Database(settings.resolved_database_url)
    key = folder.local_key.read_text(encoding="utf-8").strip() if folder.local_key.exists() else ""
    return Context(
        settings=settings,
        database=database,
        tokens=TokenDirectory(database),
        store=store,
        cache=open_cache(settings.redis_url.get_secret_value(), instance=lambda: instance_name(database)),
        passwords=Passwords(),
        local_key_hash=hashlib.sha256(key.encode()).hexdigest() if key else None,
        web_folder=Path(str(files("northing.app") / "web")),
    )


def scoped_routers() -> tuple[APIRouter, ...]:
    """The project-scoped routers of the data layer and of every product."""
    return (ledger_router, *(router for product in PRODUCTS for router in product.routers))


def full_management_app(context: Context) -> FastAPI:
    """The management app with the routes of the data layer and of every product."""
    return management_app(context, routers=WHOLE_ROUTERS, scoped=scoped_routers())
