"""JSON of 综合得分, 核心指标, 年度目标, 各方面评价, 口径快照. There is no ranking and no sort; GDP is never ordered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import assessing, downloads
from api.routes.indicators import tree_dict
from appraisal import pins
from appraisal.core_four import CoreFour, core_four
from appraisal.decimals import show
from appraisal.score_sheet import score_sheet, score_tree_of
from appraisal.survey_view import survey_list, survey_rows
from appraisal.targets import target_lines
from appraisal.team_scores import provenance
from dossier.scope import team_clause
from storage.tables import Team

router = APIRouter(prefix="/api", tags=["assessment"])
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("KH"))]
LeaderDep = Annotated[SignedIn, Depends(require_checked("DEP", "MIN"))]


class Approval(BaseModel):
    """Targets to approve under a document number."""

    ids: list[int]
    document_no: str


class NewSurvey(BaseModel):
    """A survey: classes of ballots with their weights in percent."""

    year: int
    title: str
    classes: dict[str, str]


class NewPin(BaseModel):
    """A period to pin, and what for."""

    period: str
    purpose: str


@router.get("/scores")
def scores(system: SystemDep, person: ReaderDep, period: str = "", pin: int = 0) -> dict[str, Any]:
    """Composites by category in roster order, each with completeness, version of the book and band of positions."""
    with system.database.read() as session:
        return asdict(score_sheet(session, person.viewer, period, pin))


@router.get("/scores/{team_id}")
def score(system: SystemDep, person: ReaderDep, team_id: str, period: str = "", pin: int = 0) -> dict[str, Any]:
    """The whole tree of one team's composite down to figure versions and files."""
    with system.database.read() as session:
        made, node = score_tree_of(session, person.viewer, team_id, period, pin)
        return {
            "team": team_id, "period": made.period, "book": made.book.name, "pin": pin,
            "tree": tree_dict(node, provenance(session, node)),
        }  # fmt: skip


@router.get("/core")
def core(system: SystemDep, person: ReaderDep, quarter: str) -> dict[str, Any]:
    """S4 of the quarter for every district the viewer may see, in roster order."""
    with system.database.read() as session:
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        found = core_four(session, quarter)
        return {"quarter": quarter, "teams": [core_dict(one) for key, one in found.items() if key in visible]}


@router.get("/targets")
def targets(system: SystemDep, person: ReaderDep, year: int) -> dict[str, Any]:
    """Targets of a year with last year's actual beside them."""
    with system.database.read() as session:
        visible = list(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        return {"year": year, "targets": [asdict(line) for line in target_lines(session, year, visible)]}


@router.get("/targets/template")
def targets_template(system: SystemDep, person: ReaderDep, year: int) -> Response:
    """Excel template of a year's targets."""
    return downloads.targets_template(system, year)


@router.post("/targets/import")
def import_targets(
    system: SystemDep, person: KeeperDep, file: Annotated[UploadFile, File()], year: int
) -> dict[str, int]:
    """Targets of a filled template as proposals."""
    data = file.file.read(assessing.LARGEST + 1)
    name = (file.filename or "targets.xlsx")[:120]
    return {"changed": assessing.propose_targets(system, person.viewer, year, name, data)}


@router.post("/targets/approve")
def approve_targets(system: SystemDep, person: LeaderDep, approval: Approval) -> dict[str, int]:
    """Approve proposals."""
    return {"approved": assessing.approve_targets(system, person.viewer, approval.ids, approval.document_no)}


@router.get("/surveys")
def all_surveys(system: SystemDep, person: ReaderDep) -> dict[str, Any]:
    """Surveys with their classes and state."""
    with system.database.read() as session:
        return {"surveys": [asdict(row) for row in survey_list(session)]}


@router.post("/surveys", status_code=201)
def open_survey(system: SystemDep, person: KeeperDep, wish: NewSurvey) -> dict[str, int]:
    """Begin a survey."""
    return {"id": assessing.open_survey(system, person.viewer, wish.year, wish.title, wish.classes).id}


@router.get("/surveys/{survey_id}")
def survey(system: SystemDep, person: ReaderDep, survey_id: int) -> dict[str, Any]:
    """Results of a closed survey by category; no class of fewer than five ballots can be read off."""
    with system.database.read() as session:
        return {"id": survey_id, "teams": [asdict(row) for row in survey_rows(session, person.viewer, survey_id)]}


@router.get("/surveys/{survey_id}/template")
def ballots_template(system: SystemDep, person: ReaderDep, survey_id: int) -> Response:
    """Excel template of a survey's ballots."""
    return downloads.ballots_template(system, survey_id)


@router.post("/surveys/ballots")
def put_ballots(
    system: SystemDep, person: KeeperDep, file: Annotated[UploadFile, File()], survey_id: int
) -> dict[str, int]:
    """Counts of a filled template."""
    data = file.file.read(assessing.LARGEST + 1)
    name = (file.filename or "ballots.xlsx")[:120]
    return {"rows": assessing.put_ballots(system, person.viewer, survey_id, name, data)}


@router.post("/surveys/{survey_id}/close")
def close_survey(system: SystemDep, person: KeeperDep, survey_id: int) -> dict[str, str]:
    """Stop taking ballots; from now on the survey counts."""
    return {"state": assessing.close_survey(system, person.viewer, survey_id).state}


@router.get("/pins")
def all_pins(system: SystemDep, person: ReaderDep) -> dict[str, Any]:
    """Snapshots, newest first."""
    with system.database.read() as session:
        return {
            "pins": [
                {"id": row.id, "period": row.period, "purpose": row.purpose, "at": row.at.isoformat(),
                 "sha256": row.sha256}
                for row in pins.list_pins(session)
            ]
        }  # fmt: skip


@router.post("/pins", status_code=201)
def make_pin(system: SystemDep, person: KeeperDep, wish: NewPin) -> dict[str, Any]:
    """Pin the versions and scores of a period."""
    row = assessing.make_pin(system, person.viewer, wish.period, wish.purpose)
    return {"id": row.id, "period": row.period, "sha256": row.sha256}


@router.get("/pins/{pin_id}")
def pin(system: SystemDep, person: ReaderDep, pin_id: int) -> dict[str, Any]:
    """A snapshot computed again from its versions, and what is different now, for the teams the viewer may see."""
    with system.database.read() as session:
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        _, changed = pins.recompute(session, pin_id)
        found = [one for one in pins.differences(session, pin_id) if not one.team_id or one.team_id in visible]
        return {"id": pin_id, "reproduced": not changed, "differences": [asdict(one) for one in found]}


@router.get("/indicators/template")
def figures_template(system: SystemDep, person: ReaderDep, period: str = "", code: str = "") -> Response:
    """Excel template of figures for a period: one indicator, or all of the book."""
    return downloads.figures_template(system, period, code)


def core_dict(one: CoreFour) -> dict[str, Any]:
    """S4 of a team as JSON; numbers as text, exact ones at full precision."""
    return {
        "team": one.team.id, "name": one.team.name, "category": one.team.category, "period": one.period,
        "book": one.book, "score": show(one.score), "exact": None if one.score is None else format(one.score, "f"),
        "complete": show(one.complete, 1), "flags": list(one.node.flags), "formula": one.node.formula,
        "lines": [
            {"code": line.code, "name": line.name, "unit": line.unit, "weight": str(line.weight),
             "value": None if line.value is None else format(line.value, "f"), "growth": show(line.growth, 1),
             "status": line.status, "version": line.version, "progress": show(line.progress, 1),
             "score": show(line.score), "never_rank": line.never_rank}
            for line in one.lines
        ],
    }  # fmt: skip
