"""考核情况通报 as content that cites: 总体情况, 好的做法, 主要问题, 下一步要求, three tables (domain.md §1.14, §4.6).

Good practice is named from verified items; problems only when verified, told and signed, and the general before the
single. Nothing is ranked; the draft is edited, checked and signed as a product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.decimals import show
from appraisal.quarterly.rules import LEVELS, stored_rules
from appraisal.quarterly.runs import get_run
from appraisal.results.wording import (
    WIDTH,
    claim_code,
    claim_row,
    claims_by_id,
    core_table,
    lag_sentence,
    lagging,
    lines_of,
    run_code,
    run_row,
    task_table,
)
from appraisal.review.quarter import parse_quarter
from dossier import terms
from dossier.products.content import Part, ProductContent, Sentence, Table
from dossier.products.frames import add_frames
from dossier.products.gathering import Gathered, gather
from dossier.products.headings import numbered
from dossier.products.listing import annex, office
from dossier.products.wanted import Wanted
from dossier.products.wording import phrase, stated
from dossier.scope import Viewer, require_reader
from dossier.views import EvidenceView
from storage.errors import ShijiError
from storage.tables import Evidence, QuarterRun
from storage.workdays import add_workdays

MOST_PRACTICES, MEND_DAYS = 8, 30  # working days to mend, as a start for the person who edits
RESPONSE_PHRASE = "各单位如有异议，应于印发之日起{}个工作日内向市委组织部考核办反馈。"
add_frames(
    r"本通报不对地区生产总值及增长率排名。",
    RESPONSE_PHRASE.format(r"\d+"),
    r"进展滞后的任务，责任单位应按《问题清单及整改期限》整改并报告结果。",
    r"本季度没有经核实、可点名的好做法。",
    r"本季度没有经核实的滞后任务。",
)


def build_circular(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """The notice of run `wanted.ref`, checked or published. Raises RUN-UNKNOWN, RUN-STATE, PRODUCT-RUN."""
    require_reader(viewer)
    if wanted.ref is None:
        raise ShijiError("PRODUCT-RUN", "请选择季度考核的版本", "", "请从季度考核页进入。")
    row = get_run(session, wanted.ref)
    if row.state == "computed":
        raise ShijiError("RUN-STATE", "季度考核尚未审核，不能起草通报", row.quarter, "请先由处长审核。")
    lines, quarter = lines_of(row), parse_quarter(row.quarter)
    found = gather(session, viewer, quarter.first, quarter.last)
    practices = _practices(session, found)
    late = lagging(lines)
    claims = claims_by_id(session, lines)
    parts = (
        Part(1, "总体情况", _overall(row, lines), numbered=True),
        Part(1, "好的做法", _good(lines, practices), numbered=True),
        Part(1, "存在的主要问题", _problems(row, lines, late, claims), numbered=True),
        Part(1, "下一步要求", _demands(row), numbered=True),
    )
    over = [(line, light) for line in lines for light in line["lights"] if light["level"] == "超额"]
    listed = [run_row(row), *(claim_row(session, line, light) for line, light in (*over, *late))]
    return ProductContent(
        "circular", f"关于{quarter.title}考核情况的通报", today.isoformat(), (), tuple(numbered(parts)),
        _tables(row, lines, late, today), (*listed, *annex(practices)), office=office(found.city),
        section=viewer.section, since=quarter.first.isoformat(), until=quarter.last.isoformat(),
        teams=tuple(line["team_id"] for line in lines),
    )  # fmt: skip


def _overall(row: QuarterRun, lines: Sequence[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    cite = (run_code(row),)
    lights = [light for line in lines for light in line["lights"]]
    by_level = {level: sum(light["level"] == level for light in lights) for level in LEVELS}
    claims = sum(line["counts"]["claims"] for line in lines)
    verified = sum(line["counts"]["verified"] for line in lines)
    share = f"，核实率{show(Decimal(100 * verified) / claims, 1)}%" if claims else ""
    said = [
        Sentence(f"{row.content['title']}考核涉及班子{len(lines)}个、重点工作{len(lights)}项。", cite),
        Sentence(
            f"经核实{'，'.join(f'{level}{count}项' for level, count in by_level.items() if count)}；"
            f"尚未核实{sum(not light['level'] for light in lights)}项；"
            f"报送进展{claims}条，已核实{verified}条{share}。",
            cite,
        ),
    ]  # fmt: skip
    districts = [line for line in lines if line["core"]]
    for place, core in enumerate(districts[0]["core"] if districts else ()):
        if core["never_rank"]:
            continue  # GDP stands in the table with its progress; nothing is counted or compared by it
        shown = [line["core"][place]["progress"] for line in districts]
        known = [Decimal(text) for text in shown if text is not None]
        missing = [line["team"] for line in districts if line["core"][place]["value"] is None]
        late = f"；{'、'.join(missing)}未出数，按其余权重计算并标明暂缺" if missing else ""
        if known:
            on_time = sum(one >= 100 for one in known)
            text = f"{core['name']}达到序时进度的县区{on_time}个，有目标和数据的县区{len(known)}个{late}。"
            said.append(Sentence(text, cite))
        elif missing:
            said.append(Sentence(f"{core['name']}{late.removeprefix('；')}。", cite))
    said.append(phrase("本通报不对地区生产总值及增长率排名。"))
    return tuple(said)


def _practices(session: Session, found: Gathered) -> list[EvidenceView]:
    """Verified 做法 and 亮点 of the quarter, at most one a team, in roster order.

    An event that is adverse to another team is left out: its words would blame that team in passing.
    """
    blamed = set(session.scalars(select(Evidence.event_id).where(Evidence.adverse.is_(True))))
    seen: dict[str, EvidenceView] = {}
    for item in found.of_topic("highlight", "practice"):
        if item.state in terms.ESTABLISHED and item.event_id not in blamed:
            seen.setdefault(item.team_id, item)
    return list(seen.values())[:MOST_PRACTICES]


def _good(lines: Sequence[Mapping[str, Any]], practices: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    by_category: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        for light in line["lights"]:
            if light["level"] == "超额":
                told = (f"{line['team']}“{light['title']}”", claim_code(light["claim_id"]))
                by_category.setdefault(line["category"], []).append(told)
    over = [
        Sentence(
            f"{category}经核实超额完成本季度节点的重点工作：{'、'.join(name for name, _ in found)}。",
            tuple(code for _, code in found),
        )
        for category, found in by_category.items()
    ]
    said = (*over, *(stated(item) for item in practices))
    return said or (phrase("本季度没有经核实、可点名的好做法。"),)


def _problems(
    row: QuarterRun, lines: Sequence[Mapping[str, Any]], late: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    claims: Mapping[int, Any],
) -> tuple[Sentence, ...]:  # fmt: skip
    said = []
    silent = sum(1 for line in lines for light in line["lights"] if not light["claimed"])
    if late:
        teams = len({line["team_id"] for line, _ in late})
        said.append(Sentence(f"经核实进展滞后的重点工作{len(late)}项，涉及班子{teams}个。", (run_code(row),)))
    if silent:
        said.append(Sentence(f"有{silent}项重点工作未报进展，按暂缺处理。", (run_code(row),)))
    said += [lag_sentence(line, light, claims.get(light["claim_id"])) for line, light in late]
    return tuple(said) if late else (*said, phrase("本季度没有经核实的滞后任务。"))


def _demands(row: QuarterRun) -> tuple[Sentence, ...]:
    return (
        phrase("进展滞后的任务，责任单位应按《问题清单及整改期限》整改并报告结果。"),
        phrase(RESPONSE_PHRASE.format(stored_rules(row.rule).response_days)),
    )


def _tables(
    row: QuarterRun, lines: Sequence[Mapping[str, Any]], late: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    today: date,
) -> tuple[Table, ...]:  # fmt: skip
    by_category: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        by_category.setdefault(line["category"], []).append(line)
    tables = [
        core_table(category, rows, row, f"附表1　指标完成情况（{category}）")
        for category, rows in by_category.items() if rows[0]["core"]
    ]  # fmt: skip
    tables += [task_table(rows, row, f"附表2　重点工作进展（{category}）") for category, rows in by_category.items()]
    until = add_workdays(today, MEND_DAYS).isoformat()
    rows = tuple(
        (
            line["team"], f"{light['number']}号任务“{light['title']}”{light['level']}", claim_code(light["claim_id"]),
            until,
        )
        for line, light in late
    )  # fmt: skip
    if rows:
        tables.append(
            Table(
                "附表3　问题清单及整改期限", ("班子", "问题", "编号", "整改期限"), rows, (26.0, WIDTH - 84, 28.0, 30.0),
                citations=tuple(dict.fromkeys(line[2] for line in rows)),
                row_teams=tuple(line["team_id"] for line, _ in late),
            )
        )  # fmt: skip
    return tuple(tables)
