"""The four daily systems on the web: roles, first pages, and that nothing restricted is anywhere else (§7 item 6)."""

from __future__ import annotations

import io
import json
import logging
from datetime import date
from typing import Any

import pytest
from docx import Document as read_word
from sqlalchemy import select
from web_world import World, user_id

from api.render import MENU
from dossier.search.worker import index_pending
from storage.settings import CHINA
from storage.tables import AuditEntry, ImportantMatter, Quarantine, Talk, User

SECRET = "突发急病住院"
FACT = f"该同志{SECRET}，工作由副区长代管。"


def report(world: World, login: str = "unit", **changes: Any) -> int:
    """A report of D01 on its head of government, past him."""
    values = {
        "kind": "重大疾病", "cadre_id": "P002", "occurred_on": "2025-10-15", "occurred_hour": "20:00", "fact": FACT,
        "effect": "暂不能履职", "expected": "两个月", "signer": "某副区长", "reporter": "蓝知夏",
        "channel": "班子副职直接报", **changes,
    }  # fmt: skip
    answer = world.client(login).post("/api/matters", json=values)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def received(world: World) -> tuple[int, str]:
    number = report(world)
    return number, world.client("off1").post(f"/api/matters/{number}/receive").json()["receipt"]


@pytest.mark.parametrize("login", ["off1", "head", "kh", "sup", "dep", "min", "unit", "sys", "aud"])
def test_every_menu_entry_opens_for_its_roles_and_no_other_page_leads_out(world: World, login: str) -> None:
    client = world.client(login)
    with world.system.database.read() as session:
        role = session.get_one(User, user_id(world, login)).role
    start = client.get("/")
    assert start.status_code in (200, 303), login
    for path, name, roles in MENU[1:]:
        code = client.get(path).status_code
        assert (code in (200, 303)) == (role in roles), (login, path, name, code)


def test_first_pages_fit_the_role(world: World) -> None:
    assert world.client("unit").get("/").headers["location"] == "/unit"
    assert "干部监督处工作台" in world.client("sup").get("/").text
    for login in ("dep", "min"):
        page = world.client(login).get("/").text
        assert "部领导工作台" in page
        assert "待确认队列" not in page


def test_leaders_read_and_change_nothing(world: World) -> None:
    index_pending(world.system.database, world.system.index)
    client = world.client("min")
    for path in ("/teams", "/teams/D01", "/cadres", "/search?q=望澜区", f"/items/{world.items['award']}"):
        assert client.get(path).status_code == 200, path
    assert 'data-key="a"' not in client.get(f"/items/{world.items['award']}").text
    assert client.get("/queue").status_code == client.get("/api/queue").status_code == 403
    assert client.post(f"/api/evidence/{world.items['award']}/accept", json={}).status_code == 403
    for path in ("/teams/D01/open", "/api/liaison", "/api/batches", "/api/talks"):
        assert client.post(path, json={}, data=None).status_code in (403, 422)
    for path in ("/upload", "/briefs", "/sources", "/roster", "/users", "/audit", "/supervision"):
        assert client.get(path).status_code == 403, path


def test_supervision_sees_the_restricted_and_not_the_rest(world: World) -> None:
    client = world.client("sup")
    for path in ("/queue", "/teams", "/teams/D01", "/cadres", "/cadres/P002", "/search?q=望澜区", "/batches", "/talks",
                 "/zones", "/indicators", "/api/queue", "/api/teams", "/api/search?q=望澜区",
                 f"/api/documents/{world.documents['award']}"):  # fmt: skip
        assert client.get(path).status_code in (403, 404), path
    assert client.get(f"/items/{world.items['award']}").status_code == 404
    [row] = client.get("/api/restricted").json()
    assert row["id"] == world.items["illness"]
    assert "受控条目" in client.get(f"/items/{row['id']}").text
    assert client.get("/api/quarantine").json()[0]["state"] == "待移交"
    with world.system.database.read() as session:
        letter = session.scalars(select(Quarantine.id)).one()
    data = {"handed_to": "市纪委监委信访室", "receipt": "收2025-018"}
    assert client.post(f"/api/quarantine/{letter}/hand-over", json=data).status_code == 200


