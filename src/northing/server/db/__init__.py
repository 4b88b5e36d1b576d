"""Metadata: models base, unit of work, migrations."""

from northing.server.db.base import Base, Created, Database, UtcDateTime, lock_name
from northing.server.db.instance import instance_name
from northing.server.db.migrate import migrate

__all__ = ["Base", "Created", "Database", "UtcDateTime", "instance_name", "lock_name", "migrate"]
