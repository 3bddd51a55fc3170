"""考核情况反馈单: what one unit is told of its own quarter, and until when it may answer (domain.md §1.14)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.runs import get_run
from appraisal.quarterly.table import team_line
from appraisal.results.responses import box_of
from appraisal.results.wording import (
    claim_code,
    claim_row,
    claims_by_id,
    core_table,
    lag_sentence,
    lagging,
    run_code,
    run_row,
)
from appraisal.review.quarter import parse_quarter
from dossier.products.content import Part, ProductContent, Sentence, Table
from dossier.products.frames import add_frames
from dossier.products.headings import numbered
from dossier.products.listing import office
from dossier.products.spans import written
from dossier.products.wanted import Wanted
from dossier.products.wording import phrase
from dossier.scope import Viewer, get_team
from storage.errors import ShijiError
from storage.tables import City, Team

add_frames(
    r"参考分不是等次，不作为对班子或个人的评价结论。",
    r"如有异议，请于\d{4}年\d{1,2}月\d{1,2}日前反馈。",
    r"以上数据由统计、财政、发改等部门提供，无需另行填报。",
    r"本季度没有冻结的重点工作。",
)


def build_unit_sheet(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """The sheet of team `wanted.team_id` in published run `wanted.ref`: for the unit itself, or for its officers.

    Raises RUN-UNKNOWN (also while nothing is published), RUN-TEAM-UNKNOWN, TEAM-UNKNOWN, PRODUCT-RUN.
    """
    if wanted.ref is None:
        raise ShijiError("PRODUCT-RUN", "请选择季度考核的版本", "", "请从季度考核页进入。")
    row = get_run(session, wanted.ref)
    box = box_of(row, today)
    if viewer.role == "UNIT":
        if wanted.team_id != viewer.team_id:
            raise ShijiError("TEAM-UNKNOWN", "只能查看本单位的反馈单", wanted.team_id, "")
        team = session.get_one(Team, viewer.team_id)
    else:
        team = get_team(session, viewer, wanted.team_id)
    line, cite = team_line(row, team.id), (run_code(row),)
    claims = claims_by_id(session, [line])
    late = lagging([line])
    figures = [
        Sentence(
            f"{core['name']}：{core['value_text']}{core['unit'] if core['value'] is not None else ''}"
            f"（{core['status']}，第{core['version']}版）{_added('增速', core['growth_text'])}"
            f"{_added('完成进度', core['progress_text'])}。",
            cite, team_id=team.id,
        )
        for core in line["core"]
    ]  # fmt: skip
    tasks = [
        Sentence(
            f"{light['title']}（{light['number']}号任务）：{light['shown']}。",
            (claim_code(light["claim_id"]),) if light["level"] and light["claim_id"] else cite, team_id=team.id,
        )
        for light in line["lights"] if (line, light) not in late
    ]  # fmt: skip
    tasks += [lag_sentence(one, light, claims.get(light["claim_id"])) for one, light in late]
    parts = [
        Part(1, "总体情况", (
            Sentence(f"{row.content['title']}参考：{line['text']}。", cite, team_id=team.id),
            phrase("参考分不是等次，不作为对班子或个人的评价结论。"),
        )),
        Part(1, "重点工作", tuple(tasks) or (phrase("本季度没有冻结的重点工作。"),), numbered=True),
        Part(1, "反馈", (phrase(f"如有异议，请于{written(box.until)}前反馈。"),)),
    ]  # fmt: skip
    tables: tuple[Table, ...] = ()
    if figures:
        source = phrase("以上数据由统计、财政、发改等部门提供，无需另行填报。")
        parts.insert(1, Part(1, "核心指标", (*figures, source), numbered=True))
        tables = (core_table(line["category"], [line], row, "指标完成情况"),)
    verified = [light for light in line["lights"] if light["level"] and light["claim_id"]]
    quarter = parse_quarter(row.quarter)
    return ProductContent(
        "unit_sheet", f"{team.short}{quarter.title}考核情况反馈单", today.isoformat(), (), tuple(numbered(parts)),
        tables,
        (run_row(row), *(claim_row(session, line, light) for light in verified)),
        office=office(session.scalar(select(City.name).limit(1)) or ""), section=viewer.section, addressee=team.full,
        since=quarter.first.isoformat(), until=quarter.last.isoformat(), teams=(team.id,),
    )  # fmt: skip


def _added(name: str, text: str) -> str:
    """，增速5.1%; nothing where the number is not known."""
    return "" if text == "—" else f"，{name}{text}%"
