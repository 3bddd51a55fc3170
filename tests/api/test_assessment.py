"""综合得分, 核心指标, 年度目标, 各方面评价 and 口径快照 through pages and JSON."""

from __future__ import annotations

import pytest
from figures import LATE, content
from openpyxl import load_workbook
from web_world import World

from api.acts import indicator_import
from appraisal.surveys import BallotRow, put_ballots


def filled_in(data: bytes, put: dict[tuple[str, str], dict[str, object]], keys: tuple[str, str]) -> bytes:
    """A template with cells put in by (first key, second key) and heading."""
    import io

    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        found = put.get((sheet.cell(row, heads[keys[0]]).value, sheet.cell(row, heads[keys[1]]).value))
        for heading, value in (found or {}).items():
            sheet.cell(row, heads[heading]).value = value
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_scores_stand_by_category_in_roster_order_with_completeness_and_bands(filled: World) -> None:
    shown = filled.client("kh").get("/api/scores").json()
    assert [t["category"] for t in shown["tables"]] == ["城区类", "开发区类", "县市类"]
    rows = [row for table in shown["tables"] for row in table["rows"]]
    assert [row["team_id"] for row in rows] == [f"D{n:02d}" for n in range(1, 11)]
    assert all(float(row["complete"]) < 100 and any("暂缺" in f for f in row["flags"]) for row in rows)
    assert all(row["band"] == "数据完整度不足 60%，不列位次" for row in rows)
    page = filled.client("kh").get("/indicators/scores").text
    assert "测算数，不作考核依据" in page
    assert "sort" not in page


def test_an_officer_sees_the_own_zone_with_bands_of_the_category(filled: World) -> None:
    with filled.system.database.write() as session:
        from storage.tables import User, UserZone

        session.query(User).filter_by(login="off1").one().zones = [UserZone(zone_id="Z1")]
    own = filled.client("off1").get("/api/scores").json()["tables"]
    assert [t["category"] for t in own] == ["城区类"]
    assert own[0] == filled.client("kh").get("/api/scores").json()["tables"][0]
    assert filled.client("off1").get("/api/scores/D10").status_code == 404


def test_a_composite_leads_down_to_files_and_rows(filled: World) -> None:
    tree = filled.client("kh").get("/api/scores/D04", params={"period": "2024Q4"}).json()["tree"]
    assert [child["label"] for child in tree["children"]] == ["共同指标", "类别指标", "特色指标"]
    page = filled.client("kh").get("/indicators/scores/D04").text
    for shown in ("为什么是", "fiscal_revenue_2021_2024.xlsx", "第 1 版", "数据完整度"):
        assert shown in page


