"""Journey 10: an appointment closes and opens tenures; what is open is handed over, what is past stays (§6.3)."""

from __future__ import annotations

from typing import Any

import pytest
from browser import PageOf
from sqlalchemy import select

from api.system import System
from demo.build_papers import XML
from storage.tables import Tenure

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CAREER = ("2023.09--2025.10  望澜区委副书记、区长", "2025.10--         云亭区委副书记、区长")
DAY = "2025-10-13"


def _cadre_page(page: Any, address: str, cadre: str) -> str:
    """The text of a cadre's dossier, the purpose stated."""
    page.goto(f"{address}/cadres/{cadre}")
    if page.locator("[name=purpose]").count():
        page.get_by_label("谈话").check()
        page.get_by_role("button", name="打开档案").click()
    return str(page.locator("main").inner_text())


def test_the_traps_of_succession_hold_in_the_dossiers(address: str, sign_in: PageOf) -> None:
    page = sign_in("head")
    before, after = _cadre_page(page, address, "P019"), _cadre_page(page, address, "P020")
    assert "2021-05-20" in before
    assert "没有归属到本人的在档条目" in after  # S1: the accident belongs to the time of the predecessor ...
    assert "当班8名矿工" not in after  # ... and not even as the team's in the time of the successor
    moved = _cadre_page(page, address, "P003")
    assert "市发展和改革委员会" in moved or "市发改委" in moved  # S11: in the new unit ...
    assert "楼栋议事长" not in moved.split("任期内班子条目")[0]  # ... and the old unit's news stay with it
    mayor = _cadre_page(page, address, "P002")
    for day in ("2023-08-20", "2023-09-28"):  # S15: candidate, then elected
        assert day in mayor


def test_a_paper_opens_and_closes_tenures_and_leads_to_what_is_handed_over(
    city: System, address: str, sign_in: PageOf
) -> None:
    page = sign_in("kh")
    former = _cadre_page(page, address, "P011")
    page.goto(f"{address}/roster")
    page.get_by_role("link", name="任免审批表").first.click()
    data = XML.format(career="\n".join(CAREER)).encode()
    page.locator("[name=file]").set_input_files({"name": "佟以宁.lrmx", "mimeType": "text/xml", "buffer": data})
    page.get_by_role("button", name="比对差异").click()
    sync_api.expect(page.locator("main")).to_contain_text("栾景澄不再担任")
    for number in range(3):
        page.locator(f"[name=tenure][value='{number}']").check()
        page.locator(f"[name=day-{number}]").fill(DAY)
    page.get_by_role("button", name="确认写入").click()
    sync_api.expect(page.locator(".notice")).to_contain_text("名册写入 3 处变化")
    with city.database.read() as session:
        ended = session.scalars(select(Tenure.cadre_id).where(Tenure.end == DAY).order_by(Tenure.cadre_id)).all()
        begun = session.scalars(select(Tenure.cadre_id).where(Tenure.start == DAY)).all()
    assert (list(ended), list(begun)) == (["P002", "P011"], ["P002"])

    page.get_by_role("link", name="云亭区交接事项").click()
    main = page.locator("main")
    sync_api.expect(main).to_contain_text("佟以宁")
    sync_api.expect(main).to_contain_text(f"栾景澄（至 {DAY}）")
    for section in ("待了解事项", "告知和说明", "本年重点任务", "改进要求", "谈话商定事项", "记实和追踪"):
        sync_api.expect(page.get_by_role("heading", name=section)).to_be_visible()
    assert _items(_cadre_page(page, address, "P011")) == _items(former)  # nothing that is past moves


def _items(text: str) -> list[str]:
    """Codes of the items that a dossier shows."""
    return [word for word in text.split() if word.startswith("E-20")]
