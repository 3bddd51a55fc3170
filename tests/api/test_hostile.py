"""What an attacker, a recused officer or a careless colleague would try; each test was a hole once."""

from __future__ import annotations

import hashlib
import hmac
import io
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from figures import fill
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from web_world import ILLNESS, PARK, World, user_id

from api.access import accounts, audit
from api.access.demo_accounts import DEMO_PASSWORD
from api.access.passwords import verify_password
from api.commands.people import verify
from storage.errors import ShijiError
from storage.tables import Attribution, AuditEntry, Document, EvidenceCadre, Failure, Passage, Recusal, now


def recuse(world: World, login: str, team: str | None = None, cadre: str | None = None) -> None:
    with world.system.database.write() as session:
        session.add(Recusal(user_id=user_id(world, login), team_id=team, cadre_id=cadre))


def closed_to(world: World, login: str, key: str, words: str) -> None:
    """Neither item, document, original nor queue shows the words."""
    client = world.client(login)
    item, document = world.items[key], world.documents[key]
    paths = (
        f"/items/{item}", f"/api/evidence/{item}", f"/documents/{document}", f"/api/documents/{document}",
        f"/documents/{document}/original", "/queue", "/api/queue", "/api/queue?lane=verify",
    )  # fmt: skip
    for path in paths:
        assert words not in client.get(path).text, path
    assert client.get(f"/documents/{document}/original").status_code in (403, 404)


# --- recusal


def test_a_cadre_whom_an_officer_added_closes_the_item_to_the_recused(world: World) -> None:
    with world.system.database.write() as session:
        session.add(EvidenceCadre(evidence_id=world.items["park"], cadre_id="P005", role="主体", because="经办人确认"))
    assert world.client("off1").get(f"/api/evidence/{world.items['park']}").json()["text"] == PARK
    recuse(world, "off1", cadre="P005")
    closed_to(world, "off1", "park", "包片解决停车难")


def test_a_passage_about_a_recused_team_is_closed_though_the_item_is_another_teams(world: World) -> None:
    with world.system.database.write() as session:
        passage = world.item("park").passage_id
        session.add(Attribution(passage_id=passage, kind="team", team_id="D04", role="参与", status="accepted",
                                rule="test", because="test", confidence=0.9))  # fmt: skip
    recuse(world, "off1", team="D04")
    closed_to(world, "off1", "park", "包片解决停车难")


def test_an_item_moved_to_a_recused_team_is_closed_in_its_document_too(world: World) -> None:
    head = world.client("head")
    item = world.items["unnamed"]
    moved = head.post(f"/api/evidence/{item}/correct", json={"team_id": "D01", "role": "主体"})
    assert moved.status_code == 200, moved.text
    recuse(world, "off1", team="D01")
    closed_to(world, "off1", "unnamed", "物业服务质量公示制度")


@pytest.mark.parametrize("how", ["recused", "restricted"])
def test_one_closed_passage_of_an_article_is_cut_out_and_its_original_withheld(world: World, how: str) -> None:
    document, item = world.documents["unnamed"], world.items["unnamed"]
    with world.system.database.write() as session:
        text = session.get_one(Document, document)
        start = len(text.text)
        text.text += "会议另行通报一项日常工作。"
        session.add(Passage(document_id=document, ordinal=9, start=start, end=len(text.text), label="routine",
                            text="会议另行通报一项日常工作。"))  # fmt: skip
    assert world.client("off1").get(f"/documents/{document}/original").status_code == 200
    change = {"team_id": "D01", "role": "主体"} if how == "recused" else {"label": "major_matter", "sub_type": "ZD8"}
    assert world.client("head").post(f"/api/evidence/{item}/correct", json=change).status_code == 200
    if how == "recused":
        recuse(world, "off1", team="D01")
    client = world.client("off1")
    shown = client.get(f"/api/documents/{document}")
    assert "会议另行通报" in shown.text
    assert "物业服务质量公示制度" not in shown.text
    assert client.get(f"/documents/{document}/original").status_code == 403