def test_a_unit_sees_its_own_reports_by_number_only(world: World) -> None:
    number = report(world, kind="分工调整", fact="班子分工调整，新增分管营商环境。", effect="不影响", expected="")
    client = world.client("unit")
    assert client.get("/api/matters").json()["own"] == []  # direct: past the main leader
    assert client.get(f"/api/matters/{number}").status_code == 403
    assert client.get(f"/matters?number={number}").status_code == 200
    for path in ("/teams", "/queue", "/search?q=望澜区", "/talks", "/zones", "/supervision", "/restricted"):
        assert client.get(path).status_code == 403, path


def test_a_receipt_is_given_without_reading(world: World) -> None:
    number = report(world)
    officer = world.client("off1")
    assert "望澜区" in officer.get("/matters").text
    assert SECRET not in officer.get("/matters").text
    assert "佟以宁" not in officer.get("/matters").text
    assert world.client("off3").post(f"/api/matters/{number}/receive").status_code == 404
    assert officer.post(f"/api/matters/{number}/receive").json()["receipt"] == "ZBSX-2025-0001"
    assert officer.get(f"/api/matters/{number}").status_code == 403


def test_refusals_on_the_web_repeat_no_words(world: World) -> None:
    client = world.client("unit")
    wrong = {"kind": "重大疾病", "cadre_id": "P002", "occurred_on": "2025-10-15", "fact": "确诊胃癌", "signer": "甲",
             "reporter": "乙", "channel": "班子副职直接报"}  # fmt: skip
    answer = client.post("/api/matters", json=wrong)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "MATTER-DIAGNOSIS")
    assert "胃癌" not in answer.text
    answer = client.post("/api/matters", json={**wrong, "fact": "住院", "title": "领导干部个人有关事项报告表"})
    assert answer.json()["error"]["code"] == "MATTER-STATUTORY"


def test_the_statutory_report_is_refused_where_files_are_taken_in(world: World) -> None:
    files = {"files": ("领导干部个人有关事项报告表.txt", "填报人：某某".encode(), "text/plain")}
    answer = world.client("off1").post("/api/uploads", files=files, data={"unit": "D01", "secrecy": "内部"})
    assert "REPORT-STATUTORY" in answer.text
    with world.system.database.read() as session:
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "upload-refused")) is not None


