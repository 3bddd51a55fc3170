"""A briefing note as an official paper in Word: the same sentences, numbers and annex as on the page (R-40)."""

from __future__ import annotations

from datetime import date

from docx.document import Document

from dossier import gongwen
from dossier.brief_content import BriefContent, Part, check

COLUMNS = ("编号", "摘要", "来源", "日期", "状态", "独立信源", "转载数")
WIDTHS = (32, 36, 31.5, 20, 14.5, 12, 10)  # mm, together the type area


def brief_docx(content: BriefContent, serial: str = "") -> bytes:
    """The Word file. Raises BRIEF-UNCITED or BRIEF-CITATION before anything is written."""
    check(content)
    title = "谈话前情况简报"
    word = gongwen.new_paper(f"{title}（{content.name}）", serial=serial)
    gongwen.add_title(word, title)
    gongwen.add_blank(word)
    for line in head_lines(content):
        gongwen.add_body(word, line, indent=False)
    for part in content.parts:
        _part(word, part)
    gongwen.add_blank(word)
    gongwen.add_body(word, "附件：佐证清单")
    gongwen.add_signature(word, content.section or content.office or "干部处", date.fromisoformat(content.made_on))
    gongwen.add_attachment(word, "附件", "佐证清单")
    rows = [(r.code, r.summary, r.source, r.day, r.state, r.independent, r.reprints) for r in content.annex]
    gongwen.add_table(word, COLUMNS, rows, WIDTHS, numeric=2)
    return gongwen.to_bytes(word)


def head_lines(content: BriefContent) -> list[str]:
    """The lines under the title: whom, which talk, by whom, when, prepared by."""
    when = f"　　拟谈话时间：{content.planned_on}" if content.planned_on else ""
    by = f"　　主办：{content.section}" if content.section else ""
    return [
        f"对象：{content.name}　{content.post}",
        f"谈话类型：{content.talk_kind}{when}",
        f"谈话人：{content.interviewer}{by}",
    ]


def _part(word: Document, part: Part) -> None:
    gongwen.add_heading(word, part.heading, part.level)
    for number, sentences in part.paragraphs:
        gongwen.add_body(word, number + "".join(s.marked for s in sentences))
