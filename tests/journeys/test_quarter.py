"""Journey 7: figures come in, a missing one is flagged, the sum can be checked, a late figure makes version 2."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
from browser import PageOf, playwright

expect = playwright.expect
LATE = 158.6  # 云亭区's investment, which was not out when version 1 was issued
CORE = ("G1", "G2", "G3", "G4")


def test_a_late_figure_makes_a_second_version_and_the_issued_one_stays(sign_in: PageOf) -> None:
    page = sign_in("kh")
    page.get_by_role("link", name="季度考核", exact=True).first.click()
    page.get_by_role("link", name="2025年第三季度考核第1版").click()
    expect(page.get_by_role("row", name="云亭区")).to_contain_text("未出数")
    assert page.locator("main").get_by_text(re.compile("第 ?[0-9]+ ?(名|位)")).count() == 0
    first_url, issued = page.url, _lines(page)
    page.get_by_role("link", name="云亭区").click()
    expect(page.locator(".figure")).to_contain_text("核心指标暂缺 25%")
    page.get_by_role("link", name=re.compile("^为什么是")).click()
    _check_by_calculator(page)
    missing = page.locator("li.node", has_text="全社会固定资产投资").last
    expect(missing).to_contain_text("缺报，暂不计分")

    page.get_by_role("link", name="指标与评分").first.click()
    page.get_by_label("期别").select_option("2025Q3累计")
    page.wait_for_url("**/indicators?period=2025Q3*")
    with page.expect_download() as template:
        page.get_by_role("link", name="下载模板").click()
    sheet = _late_figure(template.value.path())
    page.get_by_label("Excel 文件").set_input_files(
        {"name": "三季度固定资产投资后补.xlsx", "mimeType": "application/xlsx", "buffer": sheet}
    )
    page.get_by_role("button", name="校验并比对").click()
    expect(page.locator("main")).to_contain_text("目前尚未写入")
    expect(page.get_by_role("row", name="后补")).to_contain_text("云亭区")
    page.get_by_role("button", name="确认写入 1 个数据").click()
    expect(page.locator("main")).to_contain_text("写入 1 个数据")

    page.goto(first_url)
    since = page.get_by_role("region", name="计算之后的变化")
    expect(since.get_by_role("row", name="全社会固定资产投资")).to_contain_text("158.6")
    assert _lines(page) == issued
    page.get_by_role("link", name="季度考核", exact=True).first.click()
    page.locator("[name=quarter]").select_option("2025Q3")
    page.get_by_label("重算原因").fill("云亭区三季度固定资产投资后补")
    page.get_by_role("button", name="计算").click()
    expect(page.locator("h1")).to_contain_text("2025年第三季度考核第2版")
    second_url = page.url
    changed = page.get_by_role("region", name="与2025年第三季度考核第1版比较")
    expect(changed.get_by_role("row", name="云亭区 全社会固定资产投资累计数")).to_contain_text("158.6")
    expect(changed.get_by_role("row", name="云亭区 季度参考")).to_be_visible()

    head = sign_in("head")
    head.goto(second_url)
    head.get_by_label("审核意见").fill("按公式抽算一致")
    head.get_by_role("button", name="审核同意").click()
    deputy = sign_in("dep")
    deputy.goto(second_url)
    deputy.get_by_label("印发文号").fill("澜考通〔2025〕6号")
    deputy.get_by_role("button", name="签发").click()
    expect(deputy.locator("main")).to_contain_text("澜考通〔2025〕6号，2025-10-16 印发")
    page.goto(first_url)
    expect(page.locator("main")).to_contain_text("澜考通〔2025〕5号，2025-10-15 印发")
    assert _lines(page) == issued
    page.get_by_role("link", name="云亭区").click()
    page.get_by_role("link", name=re.compile("^为什么是")).click()
    expect(page.locator("li.node", has_text="全社会固定资产投资").last).to_contain_text("缺报，暂不计分")


def test_no_page_of_the_quarter_orders_by_gdp(sign_in: PageOf) -> None:
    """R-33: roster order, and no control that would sort."""
    page = sign_in("kh")
    for path in ("季度考核", "核心指标", "任务看板"):
        page.get_by_role("link", name="季度考核", exact=True).first.click()
        if path == "季度考核":
            page.get_by_role("link", name="2025年第二季度考核第1版").click()
        else:
            page.get_by_role("navigation", name="季度考核").get_by_role("link", name=path).click()
        found = [text for text in page.locator("td.nowrap > a").all_inner_texts() if text in ROSTER]
        assert found == [name for name in ROSTER if name in found], path
        assert len(found) == len(ROSTER), path
        assert page.locator("th a, th button, [aria-sort], select[name=sort]").count() == 0
        assert "GDP排名" not in page.locator("main").inner_text()


ROSTER = ("望澜区", "青棠区", "白榆区", "长渚区", "云亭区", "经开区", "高新区", "禾丰县", "石岭县", "泊湾市")


def _lines(page: object) -> list[str]:
    """The rows of the tables by category, as printed."""
    return page.locator("table.run tbody tr").all_inner_texts()  # type: ignore[attr-defined]


def _check_by_calculator(page: object) -> None:
    """S4 as an officer would recompute it from what the page says of its parts."""
    words = page.locator("li.node", has_text="核心指标").nth(1).locator("> .formula").inner_text()  # type: ignore[attr-defined]
    parts = [(int(weight), float(score)) for weight, score in re.findall(r"(\d+)% × ([\d.]+)", words)]
    divisor, shown = re.search(r"÷ (\d+)% = ([\d.]+)", words).groups()  # type: ignore[union-attr]
    assert len(parts) == 3
    assert sum(weight for weight, _ in parts) == int(divisor) == 75
    assert abs(sum(weight * score for weight, score in parts) / int(divisor) - float(shown)) <= 0.01


def _late_figure(template: Path) -> bytes:
    """The four core sheets of the template with the one figure that came late; the rest is left blank."""
    book = openpyxl.load_workbook(io.BytesIO(template.read_bytes()))
    for sheet in list(book.worksheets):
        if not sheet.title.startswith(CORE) or sheet.title.split()[0] not in CORE:
            book.remove(sheet)
    assert len(book.worksheets) == len(CORE)
    for row in book["G3 全社会固定资产投资"].iter_rows(min_row=4):
        if row[1].value == "云亭区":
            row[4].value, row[8].value = LATE, "初步"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
