"""Journey 5: a planned talk gets its brief, the head reads it and changes a line, two pages are printed."""

from __future__ import annotations

import io
import re
import time

from browser import PageOf, playwright
from docx import Document

expect = playwright.expect
QUICK_S = 5.0
PRAISE = ("综合来看", "表现优秀", "优秀干部", "能力突出", "群众公认")
CITED = re.compile(r"〔[^〕]+〕$")


def test_a_planned_talk_gets_its_brief_and_its_outline(sign_in: PageOf) -> None:
    page = sign_in("off1")
    page.get_by_role("link", name="谈心谈话").click()
    page.get_by_role("link", name="2025-10-20 09:30").click()
    page.get_by_role("link", name="编制简报").click()
    assert page.locator("[name=cadre] option:checked").inner_text().startswith("佟以宁")
    expect(page.get_by_label("谈话类型")).to_have_value("考核反馈")
    expect(page.get_by_label("谈话人")).to_have_value("纪云舒")
    expect(page.get_by_label("拟谈话日期")).to_have_value("2025-10-20")
    began = time.process_time()
    page.get_by_role("button", name="生成简报").click()
    brief = page.locator("article.brief")
    expect(brief).to_contain_text("上次谈话（2025-07-15，考核反馈）要求的2件事已落实1件。")
    assert time.process_time() - began < QUICK_S  # of the server, which is in this process: not of a busy machine
    serial = brief.locator("p").first.inner_text()

    for line in _sentences(brief):
        assert CITED.search(line), line
    asked = brief.locator("h2:has-text('需了解的情况') ~ p")
    expect(brief.get_by_role("heading", name="需了解的情况")).to_be_visible()
    for text in asked.all_inner_texts():
        if "待核实" in text or "核实中" in text:
            assert "？" in text, text
    words = brief.inner_text()
    assert not [word for word in PRAISE if word in words]
    assert not re.search(r"(生产总值|GDP).{0,40}(第 ?\d+ ?[名位]|位次|排名)", words)

    # it stands on the talk, and its questions in the outline
    page.get_by_role("link", name="谈心谈话").click()
    page.get_by_role("link", name="2025-10-20 09:30").click()
    expect(page.locator("main")).to_contain_text(re.search(r"JB-\d{6}", serial).group())  # type: ignore[union-attr]
    questions = page.get_by_label("必谈问题").input_value().strip().splitlines()
    assert 5 <= len(questions) <= 8
    page.get_by_role("button", name="保存提纲").click()
    expect(page.get_by_role("link", name="谈话提纲（Word）")).to_be_visible()


def test_the_brief_is_changed_checked_by_the_head_and_printed(sign_in: PageOf) -> None:
    page = sign_in("off1")
    page.get_by_role("link", name="谈话简报").click()
    page.get_by_label("谈话对象").select_option(label=_choice(page, "佟以宁"))
    page.get_by_label("谈话类型").select_option("考核反馈")
    page.get_by_label("谈话人").fill("纪云舒")
    page.get_by_role("button", name="生成简报").click()
    page.get_by_role("button", name="转文稿中心修改送审").click()
    page.wait_for_url("**/products/**")
    url = page.url
    expect(page.get_by_role("heading", name="送审")).to_be_visible()
    page.get_by_role("button", name="送审").click()
    head = sign_in("head1")
    head.get_by_role("link", name="文稿中心").click()
    head.goto(url)
    head.get_by_label("同意").check()
    head.get_by_role("button", name="确定").click()
    expect(head.locator("main")).to_contain_text("已签发")
    page.reload()
    with page.expect_download() as file:
        page.get_by_role("button", name=re.compile("下载 Word")).first.click()
    paper = Document(io.BytesIO(file.value.path().read_bytes()))
    text = "\n".join(p.text for p in paper.paragraphs)
    assert "谈话前情况简报" in text
    assert "要求的2件事已落实1件" in text


def _choice(page: object, name: str) -> str:
    return page.locator("[name=cadre] option", has_text=name).first.inner_text()  # type: ignore[attr-defined]


def _sentences(brief: object) -> list[str]:
    """Paragraphs of the brief that say something of the record; what frames them stands in grey."""
    script = """article => [...article.querySelectorAll('h2 ~ p, h3 ~ p')]
      .filter(p => !p.querySelector('span.quiet') && !p.classList.contains('quiet')).map(p => p.innerText.trim())"""
    return brief.evaluate(script)  # type: ignore[attr-defined,no-any-return]
