"""Briefing notes over HTTP: rights, CSRF, purpose and export audited, page and Word and JSON agree."""

from __future__ import annotations

import hashlib
import io

from docx import Document as open_word
from sqlalchemy import select
from web_world import World

from dossier import review
from dossier.scope import viewer_of
from storage.tables import AuditEntry, Evidence, User

FORM = {"cadre": "P020", "kind": "考核反馈", "interviewer": "阎澄舟", "planned_on": "2025-10-20"}


def accept(world: World, key: str) -> str:
    """An officer confirms the item; returns its code."""
    with world.system.database.write() as session:
        officer = viewer_of(session, session.scalars(select(User).where(User.login == "off1")).one())
        return review.accept(session, officer, world.items[key]).code


def audit(world: World, action: str) -> list[AuditEntry]:
    with world.system.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_form_to_page_to_word_with_purpose_in_the_log(world: World) -> None:
    code = accept(world, "accident")
    client = world.client("off1")
    assert "燕归鸿　石岭县 县委副书记、县长" in client.get("/briefs?cadre=P020").text
    made = client.post("/briefs", data=FORM)
    assert made.status_code == 303
    page = client.get(made.headers["location"])
    assert page.status_code == 200
    assert f'<a href="/items/{world.items["accident"]}">{code}</a>' in page.text
    assert "情况如何？办理进展如何？（待核实；" in page.text
    word = client.get(made.headers["location"] + ".docx")
    assert word.status_code == 200
    text = "\n".join(p.text for p in open_word(io.BytesIO(word.content)).paragraphs)
    assert f"〔{code}〕" in text
    (entry,) = audit(world, "export")
    assert entry.purpose == "谈话"
    assert entry.detail == {"cadre": "P020", "sha256": hashlib.sha256(word.content).hexdigest()}
    assert audit(world, "brief-made")[0].purpose == "谈话"
    assert audit(world, "brief-read")[0].object_id == "P020"


def test_json_is_the_same_and_stays_with_its_maker(world: World) -> None:
    client = world.client("off1")
    made = client.post("/api/briefs", json=FORM)
    assert made.status_code == 201, made.text
    body = made.json()
    assert client.get(f"/api/briefs/{body['id']}").json() == body
    assert [b["id"] for b in client.get("/api/briefs").json()] == [body["id"]]
    word = client.get(body["docx"])
    assert hashlib.sha256(word.content).hexdigest() == body["sha256"]
    assert world.client("off1b").get(f"/api/briefs/{body['id']}").status_code == 404
    assert world.client("head1").get(f"/api/briefs/{body['id']}").status_code == 200
    for login in ("kh", "sys", "aud"):
        assert world.client(login).get(f"/api/briefs/{body['id']}").status_code == 403
    assert client.post("/api/briefs", json={**FORM, "cadre": "P025"}).status_code == 404
    assert client.post("/api/briefs", json=FORM, headers={"X-CSRF-Token": "wrong"}).status_code == 403


def test_what_was_filled_in_stays_when_something_is_wrong(world: World) -> None:
    client = world.client("off1")
    bad = client.post("/briefs", data={**FORM, "planned_on": "2025-10-01"})
    assert bad.status_code == 422
    assert "拟谈话日期早于今天" in bad.text
    assert 'value="阎澄舟"' in bad.text
    assert not audit(world, "brief-made")


def test_word_stops_when_an_item_is_rejected_later(world: World) -> None:
    code = accept(world, "accident")
    client = world.client("off1")
    at = client.post("/briefs", data=FORM).headers["location"]
    with world.system.database.write() as session:
        session.get_one(Evidence, world.items["accident"]).state = "不采用"
    page = client.get(at).text
    assert "所列事项已不成立" in page
    assert code in page
    assert "坍塌" not in page
    assert client.get(at + ".docx").status_code == 422
    assert not audit(world, "export")
