"""Review by page and JSON: decide, undo, correct, batch fix, and the two-officer verification of an adverse item."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from web_world import World, user_id

from dossier import rule_book
from dossier.notice import ORIGIN
from storage.tables import AuditEntry, Evidence

HX = {"hx-request": "true"}


def queue_form(world: World, key: str, **more: Any) -> dict[str, Any]:
    return {"back": "queue", "version": world.item(key).version, **more}


def test_queue_shows_source_date_reason_and_keys(world: World) -> None:
    page = world.client("off1").get("/queue", params={"id": world.items["practice"]}).text
    for words in ("澜宁日报", "2025-10-14", "1 家转载", "依据“工作法”", "命中：青棠区", "/help#T1", "置信度 90%",
                  'data-key="a"', 'data-key="r"', 'data-key="5"', 'data-key="ArrowRight"',
                  '<mark class="team">青棠区'):  # fmt: skip
        assert words in page, words


def test_accept_goes_on_to_the_next_and_offers_undo(world: World) -> None:
    client = world.client("off1")
    form = queue_form(world, "practice", next=world.items["park"])
    answer = client.post(f"/items/{world.items['practice']}/accept", data=form, headers=HX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f"已采用 {world.item('practice').code}" in answer.text
    assert f'action="/items/{world.items["practice"]}/undo"' in answer.text
    assert world.item("park").code in answer.text
    assert answer.headers["hx-replace-url"].endswith(f"id={world.items['park']}")
    assert world.item("practice").state == "已采用"
    undone = client.post(f"/items/{world.items['practice']}/undo", data={"back": "queue"}, headers=HX)
    assert "已撤销" in undone.text
    assert world.item("practice").state == "待确认"


def test_plain_forms_work_without_script(world: World) -> None:
    client = world.client("off1")
    form = queue_form(world, "park", next=world.items["road"])
    answer = client.post(f"/items/{world.items['park']}/reject", data=form)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "已标为不采用" in page
    assert world.item("road").code in page
    assert world.item("park").state == "不采用"


def test_decisions_are_audited_with_the_item(world: World) -> None:
    world.client("off1").post(f"/items/{world.items['practice']}/accept", data=queue_form(world, "practice"))
    with world.system.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence-accept")).one()
    assert (entry.user_id, entry.object_id) == (user_id(world, "off1"), world.item("practice").code)


def test_officers_topic_stands_beside_the_machines(world: World) -> None:
    client = world.client("off1")
    form = queue_form(world, "practice", label="highlight")
    page = client.post(f"/items/{world.items['practice']}/correct", data=form, headers=HX).text
    assert "机器：做法 → 经办：亮点" in page
    assert world.item("practice").label == "highlight"
    found = client.get(f"/api/evidence/{world.items['practice']}").json()
    assert (found["label"], found["machine_label"], found["because"]) == ("highlight", "practice", "依据“工作法”")


def test_sub_type_must_fit_the_topic(world: World) -> None:
    client = world.client("off1")
    item = world.items["practice"]
    assert client.post(f"/items/{item}/correct", data=queue_form(world, "practice", sub_type="ZF1")).status_code == 303
    bad = client.post(f"/items/{item}/correct", data=queue_form(world, "practice", sub_type="WT1"), headers=HX)
    assert bad.status_code == 422
    assert bad.headers["hx-retarget"] == "#errors"
    assert "REVIEW-SUBTYPE" in bad.text


def test_stale_version_is_refused(world: World) -> None:
    item, form = world.items["practice"], queue_form(world, "practice", label="highlight")
    world.client("off1").post(f"/items/{item}/correct", data=form)
    late = world.client("off1b").post(f"/api/evidence/{item}/accept", json={"version": form["version"]})
    assert late.status_code == 409


def test_team_is_moved_and_similar_items_follow(world: World) -> None:
    client = world.client("off1")
    item = world.items["park"]
    form = queue_form(world, "park", team_id="D03", role="主体", cadres_shown="true", reason="实为白榆区")
    page = client.post(f"/items/{item}/correct", data=form, headers=HX).text
    assert "机器：望澜区 → 经办：白榆区" in page
    assert "另有 1 条待确认条目与本条归属理由相同" in page
    done = client.post(f"/queue/{item}/similar", data={"back": "queue"}, headers=HX).text
    assert "已一并改正 1 条" in done
    assert world.item("road").team_id == "D03"
    assert world.item("award").team_id == "D01"  # 本单位信源: another reason


def test_nobody_can_be_chosen_and_then_the_item_is_not_adopted(world: World) -> None:
    client = world.client("off1")
    item = world.items["park"]
    client.post(f"/items/{item}/correct", data=queue_form(world, "park", team_id="-", reason="都不是"))
    assert world.item("park").team_id is None
    refused = client.post(f"/api/evidence/{item}/accept", json={})
    assert refused.json()["error"]["code"] == "REVIEW-NO-TEAM"


def test_undecided_item_needs_team_and_role_from_an_officer(world: World) -> None:
    client = world.client("off1")
    item = world.items["unnamed"]
    page = client.get("/queue", params={"lane": "undecided"}).text
    assert "仅标题提及" in page
    assert "可能是禾丰县" in page
    client.post(f"/api/evidence/{item}/correct", json={"team_id": "D08"})
    assert client.post(f"/api/evidence/{item}/accept", json={}).json()["error"]["code"] == "REVIEW-NO-ROLE"
    client.post(f"/api/evidence/{item}/correct", json={"role": "主体"})
    assert client.post(f"/api/evidence/{item}/accept", json={}).json()["state"] == "已采用"


def test_only_a_holder_of_that_day_can_be_added(world: World) -> None:
    client = world.client("off1")
    item = world.items["park"]
    offered = client.get(f"/items/{item}/holders", params={"team_id": "D01"}).text
    assert "佟以宁" in offered
    assert "陆屿衡" not in offered  # left D01 in 2023
    stranger = client.post(f"/api/evidence/{item}/correct", json={"cadres": {"P003": "主体"}})
    assert stranger.json()["error"]["code"] == "REVIEW-CADRE"
    form = queue_form(world, "park", cadres_shown="true", add_cadre="P002", add_role="主体")
    assert client.post(f"/items/{item}/correct", data=form).status_code == 303
    found = client.get(f"/api/evidence/{item}").json()
    assert [(c["id"], c["role"]) for c in found["cadres"]] == [("P002", "主体")]
    off = queue_form(world, "park", cadres_shown="true", cadre=["P002="])
    client.post(f"/items/{item}/correct", data=off)
    assert client.get(f"/api/evidence/{item}").json()["cadres"] == []


def test_form_without_a_change_is_refused(world: World) -> None:
    form = queue_form(world, "park", team_id="D01", role="主体", cadres_shown="true")
    answer = world.client("off1").post(f"/items/{world.items['park']}/correct", data=form)
    assert answer.status_code == 422
    assert "没有改动" in answer.text


def test_a_recused_team_cannot_be_reached_by_moving_an_item(world: World) -> None:
    answer = world.client("off1").post(f"/api/evidence/{world.items['park']}/correct", json={"team_id": "MB01"})
    assert answer.status_code == 404
    assert world.item("park").team_id == "D01"


def test_correcting_an_adopted_item_needs_a_reason(world: World) -> None:
    client = world.client("off1")
    item = world.items["practice"]
    client.post(f"/api/evidence/{item}/accept", json={})
    assert client.post(f"/api/evidence/{item}/correct", json={"label": "highlight"}).status_code == 422
    reasoned = {"label": "highlight", "reason": "获批试点"}
    assert client.post(f"/api/evidence/{item}/correct", json=reasoned).status_code == 200


def test_adverse_item_takes_two_officers_and_head(world: World) -> None:
    first, second, head = world.client("off1"), world.client("off1b"), world.client("head1")
    item = world.items["accident"]
    url = f"/api/evidence/{item}"
    assert first.post(f"{url}/accept", json={}).json()["state"] == "待核实"
    proposal = {"conclusion": "已核实", "reason": "有正式通报"}
    assert first.post(f"{url}/propose", json=proposal).json()["error"]["code"] == "VERIFY-RECORDS"
    record = {"channel": "查", "on": "2025-10-12", "summary": "查阅责令整改通知书", "official": True}
    assert first.post(f"{url}/records", json=record).json()["error"]["code"] == "RECORD-FIELD"
    record["fields"] = {"document": "整改通知书", "number": "澜安〔2025〕31号", "page": "1", "extract": "责令限期整改"}
    assert first.post(f"{url}/records", json=record).json()["error"]["code"] == "RECORD-OFFICERS"
    record["officers"] = ["苏禾"]
    assert first.post(f"{url}/records", json=record).json()["state"] == "核实中"
    assert first.post(f"{url}/propose", json=proposal).status_code == 200
    assert first.post(f"{url}/agree", json={}).json()["error"]["code"] == "VERIFY-SAME"
    assert head.post(f"{url}/sign", json={}).json()["error"]["code"] == "VERIFY-SECOND"
    assert second.get("/api/queue", params={"lane": "agree"}).json()["total"] == 1
    assert second.post(f"{url}/agree", json={}).json()["state"] == "核实中"
    assert second.post(f"{url}/sign", json={}).json()["error"]["code"] == "VERIFY-SIGN"
    assert head.post(f"{url}/sign", json={"reason": "同意"}).json()["state"] == "已核实"
    origin = first.post(f"{url}/notify", json={"text": "据澜宁发布·通知公告，请说明坍塌事故情况。"})
    assert origin.json()["error"]["code"] == "NOTICE-ORIGIN"
    assert first.post(f"{url}/notify", json={"text": "现就在建工地坍塌一事听取意见。"}).json()["notified"]
    assert first.post(f"{url}/respond", json={"statement": "已完成整改。"}).json()["response"] == "已完成整改。"
    apart = {"value": "不涉及", "reason": "处务会议定", "distinctions": ["不涉及"] * 3}
    assert first.post(f"{url}/leniency", json=apart).status_code == 403
    assert head.post(f"{url}/leniency", json=apart).json()["leniency"] == ""  # not before it is checked and signed
    page = head.get(f"/items/{item}").text
    for words in ("登记核查记录", "提出结论", "复核同意", "签批", "澜安〔2025〕31号", "核实中 → 已核实",
                  "苏禾", "季明川", "阎澄舟"):  # fmt: skip
        assert words in page, words
    assert head.post(f"{url}/withdraw", json={"state": "已撤回", "reason": "通报已更正"}).json()["state"] == "已撤回"


def test_verification_by_forms(world: World) -> None:
    first, second = world.client("off1"), world.client("off1b")
    item = world.items["practice"]
    first.post(f"/items/{item}/accept", data={})
    record = {
        "channel": "看", "on": "2025-10-15", "summary": "实地查看3个小区", "item": item, "back": f"/items/{item}",
        "f_place": "青棠区", "f_project": "改造小区", "officers": "苏禾、季明川",
    }  # fmt: skip
    assert first.post("/records", data=record).headers["location"] == f"/items/{item}"
    assert "实地查看3个小区" in first.get(f"/items/{item}").text
    first.post(f"/items/{item}/propose", data={"conclusion": "已核实", "reason": "实地查看属实"})
    assert "同意“已核实”" in second.get(f"/items/{item}").text
    assert "同意“已核实”" not in first.get(f"/items/{item}").text
    second.post(f"/items/{item}/return", data={"reason": "请补充照片编号"})
    assert world.item("practice").proposed_state == ""
    first.post(f"/items/{item}/propose", data={"conclusion": "已核实", "reason": "已补充"})
    second.post(f"/items/{item}/agree", data={})
    assert world.item("practice").state == "已核实"
    assert "undo" not in first.get(f"/api/evidence/{item}").json()["may"]


def test_notice_is_prefilled_without_its_origin(world: World) -> None:
    client = world.client("off1")
    item = world.items["accident"]
    client.post(f"/items/{item}/accept", data={})
    page = client.get(f"/items/{item}").text
    notice = page.split('name="text"')[1].split("</textarea>")[0]
    assert "石岭县" in notice
    assert "5个工作日" in notice
    assert "澜宁发布" not in notice
    told = ORIGIN.sub("", "本报讯（记者 周听雨）10月9日，某地发生坍塌。据澜宁日报报道，已停工。")
    assert told == "10月9日，某地发生坍塌。已停工。"


def test_queue_pages_and_filters(world: World) -> None:
    client = world.client("off1")
    first = client.get("/api/queue", params={"limit": 2}).json()
    rest = client.get("/api/queue", params={"limit": 200, "offset": 2}).json()
    assert first["total"] == 5
    assert len(first["items"]) + len(rest["items"]) == 5
    assert first["items"][0]["label"] == "problem"
    only = client.get("/api/queue", params={"label": "practice", "team": "D01"}).json()
    assert {i["id"] for i in only["items"]} == {world.items["park"], world.items["road"]}
    assert client.get("/queue", params={"lane": "nonsense"}).status_code == 422


def test_unknown_action_and_item(world: World) -> None:
    client = world.client("off1")
    assert client.post(f"/items/{world.items['park']}/promote", data={}).status_code == 404
    assert client.get("/items/999999").status_code == 404
    with world.system.database.read() as session:
        assert session.get_one(Evidence, world.items["park"]).version == 1


def test_text_from_outside_is_escaped(world: World) -> None:
    with world.system.database.write() as session:
        passage = session.get_one(Evidence, world.items["park"]).passage
        passage.text = "<script>alert(1)</script>" + passage.text
        passage.because = "<img src=x onerror=alert(1)>"
        passage.document.title = "<b onmouseover=alert(1)>标题"
    for path in (f"/queue?id={world.items['park']}", f"/items/{world.items['park']}",
                 f"/documents/{world.documents['park']}", "/"):  # fmt: skip
        page = world.client("off1").get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b onmouseover" not in page


@pytest.mark.parametrize(("precision", "shown"), [("month", "2025-10"), ("quarter", "2025年4季度"), ("year", "2025年")])
def test_items_open_however_coarse_their_date(world: World, precision: str, shown: str) -> None:
    with world.system.database.write() as session:
        session.get_one(Evidence, world.items["park"]).passage.event_precision = precision
    client = world.client("off1")
    for path in (f"/queue?id={world.items['park']}", f"/items/{world.items['park']}", "/teams/D01"):
        answer = client.get(path)
        assert answer.status_code == 200, path
    assert f"事发日期 <time>{shown}</time>" in client.get(f"/items/{world.items['park']}").text


def test_rules_in_reasons_lead_to_their_meaning(world: World) -> None:
    client = world.client("off1")
    page = client.get(f"/items/{world.items['park']}").text
    code = page.split('class="rule" href="/help#')[1].split('"')[0]
    assert rule_book.RULES[code] in page
    assert f'<tr id="{code}">' in client.get("/help").text
    for login in ("kh", "sys", "aud"):
        assert world.client(login).get("/help").status_code == 200
    assert world.client().get("/help").status_code == 303


def test_an_error_page_keeps_the_menu_and_names_the_field(world: World) -> None:
    client = world.client("off1")
    missing = client.get("/nope")
    assert (missing.status_code, "待确认队列" in missing.text) == (404, True)
    assert "待确认队列" not in world.client().get("/nope").text
    wrong = client.get("/teams/D01?since=10/16/2025")
    assert wrong.status_code == 422
    assert "起始日期（应为 2025-10-16 的形式）" in wrong.text
