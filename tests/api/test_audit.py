"""审计: filters, the chain, export without live formulas; nobody else gets in."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import text
from web_world import World

from api.access import audit


def test_who_did_what_can_be_found(world: World) -> None:
    world.client("off1")
    client = world.client("aud")
    log = client.get("/api/audit", params={"login": "off1"}).json()
    assert [entry["act"] for entry in log["entries"]] == ["登录"]
    assert client.get("/api/audit", params={"login": "苏禾"}).json()["total"] == 1
    assert client.get("/api/audit", params={"to": "2020-01-01"}).json()["total"] == 0
    assert client.get("/api/audit", params={"act": "sign-out"}).json()["total"] == 0
    assert "off1（苏禾）" in client.get("/audit", params={"login": "off1"}).text


def test_days_are_days_of_china(world: World) -> None:
    client = world.client("aud")
    day = client.get("/api/audit").json()["entries"][0]["at"][:10]
    assert client.get("/api/audit", params={"from": day, "to": day}).json()["total"] >= 1
    assert client.get("/api/audit", params={"from": "yesterday"}).status_code == 422


def test_the_chain_is_checked_on_the_page(world: World) -> None:
    assert "日志链完整" in world.client("aud").get("/audit").text
    with world.system.database.write() as session:
        sqlite = world.system.database.sqlite
        trigger = "audit_entry_no_update" if sqlite else "audit_entry_append_only ON audit_entry"
        session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text("UPDATE audit_entry SET login = 'somebody' WHERE id = 1"))
    page = world.client("aud").get("/audit").text
    assert "日志链异常：第 1 条" in page
    assert world.client("aud").get("/api/audit").json()["chain"]["broken_at"] == 1


def test_the_export_is_neutralised_and_recorded(world: World) -> None:
    with world.system.database.write() as session:
        audit.record(session, None, "sign-in-failed", login="=cmd|' /C calc'!A0")
    client = world.client("aud")
    answer = client.get("/audit/export.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["序号", "时间", "账号", "姓名"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    last = client.get("/api/audit").json()["entries"][0]
    assert last["act"] == "导出审计"
    assert "校验值" in last["detail"]


@pytest.mark.parametrize("login", ["off1", "head", "kh", "sys"])
def test_only_the_auditor_reads_logs(world: World, login: str) -> None:
    client = world.client(login)
    for path in ("/audit", "/audit/export.csv", "/api/audit"):
        assert client.get(path).status_code == 403
