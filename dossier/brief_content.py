"""The form of a briefing note: sentences that cite, the annex they cite from, and the check before it leaves (R-24)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from dossier.products.content import AnnexRow, Part, Sentence, part_of
from dossier.products.frames import is_frame
from storage.errors import ShijiError

__all__ = ["AnnexRow", "BriefContent", "Figures", "IndicatorLine", "Part", "Sentence", "TaskLine", "check", "from_dict"]


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator figure of a team, read by the floor above: its data point, version and period stand beside it."""

    data_point_id: int
    team_id: str
    team: str
    name: str
    period: str
    version: int
    status: str
    value: str
    unit: str
    growth: str
    provider: str
    origin: str  # workbook, sheet and row

    @property
    def code(self) -> str:
        return f"D-{self.data_point_id}"


@dataclass(frozen=True)
class TaskLine:
    """One 重点工作 of a team at the end of a quarter. level: as verified, or empty; state: how far it has come."""

    task_id: int
    team_id: str
    team: str
    number: int
    title: str
    quarter: str
    level: str
    state: str

    @property
    def code(self) -> str:
        return f"RW-{self.task_id}"


@dataclass(frozen=True)
class Figures:
    """What the floor above knows of the teams a cadre serves in: indicator figures and 重点工作."""

    indicators: tuple[IndicatorLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()


@dataclass(frozen=True)
class BriefContent:
    """A 谈话前情况简报, 1-2 pages and the annex (domain.md §4.3)."""

    cadre_id: str
    name: str
    post: str
    talk_kind: str
    interviewer: str
    planned_on: str
    section: str
    office: str
    made_on: str
    since: str
    restricted: bool
    parts: tuple[Part, ...] = ()
    annex: tuple[AnnexRow, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def from_dict(data: dict[str, Any]) -> BriefContent:
    """The content as it was stored."""
    parts = tuple(part_of(p) for p in data["parts"])
    return BriefContent(**{**data, "parts": parts, "annex": tuple(AnnexRow(**row) for row in data["annex"])})


def check(content: BriefContent) -> None:
    """Refuse a sentence that cites nothing (BRIEF-UNCITED) or cites what the annex does not list (BRIEF-CITATION)."""
    listed = {row.code for row in content.annex}
    for part in content.parts:
        for sentence in part.sentences:
            if sentence.frame:
                fixed = not sentence.citations and is_frame(sentence.text)
                if not fixed:
                    raise _uncited(part, sentence)
            elif not sentence.citations:
                raise _uncited(part, sentence)
            elif missing := [code for code in sentence.citations if code not in listed]:
                raise ShijiError(
                    "BRIEF-CITATION",
                    f"引用的编号不在佐证清单中：{'、'.join(missing)}",
                    part.heading,
                    "请重新生成简报。",
                )


def _uncited(part: Part, sentence: Sentence) -> ShijiError:
    return ShijiError(
        "BRIEF-UNCITED",
        f"有未注明佐证的语句，不能导出：{sentence.text[:40]}",
        part.heading,
        "请补注佐证编号或删去该句。",
    )
