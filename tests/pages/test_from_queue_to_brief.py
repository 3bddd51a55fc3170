"""One item all the way in a real browser: review, two officers and the 处长, dossier, brief; and search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from web_world import World

from dossier.search.worker import index_pending

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
RECORDS = (
    ("看", "2025-10-14", "现场察看，塌落部位已围挡，与通报一致。",
     {"f_place": "石岭县", "f_project": "在建工地", "officers": "苏禾、季明川"}),
    ("查", "2025-10-15", "查阅通报原件，责令整改属实。",
     {"f_document": "通报", "f_number": "江应急通〔2025〕3号", "f_page": "1", "f_extract": "责令限期整改"}),
)  # fmt: skip


def _record(page: Any, channel: str, day: str, summary: str, fields: dict[str, str]) -> None:
    page.locator("summary", has_text="登记核查记录").click()
    form = page.locator("form[action$='/records']")
    if channel != "看":  # the fields of another channel come when it is chosen
        form.locator("[name=channel]").select_option(channel)
    for name, text in fields.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator("[name=on]").fill(day)
    form.locator("[name=summary]").fill(summary)
    if channel == "查":
        form.locator("[name=official]").check()
    form.get_by_role("button", name="登记").click()
    sync_api.expect(page.get_by_role("table", name="核查记录")).to_contain_text(summary)


def test_from_review_to_verified_dossier_and_brief(
    world: World, address: str, page: Any, sign_in: Callable[[str], Any]
) -> None:
    item, code = world.items["accident"], world.item("accident").code
    page.goto(f"{address}/queue?id={item}")
    page.keyboard.press("a")
    sync_api.expect(page.locator(".undo")).to_contain_text("列入待核实")
    sync_api.expect(page.locator("[data-focus]")).to_be_focused()

    page.goto(f"{address}/items/{item}")
    for record in RECORDS:
        _record(page, *record)
    page.locator("summary", has_text="提出核实结论").click()
    page.locator("form[action$='/propose'] [name=reason]").fill("现场与正式通报一致")
    page.get_by_role("button", name="提出，交另一名经办复核").click()
    sync_api.expect(page.locator("#verify")).to_contain_text("待另一名经办复核")
    assert page.get_by_role("button", name="同意").count() == 0  # never the one who proposed

    second = sign_in("off1b")
    second.goto(f"{address}/items/{item}")
    second.get_by_role("button", name="同意“已核实”").click()
    sync_api.expect(second.locator("#verify")).to_contain_text("待处长签批")
    page.goto(f"{address}/teams/D09")
    assert code not in page.locator("main").inner_text()  # not before the signature

    head = sign_in("head1")
    head.goto(f"{address}/items/{item}")
    head.get_by_role("button", name="签批“已核实”").click()
    sync_api.expect(head.locator("h1")).to_contain_text("已核实")

    page.goto(f"{address}/items/{item}")
    page.locator("summary", has_text="告知").click()
    assert "澜宁发布" not in page.locator("[name=text]").first.input_value()
    page.get_by_role("button", name="登记告知").click()
    sync_api.expect(page.locator("#verify")).to_contain_text("待说明")
    page.goto(f"{address}/teams/D09")
    shown = page.locator("#timeline ~ .evidence, .evidence", has_text=code)
    for words in ("已核实", "独立信源", "单位说明：未登记", "告知：20", "容错审查：未登记"):
        sync_api.expect(shown).to_contain_text(words)

    page.goto(f"{address}/briefs")
    page.locator("[name=cadre]").select_option(label=page.locator("option", has_text="燕归鸿").inner_text())
    page.locator("[name=kind]").select_option(index=1)
    page.locator("[name=interviewer]").fill("阎澄舟")
    page.get_by_role("button", name="生成简报").click()
    sync_api.expect(page.locator("article.brief")).to_contain_text(f"〔{code}〕")
    with page.expect_download() as file:
        page.get_by_role("link", name="下载 Word").click()
    assert file.value.suggested_filename.endswith(".docx")


def test_search_shows_what_it_understood_and_narrows(world: World, address: str, page: Any) -> None:
    index_pending(world.system.database, world.system.index)
    page.goto(f"{address}/teams")
    page.keyboard.press("/")
    page.keyboard.type("望澜 工作法")
    page.keyboard.press("Enter")
    results = page.get_by_label("检索结果")
    sync_api.expect(results.locator("article")).to_have_count(2)
    sync_api.expect(page.locator("main")).to_contain_text("班子：望澜区")
    sync_api.expect(results.locator("mark").first).to_have_text("望澜区")
    page.locator("[name=from]").fill("2025-10-11")
    page.get_by_role("button", name="检索").click()
    sync_api.expect(results.locator("article")).to_have_count(1)
    sync_api.expect(results).to_contain_text("街区长")
    page.locator("[name=from]").fill("10/11")
    page.get_by_role("button", name="检索").click()
    assert page.locator("[name=from]").evaluate("field => field.validity.patternMismatch")
