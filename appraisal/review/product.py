"""领导班子运行情况分析报告 as a product (文稿): the system cites, what people wrote rests on their box (R-24, §4.4).

Words of people cite the items of the box they were written for; words for an empty box are marked 暂无佐证.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.review.quarter import parse_quarter
from appraisal.review.report import Report, Section, report_content
from dossier import terms
from dossier.products.content import AnnexRow, Part, ProductContent, Sentence, Table
from dossier.products.frames import add_frames
from dossier.scope import Viewer
from storage.tables import Team, TeamReview, Zone

KIND = "review_report"
_CODE = re.compile(r"〔([DE]-[^〕]+)〕")
COVERAGE_WIDTHS = (60.0, *(16.0,) * len(terms.CHANNELS))
add_frames(
    r"没有已核实的事项。", r"没有已核实的问题。", r"本部分只写已核实的事项。", r"（尚未选择）。",
    r"上季度提出 \d+ 项改进要求，已回应 \d+ 项。", r"上季度没有分析研判记录。", r"上季度没有提出改进要求。",
    r"另有\d+件待核实、核实中的事项，不作为事实列入。", r"另有\d+件已核实、尚未告知的事项，告知并听取说明后列入。",
    r"【信息不足】本季度没有在档条目。没有信息不等于没有情况。",
    r"【信源单一】在档条目均为本单位自采自发或自报，尚无其他信源。",
    r"【信源单一】在档条目均为正面信息，请注意从督查、审计、热线等渠道了解情况。",
)  # fmt: skip


def review_product(session: Session, viewer: Viewer, row: TeamReview, today: date) -> ProductContent:
    """The report of a review as content of a product, ready to be drafted. Raises what `report_content` raises."""
    report, quarter = report_content(session, viewer, row, today), parse_quarter(row.quarter)
    zone_id = session.get_one(Team, row.team_id).zone_id
    roster = AnnexRow(f"R-{row.team_id}", "班子成员和任职", "名册", today.isoformat(), "现行", team_id=row.team_id)
    annex = (roster, *(AnnexRow(**vars(one)) for one in report.annex))
    everything = tuple(one.code for one in annex if one.evidence_id is not None)
    parts = tuple(_part(section, roster.code, everything) for section in report.sections)
    return ProductContent(
        KIND, f"{report.title}（{report.quarter}）", report.made_on, parts=parts, tables=_coverage(report), annex=annex,
        section=session.scalar(select(Zone.section).where(Zone.id == zone_id)) or "", since=quarter.first.isoformat(),
        until=quarter.last.isoformat(), teams=(row.team_id,),
    )  # fmt: skip


def _part(section: Section, roster: str, everything: Sequence[str]) -> Part:
    inside = tuple(code for line in section.paragraphs for code in _CODE.findall(line))
    about_all = section.heading.startswith(("五", "六"))
    basis = inside or (tuple(everything) if about_all else ())
    said = []
    for line in section.paragraphs:
        codes = tuple(_CODE.findall(line))
        if codes:
            said.append(Sentence(_CODE.sub("", line), codes))
        elif section.heading.startswith("一"):
            said.append(Sentence(line, (roster,)))
        else:
            said.append(Sentence(line, frame=True))
    for line in section.written:
        if line == "（尚未选择）。":
            said.append(Sentence(line, frame=True))
        else:
            said.append(Sentence(_ended(line), basis, unsupported=not basis))
    listed = section.level == 2 or section.heading.startswith("六")
    return Part(section.level, section.heading, tuple(said), numbered=listed and len(said) > 1)


def _ended(line: str) -> str:
    """A person's line as a sentence, so that two of them in a paragraph stay apart."""
    return line if line.endswith(("。", "！", "？", "；", "：", "）")) else f"{line}。"


def _coverage(report: Report) -> tuple[Table, ...]:
    if not report.coverage:
        return ()
    rows = tuple(tuple(row) for row in report.coverage)
    codes = tuple(row[0] for row in rows)
    return (Table("核查覆盖表", ("编号", *terms.CHANNELS), rows, COVERAGE_WIDTHS, citations=codes),)
