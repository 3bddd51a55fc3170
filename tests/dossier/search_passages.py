"""Passages and scopes the search tests share. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dossier.search.names import make_book
from dossier.search.port import IndexedItem, IndexedPassage, SearchScope

BOOK = make_book(
    teams=[
        ("D02", "青棠区", "青棠区"),
        ("D05", "云亭区", "云亭区"),
        ("MA01", "澜宁市发展和改革委员会", "市发改委"),
    ],
    aliases=[("D02", "青棠", False), ("D05", "云亭", False), ("MA01", "市发改委", False)],
    cadres=[("P023", "王伟"), ("P004", "顾维楫"), ("P025", "云亭山")],
    look_alikes=["云亭街道", "云亭山"],
)
EVERYTHING = SearchScope(zones=None, teams=None, cadres=None)
CITY = SearchScope(zones=frozenset({"Z1"}), teams=frozenset({"D02", "D05"}), cadres=frozenset({"P004"}))
ECONOMY = SearchScope(zones=frozenset({"Z3"}), teams=frozenset({"MA01"}), cadres=frozenset({"P003"}))


def item(team: str, zone: str, label: str, state: str = "待确认", number: int = 0) -> IndexedItem:
    return IndexedItem(team, zone, label, "", state, number or None, f"E-{number}" if number else "")


def passage(number: int, text: str, *items: IndexedItem, **more: Any) -> IndexedPassage:
    base = IndexedPassage(
        id=number, document_id=number + 100, title="", text=text, date=date(2024, 3, 1),
        items=items or (IndexedItem(),), url=f"https://a.example/{number}",
        source_id="rb", source="澜宁日报", level="市", published=date(2024, 3, 2), event_id=number,
    )  # fmt: skip
    teams = tuple(i.team for i in items if i.team)
    return replace(base, **{"closed_teams": teams, "closed_cadres": more.get("cadres", ()), **more})


PASSAGES = [
    passage(
        1, "青棠区老旧小区改造推进迟缓，3个小区逾期未完工，被市住建局通报。",
        item("D02", "Z1", "problem", "待核实", 11), cadres=("P004",), date=date(2024, 5, 20), title="全市改造进度通报",
    ),
    passage(
        2, "青棠区在全省率先推行“小区议事会”，老旧小区加装电梯经验获省厅推广。",
        item("D02", "Z1", "highlight", "已采用", 12), date=date(2024, 4, 2), self_published=True,
    ),
    passage(
        3, "市发改委牵头谋划重点项目，青棠区项目开工率偏低。",
        item("MA01", "Z3", "practice", "已采用", 13), item("D02", "Z1", "problem", "待核实", 14),
        cadres=("P003", "P004"), date=date(2023, 9, 1),
    ),
    passage(4, "云亭街道举办邻里节。", item("D02", "Z1", "routine"), look_alikes=("云亭街道",), date=date(2025, 1, 5)),
    passage(5, "云亭区建成供水管网。", item("D05", "Z1", "highlight"), date=date(2025, 2, 5)),
    passage(6, "城区将有小到中雨，请市民注意出行安全。", date=date(2025, 2, 6), source_id="qx", source="气象台"),
    passage(
        7, "青棠区老旧小区改造推进迟缓，有小区逾期未完工。", item("D02", "Z1", "problem", "待核实", 11),
        date=date(2024, 5, 21), first=False, event_id=1, source_id="wb", source="澜宁晚报",
    ),
    passage(8, "王伟介绍，禾丰县粮仓建设完成。", item("D08", "Z2", "practice"), cadres=("P023",)),
    passage(9, "国企负责人王炜，伟业公司有关人员参加。", item("MA09", "Z3", "routine")),
]  # fmt: skip
