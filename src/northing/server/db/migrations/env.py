"""Alembic's entry: runs on the connection, and so in the transaction and under the lock, of `migrate()`."""

from alembic import context

from northing.server.db.base import Base

connection = context.config.attributes["connection"]
# Given for its naming convention only: migrations are written by hand.
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
context.run_migrations()
