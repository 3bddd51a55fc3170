"""A day typed into a form or an address."""

from __future__ import annotations

from datetime import date

from storage.errors import ShijiError


def typed_day(text: str, where: str, code: str = "REQUEST-FIELD") -> date | None:
    """2025-10-16, or None for nothing. Raises `code` naming `where` for anything else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as bad:
        raise ShijiError(code, f"日期无法识别：{text[:20]}", where, "请按 2025-10-16 的形式填写。") from bad


def required_day(text: str, where: str, code: str = "REQUEST-FIELD") -> date:
    """`typed_day` of a field that may not be empty."""
    day = typed_day(text, where, code)
    if day is None:
        raise ShijiError(code, f"请填写{where}", where, "请按 2025-10-16 的形式填写。")
    return day
