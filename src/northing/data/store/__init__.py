"""Where events live: ClickHouse, embedded or a server, behind one small door."""

from northing.data.store.editions import Edition
from northing.data.store.engine import Store
from northing.data.store.errors import StoreError
from northing.data.store.local import LocalStore
from northing.data.store.results import Column, EventStore, KeepingStore, QueryLimits, QueryResult
from northing.data.store.rpc import BlockingRows, RemoteStore, serve_engine

__all__ = [
    "BlockingRows",
    "Column",
    "Edition",
    "EventStore",
    "KeepingStore",
    "LocalStore",
    "QueryLimits",
    "QueryResult",
    "RemoteStore",
    "Store",
    "StoreError",
    "serve_engine",
]
