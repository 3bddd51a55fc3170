"""What notice and own sheet share: how a run, a verified task and a figure are cited, and the tables (domain.md §4.6).

Codes: K-2025Q3-V1 a version of the assessment, J-000123 the verified progress of a task. Only signed findings are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.claims import records_of
from appraisal.quarterly.rules import LAGGING
from appraisal.quarterly.runs import run_name
from appraisal.quarterly.table import shown_line
from dossier.products.content import AnnexRow, Sentence, Table
from dossier.views import EvidenceView, load_views
from storage.settings import CHINA
from storage.tables import Evidence, QuarterRun, TaskClaim

WIDTH = 156.0  # mm, the type area


def run_code(row: QuarterRun) -> str:
    """K-2025Q3-V1."""
    return f"K-{row.quarter}-V{row.version}"


def claim_code(claim_id: int) -> str:
    """J-000123."""
    return f"J-{claim_id:06d}"


def run_row(row: QuarterRun) -> AnnexRow:
    """The annex line of the assessment itself: which data, which rule, which hash."""
    day = row.published_on.isoformat() if row.published_on else row.computed_at.astimezone(CHINA).date().isoformat()
    what = f"{run_name(row)}（口径快照 {row.pin_id}，指纹 {row.sha256[:12]}）"
    return AnnexRow(run_code(row), what, f"{row.content['book']}；{row.content['rule']}", day, "已印发" if day else "")


def lines_of(row: QuarterRun) -> list[dict[str, Any]]:
    """All lines of a run as shown, in roster order."""
    return [shown_line(line) for line in row.content["lines"]]


def claims_by_id(session: Session, lines: Iterable[Mapping[str, Any]]) -> dict[int, TaskClaim]:
    """The claims behind the verified lights of these lines."""
    ids = [light["claim_id"] for line in lines for light in line["lights"] if light["level"] and light["claim_id"]]
    return {claim.id: claim for claim in session.scalars(select(TaskClaim).where(TaskClaim.id.in_(ids)))}


def claim_row(session: Session, line: Mapping[str, Any], light: Mapping[str, Any]) -> AnnexRow:
    """The annex line of one verified progress: channels and day of the last record."""
    records = records_of(session, light["claim_id"])
    channels = "、".join(dict.fromkeys(one.channel for one in records))
    day = max((one.on for one in records), default=None)
    what = f"{line['team']}{light['number']}号任务“{light['title']}”：{light['level']}"
    return AnnexRow(
        claim_code(light["claim_id"]), what, f"核查记录：{channels or '—'}", day.isoformat() if day else "",
        light["state"], team_id=line["team_id"],
    )  # fmt: skip


def lagging(lines: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """(line, light) of every verified level that lags, in roster order: told to the unit and signed by a head."""
    return [(line, light) for line in lines for light in line["lights"] if light["level"] in LAGGING]


def lag_sentence(line: Mapping[str, Any], light: Mapping[str, Any], claim: TaskClaim | None) -> Sentence:
    """One finding with the unit's own statement beside it (R-25)."""
    said = f"单位说明：{claim.answer.rstrip('。')}" if claim and claim.answer else "单位未提交说明"
    text = f"{line['team']}{light['number']}号任务“{light['title']}”经核实{light['level']}（{said}）。"
    return Sentence(text, (claim_code(light["claim_id"]),), team_id=line["team_id"])


def load_evidence(session: Session, codes: Iterable[str]) -> list[EvidenceView]:
    """Items by their numbers, in the order of their ids."""
    return load_views(session, select(Evidence).where(Evidence.code.in_(list(codes))).order_by(Evidence.id))


def core_table(category: str, lines: Sequence[Mapping[str, Any]], run: QuarterRun, title: str) -> Table:
    """附表1 of one category: cumulative value, growth and progress of each core figure; no order but the roster's."""
    names = [(core["name"], core["unit"]) for core in lines[0]["core"]]
    header = ("班子", *(f"{name}（{unit}）累计/增速%/进度%" for name, unit in names))
    rows = tuple(
        (line["team"], *(f"{c['value_text']}/{c['growth_text']}/{c['progress_text']}" for c in line["core"]))
        for line in lines
    )
    width = (WIDTH - 24) / max(1, len(names))
    return Table(
        title, header, rows, (24.0, *([width] * len(names))), len(names), basis=f"{category}，按名册顺序列示",
        citations=(run_code(run),), row_teams=tuple(line["team_id"] for line in lines),
    )  # fmt: skip


def task_table(lines: Sequence[Mapping[str, Any]], run: QuarterRun, title: str) -> Table:
    """附表2: lights in words, so that a print without colour says the same."""
    rows = tuple(
        (line["team"], *(_light(line, number) for number in (1, 2, 3)), line["text"]) for line in lines
    )  # fmt: skip
    header = ("班子", "1号任务", "2号任务", "3号任务", "季度参考")
    teams = tuple(line["team_id"] for line in lines)
    return Table(title, header, rows, (22.0, 28.0, 28.0, 28.0, 50.0), citations=(run_code(run),), row_teams=teams)


def _light(line: Mapping[str, Any], number: int) -> str:
    found = next((one for one in line["shown_lights"] if one.number == number), None)
    return f"{found.colour}（{found.text}）" if found else "—"
