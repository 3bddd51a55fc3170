"""分析研判 and 年度考核 over HTTP: rights, pages and JSON alike, Word files, audit, nothing preselected or proposed."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_word
from record_world import DEMO_ROSTER, SOURCES, evidence
from sqlalchemy import select
from web_world import World, system_at

from api.access import demo_accounts
from api.access.demo_accounts import DECIDERS
from demo.annual import assess_demo
from demo.history import Officers
from dossier import roster, roster_files
from storage.tables import AuditEntry, EvidenceCadre, Product, Source
from tests.appraisal import annual_world as year


@pytest.fixture(scope="module")
def template(databases: Any, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("annual") / "data"
    folder.mkdir()  # PostgreSQL writes no file here
    url = databases.new(folder, migrated)
    system = system_at(folder, url)
    with system.database.write() as session:
        roster.write(session, roster_files.read_yaml(DEMO_ROSTER))
        demo_accounts.create(session)
        for key, (name, level, owner, official) in SOURCES.items():
            session.add(Source(id=key, name=name, kind="feed", level=level, owner_team_id=owner, official=official))
    year.build(system.database, founded=True)
    with system.database.write() as session:
        year.hear(session, year.FAILURE)
        item = evidence(session, year.PRAISE[:12])
        session.add(EvidenceCadre(evidence_id=item.id, cadre_id="P001", role="主体"))
    system.close()
    return folder, url


@pytest.fixture
def city(databases: Any, template: tuple[Path, str], tmp_path: Path) -> Iterator[World]:
    folder, url = template
    shutil.copytree(folder, tmp_path / "data")
    own = databases.new(tmp_path / "data", url)
    found = World(system_at(tmp_path / "data", own), {}, {})
    yield found
    found.system.close()
    databases.drop(own)


def audit(city: World, action: str) -> list[AuditEntry]:
    with city.system.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def words(data: bytes) -> str:
    word = open_word(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def packaged(city: World) -> int:
    kh = city.client("kh")
    snapshot = kh.post("/api/annual/2024/snapshots", json={"cutoff": "2025-01-20"}).json()["id"]
    made = kh.post("/api/annual/packages", json={"team": "D01", "snapshot": snapshot})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_a_review_from_list_to_frozen_report(city: World) -> None:
    off = city.client("off1")
    listed = off.get("/reviews?quarter=2024Q4").text
    assert "建立研判" in listed
    assert "市教育局" not in listed  # another zone
    opened = off.post("/reviews/open", data={"team": "D01", "quarter": "2024Q4"})
    assert opened.headers["location"] == "/reviews/2024Q4/D01"
    page = off.get("/reviews/2024Q4/D01").text
    assert "信源单一" in page
    assert "上季度没有分析研判记录。" in page
    assert not re.search(r'name="overall"[^>]*checked', page)
    assert re.search(r"地区生产总值（2024年，\S+第1版）", page)
    body = off.get("/api/reviews/2024Q4/D01").json()
    review = body["id"]
    assert (body["overall"], [len(places) > 0 for places in body["boxes"].values()]) == (
        "", [False, False, True, False, True, False]
    )  # fmt: skip
    saved = off.post(f"/reviews/{review}/texts", data={"version": body["version"], "idea": "抓项目、优环境"})
    assert saved.status_code == 303
    stale = off.post(f"/reviews/{review}/texts", data={"version": body["version"], "idea": "x"})
    assert (stale.status_code, "其他人已保存" in stale.text) == (422, True)
    picked = off.put(f"/api/reviews/{review}/overall", json={"overall": "运行平稳", "reasons": "事实清楚"})
    assert picked.json() == {"overall": "运行平稳"}
    assert off.post(f"/api/reviews/{review}/signatures", json={"outcome": "同意"}).status_code == 403
    for login, state in (("head1", "处务会"), ("dep", "分管副部长"), ("min", "部务会")):
        signed = city.client(login).post(f"/api/reviews/{review}/signatures", json={"outcome": "同意"})
        assert signed.json()["state"] == state, signed.text
    word = city.client("min").get(f"/reviews/{review}.docx")
    assert "抓项目、优环境" in words(word.content)
    assert "运行平稳。" in words(word.content)
    assert audit(city, "export")[0].detail["team"] == "D01"
    assert {entry.detail["quarter"] for entry in audit(city, "review-read")} == {"2024Q4"}


def test_opinions_are_seen_by_few(city: World) -> None:
    off, head = city.client("off1"), city.client("head1")
    review = off.post("/api/reviews", json={"team": "D01", "quarter": "2024Q4"}).json()["id"]
    said = {"kind": "市领导", "attribution": "某市领导", "on": "2025-01-10", "text": "项目要再快一点"}
    assert head.post(f"/api/reviews/{review}/opinions", json=said).status_code == 201
    assert "项目要再快一点" in city.client("dep").get("/reviews/2024Q4/D01").text
    for login in ("off1", "kh"):
        page = city.client(login).get("/reviews/2024Q4/D01").text
        assert "项目要再快一点" not in page
        assert "另有 1 条意见，按权限不显示" in page


@pytest.mark.parametrize("login", ["sup", "unit", "sys", "aud"])
def test_who_has_no_business_here_is_refused(city: World, login: str) -> None:
    client = city.client(login)
    for path in ("/reviews", "/reviews/2024Q4/D01", "/annual/2024/matrix", "/annual/2024/grades", "/api/reviews"):
        assert client.get(path).status_code == 403, path
    assert client.get("/annual/2024/appeals").status_code == (200 if login == "sup" else 403)


def test_a_snapshot_is_made_checked_and_shown_with_its_hash(city: World) -> None:
    kh = city.client("kh")
    assert city.client("off1").post("/annual/2024/snapshots", data={"cutoff": "2025-01-20"}).status_code == 403
    early = kh.post("/annual/2024/snapshots", data={"cutoff": "2024-06-01"})
    assert (early.status_code, "材料截止日有误" in early.text) == (422, True)
    assert kh.post("/annual/2024/snapshots", data={"cutoff": "2025-01-20"}).status_code == 303
    (row,) = kh.get("/api/annual/2024/snapshots").json()
    assert kh.get(f"/api/annual/snapshots/{row['id']}/check").json() == {
        "same": True, "sha256": row["sha256"], "changed": []
    }  # fmt: skip
    page = kh.get(f"/annual/2024/snapshots?check={row['id']}").text
    assert "复算一致" in page
    assert row["sha256"] in page
    assert audit(city, "snapshot-make")[0].detail["sha256"] == row["sha256"]


def test_the_package_page_shows_everything_beside_the_adverse_item(city: World) -> None:
    package = packaged(city)
    head = city.client("head1")
    page = head.get(f"/annual/packages/{package}").text
    assert "单位说明：已停工整改，责任人已处理。" in page
    assert "容错审查：不涉及" in page
    assert "占 80%" in page
    assert "占 20%" in page
    assert "尚不能列入的不利条目" in page
    assert "未告知单位、容错审查未登记" in page
    assert not re.search(r'name="quality"[^>]*checked', page)
    blocked = head.get(f"/api/annual/packages/{package}").json()["blocked"][0]["id"]
    refused = head.put(f"/api/annual/packages/{package}/items/{blocked}")
    assert refused.json()["error"]["code"] == "PACKAGE-ADVERSE"
    assert head.post(f"/annual/packages/{package}/confirm").status_code == 303
    word = words(head.get(f"/annual/packages/{package}.docx").content)
    assert "不利条目。单位说明：已停工整改，责任人已处理。（复核：维持）；容错审查：不涉及" in word
    assert "自采自发或自报1条，占20%" in word


def test_already_read_comes_before_a_judgement_and_the_matrix_shows_it(city: World) -> None:
    package = packaged(city)
    city.client("head1").post(f"/annual/packages/{package}/confirm")
    kh = city.client("kh")
    judged = {"kind": "集体", "quality": "需要关注", "reasons": "坍塌事故经核实", "dissent": "一人保留意见"}
    unread = kh.post(f"/api/annual/packages/{package}/judgements", json=judged)
    assert unread.json()["error"]["code"] == "JUDGEMENT-UNREAD"
    assert kh.post(f"/annual/read/{package}").status_code == 303
    assert kh.post(f"/annual/judge/{package}", data=judged).status_code == 303
    page = city.client("min").get("/annual/2024/matrix").text
    assert "不同意见：一人保留意见" in page
    assert "不合成一个数" in page
    rows = {row["team_id"]: row for row in kh.get("/api/annual/2024/matrix").json()}
    assert (rows["D01"]["quality"], rows["D02"]["quality"]) == ("需要关注", "")
    assert list(rows)[:10] == [f"D{n:02d}" for n in range(1, 11)]  # roster order, whatever the scores


def test_quota_page_warns_before_the_meeting_and_signs_in_order(city: World) -> None:
    kh = city.client("kh")
    page = kh.get("/annual/2024/quotas?total=9").text
    assert [int(n) for n in re.findall(r'<td class="number">(\d+)</td></tr>', page.split("试算结果")[1])][:6] == [
        2, 2, 2, 1, 1, 1
    ]  # fmt: skip
    assert "9 个单独核定时在15%～20%之间没有整数名额" in page
    assert kh.get("/annual/2024/quotas?total=12").status_code == 422
    plan = kh.post("/api/annual/2024/quotas", json={"total": 9}).json()["id"]
    signing = {"document_no": "澜委〔2025〕3号"}
    assert city.client("min").post(f"/api/annual/plans/{plan}/sign", json=signing).status_code == 422
    assert city.client("head").post(f"/annual/plans/{plan}/check").status_code == 303
    assert city.client("min").post(f"/annual/plans/{plan}/sign", data=signing).status_code == 303
    for team in ("D01", "D02"):
        made = kh.post(
            "/annual/2024/grades", data={"kind": "team", "subject": team, "grade": "优秀", "reason": "会议研究"}
        )
        assert made.status_code == 303
    over = kh.post(
        "/annual/2024/grades", data={"kind": "team", "subject": "D03", "grade": "优秀", "reason": "会议研究"}
    )
    assert (over.status_code, "不得超名额" in over.text) == (422, True)


def test_the_grade_page_proposes_nothing_and_says_no_heavier(city: World) -> None:
    kh = city.client("kh")
    packaged(city)
    for kind in ("team", "cadre"):
        page = kh.get(f"/annual/2024/grades?kind={kind}").text
        assert "不因申请复核、提出申诉而加重处理" in page
        assert not re.search(r"<option[^>]* selected[^>]*>(优秀|良好|称职|基本称职|一般|较差)", page)
        rows = kh.get(f"/api/annual/2024/grades?kind={kind}").json()
        assert rows
        assert {row["grade"] for row in rows} == {None}
        assert not {"suggested", "proposal", "score", "rank"} & set(rows[0])
    assert "市教育局" not in city.client("head1").get("/annual/2024/grades").text
    assert city.client("off1").get("/annual/2024/grades").status_code == 403


def test_an_appeal_runs_its_clock_and_shows_nowhere_else(city: World) -> None:
    kh, low = city.client("kh"), city.client("min")
    grade = kh.post(
        "/api/annual/2024/grades",
        json={"kind": "cadre", "subject": "P001", "grade": "基本称职", "reason": "会议研究"},
    ).json()["id"]  # fmt: skip
    city.client("head1").post(f"/annual/grades/{grade}/check")
    low.post(f"/annual/grades/{grade}/sign", data={"document_no": "澜委〔2025〕8号"})
    told = kh.post(f"/annual/grades/{grade}/notify", data={"on": "2025-03-20", "notice_no": "告〔2025〕7号"})
    assert told.status_code == 303, told.text
    filed = city.client("sup").post("/annual/2024/appeals", data={"grade": grade, "kind": "复核", "on": "2025-04-01"})
    assert filed.status_code == 303, filed.text
    (row,) = kh.get("/api/annual/2024/appeals").json()["appeals"]
    assert (row["due"], row["name"]) == ("2025-05-01", "沈砚舟")
    page = low.get("/annual/2024/appeals").text
    assert "逾期" in page
    assert "不因申请复核、提出申诉而加重处理" in page
    head = city.client("head1")
    head.post("/cadres/P001/open", data={"purpose": "考核"})
    for path in ("/annual/2024/grades?kind=cadre", "/cadres/P001", "/teams/D01", "/search?q=沈砚舟"):
        text = head.get(path).text
        assert "复核中" not in text
        assert "2025-05-01" not in text
    assert head.get("/annual/2024/appeals").status_code == 403


def test_the_form_has_its_header_and_no_grade(city: World) -> None:
    word = city.client("head1").get("/annual/2024/forms/P001.docx")
    text = words(word.content)
    for part in ("公务员年度考核登记表", "沈砚舟", "1971.11", "2022.03", "区委书记", "本人意见（签名、日期）"):
        assert part in text
    assert not re.search("优秀|称职", text)
    (entry,) = audit(city, "export")
    assert (entry.purpose, entry.object_id) == ("考核", "P001")


def test_inspection_facts_hold_sources_and_no_adjectives(city: World) -> None:
    made = city.client("head1").post("/annual/inspection", data={"cadre": "P001", "reason": "任前考察"})
    text = words(made.content)
    code = re.search(r"〔(E-\d+-\d+)〕", text)
    assert code
    assert "荣获全省营商环境创新奖" in text
    assert "来源：澜宁日报，2024-11-07；状态：已核实" in text
    from appraisal.annual.inspection import EVALUATION, neutral

    facts = text.split("二、事实")[1]
    assert not EVALUATION.search(facts)
    assert neutral("全年新增就业1.2万人。工作扎实，成效显著。") == "全年新增就业1.2万人。"
    assert audit(city, "export")[0].purpose == "考察：任前考察"
    assert city.client("kh").post("/annual/inspection", data={"cadre": "P001"}).status_code == 403


def test_the_demo_closes_its_year_through_the_real_services_and_only_once(city: World) -> None:
    officers = {zone: Officers(*logins) for zone, logins in DECIDERS.items()}
    for _ in range(2):
        assess_demo(city.system.database, officers, year.TODAY)
        (frozen,) = city.client("kh").get("/api/annual/2024/snapshots").json()
    kh = city.client("kh")
    assert kh.get(f"/api/annual/snapshots/{frozen['id']}/check").json()["same"]
    teams = kh.get("/api/annual/2024/grades").json()
    assert sum(row["grade"]["grade"] == "优秀" for row in teams) == 9
    assert {(row["grade"]["state"], row["grade"]["signature"]) for row in teams} == {("已审定", "已签")}
    people = kh.get("/api/annual/2024/grades?kind=cadre").json()
    assert [row["subject"] for row in people if row["grade"] is None] == ["P020"]
    assert all(row["quality"] and row["readings"] == 3 for row in kh.get("/api/annual/2024/matrix").json())
    (appeal,) = kh.get("/api/annual/2024/appeals").json()["appeals"]
    assert appeal["result"] == "维持"
    rows = {row["team_id"]: row for row in kh.get("/api/reviews?quarter=2025Q2").json()["teams"]}
    assert (rows["D01"]["state"], rows["D02"]["state"]) == ("部务会", "")
    assert "上季度提出 3 项改进要求，已回应 2 项。" in kh.get("/reviews/2025Q3/D01").text


def test_reports_and_packages_go_on_as_products_in_which_everything_cites(city: World) -> None:
    off = city.client("off1")
    review = off.post("/api/reviews", json={"team": "D01", "quarter": "2024Q3"}).json()
    off.put(
        f"/api/reviews/{review['id']}/texts",
        json={"version": 1, "texts": {"mind": "有待了解", "causes": "管理链条不清"}},
    )
    made = off.post(f"/reviews/{review['id']}/product")
    assert made.status_code == 303, made.text
    page = off.get(made.headers["location"])
    assert page.status_code == 200
    package = packaged(city)
    city.client("head1").post(f"/annual/packages/{package}/confirm")
    second = city.client("kh").post(f"/api/annual/packages/{package}/product").json()["product"]
    with city.system.database.read() as session:
        report = session.get_one(Product, int(made.headers["location"].rsplit("/", 1)[1]))
        said = {s["text"]: s for part in report.content["parts"] for s in part["sentences"]}
        assert said["管理链条不清。"]["citations"] == [evidence(session, year.FAILURE[:12]).code]
        assert said["有待了解。"]["unsupported"]
        paper = session.get_one(Product, second)
        facts = paper.content["parts"][1]["sentences"]
        assert all(len(one["citations"]) == 1 for one in facts)
        assert "单位说明：已停工整改，责任人已处理。（复核：维持）；容错审查：不涉及" in facts[0]["source"]
        assert (report.kind, paper.kind) == ("review_report", "package")
