"""HTTP: the management app, its edge, and what routes are made of."""

from northing.server.http.app import management_app, wrap_edge
from northing.server.http.context import Context
from northing.server.http.dependencies import Access, ActorDep, ContextDep, access
from northing.server.http.rendering import problem_response

__all__ = ["Access", "ActorDep", "Context", "ContextDep", "access", "management_app", "problem_response", "wrap_edge"]
