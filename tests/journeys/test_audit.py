"""Journey 12: who read 薄云深's dossier in August, purposes and prints; a correction answered in time (§6.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from browser import PageOf

from api.access import audit

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
AUGUST, OCTOBER = datetime(2025, 8, 12, 2, tzinfo=UTC), datetime(2025, 10, 16, 2, tzinfo=UTC)


def _opens(page: Any, address: str, purpose: str) -> None:
    page.goto(f"{address}/cadres/P019")
    page.get_by_label(purpose).check()
    page.get_by_role("button", name="打开档案").click()
    sync_api.expect(page.locator("h1")).to_contain_text("薄云深")


def test_who_read_a_dossier_when_for_what_and_what_was_printed(
    address: str, sign_in: PageOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "now", lambda: AUGUST)
    reader = sign_in("off1")
    _opens(reader, address, "谈话")
    with reader.expect_download():
        reader.get_by_role("link", name="一人一档").click()
    monkeypatch.setattr(audit, "now", lambda: OCTOBER)
    _opens(sign_in("head1"), address, "考核")

    auditor = sign_in("aud")
    auditor.goto(f"{address}/audit")
    sync_api.expect(auditor.get_by_role("status")).to_contain_text("日志链完整")
    auditor.get_by_label("对象（姓名或编号）").fill("薄云深")
    auditor.locator("[name=from]").fill("2025-08-01")
    auditor.locator("[name=to]").fill("2025-08-31")
    auditor.get_by_role("button", name="查询").click()
    rows = [row.inner_text() for row in auditor.locator("tbody tr").all()]
    assert len(rows) == 3
    assert all(x in row for row in rows for x in ("苏禾", "薄云深", "谈话", "2025-08-12"))
    assert [any(act in row for row in rows) for act in ("填写查阅用途", "查看干部档", "下载 Word 文件")] == [True] * 3
    for path in ("/cadres/P019", "/teams/D09"):  # the auditor sees the log, not the dossier
        assert auditor.request.get(address + path).status in (403, 404)


def test_a_request_for_correction_is_answered_by_a_second_person_in_time(address: str, sign_in: PageOf) -> None:
    officer = sign_in("off1")
    officer.goto(f"{address}/corrections")
    officer.locator("summary", has_text="登记更正请求").click()
    form = officer.locator("form[action='/corrections']")
    form.locator("[name=cadre]").select_option("P018")
    form.locator("[name=received]").fill("2025-10-16")
    form.locator("[name=text]").fill("任职经历中一处起始月份有误，请核对更正。")
    form.get_by_role("button", name="登记").click()
    card = officer.locator("section.card", has_text="起始月份有误")
    sync_api.expect(card).to_contain_text("应于 2025-11-06 前答复")  # 15 working days
    sync_api.expect(card).to_contain_text("待答复")
    card.locator("[name=outcome]").select_option("予以更正")
    card.locator("[name=answer]").fill("经核对任免文件，起始月份已更正。")
    card.get_by_role("button", name="拟办").click()
    sync_api.expect(card).to_contain_text("苏禾拟办")
    assert card.get_by_role("button", name="签发答复").count() == 0

    head = sign_in("head1")
    head.goto(f"{address}/corrections")
    card = head.locator("section.card", has_text="起始月份有误")
    card.get_by_role("button", name="签发答复").click()
    sync_api.expect(card).to_contain_text("已答复")
    auditor = sign_in("aud")
    auditor.goto(f"{address}/audit?object=薄云深")
    sync_api.expect(auditor.get_by_role("status")).to_contain_text("日志链完整")
