"""定性证据包 as a product (文稿): each fact cites its item, the response beside an adverse one (R-24, R-25)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.annual.package import Package
from appraisal.annual.package_docx import statistics_lines
from dossier import terms
from dossier.products.content import AnnexRow, Part, ProductContent, Sentence
from dossier.products.frames import add_frames
from storage.tables import Zone

KIND = "package"
EMPTY = "没有已核实的条目。没有信息不等于没有情况。"
add_frames(
    r"在档条目\d+条，其中已核实\d+条，占[\d.%—]+；自采自发或自报\d+条，占[\d.%—]+。不利条目\d+条。另有待核实\d+条，不列入。",
    r"材料截止\d{4}年\d{1,2}月\d{1,2}日，年度快照第\d+版，指纹[0-9a-f]{16}。", r"【信息不足】", r"【信源单一】", EMPTY,
)  # fmt: skip


def package_product(session: Session, package: Package, today: date) -> ProductContent:
    """The package as content of a product, ready to be drafted."""
    facts = [_fact(line.fact, line.row) for line in package.lines] or [Sentence(EMPTY, frame=True)]
    counted = [Sentence(line, frame=True) for line in statistics_lines(package)]
    year = package.snapshot.year
    return ProductContent(
        KIND, f"{package.team.short}定性证据包（{year}年度）", today.isoformat(),
        parts=(Part(1, "一、统计", tuple(counted)), Part(1, "二、事实", tuple(facts), numbered=True)),
        annex=tuple(_row(line.row) for line in package.lines), since=f"{year}-01-01", until=f"{year}-12-31",
        section=session.scalar(select(Zone.section).where(Zone.id == package.team.zone_id)) or "",
        teams=(package.team.id,),
    )  # fmt: skip


def _fact(fact: str, row: dict[str, object]) -> Sentence:
    remarks = [f"来源：{row['origin'] or row['source']}", f"独立信源{row['independent']}", str(row["state"])]
    if row["adverse"]:
        remarks += [f"单位说明：{row['response'] or '逾期未说明'}", f"容错审查：{row['leniency']}"]
    return Sentence(fact, (str(row["code"]),), source="；".join(remarks), team_id=str(row["team"]))


def _row(row: dict[str, object]) -> AnnexRow:
    return AnnexRow(
        str(row["code"]), terms.topic_name(str(row["label"])), str(row["origin"] or row["source"]), str(row["date"]),
        str(row["state"]), str(row["independent"]), str(int(str(row["prints"])) - 1), int(str(row["id"])),
        str(row["team"]),
    )  # fmt: skip
