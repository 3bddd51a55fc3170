"""一班一档 and 一人一档 on paper: cover, contents, sections; handler and time of printing on every page (§4.12).

The sections come from above: some of them belong to the assessment, of which this floor knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from docx.shared import Pt

from dossier import gongwen, terms
from dossier.brief_words import annex_row, clip, heard
from dossier.gongwen_parts import add_watermark
from dossier.products.headings import chinese
from dossier.products.spans import written
from dossier.products.wording import plain
from dossier.views import EvidenceView

ITEM_COLUMNS = ("编号", "事实", "来源", "日期", "状态", "独立信源", "转载数")
ITEM_WIDTHS = (32, 47, 24, 19.5, 13.5, 10, 10)  # mm, together the type area
CONTENTS_WIDTHS = (16, 60, 80)
NAME_SIZE, FACT_CHARACTERS = Pt(36), 60


@dataclass(frozen=True)
class Sheet:
    """A table of a section. widths in mm, 156 in all; the last `numeric` columns are right-aligned."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: int = 0


@dataclass(frozen=True)
class Section:
    """A section: what the contents say it holds; without lines and sheets it stands in the contents alone."""

    heading: str
    held: str
    lines: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class Cover:
    """What the cover says. kind: 一班一档 or 一人一档; facts: label -> text; handler and time mark every page."""

    kind: str
    name: str
    facts: tuple[tuple[str, str], ...]
    handler: str
    printed_at: datetime

    @property
    def stamp(self) -> str:
        return f"{self.handler}　{written(self.printed_at.date())}{self.printed_at:%H:%M}打印"


def dossier_docx(cover: Cover, sections: Sequence[Section]) -> bytes:
    """The Word file; a section's number is the same in the contents and before its text."""
    word = gongwen.new_paper(f"{cover.name}{cover.kind}", serial=cover.stamp)
    add_watermark(word, cover.stamp)
    for _ in range(5):
        gongwen.add_blank(word)
    gongwen.add_centred(word, cover.kind, gongwen.SONG_TITLE, NAME_SIZE).paragraph_format.line_spacing = Pt(58)
    gongwen.add_blank(word)
    gongwen.add_title(word, cover.name)
    for _ in range(3):
        gongwen.add_blank(word)
    marks = (("经手人", cover.handler), ("打印时间", f"{written(cover.printed_at.date())}{cover.printed_at:%H:%M}"))
    for label, text in (*cover.facts, *marks):
        gongwen.set_indent(gongwen.add_body(word, f"{label}：{text}", indent=False), left=6)
    contents = gongwen.add_title(word, "目　　录")
    contents.paragraph_format.page_break_before = True
    gongwen.add_blank(word)
    numbers = [chinese(number) for number in range(1, len(sections) + 1)]
    rows = [(n, section.heading, section.held) for n, section in zip(numbers, sections, strict=True)]
    gongwen.add_table(word, ("序号", "内容", "在档情况"), rows, CONTENTS_WIDTHS)
    shown = [(n, s) for n, s in zip(numbers, sections, strict=True) if s.lines or s.sheets]
    for number, section in shown:
        heading = gongwen.add_heading(word, f"{number}、{section.heading}", 1)
        heading.paragraph_format.page_break_before = number == shown[0][0]
        for line in section.lines:
            gongwen.add_body(word, line)
        for sheet in section.sheets:
            title = gongwen.add_centred(word, sheet.title, gongwen.HEI_TI, gongwen.NUMBER_SIZE)
            title.paragraph_format.keep_with_next = True
            gongwen.add_table(word, sheet.header, sheet.rows, sheet.widths, sheet.numeric)
    return gongwen.to_bytes(word)


def item_sheets(established: Iterable[EvidenceView], reported: Iterable[EvidenceView]) -> tuple[Sheet, ...]:
    """Items by topic, what is settled apart from what is only reported (R-22)."""
    blocks = (("已核实", list(established)), ("据报道、单位自报，尚未核实", list(reported)))
    return tuple(
        Sheet(f"{terms.topic_name(label)}（{name}）", ITEM_COLUMNS, tuple(map(_row, mine)), ITEM_WIDTHS, 2)
        for label in terms.DOSSIER_TOPICS
        for name, items in blocks
        if (mine := [item for item in items if item.label == label])
    )


def _row(item: EvidenceView) -> tuple[str, ...]:
    """An item as a line; beside an adverse one stand the statement and the 容错 field (R-25)."""
    row = annex_row(item)
    fact = clip(plain(item), FACT_CHARACTERS) + (f"（{'；'.join(heard(item))}）" if item.adverse else "")
    return (row.code, fact, row.source, row.day, row.state, row.independent, row.reprints)
