"""Every page has its JSON, all of it described, and nothing ranks persons or sorts by value."""

from __future__ import annotations

import re

import pytest
from web_world import World


@pytest.fixture
def schema(world: World) -> dict:
    return world.client().get("/api/openapi.json").json()


def test_every_page_of_the_menu_has_its_json(schema: dict) -> None:
    twins = {
        "/search": "/api/search", "/sources": "/api/sources", "/upload": "/api/uploads",
        "/indicators": "/api/indicators", "/roster": "/api/roster", "/audit": "/api/audit", "/users": "/api/users",
        "/teams": "/api/teams", "/cadres": "/api/cadres", "/queue": "/api/queue",
    }  # fmt: skip
    assert set(twins.values()) <= set(schema["paths"])


def test_every_operation_is_described(schema: dict) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description", "").strip(), f"{method} {path}"
            assert operation.get("tags"), f"{method} {path}"


def test_there_is_no_api_to_rank_or_score_persons(schema: dict) -> None:
    for path, methods in schema["paths"].items():
        assert "rank" not in path
        for operation in methods.values():
            names = {parameter["name"] for parameter in operation.get("parameters", ())}
            if path != "/api/search":  # there: by relevance or date
                assert not names & {"sort", "order", "order_by"}, path


def test_nothing_but_the_sign_in_answers_without_a_session(world: World, schema: dict) -> None:
    client = world.client()
    for path, methods in schema["paths"].items():
        if path == "/api/session":
            continue
        for method in methods:
            answer = client.request(method, re.sub(r"{[^}]*}", "1", path))
            assert answer.status_code == 401, f"{method} {path} {answer.status_code}"
            assert answer.json()["error"]["code"] == "AUTH-NEEDED"
