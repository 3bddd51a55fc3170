"""领导班子运行情况分析报告 in Word: the sections of the page, with 信息条目清单 and 核查覆盖表 (domain.md §4.4)."""

from __future__ import annotations

from datetime import date

from appraisal.review.report import Report
from dossier import gongwen, terms

LIST = ("编号", "摘要", "来源", "日期", "状态", "独立信源", "转载数")
LIST_WIDTHS = (32, 36, 31.5, 20, 14.5, 12, 10)
COVERAGE = ("编号", *terms.CHANNELS)
COVERAGE_WIDTHS = (60, *(16,) * len(terms.CHANNELS))


def report_docx(report: Report, serial: str, office: str) -> bytes:
    """The Word file of a report; `office` signs it."""
    word = gongwen.new_paper(f"{report.title}（{report.quarter}）", serial=serial)
    gongwen.add_title(word, report.title)
    gongwen.add_title(word, f"（{report.quarter}）")
    gongwen.add_blank(word)
    for section in report.sections:
        gongwen.add_heading(word, section.heading, section.level)
        for line in (*section.paragraphs, *section.written):
            gongwen.add_cited(word, line)
    gongwen.add_blank(word)
    gongwen.add_body(word, "附件：1.信息条目清单")
    gongwen.add_body(word, "　　　2.核查覆盖表")
    gongwen.add_signature(word, office, date.fromisoformat(report.made_on))
    gongwen.add_attachment(word, "附件1", "信息条目清单")
    rows = [(r.code, r.summary, r.source, r.day, r.state, r.independent, r.reprints) for r in report.annex]
    gongwen.add_table(word, LIST, rows, LIST_WIDTHS, numeric=2)
    gongwen.add_attachment(word, "附件2", "核查覆盖表")
    gongwen.add_table(word, COVERAGE, report.coverage, COVERAGE_WIDTHS)
    return gongwen.to_bytes(word)
