"""Morning review by keyboard in a real browser (domain.md §6.3 journey 1), and the pages' fit on the office screen."""

from __future__ import annotations

from typing import Any

import pytest
from web_world import World

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


def test_correct_accept_undo_by_keyboard(world: World, address: str, page: Any) -> None:
    page.goto(f"{address}/queue?id={world.items['practice']}")
    page.keyboard.press("2")
    sync_api.expect(page.locator(".moved")).to_contain_text("机器：做法 → 经办：亮点")
    page.keyboard.press("a")
    sync_api.expect(page.locator(".undo")).to_contain_text(f"已采用 {world.item('practice').code}")
    assert (world.item("practice").label, world.item("practice").state) == ("highlight", "已采用")
    page.keyboard.press("u")
    sync_api.expect(page.locator(".undo")).to_contain_text("已撤销")
    assert world.item("practice").state == "待确认"
    page.keyboard.press("r")
    sync_api.expect(page.locator(".undo")).to_contain_text("已标为不采用")
    assert world.item("practice").state == "不采用"


def test_arrows_walk_and_typing_is_not_a_command(world: World, address: str, page: Any) -> None:
    page.goto(f"{address}/queue")
    first = page.locator(".steps h2").inner_text()
    page.keyboard.press("ArrowRight")
    sync_api.expect(page.locator(".steps h2")).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    sync_api.expect(page.locator(".steps h2")).to_have_text(first)
    page.locator("summary", has_text="改正归属和干部").click()
    page.locator("[name=reason]").last.fill("")
    page.locator("[name=reason]").last.press_sequentially("ar124")
    assert page.locator(".steps h2").inner_text() == first
    assert world.item("accident").state == "待确认"


def test_choosing_a_team_lists_its_people_and_errors_keep_the_form(world: World, address: str, page: Any) -> None:
    page.goto(f"{address}/queue?id={world.items['park']}")
    page.locator("summary", has_text="改正归属和干部").click()
    page.locator("[name=team_id]").select_option("D02")
    sync_api.expect(page.locator("#add-cadre")).to_contain_text("苗知远")
    page.locator("[name=team_id]").select_option("D01")
    sync_api.expect(page.locator("#add-cadre")).to_contain_text("佟以宁")
    page.locator("[name=reason]").last.fill("没有改动也保存")
    page.get_by_role("button", name="保存改正").click()
    sync_api.expect(page.locator("#errors")).to_contain_text("没有改动")
    assert page.locator("[name=reason]").last.input_value() == "没有改动也保存"


def test_decisions_fit_the_office_screen(world: World, address: str, page: Any) -> None:
    for path in ("/", "/queue", f"/items/{world.items['accident']}", "/teams", "/teams/D01", "/cadres", "/documents/1"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(f"{address}/queue")
    box = page.locator('[data-key="a"]').bounding_box()
    assert box
    assert box["y"] + box["height"] < 768


def test_slash_goes_to_search(world: World, address: str, page: Any) -> None:
    page.goto(f"{address}/teams")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "top-q"
