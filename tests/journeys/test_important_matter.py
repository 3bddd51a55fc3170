"""Journey 11: an illness reported in the evening: received unseen, read by those named, nowhere else (§6.3)."""

from __future__ import annotations

import pytest
from browser import PageOf

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
NAME = "景知微"
WORDS = "遵医嘱静养，分管工作由班子其他成员代管"


def test_an_illness_is_received_cared_for_and_stays_restricted(address: str, sign_in: PageOf) -> None:
    minister = sign_in("min")
    lane = minister.locator(".lanes li", has_text="指定阅看的重要事项").locator(".figure")
    before = int(lane.inner_text())
    unit = sign_in("unit2")
    unit.goto(f"{address}/matters")
    form = unit.locator("form[action='/matters']").first
    form.locator("[name=kind]").select_option("重大疾病")
    form.locator("[name=cadre_name]").fill(NAME)
    form.locator("[name=occurred_on]").fill("2025-10-16")
    form.locator("[name=fact]").fill(WORDS)
    form.locator("[name=effect]").select_option("暂不能履职")
    form.locator("[name=expected]").fill("两个月")
    form.locator("[name=reporter]").fill("丁一舟")
    form.locator("[name=signer]").fill("局主要负责人")
    form.get_by_role("button", name="提交").click()
    sync_api.expect(unit.get_by_role("status")).to_contain_text("待组织部接收")
    assert NAME not in unit.locator("#own ~ *, section[aria-labelledby=own]").first.inner_text()

    keeper = sign_in("sup")
    keeper.goto(f"{address}/matters")
    waiting = keeper.locator("section[aria-labelledby=waiting]")
    assert NAME not in waiting.inner_text()  # a receipt shows kind, unit and time
    waiting.get_by_role("button", name="接收并生成回执").last.click()
    row = keeper.locator("section[aria-labelledby=register] tr", has_text=NAME)
    row.get_by_role("link").click()
    sync_api.expect(keeper.locator("main")).to_contain_text(WORDS)
    keeper.locator("[name=login]").select_option("min")
    with keeper.expect_navigation():  # the name stands in the list to choose from too
        keeper.get_by_role("button", name="指定").click()
    sync_api.expect(keeper.locator("main")).to_contain_text("向远山")
    matter = keeper.url

    minister.reload()
    sync_api.expect(lane).to_have_text(str(before + 1))
    for secret in (NAME, WORDS, "重大疾病"):
        assert secret not in minister.locator("main").inner_text()  # only that there is one
    minister.goto(matter)
    care = minister.locator("form[action$='/care']")
    care.locator("[name=kind]").select_option("关怀走访")
    care.locator("[name=on]").fill("2025-10-20")
    care.get_by_role("button", name="登记关怀").click()
    sync_api.expect(minister.locator("main")).to_contain_text("关怀走访")

    _nowhere_else(address, sign_in, matter)


def _nowhere_else(address: str, sign_in: PageOf, matter: str) -> None:
    """Not opened by others, not in search, not in papers, not in statistics with names."""
    for login in ("off1", "off5", "kh", "dep", "head"):
        page = sign_in(login)
        assert page.request.get(matter).status in (403, 404)
        page.goto(f"{address}/search?q=静养 {NAME}")
        assert WORDS not in page.locator("main").inner_text()
        page.goto(f"{address}/matters")
        text = page.locator("main").inner_text()
        assert NAME not in text
        assert WORDS not in text
    officer = sign_in("kh")
    officer.goto(f"{address}/products")
    officer.get_by_role("button", name="起草每日要情").click()
    sync_api.expect(officer.locator("h1")).to_have_text("每日要情")
    assert WORDS not in officer.locator("main").inner_text()
