"""A quarter as a review names it: 2025Q3, its days, the one before, its title and its cumulative period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from appraisal.periods import period_of
from storage.errors import ShijiError

_NAMES = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter."""

    year: int
    number: int

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def title(self) -> str:
        return f"{self.year}年{_NAMES[self.number]}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.following.first - timedelta(1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def following(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def period(self) -> str:
        """The cumulative period that ends with the quarter: 2025Q3累计, 2024年."""
        return period_of(self.year, self.number)


def parse_quarter(text: str) -> Quarter:
    """2025Q3 -> Quarter. Raises ShijiError QUARTER-FORM."""
    found = re.fullmatch(r"(20\d\d)Q([1-4])", text)
    if not found:
        raise ShijiError("QUARTER-FORM", f"季度无法识别：{text[:10]}", "季度", "请按 2025Q3 的形式填写。")
    return Quarter(int(found[1]), int(found[2]))


def quarters_until(today: date, count: int = 4) -> list[Quarter]:
    """The last quarters that have begun by `today`, newest first."""
    found = [Quarter(today.year, (today.month + 2) // 3)]
    while len(found) < count:
        found.append(found[-1].before)
    return found
