"""核查记录, 告知与申辩, 记实, 销毁清册, 交接事项 on pages and in JSON, with rights, clocks and audit."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from web_world import World, user_id

from dossier import terms
from storage.tables import AuditEntry, Clearing, Evidence, Tenure

LOOK = {
    "channel": "看", "on": "2025-10-14", "summary": "现场已围挡，与通报一致", "f_place": "石岭县",
    "f_project": "在建工地", "officers": "苏禾、季明川",
}  # fmt: skip


def verified(world: World, key: str = "accident") -> int:
    """The adverse item, verified by two officers and a head; everything over the web."""
    first, second, head = world.client("off1"), world.client("off1b"), world.client("head1")
    item = world.items[key]
    url = f"/api/evidence/{item}"
    first.post(f"{url}/accept", json={})
    assert first.post("/records", data={**LOOK, "item": item}).status_code == 303
    asked = {
        **LOOK,
        "channel": "访",
        "f_channel": "电话询访",
        "f_respondents": "3",
        "f_questions": "您了解工地情况吗？",
    }
    assert first.post("/records", data={**asked, "item": item}).status_code == 303
    first.post(f"{url}/propose", json={"conclusion": "已核实", "reason": "两种渠道一致"})
    second.post(f"{url}/agree", json={})
    assert head.post(f"{url}/sign", json={}).json()["state"] == "已核实"
    return item


def test_a_record_by_form_covers_its_team_and_is_found(world: World) -> None:
    verified(world)
    client = world.client("off1")
    assert "现场已围挡" in client.get("/records?quarter=2025Q4").text
    table = client.get("/records/coverage?quarter=2025Q4").text
    assert "访 0 次" in table or "尚未开展核查" in table
    rows = {r["team"]: r for r in client.get("/api/records/coverage?quarter=2025Q4").json()["teams"]}
    assert rows["D09"]["counts"] == {"听": 0, "看": 1, "查": 0, "谈": 0, "访": 1, "调": 0}
    assert rows["D09"]["rate"] == "100.0%"
    sheet = client.get("/records/coverage.csv?quarter=2025Q4")
    assert "石岭县".encode() in sheet.content
    assert "f_respondents" in client.get("/records/fields?channel=访").text
    missing = client.post("/records", data={**LOOK, "f_place": "", "item": world.items["accident"]})
    assert missing.status_code == 422
    assert world.client("unit").get("/records").status_code == 403


def test_a_unit_is_told_answers_and_another_officer_reviews(world: World) -> None:
    item = verified(world)
    first = world.client("off1")
    page = first.get(f"/items/{item}").text
    assert "告知石岭县" in page
    assert "5个工作日" in page
    assert "未告知单位" in page  # what is still missing before a package
    with world.system.database.write() as session:
        session.get_one(Evidence, item).team_id = "D01"  # the demo's unit account speaks for D01
    first.post(f"/items/{item}/notify", data={"text": "现就在建工地坍塌一事听取意见。"})
    unit = world.client("unit")
    [notice] = unit.get("/api/hearings").json()
    assert (notice["code"], notice["evidence_id"], notice["due"]) == ("", 0, "2025-10-23")
    path = f"/hearings/{notice['id']}"
    assert "现就在建工地坍塌一事" in unit.get(path).text
    assert world.client("unit2").get(path).status_code == 404
    assert unit.post(f"{path}/statement", data={"text": "已停工整改。", "documents": "整改方案"}).status_code == 303
    assert unit.post(f"{path}/review", data={"result": "维持", "reason": "x"}).status_code == 403
    assert first.post(f"{path}/review", data={"result": "维持", "reason": "一致"}).status_code in (403, 409, 422)
    assert world.client("kh").post(f"{path}/review", data={"result": "维持", "reason": "与结论一致"}).status_code == 303
    assert "已停工整改。（复核：维持）" in first.get(f"/items/{item}").text
    assert "复核" in first.get("/hearings").text


def test_leniency_and_exception_go_to_their_deciders(world: World) -> None:
    item = verified(world)
    head = world.client("head1")
    form = {"leniency": "不涉及", "distinction": ["不涉及"] * 3, "reason": "经研究不涉及", "body": ""}
    assert head.post(f"/items/{item}/leniency", data=form).status_code == 303
    [row] = world.client("sup").get("/api/hearings/leniency").json()
    step = f"/hearings/leniency/{row['id']}"
    assert world.client("dep").post(f"{step}/sign", data={"agree": "yes", "body": "部务会"}).status_code >= 400
    assert world.client("sup").post(f"{step}/check", data={"agree": "yes"}).status_code == 303
    assert world.client("dep").post(f"{step}/sign", data={"agree": "yes", "body": "部务会"}).status_code == 303
    assert world.item("accident").leniency == "不涉及"
    assert head.post(f"/items/{item}/exception", data={"reason": "告知可能妨碍事故调查取证"}).status_code == 303
    sup = world.client("sup")
    assert "告知可能妨碍事故调查取证" in sup.get("/hearings/exceptions").text
    assert world.client("kh").get("/hearings/exceptions").status_code == 403
    assert "妨碍" not in world.client("off1").get(f"/items/{item}").text
    with world.system.database.read() as session:
        logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence-exception")).one()
        assert "妨碍" not in str(logged.detail)
    found = sup.get("/api/hearings/exceptions").json()[0]["id"]
    assert (
        sup.post(f"/hearings/exceptions/{found}/decide", data={"decision": "同意", "reason": "取证期间"}).status_code
        == 303
    )
    assert "未告知" not in str(head.get(f"/items/{item}").text.split("还需")[1:])


def test_the_ledger_by_pages_with_purpose_and_steps(world: World) -> None:
    off, off_b, kh = world.client("off1"), world.client("off1b"), world.client("kh")
    item = world.items["award"]
    off.post(f"/api/evidence/{item}/accept", json={})
    off.post("/records", data={**LOOK, "item": item})
    off.post(f"/api/evidence/{item}/propose", json={"conclusion": "已核实", "reason": "现场核实"})
    off_b.post(f"/api/evidence/{item}/agree", json={})
    assert world.item("award").state == terms.VERIFIED
    assert "全省营商环境创新奖" in kh.get("/ledger/new?cadre=P001").text
    form = {
        "cadre": "P001", "team": "D01", "kind": "业绩", "horizon": "显绩", "role": "决策", "matter": "营商环境改革",
        "text": "主持决策并推动营商环境改革", "decided_on": "2024-03-01", "effects_on": "2025-10-14", "item": item,
    }  # fmt: skip
    made = kh.post("/ledger/entries", data=form)
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    assert off.get(path).status_code == 404  # a draft
    assert world.client("sup").post(f"{path}/check", data={"agree": "yes"}).status_code == 303
    assert world.client("dep").post(f"{path}/approve", data={"agree": "yes"}).status_code == 303
    assert "请先说明查阅用途" in off.get("/ledger/cadres/P001").text
    off.post("/ledger/cadres/P001/purpose", data={"purpose": "考核"})
    shown = off.get("/ledger/cadres/P001").text
    assert "任职重叠参考" in shown
    assert "营商环境改革" in shown
    kh.post("/ledger/cadres/P001/purpose", data={"purpose": "考核"})
    assert "编制记实表" in kh.get("/ledger/cadres/P001").text
    paper = kh.post("/ledger/cadres/P001/product", data={})
    assert "营商环境改革" in kh.get(paper.headers["location"]).text
    assert kh.post(f"{path}/track", data={"due": "2025-12-01", "what": "核对政策兑现"}).status_code == 303
    assert "核对政策兑现" in kh.get("/ledger").text
    assert "营商环境改革" in world.client("min").get("/ledger/closing/2025").text
    assert kh.post("/ledger/closing/2025", data={}).status_code >= 400  # the year has not ended
    assert kh.post(f"{path}/reverse", data={"reason": "决策日期经核对有误"}).status_code == 303
    opened = world.client("aud").get("/audit?object=P001").text
    assert "考核" in opened  # journey 12: who read, and for what
    assert "苏禾" in opened
    assert "苏禾" in world.client("aud").get("/audit?object=沈砚舟&act=ledger-open").text


def test_untrue_is_destroyed_by_three_roles(world: World) -> None:
    first, second, head = world.client("off1"), world.client("off1b"), world.client("head1")
    item = world.items["accident"]
    url = f"/api/evidence/{item}"
    first.post(f"{url}/accept", json={})
    first.post("/records", data={**LOOK, "item": item})
    asked = {
        **LOOK,
        "channel": "访",
        "f_channel": "电话询访",
        "f_respondents": "3",
        "f_questions": "您了解工地情况吗？",
    }
    first.post("/records", data={**asked, "item": item})
    first.post(f"{url}/propose", json={"conclusion": "不属实", "reason": "现场没有此事"})
    second.post(f"{url}/agree", json={})
    head.post(f"{url}/sign", json={})
    assert "2025-11-15" in first.get("/clearings").text
    with world.system.database.write() as session:
        session.scalars(select(Clearing)).one().purge_due = date(2025, 10, 1)
    sys, aud, dep = world.client("sys"), world.client("aud"), world.client("dep")
    assert sys.post("/destruction", data={}).status_code == 303
    page = aud.get("/destruction").text
    assert world.item("accident").code in page
    assert "坍塌" not in page
    assert aud.post("/destruction/1/check", data={"agree": "yes"}).status_code == 303
    assert dep.post("/destruction/1/sign", data={"agree": "yes"}).status_code == 303
    assert sys.post("/destruction/1/carry-out", data={}).status_code == 303
    with world.system.database.read() as session:
        assert "坍塌" not in session.get_one(Evidence, item).passage.text
    assert "已销毁" in sys.get("/destruction").text


def test_a_new_leader_finds_what_is_open_and_nothing_moved(world: World) -> None:
    with world.system.database.write() as session:
        tenure = session.scalars(select(Tenure).where(Tenure.cadre_id == "P020", Tenure.end.is_(None))).one()
        tenure.start = date(2025, 9, 1)
    client = world.client("off1")
    client.post(f"/api/evidence/{world.items['accident']}/accept", json={})
    assert "燕归鸿" in client.get("/taking-office").text
    page = client.get("/taking-office/D09").text
    assert "所反映的情况如何" in page
    assert "坍塌，经查" not in page  # asked, not stated
    assert client.get("/api/taking-office/D09").json()["waiting"][0]["state"] == "待核实"
    assert world.client("off3").get("/taking-office/D09").status_code == 404


def test_similar_past_items_are_moved_together(world: World) -> None:
    client = world.client("off1")
    park, road = world.items["park"], world.items["road"]
    for item in (park, road):
        client.post(f"/api/evidence/{item}/accept", json={})
    move = {"team_id": "D02", "reason": "实为青棠区街道"}
    assert client.post(f"/api/evidence/{park}/correct", json=move).status_code == 200
    offered = [row["id"] for row in client.get(f"/api/evidence/{park}/similar").json()]
    assert road in offered
    assert "同类条目" in client.get(f"/items/{park}").text
    assert client.post(f"/items/{park}/similar", data={"item": [road], "reason": ""}).status_code >= 400
    assert client.post(f"/items/{park}/similar", data={"item": [road], "reason": "同上"}).status_code == 303
    assert world.item("road").team_id == "D02"


def test_a_correction_request_and_the_desk(world: World) -> None:
    off, head, head1 = world.client("off1"), world.client("head"), world.client("head1")
    form = {"cadre": "P001", "received": "2025-10-15", "way": "书面", "text": "任职起始日期有误，请求更正"}
    assert off.post("/corrections", data=form).status_code == 303
    assert "更正请求" in off.get("/").text  # the register of deadlines on the desk
    answer = {"outcome": "予以更正", "answer": "经核对任免文件，已予更正"}
    assert head1.post("/corrections/1/prepare", data=answer).status_code == 303
    assert head1.post("/corrections/1/answer", data={}).status_code >= 400
    assert head.post("/corrections/1/answer", data={}).status_code == 303
    assert off.get("/api/corrections").json()[0]["outcome"] == "予以更正"
    assert user_id(world, "head") > 0


@pytest.mark.parametrize("login", ["off1", "head1", "kh", "sup", "dep", "min", "unit", "sys", "aud"])
def test_every_page_opens_for_those_who_have_it_in_their_menu(world: World, login: str) -> None:
    client = world.client(login)
    home = client.get("/destruction" if login in ("sys", "aud") else "/hearings")
    assert home.status_code == 200
    for path in ("/records", "/records/new", "/records/coverage", "/hearings", "/hearings/leniency", "/clearings",
                 "/corrections", "/ledger", "/ledger/closing/2024", "/destruction", "/taking-office"):  # fmt: skip
        assert client.get(path).status_code in (200, 403), path