# --- restricted matter


def restrict(world: World, key: str) -> None:
    """An officer recognises a restricted matter that the machine did not."""
    answer = world.client("head").post(
        f"/api/evidence/{world.items[key]}/correct", json={"label": "major_matter", "sub_type": "ZD7"}
    )
    assert answer.status_code == 200, answer.text


def test_what_an_officer_marks_restricted_is_closed_in_its_document_and_in_reprints(world: World) -> None:
    restrict(world, "practice")
    for login in ("off1", "kh"):
        closed_to(world, login, "practice", "一楼一策")
        reprint = world.documents["reprint"]
        assert "12个小区改造清单" not in world.client(login).get(f"/documents/{reprint}").text
        assert world.client(login).get(f"/documents/{reprint}/original").status_code in (403, 404)


def test_names_of_restricted_reports_are_not_listed(world: World) -> None:
    for login in ("off3", "kh"):
        client = world.client(login)
        for path in ("/upload", "/api/uploads"):
            assert "住院" not in client.get(path).text, (login, path)
    assert "住院" in world.client("head").get("/api/uploads").text


def test_quarantined_letters_are_listed_for_head_and_sender_alone(world: World) -> None:
    for login in ("off3", "kh", "off1"):
        assert "已隔离" not in {row["stage"] for row in world.client(login).get("/api/uploads").json()}
    assert "已隔离" in {row["stage"] for row in world.client("head").get("/api/uploads").json()}


def test_the_log_says_nothing_of_a_restricted_item_but_its_number(world: World) -> None:
    item = world.items["illness"]
    answer = world.client("head").post(f"/api/evidence/{item}/reject", json={"reason": "按程序另行办理"})
    assert answer.status_code == 200
    with world.system.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence-reject")).one()
    assert entry.object_id == world.item("illness").code
    assert "major_matter" not in str(entry.detail)
    assert "MB05" not in str(entry.detail)
    assert ILLNESS not in str(entry.detail)


