"""指标体系 through pages and JSON: draft, weights, simulation, submission, check, approval; frozen afterwards."""

from __future__ import annotations

from sqlalchemy import select
from web_world import World

from appraisal.book_sheet import book_workbook
from appraisal.year_book import parse_year_book
from storage.tables import AuditEntry


def draft(world: World, year: int = 2025, book: int = 0) -> int:
    answer = world.client("kh").post("/api/books", json={"book": book, "year": year, "note": "编制"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def approved(world: World, year: int = 2025) -> int:
    number = draft(world, year)
    kh = world.client("kh")
    assert kh.post(f"/api/books/{number}/simulation").status_code == 200
    assert kh.post(f"/api/books/{number}/submit").json()["state"] == "submitted"
    assert world.client("head").post(f"/api/books/{number}/check", json={"agree": True}).json()["state"] == "checked"
    done = world.client("min").post(f"/api/books/{number}/approve", json={"document_no": "澜组发〔2025〕3号"})
    assert done.json()["state"] == "approved"
    return number


def test_a_book_needs_simulation_check_and_document_number(filled: World) -> None:
    number = draft(filled)
    kh, head, minister = filled.client("kh"), filled.client("head"), filled.client("min")
    early = kh.post(f"/api/books/{number}/submit")
    assert early.json()["error"]["code"] == "BOOK-SIMULATION"
    tried = kh.post(f"/api/books/{number}/simulation").json()
    assert tried["period"] == "2024年"
    assert [row["team_id"] for row in tried["categories"]["城区类"]] == ["D01", "D02", "D03", "D04", "D05"]
    assert kh.post(f"/api/books/{number}/submit").status_code == 200
    for other in (kh, minister):
        assert other.post(f"/api/books/{number}/check", json={"agree": True}).status_code == 403
    assert head.post(f"/api/books/{number}/check", json={"agree": False}).json()["error"]["code"] == "BOOK-NOTE"
    assert head.post(f"/api/books/{number}/check", json={"agree": True}).status_code == 200
    assert minister.post(f"/api/books/{number}/approve", json={}).json()["error"]["code"] == "BOOK-DOCUMENT"
    assert head.post(f"/api/books/{number}/approve", json={"document_no": "1号"}).status_code == 403
    assert minister.post(f"/api/books/{number}/approve", json={"document_no": "1号"}).status_code == 200
    with filled.system.database.read() as session:
        acts = list(session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "indicator-book")))
    assert acts == ["book-draft", "book-simulate", "book-submit", "book-check", "book-approve"]


def test_an_approved_book_cannot_change_and_a_change_is_a_version(filled: World) -> None:
    number = approved(filled)
    kh = filled.client("kh")
    weights = {"cards": {"G1": "10", "G2": "12"}}
    assert kh.put(f"/api/books/{number}/weights", json=weights).json()["error"]["code"] == "BOOK-FROZEN"
    again = draft(filled, 2025, number)
    assert kh.get(f"/api/books/{again}").json()["name"] == "2025年指标体系第2版"
    assert kh.put(f"/api/books/{again}/weights", json=weights).status_code == 200
    view = kh.get(f"/api/books/{again}").json()
    assert view["sums"]["共同"] == "100"
    assert {(c["code"], c["what"][0]) for c in view["changes"]} == {("G1", "权重 12 → 10"), ("G2", "权重 10 → 12")}
    assert kh.get(f"/api/books/{number}").json()["sums"] == view["sums"]


def test_weights_that_do_not_sum_are_said_and_hinder(filled: World) -> None:
    number, kh = draft(filled), filled.client("kh")
    assert kh.put(f"/api/books/{number}/weights", json={"cards": {"G2": "11"}}).status_code == 200
    page = kh.get(f"/indicators/books/{number}").text
    assert "权重合计 101%" in page
    assert "提交前须处理" in page
    assert kh.post(f"/api/books/{number}/submit").json()["error"]["code"] == "WEIGHT-SUM"
    assert kh.post(f"/api/books/{number}/simulation").json()["error"]["code"] == "WEIGHT-SUM"


def test_gdp_cannot_be_made_heavier_or_ranked(filled: World) -> None:
    number, kh = draft(filled), filled.client("kh")
    kh.put(f"/api/books/{number}/weights", json={"cards": {"G1": "21", "G2": "1"}})
    assert "BOOK-GDP" in {p["code"] for p in kh.get(f"/api/books/{number}").json()["problems"]}
    card = {
        "code": "G1", "name": "地区生产总值", "unit": "亿元", "direction": "up", "type": "level_growth",
        "block": "共同", "method": "10b", "weight": "12", "provider": "MA10", "frequency": "季",
    }  # fmt: skip
    kh.put(f"/api/books/{number}/cards", params={"replaces": "G1"}, json=card)
    kh.put(f"/api/books/{number}/weights", json={"cards": {"G2": "10"}})
    assert kh.post(f"/api/books/{number}/submit").json()["error"]["code"] == "BOOK-GDP"


def test_the_card_form_saves_and_takes_out(filled: World) -> None:
    number, kh = draft(filled), filled.client("kh")
    form = kh.get(f"/indicators/books/{number}/card", params={"code": "V2"}).text
    assert 'value="bad=70; good=98"' in form
    csrf = {"csrf": kh.headers["x-csrf-token"]}
    fields = {
        "replaces": "V2", "code": "V2", "name": "信访积案化解率", "unit": "%", "direction": "up", "type": "ratio",
        "block": "共同", "method": "9c'", "method_version": "1", "params": "bad=60；good=98", "weight": "3",
        "provider": "MD03", "frequency": "季",
    }  # fmt: skip
    assert kh.post(f"/indicators/books/{number}/card", data={**fields, **csrf}).status_code == 303
    assert "bad=60" in kh.get(f"/indicators/books/{number}").text
    assert kh.post(f"/indicators/books/{number}/drop", data={"code": "V2", **csrf}).status_code == 303
    assert "V2" not in {c["code"] for c in kh.get(f"/api/books/{number}").json()["content"]["indicators"]}
    assert filled.client("off1").post(f"/indicators/books/{number}/drop", data={"code": "V1"}).status_code == 403


def test_a_workbook_goes_out_and_comes_back_the_same(filled: World) -> None:
    number, kh = draft(filled), filled.client("kh")
    before = kh.get(f"/api/books/{number}").json()["content"]
    data = kh.get(f"/api/books/{number}/workbook").content
    files = {"file": ("book.xlsx", data, "application/octet-stream")}
    sent = kh.post("/api/books/import", params={"year": 2025, "book": number}, files=files)
    assert sent.status_code == 201, sent.text
    after = kh.get(f"/api/books/{number}").json()["content"]
    assert parse_year_book(after, check=False) == parse_year_book(before, check=False)
    assert book_workbook(None, 2026)[:2] == b"PK"
    assert kh.get("/api/books/template", params={"year": 2026}).content[:2] == b"PK"


def test_pages_open_for_their_readers_only(filled: World) -> None:
    number = approved(filled)
    for login, status in (("off1", 200), ("dep", 200), ("min", 200), ("unit", 403), ("sys", 403), ("sup", 403)):
        client = filled.client(login)
        for path in ("/indicators/books", f"/indicators/books/{number}", "/indicators/scores", "/indicators/core",
                     "/indicators/targets", "/indicators/surveys", "/indicators/pins", "/api/scores"):  # fmt: skip
            assert client.get(path).status_code == status, (login, path)
    assert filled.client("min").get("/indicators/books").text.count("澜组发〔2025〕3号") == 1
