"""What was typed into a form: texts, days, moments, numbers, lists; a wrong one says which field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from fastapi import Request

from api.days import typed_day
from storage.errors import ShijiError
from storage.settings import CHINA


@dataclass(frozen=True)
class Fields:
    """The fields of one form."""

    values: dict[str, list[str]]

    def text(self, name: str) -> str:
        """A text without blanks around it; empty when absent."""
        return (self.values.get(name) or [""])[0].strip()

    def texts(self, name: str) -> list[str]:
        """All values of a field that may stand several times, without empty ones."""
        return [value.strip() for value in self.values.get(name, ()) if value.strip()]

    def lines(self, name: str) -> list[str]:
        """The lines of a text, without empty ones."""
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def day(self, name: str, title: str) -> date | None:
        """A day, or None for nothing. Raises REQUEST-FIELD."""
        return typed_day(self.text(name), title)

    def needed_day(self, name: str, title: str) -> date:
        """A day that must be given."""
        day = self.day(name, title)
        if day is None:
            raise ShijiError("REQUEST-FIELD", f"请填写{title}", title, "请按 2025-10-16 的形式填写。")
        return day

    def moment(self, day: str, clock: str, title: str) -> datetime:
        """A day and an hour (09:30) in China time."""
        try:
            hour = time.fromisoformat(self.text(clock))
        except ValueError as bad:
            raise ShijiError("REQUEST-FIELD", f"{title}的钟点无法识别", title, "请按 09:30 的形式填写。") from bad
        return datetime.combine(self.needed_day(day, title), hour, CHINA)

    def number(self, name: str, title: str, default: int = 0) -> int:
        """A whole number. Raises REQUEST-FIELD."""
        text = self.text(name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 6:
            raise ShijiError("REQUEST-FIELD", f"{title}应为整数", title, "请改正。")
        return int(text)


async def fields(request: Request) -> Fields:
    """Dependency: the form of a request, files left out."""
    found: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return Fields(found)
