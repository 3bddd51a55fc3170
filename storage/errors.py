"""Coded errors, shared by every room above `nlp`."""

from __future__ import annotations


class ShijiError(Exception):
    """An error a person can act on.

    code: stable identifier such as ``ROSTER-DATE``; message: what is wrong; where: file, row, source or
    field; action: what to do about it. Messages that officers read are Chinese.
    """

    def __init__(self, code: str, message: str, where: str = "", action: str = "") -> None:
        self.code = code
        self.message = message
        self.where = where
        self.action = action
        super().__init__(self.line())

    def line(self) -> str:
        """One line: code, what, where, what to do."""
        parts = [f"[{self.code}] {self.message}"]
        if self.where:
            parts.append(f"（{self.where}）")
        if self.action:
            parts.append(f" {self.action}")
        return "".join(parts)

    def as_dict(self) -> dict[str, str]:
        """Form used by the JSON API and the batch commands."""
        return {"code": self.code, "message": self.message, "where": self.where, "action": self.action}