def test_restricted_matter_is_nowhere_else(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Search, suggestions, dossiers, queue, exports, charts, products, logs and counts (domain.md §7 item 6)."""
    caplog.set_level(logging.DEBUG)
    number, receipt = received(world)
    index_pending(world.system.database, world.system.index)
    sup = world.client("sup")
    assert sup.post(f"/api/matters/{number}/readers", json={"login": "min"}).status_code == 200
    assert SECRET in sup.get(f"/matters/{number}").text
    words = (SECRET, receipt, "ZBSX")
    assert world.client("off1").get("/api/search?q=营商环境").json()["total"] > 0  # the search itself works
    closed = ("off1", "head", "kh", "dep", "sys", "aud")
    for login in closed:
        client = world.client(login)
        for path in ("/", "/queue", "/teams", "/teams/D01", "/cadres", "/batches", "/talks", "/zones", "/matters",
                     "/briefs", "/products", "/search?q=住院", "/search?q=突发急病", "/search/suggest?q=突发", "/audit",
                     "/api/search?q=突发急病", "/api/search/suggestions?q=突发", "/api/teams/D01", "/api/matters",
                     "/api/audit", "/api/audit/export.csv", "/api/desk"):  # fmt: skip
            text = client.get(path).text
            assert not any(word in text for word in words), (login, path)
        assert client.get(f"/api/matters/{number}").status_code in (403, 404)
        assert client.get(f"/matters/{number}.docx").status_code in (403, 404)
    opened = world.client("head")
    opened.post("/cadres/P002/purpose", data={"purpose": "谈话"})
    assert SECRET not in opened.get("/cadres/P002").text
    with world.system.database.read() as session:
        logged = json.dumps([row.detail for row in session.scalars(select(AuditEntry))], ensure_ascii=False)
    assert not any(word in logged for word in (*words, "P002", "佟以宁"))
    assert not any(word in caplog.text for word in (*words, "佟以宁"))


def test_counts_outside_are_closed_under_three(world: World) -> None:
    received(world)
    assert "少于3" in world.client("kh").get("/matters").text
    [row] = world.client("kh").get("/api/matters").json()["counts"]
    assert row["cells"] == ["少于3"] * 4
    [row] = world.client("sup").get("/api/matters").json()["counts"]
    assert row["cells"] == ["0", "1", "0", "0"]
    assert world.client("off1").get("/api/matters").json()["counts"] == []


def test_the_brief_says_a_number_to_those_cleared_only(world: World) -> None:
    number, _ = received(world)
    wanted = {"cadre": "P002", "kind": "关怀", "interviewer": "阎澄舟"}
    plain = world.client("head").post("/api/briefs", json=wanted).json()
    assert "重要事项" not in json.dumps(plain["content"], ensure_ascii=False)
    world.client("sup").post(f"/api/matters/{number}/readers", json={"login": "head1"})
    told = world.client("head1").post("/api/briefs", json=wanted).json()
    text = json.dumps(told["content"], ensure_ascii=False)
    assert "近期有重要事项报告1件，详见受控页。" in text
    assert SECRET not in text
    assert world.client("head").get(f"/api/briefs/{told['id']}").status_code == 404
    off = world.client("off1").post("/api/briefs", json=wanted).json()
    assert "重要事项" not in json.dumps(off["content"], ensure_ascii=False)


def test_the_form_is_a_word_file_for_readers(world: World) -> None:
    number, receipt = received(world)
    answer = world.client("sup").get(f"/matters/{number}.docx")
    word = read_word(io.BytesIO(answer.content))
    text = "\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    assert receipt in text
    assert FACT in text


def test_formal_acts_are_of_one_role_and_no_talk_makes_one(world: World) -> None:
    given = {"kind": "函询", "cadre_id": "P024", "team_id": "MA03", "matter": "有关问题", "approver": "部长",
             "document_no": "澜组监〔2025〕1号", "delivered_on": "2025-10-09"}  # fmt: skip
    assert world.client("sup").post("/api/supervision", json=given).json()["reply_due"] == "2025-10-29"
    for login in ("off1", "head", "kh", "dep", "min", "unit", "sys", "aud"):
        client = world.client(login)
        assert client.get("/supervision").status_code == client.get("/api/supervision").status_code == 403
        assert client.post("/api/supervision", json=given).status_code == 403
    assert "澜组监" not in world.client("min").get("/").text
    talk = {"trigger": "提醒", "interviewer": "head1", "staff": ["off1"], "cadres": ["P002"], "place": "甲",
            "starts_at": "2025-10-17T09:00:00"}  # fmt: skip
    assert world.client("off1").post("/api/talks", json=talk).json()["error"]["code"] == "TALK-FIELD"
    talk |= {"trigger": "关怀", "theme": "对其诫勉"}
    assert world.client("off1").post("/api/talks", json=talk).json()["error"]["code"] == "TALK-FORMAL"


def test_a_talk_from_plan_to_word(world: World) -> None:
    off, head = world.client("off1"), world.client("head1")
    talk = {"trigger": "考核反馈", "theme": "三季度工作", "interviewer": "head1", "staff": ["off1"],
            "cadres": ["P002"], "place": "谈话室", "starts_at": "2025-10-16T09:00:00"}  # fmt: skip
    number = off.post("/api/talks", json=talk).json()["id"]
    assert off.post("/api/talks", json=talk).json()["error"]["code"] == "TALK-CONFLICT"
    assert head.post(f"/talks/{number}/approve", data={}).status_code == 303
    page = off.get(f"/talks/{number}").text
    assert "拟稿，尚未保存" in page
    outline = {"purpose": "了解情况", "questions": "\n".join(f"问题{n}？" for n in range(5)), "version": "0"}
    assert off.post(f"/talks/{number}/outline", data=outline).status_code == 303
    record = {"day": "2025-10-16", "began": "09:00", "ended": "09:50", "place": "谈话室", "topics": "三季度工作",
              "question": ["问题0？", ""], "answer": ["按期", "无"], "statement": "抓好落实", "item": ["补齐台账", ""],
              "owner": ["佟以宁", ""], "due": ["2025-11-30", ""], "whose": ["P002", "P002"]}  # fmt: skip
    assert off.post(f"/talks/{number}/record", data=record).status_code == 303
    confirm = {"cadre": "P002", "confirmed": "未签认", "reason": "出差", "on": "2025-10-16"}
    assert off.post(f"/talks/{number}/confirm", data=confirm).status_code == 303
    for which, words in (("outline", "问题4？"), ("record", "补齐台账")):
        answer = off.get(f"/talks/{number}/{which}.docx")
        assert words in "\n".join(p.text for p in read_word(io.BytesIO(answer.content)).paragraphs)
    [line] = off.get(f"/api/talks/{number}").json()["follow_ups"]
    settled = {"state": "done", "result": "已补齐", "on": "2025-10-16"}
    assert off.post(f"/talks/follow-ups/{line['id']}", data=settled).status_code == 303
    brief = off.post("/api/briefs", json={"cadre": "P002", "kind": "回访", "interviewer": "阎澄舟"}).json()
    assert "要求的1件事已落实1件" in json.dumps(brief["content"], ensure_ascii=False)
    made = off.post(f"/talks/{number}/product", data={"which": "outline"})
    assert made.headers["location"].startswith("/products/")
    assert world.client("kh").get("/api/talks").json()["counts"]["persons"] == 1


def test_a_request_reaches_two_people(world: World) -> None:
    off = world.client("off1")
    subject = "关于个人分工的想法"
    given = {"cadre": "P002", "addressee": "min", "subject": subject}
    assert off.post("/api/talks/requests", json=given).status_code == 201
    [row] = world.client("min").get("/api/talks/requests").json()
    assert row["answer_due"] == "2025-10-23"
    assert subject in world.client("min").get("/talks/requests").text
    for login in ("off1b", "head1", "head", "dep"):
        assert subject not in world.client(login).get("/talks/requests").text
        assert world.client(login).get("/api/talks/requests").json() == []
    fields = {"fields": {"state": "accepted", "answer": "下周三"}}
    assert world.client("min").post(f"/api/talks/requests/{row['id']}/answer", json=fields).status_code == 200
    refused = off.post(f"/api/talks/requests/{row['id']}/tell", json={})
    assert refused.json()["error"]["code"] == "TALK-CONSENT"
    plan = {"day": "2025-10-22", "clock": "15:00", "place": "部长室", "staff": "off1"}
    made = off.post(f"/talks/requests/{row['id']}/schedule", data=plan)
    talk = int(made.headers["location"].rsplit("/", 1)[1])
    assert world.client("head1").get(f"/talks/{talk}").status_code == 404
    assert world.client("min").get(f"/talks/{talk}").status_code == 200
    with world.system.database.read() as session:
        assert session.get_one(Talk, talk).theme == ""


def test_liaison_zones_and_batches_on_the_web(world: World) -> None:
    off = world.client("off1")
    contact = {"team": "D01", "on": "2025-10-15", "kind": "调研", "officers": ["off1", "off1b"], "facts": "实地了解。"}
    assert off.post("/liaison", data=contact).status_code == 303
    found = off.get("/api/zones").json()
    assert "D01" not in found["missing"]
    assert "D02" in found["missing"]
    assert {z["id"] for z in found["zones"]} == {"Z1", "Z2"}
    assert off.get("/zones/Z4").status_code == off.get("/api/zones/Z4").status_code == 404
    duty = {"kind": "deputy", "login": "off3", "start": "2025-10-16", "end": "2025-10-17", "reason": "休假"}
    assert world.client("off3").get("/teams/D01").status_code == 404
    assert world.client("head1").post("/zones/Z1/duties", data=duty).status_code == 303
    assert world.client("off3").get("/teams/D01").status_code == 200
    move = {"team": "D05", "to": "Z2", "start": "2025-10-16", "reason": "调整"}
    assert world.client("kh").post("/zones/Z1/move", data=move).status_code == 303
    assert "D05" in [t["team_id"] for t in off.get("/api/zones/Z2").json()["teams"]]
    batch = {"since": "2025-10-01", "until": "2025-10-15"}
    assert off.post("/batches", data=batch).status_code == 303
    [row] = off.get("/api/batches").json()["batches"]
    assert off.post(f"/batches/{row['id']}/close", data={}).status_code == 303
    assert "收集新闻资料1次" in off.get("/api/batches").json()["statistic"]["sentence"]


def test_the_key_file_stays_outside_the_database(world: World) -> None:
    received(world)
    assert (world.system.settings.data / "keys" / "matters.key").is_file()
    with world.system.database.read() as session:
        row = session.scalars(select(ImportantMatter)).one()
        assert row.reported_at.astimezone(CHINA).date() == date(2025, 10, 16)
        assert SECRET not in row.sealed
