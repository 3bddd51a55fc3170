"""The form of a briefing note: sentences that cite, the annex they cite from, and the check before it leaves (R-24)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from storage.errors import ShijiError

# Words of the form itself, which state nothing about anyone. Whatever else a brief says must cite.
_FRAMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"暂无佐证。",
        r"没有待核实、核实中的事项。",
        r"系统中没有以往谈话记录。",
        r"除注明“经核实”的外，均未经核实。",
        r"本部分以问题形式列出，均不作为已认定的事实。",
        r"以上班子事项共\d+件，其中单位自报\d+件。",
        r"另有\d+件（其中单位自报\d+件）见班子档。",
        r"以上事项均为单位自报，信源单一。",
        r"近期有重要事项报告\d+件，详见受控页。",
        r"本简报仅供谈话人阅用，谈话后按规定收回或归档。",
        r"没有登记的说明、申辩。",
    )
)


@dataclass(frozen=True)
class Sentence:
    """One statement and the numbers of what it rests on; `frame` marks a fixed phrase of the form."""

    text: str
    citations: tuple[str, ...] = ()
    frame: bool = False

    @property
    def marked(self) -> str:
        """The text followed by its citations: ……。〔E-20250811-000123〕"""
        return self.text + "".join(f"〔{code}〕" for code in self.citations)


@dataclass(frozen=True)
class Part:
    """A heading (level 1 or 2, its number included) with its sentences.

    In a numbered part each sentence is a paragraph with its number; otherwise all of them are one paragraph.
    """

    level: int
    heading: str
    sentences: tuple[Sentence, ...] = ()
    numbered: bool = False

    @property
    def paragraphs(self) -> list[tuple[str, tuple[Sentence, ...]]]:
        """(number or "", sentences) for each paragraph, as page and paper show them.

        Inside a paragraph a citation that the next sentence repeats is shown once, after the last of them.
        """
        if not self.numbered:
            return [("", tuple(_once(self.sentences)))] if self.sentences else []
        out: list[tuple[str, tuple[Sentence, ...]]] = []
        number = 0
        for sentence in self.sentences:
            number += not sentence.frame
            out.append(("" if sentence.frame else f"{number}.", (sentence,)))
        return out


def _once(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    for sentence, following in zip(sentences, (*sentences[1:], None), strict=True):
        repeated = following is not None and following.citations == sentence.citations
        yield replace(sentence, citations=()) if repeated else sentence


@dataclass(frozen=True)
class AnnexRow:
    """One line of the 佐证清单. `evidence_id` is empty for the roster and for indicator data; `own`: the item was
    the cadre's own when printed, not only the team's."""

    code: str
    summary: str
    source: str
    day: str
    state: str
    independent: str = ""
    reprints: str = ""
    evidence_id: int | None = None
    team_id: str = ""
    own: bool = False


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
    parts = tuple(
        Part(
            p["level"], p["heading"],
            tuple(Sentence(s["text"], tuple(s["citations"]), s["frame"]) for s in p["sentences"]), p["numbered"],
        )
        for p in data["parts"]
    )  # fmt: skip
    return BriefContent(**{**data, "parts": parts, "annex": tuple(AnnexRow(**row) for row in data["annex"])})


def check(content: BriefContent) -> None:
    """Refuse a sentence that cites nothing (BRIEF-UNCITED) or cites what the annex does not list (BRIEF-CITATION)."""
    listed = {row.code for row in content.annex}
    for part in content.parts:
        for sentence in part.sentences:
            if sentence.frame:
                fixed = not sentence.citations and any(p.fullmatch(sentence.text) for p in _FRAMES)
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
