"""指标与评分: shown before written, versions kept, by category, GDP never ranked, every score explained."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from figures import LATE, content
from web_world import World

from api.drawing.charts import GAP, slope_chart, spread


def upload(world: World, login: str, name: str, data: bytes, url: str = "/indicators/import") -> object:
    client = world.client(login)
    return client.post(url, files={"file": (name, data, "application/octet-stream")}), client


def ticket(page: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("ticket", "name", "csrf")}
    return {name: match[1] for name, match in found.items() if match}


def test_an_upload_shows_differences_and_writes_nothing(filled: World) -> None:
    page, client = upload(filled, "kh", "late.xlsx", content(LATE))
    for shown in ("目前尚未写入", "后补", "缺报", "192.8", "第 2 版", "云亭区"):
        assert shown in page.text
    why = client.get("/api/indicators/G3/D05", params={"period": "2023年"}).json()
    assert {cell["status"] for cell in cells(why["tree"]) if cell["period"] == "2023年"} == {"缺报"}


def test_confirmed_import_keeps_both_versions_and_is_recorded(filled: World) -> None:
    page, client = upload(filled, "kh", "late.xlsx", content(LATE))
    done = client.post("/indicators/import/confirm", data=ticket(page.text))
    assert done.status_code == 303
    assert "写入 1 个数据" in client.get(done.headers["location"]).text
    shown = client.get("/api/indicators/G3", params={"period": "2023年"}).json()
    row = next(r for t in shown["tables"] for r in t["rows"] if r["team_id"] == "D05")
    assert (row["value"], row["version"], row["versions"], row["status"]) == ("192.8", 2, 2, "修订")
    log = filled.client("aud").get("/api/audit", params={"act": "indicator-import"}).json()["entries"]
    assert "late.xlsx" in log[0]["detail"]


def test_a_ticket_of_another_session_is_refused(filled: World) -> None:
    page, _ = upload(filled, "kh", "late.xlsx", content(LATE))
    given = ticket(page.text)
    other = filled.client("kh")
    refused = other.post("/indicators/import/confirm", data={**given, "csrf": other.headers["x-csrf-token"]})
    assert refused.status_code == 404
    assert "PENDING-MISSING" in refused.text


@pytest.mark.parametrize("login", ["off1", "head", "sys", "aud"])
def test_only_the_assessment_office_imports(filled: World, login: str) -> None:
    page, _ = upload(filled, login, "late.xlsx", content(LATE))
    assert page.status_code == 403


def test_a_file_that_is_no_table_says_so(filled: World) -> None:
    page, _ = upload(filled, "kh", "x.xlsx", b"PK not a workbook")
    assert page.status_code == 422
    assert "SHEET-UNREADABLE" in page.text


def test_values_stand_by_category_in_roster_order(filled: World) -> None:
    shown = filled.client("kh").get("/api/indicators/G2").json()
    assert [t["category"] for t in shown["tables"]] == ["城区类", "开发区类", "县市类"]
    assert [r["team_id"] for t in shown["tables"] for r in t["rows"]] == [f"D{n:02d}" for n in range(1, 11)]
    page = filled.client("kh").get("/indicators/G2").text
    assert page.count("<table") == 3
    assert page.index("望澜区") < page.index("高新区") < page.index("泊湾市")


def test_an_officer_sees_the_own_zone_with_indices_of_all(filled: World) -> None:
    with filled.system.database.write() as session:
        from storage.tables import User, UserZone

        user = session.query(User).filter_by(login="off1").one()
        user.zones = [UserZone(zone_id="Z1")]
    own = filled.client("off1").get("/api/indicators/G2").json()
    assert [t["category"] for t in own["tables"]] == ["城区类"]
    whole = filled.client("kh").get("/api/indicators/G2").json()
    assert own["tables"][0] == whole["tables"][0]
    assert filled.client("off1").get("/indicators/G2/D10").status_code == 404


def test_gdp_is_never_ranked_or_drawn_by_height(filled: World) -> None:
    page = filled.client("kh").get("/indicators/G1").text
    assert "不得对地区生产总值及增长率排名" in page
    assert 'class="slope"' not in page
    assert "sort" not in page
    shown = filled.client("kh").get("/api/indicators/G1", params={"sort": "value"}).json()
    assert shown["never_rank"] is True
    assert [r["team_id"] for t in shown["tables"] for r in t["rows"]] == [f"D{n:02d}" for n in range(1, 11)]
    assert 'class="slope"' in filled.client("kh").get("/indicators/G2").text


def test_missing_is_flagged_and_never_zero(filled: World) -> None:
    page = filled.client("kh").get("/indicators/G3", params={"period": "2024年"}).text
    assert "不含云亭区（缺报）" in page
    row = next(
        r
        for t in filled.client("kh").get("/api/indicators/G3").json()["tables"]
        for r in t["rows"]
        if r["team_id"] == "D05"
    )
    assert (row["share_change"], row["score"]) == ("—", "—")


def test_why_answers_with_the_sum_and_its_origin(filled: World) -> None:
    page = filled.client("kh").get("/indicators/G2/D04").text
    formula = "100 ×（38.8 ÷ 461.5 − 36.6 ÷ 445.4）"
    for shown in ("为什么是 90.20 分", formula, "fiscal_revenue_2021_2024.xlsx", "第 1 版"):
        assert shown in page
    tree = filled.client("kh").get("/api/indicators/G2/D04").json()["tree"]
    assert tree["value"] == "90.20"
    assert all(cell["origin"]["cell"].endswith("行") for cell in cells(tree))


def test_unknown_codes_and_periods_are_not_found(filled: World) -> None:
    client = filled.client("kh")
    assert client.get("/indicators/XX").status_code == 404
    assert client.get("/api/indicators/G2", params={"period": "1999年"}).json()["error"]["code"] == "PERIOD-UNKNOWN"


def test_team_page_carries_completeness_and_versions(filled: World) -> None:
    page = filled.client("kh").get("/teams/D04").text
    for shown in ("数据完整度", "测算数，未出齐", "第 1 版", "/indicators/G2/D04"):
        assert shown in page


def test_dry_run_of_the_api_writes_nothing(filled: World) -> None:
    answer, _ = upload(filled, "kh", "late.xlsx", content(LATE), "/api/indicators/import")
    assert (answer.json()["writes"], answer.json()["import"]) == (1, None)
    written, _ = upload(filled, "kh", "late.xlsx", content(LATE), "/api/indicators/import?dry_run=false")
    assert written.json()["import"] is not None
    again, _ = upload(filled, "kh", "late.xlsx", content(LATE), "/api/indicators/import?dry_run=false")
    assert (again.json()["writes"], again.json()["import"]) == (0, None)


def test_labels_of_a_chart_never_overlap() -> None:
    placed = sorted(spread([10.0, 11.0, 12.0, 200.0]))
    assert all(b - a >= GAP - 1e-9 for a, b in pairwise(placed))
    assert slope_chart([("甲", 1.0, 2.0)]) is None


def cells(node: dict) -> list[dict]:
    return [*node["cells"], *(cell for child in node["children"] for cell in cells(child))]
