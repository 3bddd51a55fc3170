"""检索: the viewer's zones hold for hits, totals, facets and suggestions, on the page and in JSON alike."""

from __future__ import annotations

import pytest
from web_world import World

from dossier.search.worker import index_pending


@pytest.fixture
def indexed(world: World) -> World:
    index_pending(world.system.database, world.system.index)
    return world


def test_nothing_is_searched_before_something_is_asked(indexed: World) -> None:
    page = indexed.client("off1").get("/search")
    assert page.status_code == 200
    assert "词与词之间用空格分开" in page.text
    assert "共 <strong>" not in page.text


def test_a_hit_shows_team_topic_state_source_and_leads_on(indexed: World) -> None:
    page = indexed.client("off1").get("/search", params={"q": "老旧小区"})
    assert "<mark>老旧小区</mark>" in page.text.replace("</mark><mark>", "")
    for shown in ("青棠区", "做法", "待确认", "澜宁日报", "1 家转载", f"/documents/{indexed.documents['practice']}"):
        assert shown in page.text
    assert f"/items/{indexed.items['practice']}" in page.text
    assert "毫秒" in page.text


def test_reading_of_the_query_is_shown_back(indexed: World) -> None:
    page = indexed.client("off1").get("/search", params={"q": "青棠 老旧小区 2025 问题"})
    for meaning in ("班子：青棠区", "类别：问题", "时间：2025-01-01至2025-12-31"):
        assert meaning in page.text


def test_json_says_the_same_as_the_page(indexed: World) -> None:
    answer = indexed.client("off1").get("/api/search", params={"q": "老旧小区"}).json()
    assert answer["total"] == 1
    hit = answer["hits"][0]
    assert hit["team"] == [{"id": "D02", "name": "青棠区"}]
    assert hit["document"] == indexed.documents["practice"]
    assert "老旧小区" in "".join(part["text"] for part in hit["highlight"] if part["hit"])
    assert {facet["key"] for facet in answer["facets"]["team"]} == {"D02"}


def test_another_zone_leaks_no_hit_count_or_facet(indexed: World) -> None:
    for login, total in (("off1", 0), ("off3", 1), ("kh", 1)):
        answer = indexed.client(login).get("/api/search", params={"q": "课后服务"}).json()
        assert answer["total"] == total, login
    everything = indexed.client("off1").get("/api/search", params={"from": "2025-01-01"}).json()
    assert "MB01" not in {facet["key"] for facet in everything["facets"]["team"]}


def test_suggestions_stay_in_the_zone(indexed: World) -> None:
    assert indexed.client("off1").get("/api/suggest", params={"q": "市教育"}).json() == []
    assert indexed.client("off3").get("/api/suggest", params={"q": "市教育"}).json()[0]["id"] == "MB01"


def test_restricted_and_quarantined_matter_is_never_found(indexed: World) -> None:
    for words in ("因病住院", "实名举报"):
        assert indexed.client("head").get("/api/search", params={"q": words}).json()["total"] == 0


@pytest.mark.parametrize("login", ["sys", "aud"])
def test_administrators_cannot_search(indexed: World, login: str) -> None:
    assert indexed.client(login).get("/search", params={"q": "青棠"}).status_code == 403
    assert indexed.client(login).get("/api/search", params={"q": "青棠"}).status_code == 403


def test_filters_narrow_and_a_bad_date_says_so(indexed: World) -> None:
    client = indexed.client("off1")
    assert client.get("/api/search", params={"topic": "problem"}).json()["total"] == 1
    assert client.get("/api/search", params={"team": "D01", "topic": "highlight"}).json()["total"] == 1
    assert client.get("/api/search", params={"q": "工作法", "from": "2025-10-13"}).json()["total"] == 1
    bad = client.get("/api/search", params={"q": "x", "from": "10/13"})
    assert bad.status_code == 422
    assert bad.json()["error"]["code"] == "REQUEST-FIELD"


def test_facet_links_keep_the_search(indexed: World) -> None:
    page = indexed.client("off1").get("/search", params={"q": "工作法", "sort": "date"}).text
    assert "q=%E5%B7%A5%E4%BD%9C%E6%B3%95" in page
    assert "team=D01" in page
    assert "sort=date" in page


def test_script_in_a_query_is_text(indexed: World) -> None:
    page = indexed.client("off1").get("/search", params={"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.text


def test_printed_list_is_recorded(indexed: World) -> None:
    page = indexed.client("off1").get("/search/list", params={"q": "工作法"})
    assert "检索清单" in page.text
    log = indexed.client("aud").get("/api/audit", params={"act": "search-list"}).json()
    assert log["total"] == 1
    assert "工作法" in log["entries"][0]["detail"]


def test_persons_are_neither_counted_nor_ordered_by_volume(indexed: World) -> None:
    facets = indexed.client("kh").get("/api/search", params={"from": "2025-01-01"}).json()["facets"]
    assert facets["cadre"]
    assert {facet["count"] for facet in facets["cadre"]} == {None}
    assert [f["key"] for f in facets["cadre"]] == sorted(f["key"] for f in facets["cadre"])
    order = ["D01", "D02", "D08", "D09", "MB01"]
    assert [f["key"] for f in facets["team"]] == [t for t in order if t in {f["key"] for f in facets["team"]}]
    assert len(facets["team"]) > 2
