"""Journey 4: a unit hands in its quarter on one page, kept as it is typed, by Excel too, with a receipt number."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from browser import PageOf, playwright

expect = playwright.expect
OFFICIAL = ("地区生产总值", "地方级财政收入", "全社会固定资产投资", "新建亿元以上项目完成投资额")
SECOND = "楼栋议事已在47个小区运行，三季度新增6个。"
THIRD = "三条街区完成立面整治，商户复业率达到九成。"


def test_the_quarter_is_handed_in_on_one_page_without_a_figure_that_others_provide(sign_in: PageOf) -> None:
    page = sign_in("unit")
    expect(page.locator("h1")).to_have_text("望澜区　2025年第三季度填报")
    names = page.locator("#progress [name]").evaluate_all("fields => fields.map(field => field.name)")
    asked = {name.partition("-")[0] for name in names} - {"csrf", "quarter"}
    assert asked == {"level", "text"}  # nothing that 统计局 and others provide
    official = page.get_by_role("region", name="官方数据")
    for name in OFFICIAL:
        expect(official.get_by_role("row", name=name)).to_contain_text("初步，第 1 版")
    assert official.locator("input, select, textarea").count() == 0

    page.get_by_role("button", name="报送").click()
    expect(page.get_by_role("alert")).to_contain_text("请补填后再报送：2号重点工作、3号重点工作。")
    second = page.get_by_role("group", name="老旧小区楼栋议事推广")
    second.get_by_label("进度").select_option("按期")
    with page.expect_response("**/unit/save"):
        second.get_by_label("进展说明").press_sequentially(SECOND)
    with page.expect_response("**/unit/save"):
        second.get_by_label("进展说明").press("Tab")
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    page.get_by_role("link", name="本年任务").click()
    page.get_by_role("link", name="返回填报").click()
    expect(second.get_by_label("进展说明")).to_have_value(SECOND)

    page.locator("summary", has_text="用 Excel 填报").click()
    with page.expect_download() as template:
        page.get_by_role("link", name="下载模板").click()
    page.locator("[name=file]").set_input_files(
        {"name": "三季度进展.xlsx", "mimeType": "application/xlsx", "buffer": _filled(template.value.path())}
    )
    page.get_by_role("button", name="导入到本页").click()
    third = page.get_by_role("group", name="商圈更新三年行动")
    expect(third.get_by_label("进展说明")).to_have_value(THIRD)
    expect(second.get_by_label("进展说明")).to_have_value(SECOND)
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_role("status").first).to_contain_text("已报送，回执号 JD-2025Q3-D01-")
    receipt = page.get_by_role("status").first.locator("strong").inner_text()

    officer = sign_in("off1")
    officer.get_by_role("link", name="重点任务", exact=True).click()
    expect(officer.get_by_role("row", name="望澜区")).to_contain_text(f"已报送 {receipt}")


def test_the_unit_is_told_until_when_it_may_answer_by_the_clock_of_the_rules(sign_in: PageOf) -> None:
    keeper = sign_in("kh")
    keeper.get_by_role("link", name="季度考核", exact=True).first.click()
    keeper.get_by_role("link", name="考核规则").click()
    keeper.get_by_label("说明工作日").fill("8")
    keeper.get_by_role("button", name="拟订，送部长批准").click()
    minister = sign_in("min")
    minister.get_by_role("link", name="季度考核", exact=True).first.click()
    minister.get_by_role("link", name="考核规则").click()
    minister.get_by_label("批准文号").fill("澜组发〔2025〕9号")
    minister.get_by_role("button", name="批准").click()

    unit = sign_in("unit2")
    told = unit.get_by_role("region", name="请说明：2号任务第 3 季度拟认定“滞后”")
    expect(told).to_contain_text("2025-10-08 告知。请在 2025-10-17 前（8 个工作日内）说明")
    told.get_by_label("说明").fill("两处基层中医馆场地移交推迟，已排定十一月底前开诊。")
    told.get_by_role("button", name="提交说明").click()
    expect(told.get_by_label("说明")).to_have_value("两处基层中医馆场地移交推迟，已排定十一月底前开诊。")
    officer = sign_in("off3")
    officer.get_by_role("link", name="重点任务", exact=True).click()
    officer.get_by_role("link", name="基层中医馆建设").click()
    expect(officer.locator("#q3")).to_contain_text("单位说明：两处基层中医馆场地移交推迟")


def _filled(template: Path) -> bytes:
    """The unit's own sheet with the third task filled in."""
    book = openpyxl.load_workbook(io.BytesIO(template.read_bytes()))
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows(min_row=1, max_row=5, values_only=True) if row[0] == "任务编号")
    assert header == ("任务编号", "序号", "任务", "本季度节点", "进度", "进展说明")
    for row in sheet.iter_rows(min_row=4):
        if row[2].value == "商圈更新三年行动":
            row[4].value, row[5].value = "按期", THIRD
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
