"""Periods as they are written on figures: 2025Q3累计 from January to a quarter's end, 2025年 the whole year."""

import re
from datetime import date

from storage.errors import ShijiError

_WRITTEN = re.compile(r"(\d{4})(?:年|Q([1-4])累计)")


def period_key(period: str) -> tuple[int, int]:
    """Order of periods: year, then quarter; a whole year after its quarters."""
    year, quarter = int(period[:4]), period[4:6]
    return year, int(quarter[1]) if quarter.startswith("Q") else 4


def years_before(period: str, years: int) -> str:
    """The same period some years earlier: 2025Q3累计 -> 2024Q3累计."""
    return f"{int(period[:4]) - years}{period[4:]}"


def period_of(year: int, quarter: int) -> str:
    """The cumulative period that ends with a quarter; the fourth quarter's is the whole year."""
    return f"{year}年" if quarter == 4 else f"{year}Q{quarter}累计"


def period_of_quarter(quarter: str) -> str:
    """2025Q3 -> 2025Q3累计, 2024Q4 -> 2024年; a period already written out stays. Raises ShijiError PERIOD-UNKNOWN."""
    if _WRITTEN.fullmatch(quarter):
        return quarter
    found = re.fullmatch(r"(\d{4})Q([1-4])", quarter)
    if not found:
        raise ShijiError("PERIOD-UNKNOWN", f"期别不认识：{quarter[:20]}", "期别", "请按 2025Q3 的形式填写。")
    return period_of(int(found[1]), int(found[2]))


def spoken(period: str) -> str:
    """As one says it on paper: 2025Q3累计 -> 2025年1至9月; a whole year stays."""
    year, quarter = period_key(period)
    return f"{year}年1至{3 * quarter}月" if "Q" in period else period


def period_end(period: str) -> date:
    """Last day of a period."""
    year, quarter = period_key(period)
    return date(year, 3 * quarter, 30 if quarter in (2, 3) else 31)
