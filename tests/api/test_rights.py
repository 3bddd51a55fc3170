"""Who may see what: roles, zones, recusals, restricted matter and quarantine, on pages and JSON alike."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from web_world import ILLNESS, LETTER, SCHOOL, World, user_id

from storage.tables import AuditEntry, Recusal

CONTENT = ("/queue", "/teams", "/cadres", "/teams/D01", "/cadres/P005", "/api/queue", "/api/teams", "/api/cadres")


@pytest.mark.parametrize("login", ["sys", "aud"])
@pytest.mark.parametrize("path", CONTENT)
def test_system_and_audit_roles_see_no_content(world: World, login: str, path: str) -> None:
    assert world.client(login).get(path).status_code == 403


@pytest.mark.parametrize("login", ["sys", "aud"])
def test_system_and_audit_roles_open_no_item_or_document(world: World, login: str) -> None:
    client = world.client(login)
    item, document = world.items["award"], world.documents["award"]
    paths = (f"/items/{item}", f"/documents/{document}", f"/documents/{document}/original", f"/api/evidence/{item}")
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (403, 404)
        assert "营商环境" not in answer.text


def test_desk_shows_each_role_its_own(world: World) -> None:
    officer, system, auditor = (world.client(login).get("/").text for login in ("off1", "sys", "aud"))
    assert "待签批" in officer
    assert "系统状态" in system
    assert "望澜区" not in system
    assert "逐条校验无误" in auditor
    assert "望澜区" not in auditor
    assert "登录" in auditor
    assert 'role="search"' in officer
    assert 'role="search"' not in system + auditor


def test_another_zone_leaks_neither_items_nor_counts(world: World) -> None:
    client = world.client("off1")
    found = client.get("/api/queue").json()
    assert "MB01" not in {item["team_id"] for item in found["items"]}
    assert found["counts"]["todo"] == len(found["items"]) == 5
    assert SCHOOL not in client.get("/queue").text
    for path in (f"/items/{world.items['school']}", f"/documents/{world.documents['school']}", "/teams/MB01",
                 f"/api/evidence/{world.items['school']}", f"/api/documents/{world.documents['school']}",
                 "/api/teams/MB01", "/cadres/P028", "/api/cadres/P028?purpose=谈话"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert SCHOOL not in answer.text
    assert client.get("/queue", params={"team": "MB01"}).text.count("E-2025") == 0


def test_another_zone_cannot_decide(world: World) -> None:
    client = world.client("off3")
    assert client.post(f"/api/evidence/{world.items['award']}/accept", json={}).status_code == 404
    assert client.post(f"/items/{world.items['award']}/accept", data={}).status_code == 404
    assert world.item("award").state == "待确认"


def test_kh_reads_all_zones_and_decides_nothing(world: World) -> None:
    client = world.client("kh")
    assert "MB01" in {item["team_id"] for item in client.get("/api/queue").json()["items"]}
    assert 'data-key="a"' not in client.get("/queue").text
    assert client.post(f"/api/evidence/{world.items['award']}/accept", json={}).json()["error"]["code"] == "RIGHTS-ROLE"
    assert client.post("/teams/D01/open", data={"reason": "查看"}).status_code == 403
    assert client.get("/api/teams/D01", params={"open_reason": "查看"}).status_code == 403


def test_recusal_is_said_openly_and_closes_everything(world: World) -> None:
    with world.system.database.write() as session:
        session.add(Recusal(user_id=user_id(world, "off1"), team_id="D01"))
        session.add(Recusal(user_id=user_id(world, "off1"), cadre_id="P005"))
    client = world.client("off1")
    assert "回避" in client.get("/teams/D01").text
    assert "回避" in client.get("/cadres/P005").text
    assert client.get(f"/items/{world.items['award']}").status_code == 404
    assert client.get(f"/documents/{world.documents['practice']}").status_code == 404
    assert "苗知远" not in client.get("/cadres").text


def test_restricted_report_is_for_head_alone(world: World) -> None:
    item, document = world.items["illness"], world.documents["illness"]
    for login in ("off3", "kh"):
        client = world.client(login)
        for path in (f"/items/{item}", f"/documents/{document}", f"/documents/{document}/original"):
            answer = client.get(path)
            assert answer.status_code in (403, 404), (login, path)
            assert "住院" not in answer.text
    head = world.client("head")
    assert "受控条目" in head.get(f"/items/{item}").text
    assert head.get(f"/api/evidence/{item}").json()["text"] == ILLNESS
    assert head.get(f"/documents/{document}/original").status_code == 403
    for path in ("/teams/MB05", "/teams", "/api/teams/MB05"):
        assert "住院" not in head.get(path).text
    counts = {row["id"]: row["waiting"] for row in head.get("/api/teams").json()}
    assert counts["MB05"] == 0


def test_quarantined_letter_is_nowhere(world: World) -> None:
    document = world.documents["letter"]
    for login in ("off1", "off3", "head", "kh"):
        client = world.client(login)
        assert client.get(f"/documents/{document}").status_code == 404
        assert client.get(f"/documents/{document}/original").status_code == 404
        assert client.get(f"/api/documents/{document}").status_code == 404
    register = world.client("head").get("/quarantine").text
    assert "待移交" in register
    assert "礼金" not in register
    assert "举报信" not in register
    assert LETTER not in register
    for login in ("off1", "kh", "sys", "aud"):
        assert world.client(login).get("/quarantine").status_code == 403


def test_hand_over_deletes_the_original_and_keeps_the_hash(world: World) -> None:
    head = world.client("head")
    [row] = head.get("/api/quarantine").json()
    originals = set(world.system.archive.digests())
    nobody = {"handed_to": " ", "receipt": "1"}
    assert head.post(f"/api/quarantine/{row['id']}/hand-over", json=nobody).status_code == 422
    assert set(world.system.archive.digests()) == originals
    data = {"handed_to": "市纪委监委信访室", "receipt": "收2025-017"}
    assert head.post(f"/quarantine/{row['id']}/hand-over", data=data).status_code == 303
    assert len(originals - set(world.system.archive.digests())) == 1
    [after] = head.get("/api/quarantine").json()
    assert (after["state"], after["receipt"], after["handed_by"]) == ("已移交", "收2025-017", "钟砚秋")
    assert head.post(f"/quarantine/{row['id']}/hand-over", data=data).status_code == 422
    with world.system.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "quarantine-handed-over")).one()
    assert entry.detail["receipt"] == "收2025-017"