def test_names_of_unreadable_reports_stay_with_those_who_handle_them(world: World) -> None:
    with world.system.database.write() as session:
        session.add(Failure(source_id="inbox", url="file:关于张某违纪的报告.docx#abc", code="READ-DAMAGED",
                            message="文件已损坏：关于张某违纪的报告.docx", at=now()))  # fmt: skip
    for login in ("off1", "sys"):
        client = world.client(login)
        for path in ("/sources", "/sources/inbox", "/api/sources/inbox"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "违纪" not in answer.text, (login, path)
    assert "违纪" in world.client("head").get("/sources/inbox").text


# --- right person, two officers


def test_another_person_must_be_told_anew(world: World) -> None:
    one, head = world.client("off1"), world.client("head")
    item = f"/api/evidence/{world.items['accident']}"
    assert one.post(f"{item}/accept", json={}).status_code == 200
    assert one.post(f"{item}/notify", json={"text": "就石岭县坍塌事故听取意见"}).status_code == 200
    assert one.get(item).json()["notified"]
    team = one.get(item).json()["team_id"]
    holder = one.get(item).json()["holders"][0]
    change = {"cadres": {holder["cadre_id"]: "主体"}, "reason": "补记责任人"}
    assert one.post(f"{item}/correct", json=change).status_code == 200
    found = head.get(item).json()
    assert (found["team_id"], found["notified"]) == (team, "")


def test_a_problem_under_verification_is_not_relabelled_by_an_officer(world: World) -> None:
    one, head = world.client("off1"), world.client("head")
    item = f"/api/evidence/{world.items['accident']}"
    record = {"channel": "查", "on": "2025-10-15", "summary": "查阅通报", "official": True,
              "fields": {"document": "通报", "number": "通报1号", "page": "1", "extract": "属实"},
              "officers": ["苏禾"]}  # fmt: skip
    assert one.post(f"{item}/accept", json={}).status_code == 200
    assert one.post(f"{item}/records", json=record).status_code == 200
    away = {"label": "routine", "sub_type": "YB3", "reason": "不算问题"}
    assert one.post(f"{item}/correct", json=away).status_code == 403
    assert world.item("accident").adverse
    assert head.post(f"{item}/correct", json=away).status_code == 200


@pytest.mark.parametrize("change", [
    {"label": "major_matter", "sub_type": "ZD77"}, {"role": "幕后主使"}, {"label": "problem", "sub_type": "WT"},
])  # fmt: skip
def test_only_the_fields_own_words_are_taken(world: World, change: dict[str, str]) -> None:
    answer = world.client("off1").post(f"/api/evidence/{world.items['award']}/correct", json=change)
    assert answer.status_code == 422
    cadre = world.client("off1").get(f"/api/evidence/{world.items['award']}").json()["holders"][0]["cadre_id"]
    odd = world.client("off1").post(f"/api/evidence/{world.items['award']}/correct", json={"cadres": {cadre: "主谋"}})
    assert odd.status_code == 422


def test_a_second_officer_agrees_with_what_was_on_the_screen(world: World) -> None:
    one, two = world.client("off1"), world.client("off1b")
    item = f"/api/evidence/{world.items['award']}"
    record = {"channel": "查", "on": "2025-10-15", "summary": "查阅文件", "official": True,
              "fields": {"document": "复函", "number": "函1号", "page": "1", "extract": "属实"},
              "officers": ["苏禾"]}  # fmt: skip
    one.post(f"{item}/accept", json={})
    one.post(f"{item}/records", json=record)
    assert one.post(f"{item}/propose", json={"conclusion": "无法核实", "reason": "没有材料"}).status_code == 200
    seen = two.get(item).json()["version"]
    assert one.post(f"{item}/propose", json={"conclusion": "已核实", "reason": "有文件"}).status_code == 200
    late = two.post(f"{item}/agree", json={"version": seen})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "EVIDENCE-CHANGED")
    form = two.post(f"/items/{world.items['award']}/agree", data={"version": str(seen)})
    assert form.status_code == 409
    page = two.get(f"/items/{world.items['award']}").text
    block = page.split(f"/items/{world.items['award']}/agree", 1)[1].split("</form>", 1)[0]
    assert 'name="version"' in block


def test_an_old_brief_says_nothing_of_an_item_that_is_another_persons_now(world: World) -> None:
    one = world.client("off1")
    number = world.items["practice"]
    item = f"/api/evidence/{number}"
    assert one.post(f"{item}/accept", json={}).status_code == 200
    cadre = one.get(item).json()["cadres"][0]["id"]
    own = {"cadres": {cadre: "主体"}, "reason": "系其主抓"}
    assert one.post(f"{item}/correct", json=own).status_code == 200
    brief = one.post("/api/briefs", json={"cadre": cadre, "kind": "考核反馈", "interviewer": "钟砚秋"}).json()
    assert "一楼一策" in str(brief["content"])
    assert not one.get(f"/api/briefs/{brief['id']}").json()["gone"]
    changed = one.post(f"{item}/correct", json={"cadres": {}, "reason": "不是其本人所为"})
    assert changed.status_code == 200, changed.text
    again = one.get(f"/api/briefs/{brief['id']}").json()
    assert again["gone"]
    assert one.get(brief["docx"]).status_code == 422


def test_an_old_brief_says_nothing_of_what_is_restricted_now(world: World) -> None:
    one = world.client("off1")
    item = f"/api/evidence/{world.items['practice']}"
    one.post(f"{item}/accept", json={})
    cadre = one.get(item).json()["cadres"][0]["id"]
    brief = one.post("/api/briefs", json={"cadre": cadre, "kind": "考核反馈", "interviewer": "钟砚秋"}).json()
    restricted = {"label": "major_matter", "sub_type": "ZD7", "reason": "属受控事项"}
    assert world.client("head").post(f"{item}/correct", json=restricted).status_code == 200
    assert "一楼一策" not in str(one.get(f"/api/briefs/{brief['id']}").json()["content"])
    assert one.get(brief["docx"]).status_code == 422


