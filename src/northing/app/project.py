"""Which project a command is about."""

from __future__ import annotations

from northing.app.client import Client, Json
from northing.kernel.problems import Problem, invalid, not_found


def find_project(client: Client, number: int | None) -> Json:
    """The project of that number, or the only one there is, as the API tells it."""
    projects = client.items("/api/v1/projects")
    if number is not None:
        found = next((project for project in projects if project["id"] == number), None)
        if found is None:
            raise not_found("project")
        return found
    if not projects:
        hint = f"Open {client.url} to set it up, or start it with NORTHING_PROJECT_TOKEN."
        raise Problem(404, "no_project", "There is no project yet.", hint)
    if len(projects) > 1:
        listed = ", ".join(f"{project['id']} ({project['name']})" for project in projects)
        raise invalid("project", "is needed, since there are several", hint=f"Add --project: {listed}.")
    return projects[0]
