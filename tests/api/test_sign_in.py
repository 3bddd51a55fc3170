"""Sign-in by page and by JSON: lockout, cookies, CSRF, sign-out, and the headers of every answer."""

from __future__ import annotations

from web_world import DEMO_PASSWORD, World

from api.access.accounts import MAX_FAILURES


def test_json_sign_in_says_who_and_gives_the_csrf_token(world: World) -> None:
    answer = world.client().post("/api/session", json={"login": "off1", "password": DEMO_PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 200
    assert (answer.json()["role"], answer.json()["zones"]) == ("OFF", ["Z1", "Z2"])
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_wrong_password_and_unknown_account_look_the_same(world: World) -> None:
    client = world.client()
    wrong = client.post("/api/session", json={"login": "off1", "password": "nonsense-123"})
    unknown = client.post("/api/session", json={"login": "nobody", "password": "nonsense-123"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_account_locks_after_five_failures(world: World) -> None:
    client = world.client()
    for _ in range(MAX_FAILURES):
        client.post("/sign-in", data={"login": "off1", "password": "nonsense-123"})
    assert client.post("/sign-in", data={"login": "off1", "password": DEMO_PASSWORD}).status_code == 401
    assert client.post("/sign-in", data={"login": "off1b", "password": DEMO_PASSWORD}).status_code == 303


def test_sign_out_ends_the_session(world: World) -> None:
    client = world.client("off1")
    token = client.cookies["shiji_session"]
    assert client.delete("/api/session").status_code == 200
    client.cookies.set("shiji_session", token)
    assert client.get("/api/session").status_code == 401


def test_without_session_pages_lead_to_sign_in_and_json_says_401(world: World) -> None:
    client = world.client()
    page = client.get("/queue")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in")
    assert client.get("/api/queue").json()["error"]["code"] == "AUTH-NEEDED"
    fragment = client.get("/queue", headers={"hx-request": "true"})
    assert (fragment.status_code, fragment.headers["hx-redirect"]) == (401, "/sign-in")


def test_changes_need_the_csrf_token_and_the_own_origin(world: World) -> None:
    client = world.client("off1")
    item = world.items["practice"]
    del client.headers["x-csrf-token"]
    assert client.post(f"/api/evidence/{item}/accept", json={}).json()["error"]["code"] == "AUTH-CSRF"
    assert client.post(f"/items/{item}/accept", data={"csrf": "guess"}).status_code == 403
    foreign = client.post(f"/items/{item}/accept", data={}, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert world.item("practice").state == "待确认"


def test_every_page_forbids_foreign_and_inline_scripts(world: World) -> None:
    answer = world.client("off1").get("/queue")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "style=" not in answer.text
    assert "onclick" not in answer.text