# --- requests


def test_a_ticket_cannot_be_forged_to_read_files_of_the_server(world: World) -> None:
    head = world.client("head")
    secret = world.system.settings.data / "secret"  # no dot: a dot ended the name
    secret.write_text("teams: []", encoding="utf-8")
    csrf = head.headers["x-csrf-token"]
    for digest in (str(secret), "/".join((".", "secret")), hashlib.sha256(b"x").hexdigest()):
        seal = hmac.new(csrf.encode(), f"roster:{digest}".encode(), hashlib.sha256).hexdigest()
        for ticket in (f"{digest}.{seal}", digest):
            answer = head.post("/roster/import/confirm", data={"ticket": ticket, "name": "a.yaml"})
            assert "PENDING-MISSING" in answer.text, ticket


def test_a_sandboxed_page_is_another_site(world: World) -> None:
    client = world.client("off1")
    for path, body in ((f"/api/evidence/{world.items['award']}/accept", {}),
                       ("/api/session", {"login": "off1", "password": "x"})):  # fmt: skip
        answer = client.post(path, json=body, headers={"Origin": "null"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "AUTH-ORIGIN")


@pytest.mark.parametrize(("path", "kind"), [
    ("/sign-in", "application/x-www-form-urlencoded"), ("/api/session", "application/json"),
    ("/upload", "multipart/form-data; boundary=b"), ("/api/uploads", "multipart/form-data; boundary=b"),
    ("/roster/import", "multipart/form-data; boundary=b"),
])  # fmt: skip
def test_a_stranger_cannot_send_a_huge_body(world: World, path: str, kind: str) -> None:
    read = 0

    def endless() -> object:
        nonlocal read
        for _ in range(400):
            read += 65536
            yield b"a" * 65536

    client = world.client()
    answer = client.post(path, content=endless(), headers={"content-type": kind})
    assert answer.status_code == 413
    told = client.post(path, content=b"", headers={"content-type": kind, "content-length": str(10**12)})
    assert told.status_code == 413


def test_odd_numbers_and_characters_are_refused_not_crashes(world: World) -> None:
    client = world.client("off1")
    huge = 10**30
    for path in (f"/items/{huge}", f"/api/evidence/{huge}", f"/documents/{huge}", f"/briefs/{huge}",
                 f"/queue?id={huge}", f"/api/queue?offset={huge}"):  # fmt: skip
        assert client.get(path).status_code in (404, 422), path
    item = f"/api/evidence/{world.items['award']}"
    for words in ("\\ud800", "\\u0000"):
        answer = client.post(f"{item}/reject", content=f'{{"reason": "{words}"}}'.encode(),
                             headers={"content-type": "application/json"})  # fmt: skip
        assert answer.status_code in (200, 422), words


def test_a_report_is_not_handed_in_for_a_team_of_another_zone(world: World) -> None:
    files = [("files", ("a.txt", "关于课后服务情况的报告\n一切正常。".encode()))]
    for unit in ("MB01", "没有"):
        answer = world.client("off1").post("/api/uploads", data={"unit": unit, "secrecy": "公开"}, files=files).json()
        assert answer[0]["error"]["code"] == "TEAM-UNKNOWN"


def test_a_head_of_two_zones_cannot_move_another_team_into_them(world: World) -> None:
    roster = """
city: {name: 澜宁市, province: 江北省, capital: 昭原市}
teams:
- {id: MB01, full: 澜宁市教育局, category: A, zone: Z1, aliases: [], ambiguous: []}
tenures: []
"""
    files = {"file": ("a.yaml", roster.encode())}
    answer = world.client("head1").post("/api/roster/import?dry_run=false", files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "RIGHTS-ZONE")
    assert world.client("head1").get("/api/teams/MB01").status_code == 404
    preview = world.client("head1").post("/roster/import", files=files)
    assert preview.status_code == 403


SECRET = "某同志" + "因病住院"  # not in the traceback's own lines
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def bomb(*more: str) -> bytes:
    """A workbook of a kilobyte whose sheet reaches to the last row and column there is."""
    out = io.BytesIO()
    cell = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>姓名</t></is></c></row>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="表" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{cell.format(1, "A")}'
        f"{cell.format(1048576, 'XFD')}</sheetData></worksheet>",
        **dict.fromkeys(more, "<x/>"),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize("disguise", [(), ("word/document.xml",)])
def test_a_small_sheet_that_claims_billions_of_cells_does_not_end_the_server(
    world: World, disguise: tuple[str, ...]
) -> None:
    """Without the look beforehand the reader aborts this very process."""
    fill(world)
    files = {"file": ("花名册.xlsx", bomb(*disguise))}
    for login, path in (("head", "/api/roster/import"), ("kh", "/api/indicators/import")):
        answer = world.client(login).post(path, files=files)
        assert answer.status_code == 422, answer.text
        assert answer.json()["error"]["code"] in ("READ-MEMORY", "READ-TOO-LARGE", "SHEET-UNREADABLE")


def test_a_roster_that_multiplies_itself_is_refused(world: World) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
    lines += ["city: {name: 澜宁市, province: 江北省, capital: 昭原市}", "tenures: []"]
    lines.append("teams: [{id: T1, full: *i, category: A, zone: Z1, aliases: [], ambiguous: []}]")
    files = {"file": ("名册.yaml", "\n".join(lines).encode())}
    answer = world.client("head").post("/api/roster/import", files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "ROSTER-ALIAS")


def test_a_log_cut_at_its_end_is_noticed_by_the_hash_kept_elsewhere(world: World) -> None:
    for login in ("off1", "off3", "aud"):
        world.client(login)
    database = world.system.database
    with database.read() as session:
        kept = audit.verify_chain(session).head
        assert audit.verify_chain(session, kept).anchored
    with database.write() as session:
        trigger = "audit_entry_no_delete" if database.sqlite else "audit_entry_append_only ON audit_entry"
        session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)"))
    with database.read() as session:
        found = audit.verify_chain(session, kept)
    assert (found.broken_at, found.anchored) == (None, False)


