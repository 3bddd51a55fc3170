"""账号管理: SYS keeps accounts and sees no content; what is given or taken away works at once."""

from __future__ import annotations

import pytest
from web_world import World, user_id

GOOD = "Lanning-2025-x"


def test_a_new_account_can_sign_in_and_is_recorded(world: World) -> None:
    client = world.client("sys")
    done = client.post(
        "/users", data={"login": "off9", "name": "乔一诺", "role": "OFF", "password": GOOD, "zones": ["Z1", "Z2"]}
    )
    assert done.status_code == 303
    assert "乔一诺" in client.get(done.headers["location"]).text
    fresh = world.client()
    assert fresh.post("/api/session", json={"login": "off9", "password": GOOD}).status_code == 200
    log = world.client("aud").get("/api/audit", params={"act": "user-add"}).json()["entries"]
    assert "off9" in log[0]["detail"]
    assert GOOD not in log[0]["detail"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"password": "short"}, "PASSWORD-WEAK"), ({"role": "BOSS"}, "USER-ROLE"), ({"login": "off1"}, "USER-EXISTS"),
     ({"zones": ["Z99"]}, "USER-ZONE"), ({"login": "甲"}, "USER-LOGIN"), ({"name": " "}, "USER-NAME")],
)  # fmt: skip
def test_bad_accounts_are_refused(world: World, change: dict[str, object], code: str) -> None:
    new = {"login": "off9", "name": "乔一诺", "role": "OFF", "password": GOOD, "zones": ["Z1"], **change}
    answer = world.client("sys").post("/api/users", json=new)
    assert answer.json()["error"]["code"] == code


def test_a_disabled_account_is_out_at_once(world: World) -> None:
    officer, keeper = world.client("off1"), world.client("sys")
    number = user_id(world, "off1")
    assert keeper.post(f"/users/{number}/enabled", data={"enabled": "false"}).status_code == 422
    keeper.post(f"/users/{number}/enabled", data={"enabled": "false", "reason": "调离"})
    assert officer.get("/teams").status_code == 303
    assert "停用" in keeper.get("/users").text


def test_nobody_switches_off_the_own_account(world: World) -> None:
    answer = world.client("sys").patch(f"/api/users/{user_id(world, 'sys')}", json={"enabled": False, "reason": "试"})
    assert answer.json()["error"]["code"] == "USER-SELF"


def test_zones_take_effect_at_once(world: World) -> None:
    officer = world.client("off1")
    assert officer.get("/teams/D02").status_code == 200
    world.client("sys").post(f"/users/{user_id(world, 'off1')}/zones", data={"zones": ["Z3"]})
    assert officer.get("/teams/D02").status_code == 404


def test_recusal_closes_and_reopens_with_a_reason(world: World) -> None:
    officer, keeper, number = world.client("off1"), world.client("sys"), user_id(world, "off1")
    keeper.post(f"/users/{number}/recusals", data={"about": "D02"})
    assert officer.get("/teams/D02").status_code == 403
    again = keeper.post(f"/api/users/{number}/recusals", json={"about": "D02"})
    assert again.json()["error"]["code"] == "RECUSAL-EXISTS"
    account = next(a for a in keeper.get("/api/users").json() if a["login"] == "off1")
    assert account["recusals"][0]["name"] == "青棠区"
    recusal = account["recusals"][0]["id"]
    assert keeper.post(f"/recusals/{recusal}/remove").status_code == 422
    keeper.post(f"/recusals/{recusal}/remove", data={"reason": "情形消除"})
    assert officer.get("/teams/D02").status_code == 200


def test_a_new_password_ends_sessions(world: World) -> None:
    officer, number = world.client("off1"), user_id(world, "off1")
    world.client("sys").post(f"/users/{number}/password", data={"password": GOOD})
    assert officer.get("/teams").status_code == 303
    assert world.client().post("/api/session", json={"login": "off1", "password": GOOD}).status_code == 200


@pytest.mark.parametrize("login", ["off1", "head", "kh", "aud"])
def test_only_sys_keeps_accounts(world: World, login: str) -> None:
    client = world.client(login)
    assert client.get("/users").status_code == 403
    assert client.get("/api/users").status_code == 403
    assert client.post("/users", data={"login": "x"}).status_code in (403, 422)


def test_sys_sees_no_business_content(world: World) -> None:
    client = world.client("sys")
    for path in ("/queue", "/teams", "/teams/D01", "/cadres", "/search", "/indicators", "/upload", "/audit"):
        assert client.get(path).status_code == 403, path
    roster = client.get("/api/roster").json()
    assert roster
    assert not any(team["holders"] for zone in roster for team in zone["teams"])


def test_passwords_never_come_out(world: World) -> None:
    assert "argon2" not in world.client("sys").get("/api/users").text
