"""The one error of this room: a code, what happened, where, and what to do about it."""

from __future__ import annotations


class NlpError(Exception):
    """An error that names its cause. `message` and `action` are Chinese (officers read them)."""

    def __init__(self, code: str, message: str, where: str = "", action: str = "") -> None:
        self.code = code
        self.message = message
        self.where = where
        self.action = action
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[NlpError], tuple[str, str, str, str]]:
        """Whole again in another process."""
        return type(self), (self.code, self.message, self.where, self.action)

    def __str__(self) -> str:
        parts = [f"[{self.code}] {self.message}"]
        if self.where:
            parts.append(f"位置：{self.where}")
        if self.action:
            parts.append(f"处理：{self.action}")
        return "；".join(parts)
