"""The management API's own routes, in two literal tuples."""

from northing.server.http.routes import account, audit, instance, keys, members, projects, session

ROUTERS = (instance.router, session.router, account.router, projects.router, members.router)
SCOPED_ROUTERS = (keys.router, audit.router)

__all__ = ["ROUTERS", "SCOPED_ROUTERS"]
