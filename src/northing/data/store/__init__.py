"""Where events live: ClickHouse, embedded or a server, behind one small door."""

from northing.data.store.engine import Store
from northing.data.store.errors import StoreError
from northing.data.store.local import LocalStore
from northing.data.store.results import Column, EventStore, QueryLimits, QueryResult, WritingStore
from northing.data.store.rpc import BlockingRows, RemoteStore, serve_engine

__all__ = [
    "BlockingRows",
    "Column",
    "EventStore",
    "LocalStore",
    "QueryLimits",
    "QueryResult",
    "RemoteStore",
    "Store",
    "StoreError",
    "WritingStore",
    "serve_engine",
]