def test_the_anchor_file_of_the_command(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIJI_DATA", str(world.system.settings.data))
    monkeypatch.setenv("SHIJI_DATABASE", world.system.settings.database)
    anchor = tmp_path / "anchor"
    verify(anchor)
    assert len(anchor.read_text().strip()) == 64
    verify(anchor)
    anchor.write_text("ab" * 32)
    with pytest.raises(ShijiError, match="AUDIT-CUT"):
        verify(anchor)
    assert anchor.read_text() == "ab" * 32


def test_a_password_is_weighed_without_holding_up_writers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def weighed(stored: str | None, password: str) -> bool:
        with world.system.database.write() as session:
            audit.record(session, None, "sign-out")
        return verify_password(stored, password)

    monkeypatch.setattr(accounts, "verify_password", weighed)
    assert world.client().post("/api/session", json={"login": "off1", "password": DEMO_PASSWORD}).status_code == 200
    assert world.client().post("/api/session", json={"login": "off1", "password": "x"}).status_code == 401


def test_an_answer_to_our_own_mistake_is_protected_and_logs_no_text(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(session: Session, *_: object) -> None:
        session.execute(text("INSERT INTO nowhere (words) VALUES (:words)"), {"words": SECRET})

    client = world.client("off1")
    monkeypatch.setattr("api.pages.desk.desk_values", broken)
    answer = TestClient(world.app, raise_server_exceptions=False, cookies=client.cookies).get("/")
    assert answer.status_code == 500
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "nowhere" in caplog.text
    assert SECRET not in caplog.text
