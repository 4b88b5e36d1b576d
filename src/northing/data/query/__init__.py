"""Questions about events: a JSON spec is parsed, planned as SQL, and run.

`requests` reads a spec and knows the kinds; each kind has a file of its own; `sandbox` rebuilds user SQL; `run` adds
cache, limits and sharing.
"""

from northing.data.query.run import QueryRunner, RunnerOptions
from northing.data.query.scope import Scope

__all__ = ["QueryRunner", "RunnerOptions", "Scope"]
