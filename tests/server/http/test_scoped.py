"""Routers that other layers bring along."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends
from starlette.testclient import TestClient

from northing.server.http import Access, ContextDep, access, management_app
from tests.server.conftest import LOCAL_KEY, World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


router = APIRouter(prefix="/things", tags=["things"])


@router.get("")
async def get_things(context: ContextDep, found: Annotated[Access, Depends(access("events:read"))]) -> dict[str, Any]:
    """Who asks about what."""
    return {"project": found.project.id, "zone": found.project.timezone, "who": found.actor.name}


@pytest.fixture
def client(world: World) -> TestClient:
    return TestClient(management_app(world.context, scoped=(router,)))


@pytest.mark.parametrize("path", ["/api/v1/projects/1/things", "/api/v1/things", "/api/v1/things?project=1"])
def test_both_forms_lead_to_the_project(client: TestClient, world: World, path: str) -> None:
    key = world.key("events:read")
    answer = client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.json() == {"project": 1, "zone": "UTC", "who": "a key"}


def test_the_scope_is_required(client: TestClient, world: World) -> None:
    key = world.key("query:read")
    answer = client.get("/api/v1/things", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 403
    assert "events:read" in answer.json()["detail"]


def test_the_local_command_line_names_the_project(client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {LOCAL_KEY}"}
    assert client.get("/api/v1/things", headers=headers).status_code == 422
    answer = client.get("/api/v1/projects/2/things", headers=headers)
    assert answer.json() == {"project": 2, "zone": "UTC", "who": "local command line"}
