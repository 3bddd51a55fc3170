"""What is asked of a builder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """kind: code in kinds.py. period: 2025-10-16, 2025-W42, 2025-09, 2025Q3 or 2025, as the kind's subject says.
    ref: id of an item, talk, matter or sheet. words: what a person adds, such as the interviewer."""

    kind: str
    period: str = ""
    team_id: str = ""
    cadre_id: str = ""
    ref: int | None = None
    words: str = ""
