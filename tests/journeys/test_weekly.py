"""Journey 6: 周报 of a week: drafted, three sentences out, one rewritten, checked, signed, archived (§6.3)."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as tree

import pytest
from browser import PageOf

from api.system import System

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm
REWRITTEN = "该项工作的进展以下周核查为准。"


def test_an_officer_makes_the_weekly_and_a_leader_signs_it(city: System, address: str, sign_in: PageOf) -> None:
    page = sign_in("off1")
    page.goto(f"{address}/products")
    form = page.locator("form", has=page.locator("[name=kind][value=weekly]"))
    form.locator("[name=period]").select_option("2025-W37")
    form.get_by_role("button", name="起草周报").click()
    sync_api.expect(page.locator("h1")).to_have_text("舆论信息动态周报")
    product = page.url

    lines = page.locator("ol.lines li[id]")
    before = lines.count()
    cited = page.locator("li[id]", has=page.locator("small.code"))
    for left in (before - 1, before - 2, before - 3):
        cited.last.get_by_role("button", name=re.compile("^删去")).click()
        sync_api.expect(lines).to_have_count(left)
    cited.first.get_by_role("link", name="修改").click()
    page.locator("[name=text]").fill(REWRITTEN)
    page.get_by_role("button", name="保存").click()
    sync_api.expect(page.locator("article.paper")).to_contain_text(REWRITTEN.rstrip("。"))
    page.locator("[name=name]").fill("分管副部长")
    page.locator("[name=role]").select_option("DEP")
    page.get_by_role("button", name="列入").click()
    page.get_by_role("button", name="送审").click()
    sync_api.expect(page.locator("main")).to_contain_text("待审核")

    for login, state in (("head1", "待签发"), ("dep", "已签发")):
        other = sign_in(login)
        other.goto(product)
        other.get_by_label("同意").check()
        other.get_by_role("button", name="确定").click()
        sync_api.expect(other.locator("main")).to_contain_text(state)

    page.goto(product)
    sync_api.expect(page.locator("#copies ~ p .hash, .hash").first).to_have_text(re.compile("[0-9a-f]{64}"))
    with page.expect_download() as file:
        page.get_by_role("button", name="下载 Word").first.click()
    data = Path(file.value.path()).read_bytes()
    assert city.archive.get(hashlib.sha256(data).hexdigest()) == data
    _stands_as_a_paper(data)


def _stands_as_a_paper(data: bytes) -> None:
    """Margins, page numbers and the words of the officer, read back from the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        body = tree.fromstring(file.read("word/document.xml"))
        feet = [file.read(n).decode() for n in file.namelist() if n.startswith("word/footer")]
    margins: Any = next(body.iter(f"{W}pgMar"))
    for side, millimetres in MARGINS.items():
        assert int(margins.get(f"{W}{side}")) / 1440 * 25.4 == pytest.approx(millimetres, abs=0.1)
    assert len(feet) == 2
    assert all("PAGE" in foot and "— " in foot for foot in feet)
    assert REWRITTEN.rstrip("。") in "".join(body.itertext())
    assert len(list(body.iter(f"{W}p"))) < 400