def test_the_export_is_harmless_and_recorded(filled: World) -> None:
    text = filled.client("kh").get("/indicators/scores.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("城区类,望澜区,")
    assert "地区生产总值" not in text
    log = filled.client("aud").get("/api/audit", params={"act": "scores-export"}).json()["entries"]
    assert len(log) == 1


def test_core_indicators_are_listed_and_gdp_is_not_ordered(filled: World) -> None:
    shown = filled.client("kh").get("/api/core", params={"quarter": "2024Q4", "sort": "score"}).json()["teams"]
    assert [one["team"] for one in shown] == [f"D{n:02d}" for n in range(1, 11)]
    assert [line["code"] for line in shown[0]["lines"]] == ["G1", "G2", "G3", "G4"]
    assert shown[0]["lines"][0]["never_rank"] is True
    assert "暂缺 50%" in shown[4]["flags"]  # 云亭区 has no share of investment, nobody a target of projects
    page = filled.client("kh").get("/indicators/core").text
    assert "不得对地区生产总值及增长率排名" in page


def test_targets_are_proposed_approved_and_scored(filled: World) -> None:
    kh, minister = filled.client("kh"), filled.client("min")
    template = kh.get("/api/targets/template", params={"year": 2024}).content
    keys = ("单位代码", "指标代码")
    sent = filled_in(
        template, {("D01", "G4"): {"年度目标": 100}, ("D01", "T01"): {"年度目标": 50, "难度系数": 1.05}}, keys
    )
    files = {"file": ("targets.xlsx", sent, "application/octet-stream")}
    assert kh.post("/api/targets/import", params={"year": 2024}, files=files).json() == {"changed": 2}
    lines = minister.get("/api/targets", params={"year": 2024}).json()["targets"]
    assert [(line["code"], line["state"]) for line in lines] == [("G4", "proposed"), ("T01", "proposed")]
    ids = [line["id"] for line in lines]
    assert kh.post("/api/targets/approve", json={"ids": ids, "document_no": "1号"}).status_code == 403
    assert minister.post("/api/targets/approve", json={"ids": ids, "document_no": " "}).status_code == 422
    done = minister.post("/api/targets/approve", json={"ids": ids, "document_no": "澜组发〔2024〕6号"})
    assert done.json() == {"approved": 2}
    page = kh.get("/indicators/targets", params={"year": 2024}).text
    assert "澜组发〔2024〕6号" in page


def test_a_survey_shows_nothing_while_open_and_nothing_of_small_classes(filled: World) -> None:
    kh = filled.client("kh")
    made = kh.post("/api/surveys", json={"year": 2024, "title": "年度评价", "classes": {"市领导": "40", "互评": "60"}})
    number = made.json()["id"]
    template = kh.get(f"/api/surveys/{number}/template").content
    put = {("MA01", "市领导"): {"好": 3}, ("MA01", "互评"): {"好": 10, "较好": 10}, ("MB01", "市领导"): {"好": 6},
           ("MB01", "互评"): {"较好": 8}}  # fmt: skip
    files = {"file": ("b.xlsx", filled_in(template, put, ("单位代码", "票类")), "application/octet-stream")}
    assert kh.post("/api/surveys/ballots", params={"survey_id": number}, files=files).json() == {"rows": 4}
    assert kh.get(f"/api/surveys/{number}").json()["teams"] == []
    assert kh.post(f"/api/surveys/{number}/close").json() == {"state": "closed"}
    teams = {row["team_id"]: row for row in kh.get(f"/api/surveys/{number}").json()["teams"]}
    assert teams["MA01"]["score"] == "94.00"
    assert "市领导" not in teams["MA01"]["formula"]
    assert "市领导 100.00 × 40" in teams["MB01"]["formula"]
    late = kh.post("/api/surveys/ballots", params={"survey_id": number}, files=files)
    assert late.json()["error"]["code"] == "SURVEY-CLOSED"
    tree = kh.get("/api/scores/MA01").json()["tree"]
    assert {child["label"]: child["value"] for child in tree["children"]}["各方面评价"] == "94.00"


def test_a_pin_keeps_its_scores_when_figures_are_revised(filled: World) -> None:
    kh = filled.client("kh")
    made = kh.post("/api/pins", json={"period": "2024Q4", "purpose": "四季度通报"})
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    before = kh.get("/api/scores", params={"pin": number}).json()["tables"]
    assert kh.get(f"/api/pins/{number}").json() == {"id": number, "reproduced": True, "differences": []}
    indicator_import.confirm(filled.system, None, f"{LATE}.xlsx", content(LATE))
    shown = kh.get(f"/api/pins/{number}").json()
    assert shown["reproduced"] is True
    kinds = {(one["kind"], one["team_id"]) for one in shown["differences"]}
    assert ("后补", "D05") in kinds
    assert ("得分", "D05") in kinds
    assert kh.get("/api/scores", params={"pin": number}).json()["tables"] == before
    assert kh.get("/api/scores").json()["tables"] != before
    page = kh.get(f"/indicators/pins/{number}").text
    assert "逐位一致" in page
    assert "192.8" in page


def test_ballots_of_a_team_that_is_none_are_refused(filled: World) -> None:
    number = (
        filled.client("kh")
        .post("/api/surveys", json={"year": 2024, "title": "测评", "classes": {"互评": "100"}})
        .json()["id"]
    )
    with filled.system.database.write() as session, pytest.raises(Exception, match="SURVEY-BALLOT"):
        put_ballots(session, number, [BallotRow("XX", "互评", {"好": 3})])
