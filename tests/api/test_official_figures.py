"""Claimed figures of an item beside the official ones: the indicator meant, its period, 未出数 where none is out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from web_world import World

from api.acts.official_figures import period_told
from appraisal.book import load_book
from appraisal.store import save_book
from nlp.figures import metrics
from storage.tables import DataPoint, Evidence, IndicatorImport

BOOK = Path(__file__).parents[2] / "demo" / "indicators" / "book.yaml"
TEXT = "前三季度望澜区社会消费品零售总额同比增长6.1%，去年全年财政收入完成88.2亿元。力争固定资产投资增长9%。"


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("前三季度", "2025Q3累计"), ("一季度", "2025Q1累计"), ("2024年上半年", "2024Q2累计"), ("去年全年", "2024年"),
        ("去年", "2024年"), ("1至9月", "2025Q3累计"), ("8月份", ""), ("", ""),
    ],
)  # fmt: skip
def test_periods_are_read_only_where_they_are_told(words: str, period: str) -> None:
    assert period_told(words, "2025-10-12") == period


def test_a_claim_stands_beside_the_official_figure_and_a_missing_one_is_not_zero(world: World) -> None:
    with world.system.database.write() as session:
        save_book(session, load_book(BOOK))
        item = session.get_one(Evidence, world.items["park"])
        item.passage.text = TEXT
        item.passage.metrics = [{**vars(one), "span": list(one.span)} for one in metrics(TEXT)]
        batch = IndicatorImport(name="财政收入.xlsx", sha256="0" * 64)
        session.add(batch)
        session.flush()
        session.add(
            DataPoint(indicator_code="G2", team_id="D01", period="2024年", value=Decimal("86.9"), unit="亿元",
                      status="核定", import_id=batch.id)
        )  # fmt: skip
    rows = world.client("off1").get(f"/api/evidence/{world.items['park']}/figures").json()
    assert [(row["code"], row["period"], row["official"]) for row in rows] == [
        ("G6", "2025Q3累计", "未出数"), ("G2", "2024年", "86.9亿元（核定）"),
    ]  # fmt: skip
    assert "88.2亿元" in rows[1]["claimed"]
    page = world.client("off1").get(f"/items/{world.items['park']}").text
    assert "文中数据与官方数对照" in page
    assert "86.9亿元（核定）" in page
    assert world.client("sys").get(f"/api/evidence/{world.items['park']}/figures").status_code == 403


def test_an_item_without_such_figures_shows_no_table(world: World) -> None:
    assert world.client("off1").get(f"/api/evidence/{world.items['road']}/figures").json() == []
    assert "文中数据与官方数对照" not in world.client("off1").get(f"/items/{world.items['road']}").text
