"""季度考核一览表: one line a team, category by category in roster order; nothing is ranked, GDP least of all (R-33)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.decimals import plain, show
from appraisal.export import csv_table
from appraisal.quarterly.rules import LIGHTS
from dossier.scope import Viewer, require_reader, team_clause
from storage.errors import ShijiError
from storage.tables import QuarterRun, Team

COLOURS = {"绿": "done", "黄": "open", "红": "bad", "灰": "no"}


@dataclass(frozen=True)
class ShownLight:
    """A light in words and colour: never by colour alone."""

    number: int
    title: str
    text: str
    colour: str

    @property
    def css(self) -> str:
        """Class of the mark."""
        return COLOURS[self.colour]


@dataclass
class Category:
    """Teams of one category: the only ones that stand beside each other (R-32)."""

    name: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def cores(self) -> list[dict[str, Any]]:
        """Indicators of the head line; empty for departments."""
        return list(self.lines[0]["core"]) if self.lines else []


def light_of(level: str, shown: str, number: int, title: str) -> ShownLight:
    """Green, amber, red by the verified level; grey while nothing is verified."""
    return ShownLight(number, title, shown, LIGHTS.get(level, "灰"))


def quarter_table(session: Session, viewer: Viewer, row: QuarterRun) -> list[Category]:
    """The lines a viewer may see. An unpublished version is for those who work on it and decide it."""
    require_reader(viewer)
    if row.state != "published" and viewer.role == "OFF":
        raise ShijiError("RUN-UNKNOWN", "该次季度考核尚未印发", row.quarter, "请在印发后查看。")
    visible = set(session.scalars(select(Team.id).where(team_clause(viewer))))
    found: dict[str, Category] = {}
    for line in row.content["lines"]:
        if line["team_id"] in visible:
            found.setdefault(line["category"], Category(line["category"])).lines.append(shown_line(line))
    return list(found.values())


def team_line(row: QuarterRun, team_id: str) -> dict[str, Any]:
    """One team's line of a run as shown. Raises ShijiError RUN-TEAM-UNKNOWN."""
    line = next((one for one in row.content["lines"] if one["team_id"] == team_id), None)
    if line is None:
        raise ShijiError("RUN-TEAM-UNKNOWN", "该班子未列入本次季度考核", team_id, "请核对班子和季度。")
    return shown_line(line)


def shown_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line with its numbers as officers read them; the exact ones stay under their own names."""
    core = [
        {
            **one, "value_text": one["status"] if one["value"] is None else plain(Decimal(one["value"])),
            "growth_text": _number(one["growth"], 1), "progress_text": _number(one["progress"], 1),
            "single_text": "—" if one["single"] is None else plain(Decimal(one["single"])),
            "score_text": _number(one["score"], 2), "target_text": "—" if one["target"] is None else plain(
                Decimal(one["target"])
            ),
        }
        for one in line["core"]
    ]  # fmt: skip
    lights = [light_of(one["level"], one["shown"], one["number"], one["title"]) for one in line["lights"]]
    return {**line, "core": core, "shown_lights": lights}


def quarter_csv(categories: list[Category], title: str) -> bytes:
    """The table for Excel, categories one after the other, teams in roster order."""
    header = [
        "季度", "类别", "班子", "指标或任务", "累计数", "单季", "单位", "增速%", "进度%", "年度目标", "数据状态",
        "核实进展", "核心指标得分", "重点工作得分", "季度参考", "说明", "进展条数", "已核实",
    ]  # fmt: skip
    rows: list[list[object]] = []
    for category in categories:
        for line in category.lines:
            head = [title, category.name, line["team"]]
            for core in line["core"]:
                rows.append([
                    *head, core["name"], core["value_text"], core["single_text"], core["unit"], core["growth_text"],
                    core["progress_text"], core["target_text"], core["status"], *[""] * 7,
                ])  # fmt: skip
            for light in line["shown_lights"]:
                rows.append([*head, f"{light.number}号 {light.title}", *[""] * 7, light.text, *[""] * 6])
            rows.append([
                *head, "合计", *[""] * 8, line["s4"]["shown"] if line["s4"] else "", line["s3"]["shown"],
                line["reference"]["shown"], line["text"], line["counts"]["claims"], line["counts"]["verified"],
            ])  # fmt: skip
    return csv_table(header, rows)


def _number(text: str | None, places: int) -> str:
    return "—" if text is None else show(Decimal(text), places)
