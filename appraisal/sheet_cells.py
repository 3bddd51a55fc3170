"""Reading one cell of a submitted table: numbers, missing marks, periods, dates (domain.md §4.10)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from appraisal.decimals import to_decimal

NOT_REPORTED, NOT_PUBLISHED, BLANK = "缺报", "未出数", "空白"
_MISSING = {
    "缺报": NOT_REPORTED, "未报": NOT_REPORTED, "漏报": NOT_REPORTED,
    "未出数": NOT_PUBLISHED, "暂无": NOT_PUBLISHED, "未公布": NOT_PUBLISHED, "暂未公布": NOT_PUBLISHED,
    "": BLANK, "-": BLANK, "--": BLANK, "—": BLANK, "——": BLANK, "/": BLANK, "…": BLANK, "...": BLANK,
}  # fmt: skip
STATUSES = ("初步", "核定", "修订")
_STATUS_WORDS = {
    "初步核算": "初步",
    "初步数": "初步",
    "最终核实": "核定",
    "核定数": "核定",
    "普查修订": "修订",
    "修订数": "修订",
}
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_PERIOD = re.compile(
    r"(?P<year>\d{4})年?(?:(?P<full>全年|年度|度)?|Q(?P<q>[1-4])|(?P<cn>第?[一二三四]季度|前三季度|上半年|1-[2-4]季度|H1)"
    r"|(?:1-)(?P<month>\d{1,2})月)(?:累计)?"
)
_CN_QUARTER = {"一季度": 1, "二季度": 2, "三季度": 3, "四季度": 4, "前三季度": 3, "上半年": 2, "H1": 2,
               "1-2季度": 2, "1-3季度": 3, "1-4季度": 4}  # fmt: skip


@dataclass(frozen=True)
class NumberCell:
    """value, or None with the reason missing (缺报 / 未出数 / 空白); from_text: the number was typed as text."""

    value: Decimal | None
    missing: str = ""
    from_text: bool = False


def clean(cell: object) -> str:
    """A cell as plain text: full-width forms folded, outer space cut; a whole float loses its ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def read_number(cell: object) -> NumberCell:
    """The number in a cell. A blank or a missing mark is missing, never 0. Raises ValueError for anything else."""
    if isinstance(cell, bool | date):
        raise ValueError("不是数字")
    if isinstance(cell, int | float):
        # Fifteen digits are what a spreadsheet keeps: 0.1 + 0.2 comes out of it as 0.3.
        return NumberCell(to_decimal(format(cell, ".15g") if isinstance(cell, float) else cell))
    text = clean(cell).replace(" ", "").replace("−", "-")
    # NFKC folds the full-width dash forms differently, so the marks are looked up before and after.
    if text in _MISSING or str(cell or "").strip() in _MISSING:
        return NumberCell(None, _MISSING.get(text) or _MISSING[str(cell).strip()])
    bare = text.removesuffix("%")
    if not _NUMBER.fullmatch(bare):
        raise ValueError("不是数字")
    return NumberCell(to_decimal(bare.replace(",", "")), from_text=True)


def read_period(cell: object) -> str:
    """The period in one spelling: 2024年 for a whole year, 2025Q3累计 for January to a quarter's end.

    All quarterly economic numbers are cumulative from January (domain.md §1.1). A single second, third or fourth
    quarter is not: it is refused with ValueError, as is anything unreadable.
    """
    text = clean(cell).replace(" ", "").replace("—", "-").replace("~", "-").replace("至", "-")
    found = _PERIOD.fullmatch(text)
    if not found:
        raise ValueError("期别不认识")
    year, quarter = found["year"], 4
    if found["q"]:
        quarter = int(found["q"])
        if quarter > 1 and "累计" not in text:
            raise ValueError("季度数应注明累计")
    elif found["cn"]:
        word = found["cn"].removeprefix("第")
        quarter = _CN_QUARTER[word]
        if word in ("二季度", "三季度", "四季度") and "累计" not in text:
            raise ValueError("单季数不是累计数")
    elif found["month"]:
        if int(found["month"]) not in (3, 6, 9, 12):
            raise ValueError("月份不是季末")
        quarter = int(found["month"]) // 3
    return f"{year}年" if quarter == 4 else f"{year}Q{quarter}累计"


def read_status(cell: object) -> str:
    """初步, 核定 or 修订. Raises ValueError for anything else."""
    text = clean(cell)
    text = _STATUS_WORDS.get(text, text)
    if text not in STATUSES:
        raise ValueError("数据状态应为初步、核定或修订")
    return text


def read_date(cell: object) -> date | None:
    """A date cell or 2025-10-16, 2025/10/16, 2025年10月16日; None for a blank. Raises ValueError otherwise."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = clean(cell)
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    if not found:
        raise ValueError("日期不认识")
    return date(int(found[1]), int(found[2]), int(found[3]))
