"""Journey 3: an adverse item is verified by records, a second officer and a head; told, answered, and shown so."""

from __future__ import annotations

from typing import Any

from browser import PageOf, playwright

expect = playwright.expect
FACT = "二次供水改造连续三日停水"  # 望澜区, from a weekly report of 12345, not yet confirmed
ANSWER = "施工前已在小区公告栏张贴通知，未逐户告知，已改为短信和上门两种方式。"
SOURCE_WORDS = ("12345", "热线", "澜宁日报", "来信")  # a letter never says where a matter came from


def test_from_record_to_second_officer_signature_notice_and_statement(sign_in: PageOf) -> None:
    page = sign_in("off1")
    _accept_in_the_queue(page)
    page.get_by_role("link", name="核查记录", exact=True).first.click()
    page.get_by_role("link", name="登记核查记录").click()
    _inquiry(page)
    page.get_by_role("checkbox", name=FACT[:12]).check()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("h1")).to_contain_text("核查记录表")
    item = page.get_by_role("region", name="支持的事项").get_by_role("link")
    code = item.inner_text()
    item.click()
    expect(page.locator("h1")).to_contain_text("核实中")

    # one channel is not enough for an adverse item
    _propose(page)
    expect(page.locator("#errors")).to_contain_text("两种")
    page.reload()
    page.locator("summary", has_text="登记核查记录").click()
    page.locator("#verify").get_by_label("核查方式").select_option("调")
    for name, text in (
        ("provider", "市政务服务局"),
        ("table", "热线工单明细"),
        ("scope", "7月14日至20日"),
        ("receipt", "ZF-071"),
    ):
        page.locator(f"[name=f_{name}]").fill(text)
    page.locator("#verify [name=on]").fill("2025-10-15")
    page.locator("#verify [name=summary]").fill("三日内停水工单 31 件，均在同一小区。")
    page.locator("#verify").get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("table", name="核查记录")).to_contain_text("停水工单 31 件")
    _propose(page)
    expect(page.locator("#verify")).to_contain_text("待另一名经办复核")
    assert page.get_by_role("button", name="同意“已核实”").count() == 0  # never by who proposed it

    second = sign_in("off1b")
    second.goto(page.url)
    second.get_by_role("button", name="同意“已核实”").click()
    expect(second.locator("#verify")).to_contain_text("待处长签批")
    assert second.get_by_role("button", name="签批").count() == 0
    head = sign_in("head1")
    head.goto(page.url)
    head.get_by_role("button", name="签批“已核实”").click()
    expect(head.locator("h1")).to_contain_text("已核实")

    page.reload()
    expect(page.locator("#verify")).to_contain_text("进入考核材料、记实前还需")
    page.locator("summary", has_text="告知望澜区").click()
    letter = page.locator("[name=text]").first.input_value()
    assert FACT[:6] in letter
    assert not [word for word in SOURCE_WORDS if word in letter]
    page.get_by_role("button", name="登记告知").first.click()
    expect(page.get_by_role("table", name="告知和说明")).to_contain_text("待说明")

    unit = sign_in("unit")
    unit.get_by_role("link", name="告知与申辩").click()
    unit.get_by_role("link", name=FACT[:6]).last.click()
    unit.get_by_label("说明内容").fill(ANSWER)
    unit.get_by_role("button", name="提交").click()
    expect(unit.locator("main")).to_contain_text("待复核")

    page.reload()
    expect(page.get_by_role("table", name="告知和说明")).to_contain_text(ANSWER)
    page.get_by_role("link", name="班子档").first.click()
    page.get_by_role("link", name="望澜区").first.click()
    shown = page.locator(".evidence", has_text=code).first
    for words in ("已核实", "独立信源", f"单位说明：{ANSWER}", "告知：2025-10-16", "容错审查：未登记"):
        expect(shown).to_contain_text(words)


def test_progress_of_a_task_is_verified_with_a_full_record(sign_in: PageOf) -> None:
    """A record begun on a task asks for what its channel needs and leads back to the task."""
    page = sign_in("off1")
    page.get_by_role("link", name="重点任务", exact=True).click()
    page.get_by_role("row", name="青棠区").get_by_role("link", name="街道养老服务中心建设").click()
    page.locator("#q3").get_by_role("link", name="登记核查记录").click()
    expect(page.get_by_role("checkbox", name="青棠区 2号任务")).to_be_checked()
    page.get_by_label("工作人员").fill("苏禾")
    page.get_by_label("地点").fill("棠溪街道")
    page.get_by_label("项目或点位").fill("养老服务中心")
    page.locator("[name=on]").fill("2025-10-15")
    page.get_by_label("看到的事实").fill("主体完工，设备进场，尚未验收。")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#errors")).to_contain_text("实地察看须有 2 名以上工作人员")
    page.get_by_label("工作人员").fill("苏禾、季明川")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/tasks/**")
    records = page.locator("#q3").get_by_role("table", name="核查记录")
    expect(records).to_contain_text("主体完工，设备进场，尚未验收。")
    records.get_by_role("link", name="2025-10-15").click()
    expect(page.locator("main")).to_contain_text("苏禾、季明川")
    page.get_by_role("link", name="青棠区2号任务第 3 季度进展").click()
    expect(page.locator("h1")).to_contain_text("街道养老服务中心建设")


def _accept_in_the_queue(page: Any) -> None:
    page.get_by_role("link", name="待确认队列").click()
    page.locator("[name=team]").first.select_option(label="望澜区")
    page.wait_for_url("**team=D01**")
    page.locator("[name=label]").first.select_option(label="问题")
    page.wait_for_url("**label=problem**")
    here = page.locator("#work [data-here]").first
    for _step in range(10):  # which item stands first is the model's affair
        if FACT in here.inner_text():
            break
        place = page.locator("#work .steps h2").inner_text()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#work .steps h2")).not_to_have_text(place)
    expect(here).to_contain_text(FACT)
    page.keyboard.press("a")
    expect(page.locator(".undo")).to_contain_text("列入待核实")


def _inquiry(page: Any) -> None:
    """访: how many were asked and what, never who."""
    page.get_by_label("核查方式").select_option("访")
    page.get_by_label("受访人数").fill("12")
    page.get_by_label("中性问题清单").fill("供水改造期间是否停水？\n是否事先接到通知？")
    page.locator("[name=on]").fill("2025-10-14")
    page.get_by_label("了解到的情况").fill("12人均称7月中旬停水三日，事先未接到通知。")


def _propose(page: Any) -> None:
    page.locator("summary", has_text="提出核实结论").click()
    page.locator("form[action$='/propose'] [name=reason]").fill("询访与工单数据相互印证")
    page.get_by_role("button", name="提出，交另一名经办复核").click()
