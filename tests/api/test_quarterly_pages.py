"""季度考核, tasks, the unit's page and the use of results through pages and JSON, with rights, zones and bans."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from figures import add
from openpyxl import load_workbook
from record_world import viewer
from sqlalchemy import func, select
from web_world import AWARD, DEMO_PASSWORD, World, further, opened_copy

from api import pages, routes
from api.cli import commands
from appraisal.quarterly import claims, links, runs, tasks
from appraisal.quarterly.grading import counts_of, lights_of
from appraisal.quarterly.person import TOO_SHORT
from appraisal.quarterly.unit import FIELDS
from appraisal.results.circular import build_circular
from appraisal.review.quarter import parse_quarter
from dossier.products.check import check
from dossier.products.wanted import Wanted
from dossier.search.worker import reindex
from storage.tables import AuditEntry, Evidence, Post, TalkChoice, TaskClaim, Tenure
from tests.appraisal.quarter_world import freeze_three, verify_level, words

TODAY = date(2025, 10, 16)
Q4, PROJECTS = "2024Q4", "new_projects_2021_2024"
TITLES = ("营商环境创新", "街区长停车治理", "老旧小区改造")
CADRE = "P002"


def published(world: World) -> None:
    """Three frozen tasks of 望澜区, each verified; a published version of 2024Q4."""
    add(world, PROJECTS)
    with world.system.database.write() as session:
        ids = freeze_three(session, "D01", 2024, TITLES)
        for level, task in zip(("超额", "按期", "严重滞后"), ids, strict=True):
            verify_level(session, task, 4, level)
        row = runs.compute_run(session, viewer(session, "kh"), Q4)
        runs.check_run(session, viewer(session, "head1"), row.id, True)
        runs.publish_run(session, viewer(session, "min"), row.id, "澜考通〔2025〕1号", date(2025, 10, 13))


@pytest.fixture(scope="module")
def city_template(
    databases: Any, figures_template: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """The installation with figures and the quarter, built once."""
    return further(databases, figures_template, tmp_path_factory.mktemp("city") / "data", published)


@pytest.fixture
def city(databases: Any, city_template: tuple[Path, str], tmp_path: Path) -> Iterator[World]:
    """A fresh copy of it."""
    with opened_copy(databases, city_template, tmp_path / "data") as found:
        yield found


def run_id(world: World) -> int:
    with world.system.database.read() as session:
        return runs.list_runs(session)[0].id


def test_every_page_opens_for_those_whose_it_is_and_for_nobody_else(city: World) -> None:
    number = run_id(city)
    with city.system.database.read() as session:
        task = lights_of(session, parse_quarter(Q4))["D01"][0].task_id
    inside = ("/tasks", f"/tasks?quarter={Q4}&by=联系片", "/tasks/teams/D01?year=2024", f"/tasks/{task}", "/quarterly",
              f"/quarterly/{number}", f"/quarterly/{number}/teams/D01", f"/quarterly/{number}.csv", "/quarterly/rules",
              f"/quarterly/projects?quarter={Q4}", f"/results/{number}", "/api/tasks", f"/api/tasks/{task}",
              "/api/tasks/teams/D01?year=2024", "/api/quarterly", f"/api/quarterly/{number}",
              "/api/quarterly/rules?year=2024",
              f"/api/quarterly/{number}/differences", f"/api/results/{number}",
              "/tasks/new?team=D01&year=2025&number=1", f"/api/quarterly/projects?quarter={Q4}")  # fmt: skip
    people = {login: city.client(login) for login in ("off1", "kh", "min", "unit", "sup")}
    for login, client in people.items():
        wanted = 403 if login in ("unit", "sup") else 200
        for path in inside:
            assert client.get(path).status_code == wanted, (login, path)
    unit = people["unit"]
    for path in ("/unit", f"/unit?quarter={Q4}", "/unit/tasks?year=2024", f"/unit/sheets/{number}",
                 f"/unit/progress.xlsx?quarter={Q4}", f"/api/unit?quarter={Q4}",
                 f"/api/unit/sheets/{number}"):  # fmt: skip
        assert unit.get(path).status_code == 200, path
        assert people["kh"].get(path).status_code == 403, path
    assert unit.get("/").headers["location"] == "/unit"
    for path in (f"/results/{number}/notice", f"/api/results/{number}/notice"):
        assert people["kh"].get(path).status_code == 200
        assert people["off1"].get(path).status_code == 403


def test_another_zone_sees_neither_board_nor_lines_nor_tasks(city: World) -> None:
    other, number = city.client("off3"), run_id(city)
    with city.system.database.read() as session:
        task = lights_of(session, parse_quarter(Q4))["D01"][0]
    assert "望澜区" not in other.get(f"/tasks?quarter={Q4}").text
    assert "望澜区" not in other.get(f"/quarterly/{number}").text
    assert other.get(f"/tasks/{task.task_id}").status_code == 404
    assert other.get("/tasks/teams/D01?year=2024").status_code == 404
    assert other.get(f"/quarterly/{number}/teams/D01").status_code == 404
    for step in ("reopen", "found", "agree", "sign"):
        assert other.post(f"/api/tasks/claims/{task.claim_id}/{step}", json={"text": "x"}).status_code in (403, 404)


def test_a_quarter_goes_from_pin_to_publication_through_three_people(filled: World) -> None:
    world = filled
    add(world, PROJECTS)
    kh, head, minister, unit = (world.client(login) for login in ("kh", "head1", "min", "unit"))
    assert kh.post("/api/quarterly", json={"quarter": "2024-4"}).json()["error"]["code"] == "QUARTER-FORM"
    assert head.post("/api/quarterly", json={"quarter": Q4}).status_code == 403
    made = kh.post("/api/quarterly", json={"quarter": Q4})
    assert made.status_code == 201, made.text
    number, shown = made.json()["id"], kh.get(f"/api/quarterly/{made.json()['id']}").json()
    assert shown["reproduced"] is True
    lines = [line for table in shown["tables"] for line in table["lines"]]
    assert [line["team_id"] for line in lines] == [f"D{n:02d}" for n in range(1, 11)]
    assert "没有冻结的重点工作" in str(lines[0]["s3"]["flags"])
    assert world.client("off1").get(f"/quarterly/{number}").status_code == 404
    assert unit.get(f"/unit/sheets/{number}").status_code == 404
    assert kh.post(f"/api/quarterly/{number}/check", json={"agree": True}).status_code == 403
    assert head.post(f"/api/quarterly/{number}/check", json={"agree": False}).json()["error"]["code"] == "RUN-NOTE"
    assert head.post(f"/api/quarterly/{number}/check", json={"agree": True}).json() == {"state": "checked"}
    assert minister.post(f"/quarterly/{number}/publish", data={"document_no": "澜考通〔2025〕1号"}).status_code == 303
    assert world.client("off1").get(f"/quarterly/{number}").status_code == 200
    assert unit.get(f"/unit/sheets/{number}").status_code == 200
    with world.system.database.read() as session:
        acts = set(session.scalars(select(AuditEntry.action)))
    assert {"quarter-compute", "quarter-check", "quarter-publish"} <= acts


def test_the_table_never_orders_by_gdp_and_says_so(city: World) -> None:
    page = city.client("kh").get(f"/quarterly/{run_id(city)}").text
    assert "不得对地区生产总值及增长率排名" in page
    shorts = re.findall(r'/teams/(D\d\d)"', page)
    assert shorts == sorted(shorts)
    table = city.client("kh").get(f"/quarterly/{run_id(city)}.csv").content.decode("utf-8-sig")
    assert "位次" not in table
    assert "排名" not in table


def test_the_unit_is_asked_for_words_only_and_official_figures_are_there_already(city: World) -> None:
    unit = city.client("unit")
    page = unit.get(f"/unit?quarter={Q4}").text
    form = page[page.index('id="progress"') : page.index("用 Excel 填报")]
    names = {name.partition("-")[0] for name in re.findall(r'name="([^"]+)"', form)}
    assert names <= {*FIELDS, "csrf", "quarter"}
    assert "1151" in page  # GDP of the year, from 统计局, read only
    assert FIELDS == ("level", "text")
    for body in ({"quarter": Q4, "figures": {"G1": "1"}}, {"quarter": Q4, "tasks": {"1": {"value": "3"}}}):
        assert unit.post("/api/unit/save", json=body).status_code == 422
    answer = unit.post("/unit/save", data={"quarter": Q4, "value-1": "3"})
    assert answer.status_code == 422
    assert "UNIT-FIELD" in answer.text


def test_a_unit_saves_as_it_types_imports_excel_and_gets_one_receipt(world: World) -> None:
    with world.system.database.write() as session:
        ids = freeze_three(session, "D01", 2025, TITLES)
        strange = freeze_three(session, "D02", 2025, TITLES)[0]
    unit = world.client("unit")
    kept = unit.post("/unit/save", data={"quarter": "2025Q3", f"level-{ids[0]}": "按期", f"text-{ids[0]}": "窗口已改"})
    assert "已自动保存" in kept.text
    assert "窗口已改" in unit.get("/unit?quarter=2025Q3").text
    assert unit.post("/api/unit/submit", json={"quarter": "2025Q3"}).json()["error"]["code"] == "UNIT-INCOMPLETE"
    assert unit.post("/unit/save", data={"quarter": "2025Q3", f"level-{strange}": "按期"}).status_code == 404
    book = load_workbook(io.BytesIO(unit.get("/unit/progress.xlsx?quarter=2025Q3").content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert set(heads) == {"任务编号", "序号", "任务", "本季度节点", "进度", "进展说明"}
    for row in range(4, 7):
        sheet.cell(row, heads.index("进度") + 1).value = "基本按期"
        sheet.cell(row, heads.index("进展说明") + 1).value = "已完成八成"
    held = io.BytesIO()
    book.save(held)
    files = {"file": ("progress.xlsx", held.getvalue(), "application/octet-stream")}
    assert unit.post("/unit/import", data={"quarter": "2025Q3"}, files=files).status_code == 303
    receipt = unit.post("/api/unit/submit", json={"quarter": "2025Q3"}).json()["receipt"]
    assert re.fullmatch(r"JD-2025Q3-D01-\d{5}", receipt)
    assert receipt in unit.get("/unit?quarter=2025Q3").text
    with world.system.database.read() as session:
        rows = session.scalars(select(TaskClaim)).all()
        assert {(row.level, row.by_unit, row.state) for row in rows} == {("基本按期", True, "待核实")}
    assert unit.post("/api/unit/submit", json={"quarter": "2025Q3"}).json()["receipt"] == receipt
    assert f"已报送 {receipt}" in world.client("kh").get("/tasks?quarter=2025Q3").text


def test_own_sheet_cites_and_the_response_box_closes_after_ten_working_days(city: World) -> None:
    number, unit, kh = run_id(city), city.client("unit"), city.client("kh")
    sheet = unit.get(f"/api/unit/sheets/{number}").json()
    said = [one for part in sheet["parts"] for one in part["sentences"]]
    assert all(one["frame"] or one["citations"] for one in said)
    assert any("3号任务“老旧小区改造”经核实严重滞后（单位说明：土地手续延期" in one["text"] for one in said)
    assert "青棠区" not in str(sheet)
    made = unit.post(f"/api/unit/sheets/{number}/responses", json={"text": "请核对三号任务节点。"})
    assert made.status_code == 201
    reply = kh.post(f"/api/results/responses/{made.json()['id']}", json={"text": "已核对，维持。"})
    assert reply.json() == {"reply": "已核对，维持。"}
    assert "已核对" in unit.get(f"/unit/sheets/{number}").text
    with city.system.database.write() as session:
        row = runs.get_run(session, number)
        row.published_on = date(2025, 9, 1)
    late = unit.post(f"/api/unit/sheets/{number}/responses", json={"text": "再说明"})
    assert late.json()["error"]["code"] == "RESPONSE-LATE"


def test_the_notice_passes_the_check_of_products_and_names_only_signed_problems(city: World) -> None:
    with city.system.database.read() as session:
        content = build_circular(session, viewer(session, "kh"), Wanted("circular", ref=run_id(city)), TODAY)
    check(content)
    headings = [part.heading for part in content.parts]
    assert headings == ["一、总体情况", "二、好的做法", "三、存在的主要问题", "四、下一步要求"]
    titles = [table.title for table in content.tables]
    assert [t for t in titles if t.startswith("附表1")] == [
        "附表1　指标完成情况（城区类）", "附表1　指标完成情况（开发区类）", "附表1　指标完成情况（县市类）",
    ]  # fmt: skip
    assert any(t.startswith("附表2") for t in titles)
    assert "附表3　问题清单及整改期限" in titles
    problems = [one.text for one in content.parts[2].sentences]
    assert problems[0].startswith("经核实进展滞后的重点工作1项")
    assert not any("地区生产总值" in one.text for part in content.parts for one in part.sentences if not one.frame)
    assert any("超额完成" in one.text for one in content.parts[1].sentences)


def test_classes_of_talk_are_peoples_choice_and_nothing_is_preselected(city: World) -> None:
    number, head, dep = run_id(city), city.client("head1"), city.client("dep")
    with city.system.database.read() as session:
        assert session.scalar(select(func.count()).select_from(TalkChoice)) == 0
    page = head.get(f"/results/{number}").text
    form = page[page.index('name="talk_class"') :]
    assert form.split("</select>")[0].count("selected") == 1
    assert '<option value="" selected>请选择</option>' in form
    assert all(row["choice"] is None for row in head.get(f"/api/results/{number}").json()["talks"])
    assert city.client("kh").get(f"/api/results/{number}").json()["talks"] == []
    wish = {"team": "D01", "talk_class": 3, "reason": "进度滞后", "evidence": []}
    assert head.post(f"/api/results/{number}/classes", json=wish).json()["error"]["code"] == "TALK-EVIDENCE"
    assert city.client("kh").post(f"/api/results/{number}/classes", json=wish).status_code == 403
    made = head.post(f"/api/results/{number}/classes", json={**wish, "talk_class": 2})
    assert made.status_code == 201, made.text
    assert head.post(f"/api/results/classes/{made.json()['id']}", json={"agree": True}).status_code == 403
    assert dep.post(f"/api/results/classes/{made.json()['id']}", json={"agree": False}).json() == {"agreed": False}
    assert all(row["choice"] is None for row in head.get(f"/api/results/{number}").json()["talks"])
    meeting = {
        "on": "2025-10-20",
        "place": "市委三号会议室",
        "chair": "分管副部长",
        "teams": ["D01"],
        "agenda": "通报情况",
    }
    assert city.client("kh").post(f"/api/results/{number}/meetings", json=meeting).status_code == 201


def test_no_route_page_or_command_offers_a_list_of_persons_to_adjust(city: World) -> None:
    """R-30: neither by name nor by behaviour."""
    banned = re.compile(r"adjust|dismiss|demot|promot|adjustment|cadre-?list-?of", re.IGNORECASE)
    paths = [route.path for router in (*routes.routers(), *pages.routers()) for route in router.routes]
    assert not [path for path in paths if banned.search(path)]
    assert {path for path in paths if path.startswith(("/api/decisions", "/decisions"))} == {
        "/api/decisions/{cadre_id}", "/decisions", "/decisions/new", "/decisions/{decision_id}/confirm",
    }  # fmt: skip
    names = str(typer.main.get_command(commands).commands.keys())
    assert not banned.search(names)
    words = re.compile(r"建议调整(?:人员|人选|名单)|拟调整(?:人员|人选|名单)|调整建议")
    for file in (Path(__file__).parents[2] / "api" / "templates").rglob("*.html"):
        assert not words.search(file.read_text(encoding="utf-8")), file
    for login in ("head1", "sup", "dep", "min"):
        client = city.client(login)
        page = client.get("/decisions").text
        assert "佟以宁" not in page
        assert client.get("/api/decisions").status_code == 404
    assert city.client("kh").get("/decisions").status_code == 403


def test_a_decision_is_entered_after_it_was_taken_with_evidence_and_states(city: World) -> None:
    head, dep = city.client("head1"), city.client("dep")
    with city.system.database.read() as session:
        code = next(e.code for e in session.scalars(select(Evidence)) if AWARD[:8] in e.passage.text)
    form = {
        "cadre": CADRE,
        "on": "2025-09-01",
        "body": "市委常委会",
        "document_no": "澜委〔2025〕31号",
        "text": "决定内容",
    }
    refused = head.post("/decisions/new", data={**form, "evidence": code})
    assert refused.status_code == 422  # the item is not of this person, or not adopted
    assert head.post("/decisions/new", data={**form, "on": "2025-12-01"}).status_code == 422
    assert head.post("/decisions/new", data=form).status_code == 303
    assert head.get(f"/api/decisions/{CADRE}").status_code == 422
    rows = head.get(f"/api/decisions/{CADRE}", params={"purpose": "考察"}).json()["decisions"]
    assert (rows[0]["document_no"], rows[0]["confirmed"]) == ("澜委〔2025〕31号", False)
    assert dep.post(f"/decisions/{rows[0]['id']}/confirm").status_code == 303
    assert (
        "部领导" not in head.post("/decisions", data={"cadre": CADRE, "purpose": "考察"}).text.split("组织决定登记")[0]
    )
    with city.system.database.read() as session:
        assert "use-decision-read" in set(session.scalars(select(AuditEntry.action)))


def test_personal_tasks_stand_on_the_persons_page_alone(city: World) -> None:
    with city.system.database.write() as session:
        before = lights_of(session, parse_quarter(Q4))
        officer, head = viewer(session, "off1"), viewer(session, "head1")
        for number, weight in ((1, "50"), (2, "50")):
            row = tasks.propose(session, officer, 2024, "D01", number, words(f"个人{number}", weight), CADRE)
            tasks.check(session, head, row.id, True)
            tasks.approve(session, head, row.id, "单位主要负责人", "望委〔2024〕2号")
        frozen = tasks.freeze(session, head, 2024, "D01", CADRE)
        verify_level(session, frozen[0].task_id, 4, "未启动")
        assert lights_of(session, parse_quarter(Q4)) == before
        assert counts_of(session, parse_quarter(Q4))["D01"].claims == 3
        task = frozen[0].task_id
    client = city.client("off1")
    assert client.get(f"/tasks/people/{CADRE}?year=2024").headers["location"] == f"/cadres/{CADRE}"
    assert client.get(f"/tasks/{task}").status_code == 422
    assert "个人1" not in client.get("/tasks/teams/D01?year=2024").text
    client.post(f"/cadres/{CADRE}/purpose", data={"purpose": "考核"})
    page = client.get(f"/tasks/people/{CADRE}?year=2024").text
    assert "红　未启动" in page
    assert client.get(f"/tasks/{task}").status_code == 200
    shown = client.get(f"/api/tasks/people/{CADRE}", params={"year": 2024, "purpose": "考核"}).json()
    assert "score" not in str(shown)
    assert (
        city.client("off3").get(f"/api/tasks/people/{CADRE}", params={"year": 2024, "purpose": "考核"}).status_code
        == 404
    )


def test_fewer_than_thirty_days_in_post_is_not_assessed(city: World) -> None:
    with city.system.database.write() as session:
        post = session.scalars(select(Post).where(Post.team_id == "D01", Post.title == "区委书记")).one()
        session.add(Tenure(cadre_id="P010", post_id=post.id, start=date(2024, 12, 10)))
        officer, head = viewer(session, "off1"), viewer(session, "head1")
        for number in (1, 2):
            row = tasks.propose(session, officer, 2024, "D01", number, words("新任", "50", 4), "P010")
            tasks.check(session, head, row.id, True)
            tasks.approve(session, head, row.id, "单位主要负责人", "望委〔2024〕9号")
        tasks.freeze(session, head, 2024, "D01", "P010")
    client = city.client("off1")
    shown = client.get("/api/tasks/people/P010", params={"year": 2024, "purpose": "考核"}).json()
    quarter = next(t for t in shown["teams"] if t["team"] == "D01")["quarters"][3]
    assert quarter["days"] == 22
    assert quarter["note"].startswith(TOO_SHORT)
    assert quarter["tasks"][0]["light"] is None


def test_evidence_is_proposed_by_shared_words_and_counts_when_an_officer_confirms(world: World) -> None:
    reindex(world.system.database, world.system.index)
    off = world.client("off1")
    for key in ("award", "park", "road"):
        assert off.post(f"/api/evidence/{world.items[key]}/accept", json={}).status_code == 200
    with world.system.database.write() as session:
        ids = freeze_three(session, "D01", 2025, TITLES)
        assert links.propose_links(session, viewer(session, "off1"), 2025, "D01") > 0
        assert links.propose_links(session, viewer(session, "off1"), 2025, "D01") == 0
    found = off.get(f"/api/tasks/{ids[1]}").json()["links"]
    assert "街区长" in found[0]["because"]
    assert found[0]["link"] == "proposed"
    with world.system.database.read() as session:
        assert counts_of(session, parse_quarter("2025Q4")).get("D01") is None
    answer = off.post(f"/api/tasks/links/{found[0]['id']}", params={"confirm": True})
    assert answer.json() == {"state": "confirmed"}
    with world.system.database.read() as session:
        assert counts_of(session, parse_quarter("2025Q4"))["D01"].open == 1  # 已采用, not verified
    assert world.client("kh").post("/api/tasks/teams/D01/links", params={"year": 2025}).status_code == 403
    assert off.post("/api/tasks/teams/D01/links", params={"year": 2025}).status_code == 200


def test_two_officers_do_not_overwrite_each_other(city: World) -> None:
    with city.system.database.write() as session:
        task = freeze_three(session, "D02", 2024, TITLES)[0]
        row = claims.report_progress(session, viewer(session, "off1"), task, 4, "按期", "如期", TODAY)
        claim, version = row.id, row.version
    off = city.client("off1")
    body = {"claims": [claim], "channel": "听", "on": "2025-10-10", "summary": "推进中",
            "fields": {"reporter": "区长", "attendees": "经办", "claims": "推进中"}}  # fmt: skip
    assert off.post("/api/records", json=body).status_code == 201
    late = off.post(f"/api/tasks/claims/{claim}/found", json={"level": "按期", "text": "依据", "version": version})
    assert late.status_code == 409
    assert late.json()["error"]["code"] == "TASK-CHANGED"


def test_forms_need_their_token(city: World) -> None:
    client = city.client("kh")
    client.headers.pop("x-csrf-token")
    assert DEMO_PASSWORD
    for path in ("/quarterly/compute", "/tasks/freeze", "/quarterly/rules"):
        assert client.post(path, data={"quarter": Q4}).status_code == 403, path


def test_notice_and_sheet_go_on_to_the_products_for_check_and_signature(city: World) -> None:
    kh, number = city.client("kh"), run_id(city)
    for path, form in ((f"/results/{number}/notice", {}), (f"/results/{number}/sheets", {"team": "D01"})):
        answer = kh.post(path, data=form)
        assert answer.status_code == 303, answer.text
        assert kh.get(answer.headers["location"]).status_code == 200
    assert city.client("head1").post(f"/results/{number}/notice").status_code == 403
