"""班子档, 干部档, documents: what stands where, what is held back, what is audited; JSON says the same."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from web_world import ACCIDENT, AWARD, PRACTICE, World

from api.drawing.timeline import month_chart
from api.render import marked
from dossier.terms import DOSSIER_TOPICS
from storage.tables import AuditEntry, Evidence


def audited(world: World, action: str) -> list[AuditEntry]:
    with world.system.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def settle_accident(world: World) -> None:
    """Take the adverse item through two officers and HEAD."""
    url = f"/api/evidence/{world.items['accident']}"
    first = world.client("off1")
    first.post(f"{url}/accept", json={})
    record = {"channel": "查", "on": "2025-10-12", "summary": "查阅整改通知书", "official": True}
    fields = {"document": "整改通知书", "number": "澜安〔2025〕31号", "page": "1", "extract": "责令整改"}
    first.post(f"{url}/records", json={**record, "fields": fields, "officers": ["苏禾"]})
    proposal = {"conclusion": "部分属实", "reason": "有通报", "true_part": "工地安全管理制度不落实。"}
    first.post(f"{url}/propose", json=proposal)
    world.client("off1b").post(f"{url}/agree", json={})
    assert world.client("head1").post(f"{url}/sign", json={}).json()["state"] == "部分属实"


def test_teams_stand_in_roster_order_by_category(world: World) -> None:
    rows = world.client("off1").get("/api/teams").json()
    assert [row["id"] for row in rows] == [f"D{n:02d}" for n in range(1, 11)]
    page = world.client("off1").get("/teams").text
    assert page.index("城区类") < page.index("开发区类") < page.index("县市类")
    only = world.client("off1").get("/teams", params={"zone": "Z2"}).text
    assert "青棠区" not in only
    assert "石岭县" in only


def test_empty_dossier_says_insufficient_never_normal(world: World) -> None:
    page = world.client("off1").get("/teams/D03").text
    assert "信息不足" in page
    assert "正常" not in page
    assert world.client("off1").get("/api/teams/D03").json()["insufficient"] is True


def test_adopted_item_is_marked_as_reported_with_its_source(world: World) -> None:
    client = world.client("off1")
    client.post(f"/api/evidence/{world.items['practice']}/accept", json={})
    page = client.get("/teams/D02").text
    block = page[page.index("据报道／单位自报") :]
    for words in (PRACTICE, "据澜宁日报报道", "2025-10-13", "1 家转载", "独立信源", world.item("practice").code):
        assert words in block, words
    found = client.get("/api/teams/D02").json()
    assert [i["id"] for i in found["reported"]] == [world.items["practice"]]
    assert found["established"] == []
    assert "苗知远" in page
    assert '<svg class="months"' in page


def test_own_words_alone_raise_the_one_sided_banner(world: World) -> None:
    client = world.client("off1")
    client.post(f"/api/evidence/{world.items['award']}/accept", json={})
    page = client.get("/teams/D01").text
    assert "信源单一" in page
    assert "100%" in page
    assert "单位自报" in page
    client.post(f"/api/evidence/{world.items['park']}/accept", json={})
    assert "信源单一" not in client.get("/teams/D01").text


def test_adverse_item_is_held_back_until_signed_and_then_shown_whole(world: World) -> None:
    client = world.client("off1")
    client.post(f"/api/evidence/{world.items['accident']}/accept", json={})
    assert "坍塌" not in client.get("/teams/D09").text
    settle_accident(world)
    page = client.get("/teams/D09").text
    assert "工地安全管理制度不落实。" in page
    assert ACCIDENT not in page  # only the true part is fact
    for words in ("部分属实", "独立信源：", "单位说明：", "容错审查：", "告知："):
        assert words in page, words


def test_unverified_items_need_a_reason_that_is_audited(world: World) -> None:
    client = world.client("off1")
    client.post(f"/api/evidence/{world.items['accident']}/accept", json={})
    assert client.post("/teams/D09/open", data={"reason": " "}).status_code == 422
    assert audited(world, "team-open-unverified") == []
    page = client.post("/teams/D09/open", data={"reason": "准备核查"}).text
    assert ACCIDENT in page
    assert "未经核实" in page
    [entry] = audited(world, "team-open-unverified")
    assert (entry.object_id, entry.purpose) == ("D09", "准备核查")
    found = client.get("/api/teams/D09", params={"open_reason": "准备核查"}).json()
    assert [i["id"] for i in found["open"]] == [world.items["accident"]]


def test_dates_filter_the_dossier(world: World) -> None:
    client = world.client("off1")
    for key in ("park", "award"):
        client.post(f"/api/evidence/{world.items[key]}/accept", json={})
    page = client.get("/teams/D01", params={"since": "2025-10-12", "until": "2025-10-16"}).text
    assert AWARD in page
    assert "街区长" not in page
    assert client.get("/teams/D01", params={"since": "next week"}).status_code == 422
    assert client.get("/teams/D01?since=&until=").status_code == 200


def test_cadre_dossier_asks_for_a_purpose_and_audits_every_opening(world: World) -> None:
    client = world.client("off1")
    asked = client.get("/cadres/P005").text
    assert "查阅用途" in asked
    assert "本人工作条目" not in asked
    assert audited(world, "cadre-open") == []
    assert client.post("/cadres/P005/purpose", data={"purpose": "其他"}).status_code == 422
    assert client.post("/cadres/P005/purpose", data={"purpose": "好奇"}).status_code == 422
    assert client.post("/cadres/P005/purpose", data={"purpose": "谈话", "text": "三季度"}).status_code == 303
    for _ in range(2):
        assert "谈话：三季度" in client.get("/cadres/P005").text
    assert [e.purpose for e in audited(world, "cadre-open")] == ["谈话：三季度"] * 2
    assert "查阅用途" in client.get("/cadres/P004").text  # the purpose is for one person, not for all


def test_cadre_dossier_keeps_mentions_apart_and_has_no_counts_of_persons(world: World) -> None:
    client = world.client("off1")
    client.post(f"/api/evidence/{world.items['practice']}/accept", json={})
    client.post("/cadres/P005/purpose", data={"purpose": "考核"})
    page = client.get("/cadres/P005").text
    assert "信息不足" in page[: page.index("出席、引语等提及")]
    assert PRACTICE in page[page.index("出席、引语等提及") :]
    assert "/briefs/new?cadre=P005" in page
    assert '<svg class="tenures"' in page
    found = client.get("/api/cadres/P005", params={"purpose": "考核"}).json()
    assert [i["id"] for i in found["mentions"]] == [world.items["practice"]]
    assert not {"score", "rank", "counts"} & set(found)
    listed = client.get("/api/cadres").json()
    assert all(set(row) == {"id", "name", "post", "since"} for group in listed for row in group["cadres"])


def test_json_cadre_dossier_needs_a_purpose_too(world: World) -> None:
    client = world.client("off1")
    assert client.get("/api/cadres/P005").json()["error"]["code"] == "CADRE-PURPOSE"
    assert client.get("/api/cadres/P005", params={"purpose": "谈话"}).status_code == 200
    [entry] = audited(world, "cadre-open")
    assert (entry.object_id, entry.purpose) == ("P005", "谈话")


def test_team_items_stand_apart_and_never_on_the_successor(world: World) -> None:
    settle_accident(world)
    found = world.client("off1").get("/api/cadres/P020", params={"purpose": "谈话"}).json()  # 县长 since 2024-09
    assert [i["id"] for i in found["team_items"]] == [world.items["accident"]]
    assert found["established"] == found["reported"] == []
    before = world.client("off1").get("/api/cadres/P019", params={"purpose": "谈话"}).json()  # left 2024-08
    assert before["team_items"] == []


def test_day_of_printing_never_puts_a_failure_into_a_tenure(world: World) -> None:
    settle_accident(world)
    with world.system.database.write() as session:
        session.get_one(Evidence, world.items["accident"]).passage.event_source = "publication"
    found = world.client("off1").get("/api/cadres/P020", params={"purpose": "谈话"}).json()
    assert found["team_items"] == []


def test_unverified_items_of_a_cadre_need_purpose_and_reason(world: World) -> None:
    client = world.client("off1")
    assert client.post("/cadres/P005/open", data={"reason": "核查"}).status_code == 422
    client.post("/cadres/P005/purpose", data={"purpose": "谈话"})
    assert client.post("/cadres/P005/open", data={"reason": ""}).status_code == 422
    assert client.post("/cadres/P005/open", data={"reason": "核查"}).status_code == 200
    [entry] = audited(world, "cadre-open-unverified")
    assert entry.detail == {"reason": "核查"}
    kh = world.client("kh")
    assert kh.get("/api/cadres/P005", params={"purpose": "考核", "open_reason": "核查"}).status_code == 403


def test_document_shows_capture_prints_and_labels(world: World) -> None:
    client = world.client("off1")
    page = client.get(f"/documents/{world.documents['practice']}").text
    for words in (PRACTICE, "HTTP 200", "SHA-256", "江北日报", "转载", world.item("practice").code, "机器：做法"):
        assert words in page, words
    found = client.get(f"/api/documents/{world.documents['practice']}").json()
    assert [p["document_id"] for p in found["lineage"]] == [world.documents[k] for k in ("practice", "reprint")]


def test_original_is_only_ever_a_download_and_is_audited(world: World) -> None:
    answer = world.client("off1").get(f"/documents/{world.documents['practice']}/original")
    assert PRACTICE.encode() in answer.content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    [entry] = audited(world, "document-original")
    assert entry.object_id == str(world.documents["practice"])


@pytest.mark.parametrize("path", ["/", "/queue", "/teams", "/cadres", "/teams/D02", "/documents/1", "/items/2"])
def test_pages_have_one_main_heading_and_labelled_fields(world: World, path: str) -> None:
    page = world.client("off1").get(path).text
    assert page.count("<h1") == 1
    assert 'lang="zh-CN"' in page
    unlabelled(world.client("off1"), path)


def unlabelled(client: TestClient, path: str) -> None:
    """Every visible field stands inside a label or has one."""
    tree = LexborHTMLParser(client.get(path).text)
    for field in tree.css("input, select, textarea"):
        if field.attributes.get("type") == "hidden":
            continue
        inside, node = False, field.parent
        while node is not None and not inside:
            inside, node = node.tag == "label", node.parent
        named = field.attributes.get("id") and tree.css_first(f'label[for="{field.attributes["id"]}"]')
        assert inside or named, field.html


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 45), st.integers(-5, 45), st.sampled_from(["a", "b"]))))
def test_marking_never_changes_or_unescapes_the_text(text: str, spans: list[tuple[int, int, str]]) -> None:
    html = str(marked(text, spans))
    assert unescape(re.sub(r"</?mark[^>]*>", "", html)) == unescape(re.sub(r"</?mark[^>]*>", "", str(marked(text, []))))
    assert html.count("<mark") == html.count("</mark>")


def test_month_chart_of_nothing_is_empty() -> None:
    chart = month_chart([], date(2025, 10, 16))
    assert chart.empty
    assert (chart.months[0].name, chart.months[-1].name) == ("2024-11", "2025-10")
    assert all(month.count(topic) == 0 for month in chart.months for topic in DOSSIER_TOPICS)
