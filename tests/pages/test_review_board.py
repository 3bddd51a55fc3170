"""分析研判 in a real browser: write, meet a colleague's save without losing one's words, pick the state by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_words_survive_a_colleagues_save_and_the_state_is_picked(address: str, sign_in: Callable[[str], Any]) -> None:
    page, other = sign_in("off1"), sign_in("off1b")
    page.goto(f"{address}/reviews?quarter=2025Q4")
    page.locator("tr", has_text="望澜区").get_by_role("button", name="建立研判").click()
    page.wait_for_url("**/reviews/2025Q4/D01")
    assert page.locator("input[name=overall]:checked").count() == 0
    other.goto(f"{address}/reviews/2025Q4/D01")
    other.fill("textarea[name=idea]", "同事先保存的文字")
    other.get_by_role("button", name="保存全部文字").click()
    other.locator("input[name=version][value='2']").wait_for(state="attached")
    page.fill("textarea[name=idea]", "写了很久的文字")
    page.get_by_role("button", name="保存全部文字").click()
    page.locator("#errors", has_text="其他人已保存过本页").wait_for()
    assert page.input_value("textarea[name=idea]") == "写了很久的文字"
    page.reload()
    assert page.input_value("textarea[name=idea]") == "同事先保存的文字"
    page.get_by_label("运行平稳").focus()
    page.keyboard.press("Space")
    page.fill("textarea[name=reasons]", "事实清楚")
    page.get_by_role("button", name="确定", exact=True).last.click()
    page.locator("#overall ~ p", has_text="理由：事实清楚").wait_for()
