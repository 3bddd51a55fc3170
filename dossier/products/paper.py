"""A product as an official paper in Word: the same sentences and annex as on the page (R-40, domain.md §4.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from docx.document import Document
from docx.text.paragraph import Paragraph

from dossier import gongwen
from dossier.gongwen_form import add_form, add_unit
from dossier.products.check import check
from dossier.products.content import Part, ProductContent, Sentence, Table
from dossier.products.kinds import kind_of
from dossier.search.tokens import segmenter

COLUMNS = ("编号", "摘要", "来源", "日期", "状态", "独立信源", "转载数")
WIDTHS = (32, 47, 24, 19.5, 13.5, 10, 10)  # mm, together the type area
_SHEET = re.compile(r"^附表\d+　|（[^（）]*）$")
MARK = "内部资料　注意保存"
ONE_PAGE = frozenset({"daily"})  # no blank line under the title
# the codes stand in the text; a list that names the paper itself, or the one item it is about, is not printed
NO_ANNEX = ONE_PAGE | {"notice_letter", "clearing", "talk_outline", "talk_record", "matter_form"}
RUN_IN = frozenset({"talk_outline"})  # headings share a line with their words, nothing is signed: one page


def product_docx(content: ProductContent, serial: str = "", number: str = "", redacted: bool = False) -> bytes:
    """The Word file. serial: printed at the head of every page; number: 第196期 or 澜组考〔2025〕12号.

    redacted: the content was checked before a profile took things out of it.
    Raises PRODUCT-UNCITED or PRODUCT-CITATION before anything is written.
    """
    if not redacted:
        check(content)
    word = gongwen.new_paper(content.title, MARK, serial)
    for line in title_lines(content.title):
        gongwen.add_title(word, line)
    _head(word, content, number)
    if content.form:
        add_form(word, content.form)
    placed: list[Table] = []
    for part in content.parts:
        _part(word, part, content.kind in RUN_IN and not part.numbered)
        for table in content.tables:
            if table.after and table.after == part.heading:
                _table(word, table)
                placed.append(table)
    behind = _grouped([table for table in content.tables if table not in placed])
    annexes = list(behind) + ([kind_of(content.kind).annex] if _prints_annex(content) else [])
    said = len(word.paragraphs)
    _attachments(word, annexes)
    for paragraph in word.paragraphs[max(0, said - 1) :]:  # no page holds a signature without text above it
        paragraph.paragraph_format.keep_with_next = True
    day = date.fromisoformat(content.made_on)
    if content.kind not in RUN_IN:
        gongwen.add_signature(word, signer(content), day)
    for sentence in content.tail:
        gongwen.add_small(word, sentence.marked)
    for place, (title, tables) in enumerate(behind.items(), 1):
        gongwen.add_attachment(word, f"附件{place}" if len(annexes) > 1 else "附件", title)
        for table in tables:
            _table(word, table, titled=len(tables) > 1)
    if _prints_annex(content):
        gongwen.add_attachment(word, f"附件{len(annexes)}" if len(annexes) > 1 else "附件", annexes[-1])
        rows = [(r.code, r.summary, r.source, r.day, r.state, r.independent, r.reprints) for r in content.annex]
        gongwen.add_table(word, COLUMNS, rows, WIDTHS, numeric=2)
    return gongwen.to_bytes(word)


def signer(content: ProductContent) -> str:
    """署名: 中共澜宁市委组织部 with the section, or what is known of them."""
    section = "" if content.section and content.section in content.office else content.section
    return (content.office + section) or "干部处"


def title_lines(title: str, most: int = 18) -> list[str]:
    """The title in lines of at most `most` characters, the longer first, cut where a word or quotation ends."""
    if len(title) <= most:
        return [title]
    aside = title.find("（")
    if title.endswith("）") and 0 < aside <= most and len(title) - aside <= most:
        return [title[:aside], title[aside:]]
    stops = [i + 1 for i, ch in enumerate(title[:-2]) if ch in "》的、和与及县市区局委度"]
    near = [stop for stop in stops if stop <= most and len(title) - stop <= most]
    middle = (len(title) + 1) // 2
    near = [stop for stop in near if abs(stop - middle) <= 4] or _word_ends(title, most) or near
    stop = min(near, key=lambda s: abs(s - middle - 1)) if near else min(most, middle)
    return [title[:stop], *title_lines(title[stop:], most)]


def _word_ends(title: str, most: int) -> list[int]:
    """Places between words where both lines keep to `most` characters."""
    ends = list(accumulate(map(len, segmenter().in_order(title))))
    return [end for end in ends if end <= most and len(title) - end <= most and title[end - 1] not in "《“（"]


def _prints_annex(content: ProductContent) -> bool:
    return bool(content.annex) and content.kind not in NO_ANNEX


def _grouped(tables: Sequence[Table]) -> dict[str, list[Table]]:
    """Tables that are parts of one, such as 附表1　指标完成情况（城区类）, under the title they share, on one page."""
    found: dict[str, list[Table]] = {}
    for table in tables:
        found.setdefault(_SHEET.sub("", table.title), []).append(table)
    return found


def _head(word: Document, content: ProductContent, number: str) -> None:
    """Under the title: the issue in brackets, or the number of a document, then the addressee or the head lines."""
    issue = number.startswith("第")
    if issue or (content.head and not _labelled(content.head)):
        line = "　".join([*content.head, number] if number else content.head)
        gongwen.add_centred(word, f"（{line}）", gongwen.KAI_TI)
    elif number:
        gongwen.add_centred(word, number)
    if not issue and content.head and _labelled(content.head):
        gongwen.add_blank(word)
        for line in content.head:
            gongwen.add_body(word, line, indent=False)
    elif content.kind not in ONE_PAGE:
        gongwen.add_blank(word)
    if content.addressee:
        gongwen.add_body(word, f"{content.addressee}：", indent=False)


def _labelled(head: Sequence[str]) -> bool:
    """Whether the head is lines such as 谈话人：…, not the period alone."""
    return any("：" in line for line in head)


def _part(word: Document, part: Part, run_in: bool) -> None:
    if run_in and part.heading and part.sentences:
        paragraph = _body(word, "", part.sentences)
        heading: Any = gongwen.add_run(paragraph, f"{part.heading}：", gongwen.HEI_TI)._r
        paragraph._p.insert(1, heading)  # behind the paragraph's properties
        return
    if part.heading:
        gongwen.add_heading(word, part.heading, max(1, part.level))
    for number, sentences in part.paragraphs:
        _body(word, number, sentences)


def _body(word: Document, number: str, sentences: Sequence[Sentence]) -> Paragraph:
    """A paragraph; the codes of what a sentence rests on follow it in small print."""
    pieces = [(number, False)] if number else []
    for sentence in sentences:
        pieces.append((sentence.said, False))
        pieces += [(f"〔{code}〕", True) for code in sentence.citations]
    return gongwen.add_pieces(word, pieces)


def _table(word: Document, table: Table, titled: bool = True) -> None:
    if titled:
        title = gongwen.add_centred(word, table.title, gongwen.HEI_TI, gongwen.NUMBER_SIZE)
        title.paragraph_format.keep_with_next = True
    if table.unit:
        add_unit(word, table.unit)
    gongwen.add_table(word, table.header, table.rows, table.widths, table.numeric)
    if table.basis:
        gongwen.add_small(word, f"口径：{table.basis}")


def _attachments(word: Document, titles: Sequence[str]) -> None:
    """附件说明: one blank line under the text, 附件：1.××× without a stop."""
    if not titles:
        return
    gongwen.add_blank(word)
    if len(titles) == 1:
        gongwen.add_body(word, f"附件：{titles[0]}")
        return
    for place, title in enumerate(titles, 1):
        gongwen.add_body(word, f"{'附件：' if place == 1 else '　　　'}{place}.{title}")
