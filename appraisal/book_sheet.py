"""指标体系 as an Excel workbook, out and in: cards, methods, weights of the blocks, what does not apply."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from appraisal.book import BLOCKS, Indicator
from appraisal.decimals import to_decimal
from appraisal.methods import NAMES
from appraisal.param_text import params_text, read_params
from appraisal.tagging import tagged
from appraisal.workbook_in import Row, read_rows
from appraisal.workbook_out import Column, Table, workbook_bytes
from appraisal.year_book import YearBook
from storage.errors import ShijiError

WAYS = {"up": "越高越好", "down": "越低越好", "range": "适度"}
KINDS = {
    "level": "总量",
    "level_growth": "总量（不变价增速）",
    "growth_only": "仅公布增速",
    "growth": "增速",
    "ratio": "比率",
    "count": "数量",
    "survey": "满意度",
    "milestone": "里程碑",
    "range": "区间",
}
FREQUENCIES = ("月", "季", "半年", "年")
YES = ("是", "否")
NEEDED = ("code", "name", "unit", "direction", "type", "block", "method", "weight", "provider", "frequency")
FREE = ("category", "team", "method_version", "valid_from", "valid_to", "note")
SWITCHES = ("share_eligible", "official_growth", "never_rank")
HUNDRED = Decimal(100)
FORMULA_ADVICE = "公式可用 x 实际、b 目标、city 全市、lo hi mean n 同类，以及参数；样例如 x=46; b=50; score=92"
CARDS, METHODS, WEIGHTS, SPARED = "指标", "自定义方法", "板块权重", "不适用"
CARD_COLUMNS = (
    Column("代码", 10),
    Column("指标名称", 28),
    Column("单位", 10),
    Column("方向", 12, tuple(WAYS.values())),
    Column("类型", 18, tuple(KINDS.values())),
    Column("板块", 8, BLOCKS),
    Column("类别", 10),
    Column("所属单位", 10),
    Column("计分方法", 10),
    Column("方法版本", 9, (), True, Decimal(1)),
    Column("参数", 40),
    Column("权重%", 8, (), True, Decimal(0), HUNDRED),
    Column("提供单位", 12),
    Column("频率", 8, FREQUENCIES),
    Column("可算份额", 9, YES),
    Column("只用公布增速", 12, YES),
    Column("不排名", 8, YES),
    Column("启用年份", 9, (), True, Decimal(2000), Decimal(2100)),
    Column("停用年份", 9, (), True, Decimal(2000), Decimal(2100)),
    Column("口径说明", 40),
)
METHOD_COLUMNS = (
    Column("代码", 10),
    Column("版本", 8, (), True, Decimal(1)),
    Column("名称", 20),
    Column("公式", 50),
    Column("最低分", 9, (), True),
    Column("最高分", 9, (), True),
    Column("样例", 50),
)
WEIGHT_COLUMNS = (
    Column("对象", 12, ("县区", "部门", "核心指标", "序时进度")),
    Column("名称", 16),
    Column("数值", 10, (), True, Decimal(0), HUNDRED),
)
SPARED_COLUMNS = (Column("所属单位", 12), Column("指标代码", 12), Column("理由", 50))


def book_workbook(book: YearBook | None, year: int) -> bytes:
    """The workbook of a book, or an empty template for a year."""
    cards = [_card_row(card) for card in book.cards.values()] if book else []
    methods = [
        [m.code, m.version, m.name, m.formula, m.low, m.high, " | ".join(params_text(row) for row in m.examples)]
        for m in (book.definitions if book else ())
    ]
    sample = book or YearBook(year, {})
    weights = [["县区", name, weight] for name, weight in sample.districts.items()]
    weights += [["部门", name, weight] for name, weight in sample.departments.items()]
    weights += [["核心指标", code, weight] for code, weight in sample.core.items()]
    weights += [["序时进度", f"Q{quarter}", part] for quarter, part in sample.schedule.items()]
    spared = [[one.team, one.code, one.reason] for one in (book.exemptions if book else ())]
    codes = "、".join(f"{code} {name}" for code, name in NAMES.items())
    columns = list(CARD_COLUMNS)
    own = tuple(f"{m.code}" for m in (book.definitions if book else ()))
    columns[8] = Column("计分方法", 10, (*NAMES, *dict.fromkeys(own)))
    return workbook_bytes(
        [
            Table(CARDS, f"{year}年指标体系", f"每个板块权重合计 100。方法：{codes}", tuple(columns), cards),
            Table(METHODS, "自定义方法", FORMULA_ADVICE, METHOD_COLUMNS, methods),
            Table(
                WEIGHTS,
                "板块权重、核心指标和序时进度",
                "县区三项合计 100，部门三项合计 100，核心指标合计 100",
                WEIGHT_COLUMNS,
                weights,
            ),
            Table(SPARED, "不适用", "结构性不适用的指标，权重在板块内分摊", SPARED_COLUMNS, spared),
        ]
    )


def read_book_workbook(data: bytes, year: int) -> dict[str, Any]:
    """The content of a filled workbook, as `parse_year_book` takes it. Raises SHEET-…, METHOD-PARAMETER, BOOK-CARD."""
    content: dict[str, Any] = {"year": year, "indicators": [], "methods": [], "not_applicable": []}
    content["indicators"] = [_card(row) for row in read_rows(data, CARDS, ("代码", "指标名称", "计分方法", "权重%"))]
    for row in read_rows(data, METHODS, ("代码", "公式", "样例"), optional=True):
        where = f"{METHODS} 第 {row.number} 行"
        examples = [read_params(part, where) for part in row["样例"].split("|") if part.strip()]
        entry = {"code": row["代码"], "version": row["版本"] or "1", "name": row["名称"], "formula": row["公式"]}
        ends = {"low": row["最低分"] or "0", "high": row["最高分"] or "100"}
        content["methods"].append({**entry, **ends, "examples": tagged(examples)})
    groups: dict[str, dict[str, str]] = {"县区": {}, "部门": {}, "核心指标": {}, "序时进度": {}}
    for row in read_rows(data, WEIGHTS, ("对象", "名称", "数值"), optional=True):
        if row["对象"] not in groups:
            where = f"{WEIGHTS} 第 {row.number} 行"
            raise ShijiError("BOOK-CARD", f"对象“{row['对象']}”不认识", where, "请从下拉列表选择。")
        groups[row["对象"]][row["名称"]] = row["数值"]
    content["weights"] = {"districts": groups["县区"], "departments": groups["部门"]}
    content["core"], content["schedule"] = groups["核心指标"], groups["序时进度"]
    for row in read_rows(data, SPARED, ("所属单位", "指标代码", "理由"), optional=True):
        content["not_applicable"].append({"team": row["所属单位"], "code": row["指标代码"], "reason": row["理由"]})
    return content


def card_entry(fields: dict[str, str], where: str) -> dict[str, Any]:
    """One card of a content from typed texts, keyed as in a book file; params as one line of text."""
    yes = {key: fields.get(key, "") in ("是", "true", "on", "1") for key in SWITCHES}
    plain = {key: fields.get(key, "").strip() for key in NEEDED}
    rest = {key: fields.get(key, "").strip() for key in FREE}
    entry: dict[str, Any] = {**plain, **{k: v for k, v in rest.items() if v}, **{k: v for k, v in yes.items() if v}}
    params = read_params(fields.get("params", ""), where)
    return entry | ({"params": tagged(params)} if params else {})


def card_fields(card: Indicator) -> dict[str, str]:
    """A card as texts that a form shows; `card_entry` takes them back."""
    yes = {key: bool(getattr(card, key)) for key in SWITCHES}
    return {
        "code": card.code,
        "name": card.name,
        "unit": card.unit,
        "direction": card.direction,
        "type": card.type,
        "block": card.block,
        "category": card.category or "",
        "team": card.team or "",
        "method": card.method,
        "method_version": str(card.method_version),
        "params": params_text(card.params),
        "weight": f"{card.weight:f}",
        "provider": card.provider,
        "frequency": card.frequency,
        "valid_from": str(card.valid_from or ""),
        "valid_to": str(card.valid_to or ""),
        "note": card.note,
        **{key: "是" if on else "" for key, on in yes.items()},
    }


def _card_row(card: Indicator) -> list[object]:
    return [
        card.code,
        card.name,
        card.unit,
        WAYS[card.direction],
        KINDS[card.type],
        card.block,
        card.category,
        card.team,
        card.method,
        card.method_version,
        params_text(card.params),
        card.weight,
        card.provider,
        card.frequency,
        card.share_eligible,
        card.official_growth,
        card.never_rank,
        card.valid_from,
        card.valid_to,
        card.note,
    ]


def _card(row: Row) -> dict[str, Any]:
    where = f"{CARDS} 第 {row.number} 行"
    ways, kinds = {v: k for k, v in WAYS.items()}, {v: k for k, v in KINDS.items()}
    weight = row["权重%"]
    try:
        to_decimal(weight)
    except ValueError as error:
        raise ShijiError("BOOK-CARD", f"权重“{weight}”不是数", where, "请填数字。") from error
    fields = {
        "code": row["代码"],
        "name": row["指标名称"],
        "unit": row["单位"],
        "direction": ways.get(row["方向"], row["方向"]),
        "type": kinds.get(row["类型"], row["类型"]),
        "block": row["板块"],
        "category": row["类别"],
        "team": row["所属单位"],
        "method": row["计分方法"],
        "method_version": row["方法版本"],
        "params": row["参数"],
        "weight": weight,
        "provider": row["提供单位"],
        "frequency": row["频率"],
        "share_eligible": row["可算份额"],
        "official_growth": row["只用公布增速"],
        "never_rank": row["不排名"],
        "valid_from": row["启用年份"],
        "valid_to": row["停用年份"],
        "note": row["口径说明"],
    }
    return card_entry(fields, where)
