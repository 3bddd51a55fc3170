"""新增来源 in a browser: three steps, no script errors, nothing wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from web_world import World

from demo.press import start_press
from storage.settings import Settings
from storage.tables import Source


def shot(page: Any, name: str) -> None:
    """A picture of the page where SHIJI_TEST_PICTURES names a folder."""
    if folder := os.environ.get("SHIJI_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_an_address_becomes_a_source(world: World, sign_in: Callable[[str], Any]) -> None:
    with start_press({"ribao": 0, "jbrb": 0, "lanfa": 0}) as press:
        world.system.settings = Settings(
            data_text=str(world.system.settings.data), allow_private=press.allow_private, today_text="2025-10-16"
        )
        page = sign_in("sys")
        page.click("text=采集与来源")
        page.click("text=新增来源")
        shot(page, "1")
        page.fill("input[type=url]", f"http://127.0.0.1:{press.ports['lanfa']}/bowan/index.html")
        page.click("main >> text=识别")
        assert page.input_value("textarea[name=config]").startswith("selector:")
        page.fill("[name=permission]", "县级市政府门户网站公开信息")
        page.fill("[name=rate_seconds]", "0")
        page.fill("[name=id]", "bowan2")
        page.select_option("[name=owner_team]", "D10")
        shot(page, "2")
        page.click("text=试采 >> nth=-1")
        page.wait_for_selector("#preview")
        assert "将收入这" in page.inner_text("#preview")
        shot(page, "3")
        page.click("text=保存登记")
        page.wait_for_url("**/sources/bowan2")
        shot(page, "4")
        with world.system.database.read() as session:
            assert session.get_one(Source, "bowan2").owner_team_id == "D10"
