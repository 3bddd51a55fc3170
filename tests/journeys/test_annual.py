"""Journey 8: freeze, evidence package with the strongest adverse item, 已阅 and judgement; then quotas and grades."""

from __future__ import annotations

import re
from typing import Any

from browser import PageOf, playwright

expect = playwright.expect
POOLS = ("县区", "经济管理", "社会事业", "执法监督", "政务综合", "党委群团")
SUGGESTS = ("建议等次", "拟推荐", "预测等次")


def test_a_package_is_frozen_drafted_read_and_judged_by_people(sign_in: PageOf) -> None:
    page = sign_in("kh")
    page.get_by_role("link", name="年度考核", exact=True).click()
    page.get_by_label("材料截止日").fill("2025-02-28")
    page.get_by_role("button", name="形成快照").click()
    second = page.get_by_role("row", name="第 2 版")
    expect(second).to_contain_text("2025-02-28")
    second.get_by_role("link", name="复算核对").click()
    expect(page.get_by_role("status")).to_contain_text("复算一致")

    page.get_by_role("navigation", name="考核工作台").get_by_role("link", name="定性证据包").click()
    page.get_by_role("row", name="石岭县").get_by_role("button", name="编制").click()
    expect(page.locator("h1")).to_contain_text("石岭县")
    facts = page.get_by_role("region", name="事实").locator("> article")
    assert 1 <= facts.count() <= 12
    adverse = facts.filter(has_text="不利条目")
    for words in ("状态：", "独立信源：", "单位说明：", "容错审查："):  # always together
        expect(adverse.first).to_contain_text(words)
    adverse.first.locator("summary").click()
    expect(adverse.first).to_contain_text("最主要的已核实不利条目，须留在证据包内")
    assert adverse.first.get_by_role("button", name="移出").count() == 0
    expect(page.get_by_role("region", name="统计")).to_contain_text("自采自发")
    url = page.url
    assert page.get_by_role("button", name="审定证据包").count() == 0

    head = sign_in("head1")
    head.goto(url)
    head.get_by_role("button", name="审定证据包").click()
    expect(head.get_by_role("region", name="统计")).to_contain_text("已审定")
    deputy = sign_in("dep")
    deputy.goto(url)
    judge = deputy.get_by_role("region", name="定性研判")
    assert judge.get_by_role("radio").count() == 0  # not before 已阅
    judge.get_by_role("button", name="已阅").click()
    expect(judge.get_by_role("radio").first).to_be_visible()
    assert judge.locator("input:checked").count() == 0  # no state is chosen beforehand
    judge.get_by_role("radio", name="需要关注").check()
    judge.get_by_label("理由").fill("事故责任经认定，整改措施正在落实，须继续跟踪。")
    judge.get_by_role("button", name="填写").click()
    expect(judge).to_contain_text("需要关注")


def test_quotas_follow_the_largest_remainder_and_no_grade_goes_beyond_them(sign_in: PageOf) -> None:
    page = sign_in("kh")
    page.get_by_role("link", name="年度考核", exact=True).click()
    page.get_by_role("link", name="2025", exact=True).click()
    page.get_by_role("navigation", name="考核工作台").get_by_role("link", name="名额").click()
    sizes = page.get_by_role("region", name="分组和试算").locator("table").first
    for pool, n in (("社会事业", 9), ("执法监督", 8), ("党委群团", 7)):  # warned before any meeting
        expect(sizes.get_by_role("row", name=pool)).to_contain_text(f"{n} 个单独核定时")
    for pool in ("县区", "经济管理", "政务综合"):
        expect(sizes.get_by_role("row", name=pool)).to_contain_text("可行")
    _try(page, 11)
    expect(page.get_by_role("alert")).to_contain_text("总名额 11 不在 8～10 之内（基数 50）")
    assert _try(page, 9) == [2, 2, 2, 1, 1, 1]
    assert _try(page, 10) == [2, 2, 2, 2, 1, 1]
    assert _try(page, 8, capped=True) == [2, 2, 1, 1, 1, 1]
    page.get_by_label("各组均不超过上限比例").uncheck()
    assert _try(page, 9) == [2, 2, 2, 1, 1, 1]
    page.get_by_role("button", name="拟定名额方案").click()
    expect(page.get_by_role("heading", name="名额方案第 1 版")).to_contain_text("草拟")

    _grade(page, "望澜区", "优秀")
    expect(page.locator("#errors")).to_contain_text("名额方案")  # nothing before it is signed
    head, minister = sign_in("head"), sign_in("min")
    for person in (head, minister):
        person.goto(page.url.replace("/grades", "/quotas"))
    head.get_by_role("button", name="审核同意").click()
    expect(head.get_by_role("heading", name="名额方案第 1 版")).to_contain_text("已审核")
    minister.reload()
    minister.get_by_label("文号").fill("澜委〔2025〕30号")
    minister.get_by_role("button", name="审定", exact=True).click()
    expect(minister.get_by_role("heading", name="名额方案第 1 版")).to_contain_text("已审定")

    page.reload()
    words = page.locator("main").inner_text()
    assert not [word for word in SUGGESTS if word in words]
    for team in ("望澜区", "长渚区"):
        _grade(page, team, "优秀")
        expect(page.get_by_role("row", name=team).first.locator("td").nth(2)).to_have_text("优秀")
    _grade(page, "泊湾市", "优秀")
    expect(page.locator("#errors")).to_contain_text(re.compile("县区.*名额"))
    page.reload()
    expect(page.locator("main")).to_contain_text("县区 2/2")
    expect(page.get_by_role("row", name="泊湾市").first.locator("td").nth(2)).to_have_text("—")


def _try(page: Any, total: int, capped: bool = False) -> list[int]:
    """Seats by pool in their order, as the trial shows them."""
    page.get_by_label("总名额").fill(str(total))
    if capped:
        page.get_by_label("各组均不超过上限比例").check()
    page.get_by_role("button", name="试算").click()
    page.wait_for_url(f"**total={total}**")
    page.wait_for_load_state()
    tried = page.get_by_role("region", name="分组和试算").locator("table").nth(1)
    if not tried.count():
        return []
    return [int(tried.get_by_role("row", name=pool).locator("td").last.inner_text()) for pool in POOLS]


def _grade(page: Any, team: str, grade: str) -> None:
    """Enter what the meeting decided on a team."""
    if "/grades" not in page.url:
        page.get_by_role("navigation", name="考核工作台").get_by_role("link", name="等次").click()
    row = page.get_by_role("row", name=team).first
    row.locator("summary").click()
    form = row.locator("form[action$='/grades']")
    assert form.locator("[name=grade]").input_value() == ""  # nothing is chosen beforehand
    form.locator("[name=grade]").select_option(grade)
    form.locator("[name=reason]").fill("经会议研究，引用证据包和研判意见。")
    form.get_by_role("button", name="录入").click()
