"""JSON of 季度考核: runs, one run by category in roster order, differences, rules, 亿元项目. Nothing is ranked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, UploadFile
from pydantic import BaseModel
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import quarters
from appraisal.quarterly import projects
from appraisal.quarterly.differences import Change, run_differences, since_run
from appraisal.quarterly.rules import list_rules, rules_of
from appraisal.quarterly.runs import get_run, list_runs, newest_run, reproduced, run_name
from appraisal.quarterly.table import quarter_table
from dossier.scope import team_clause
from storage.tables import QuarterRun, Team

router = APIRouter(prefix="/api/quarterly", tags=["quarterly"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Keeper = Annotated[SignedIn, Depends(require_checked("KH"))]
Checker = Annotated[SignedIn, Depends(require_checked("HEAD"))]
Leader = Annotated[SignedIn, Depends(require_checked("DEP", "MIN"))]
Minister = Annotated[SignedIn, Depends(require_checked("MIN"))]


class NewRun(BaseModel):
    """A quarter to compute; from version 2 on with the reason."""

    quarter: str
    note: str = ""


class Check(BaseModel):
    """Agree or send back."""

    agree: bool
    note: str = ""


class Document(BaseModel):
    """A document number."""

    document_no: str


class NewRule(BaseModel):
    """Points by level (points:按期) and s4_weight, s3_weight, short_days, response_days, hearing_days, as typed."""

    year: int
    typed: dict[str, str]


@router.get("")
def runs(system: SystemDep, person: Reader) -> dict[str, Any]:
    """All runs, newest first; officers see the published ones."""
    with system.database.read() as session:
        rows = list_runs(session, published=person.viewer.role == "OFF")
        return {"runs": [_head(row) for row in rows]}


@router.post("", status_code=201)
def compute(system: SystemDep, person: Keeper, wish: NewRun) -> dict[str, Any]:
    """Pin the data as they stand and compute every team."""
    return _head(quarters.compute(system, person.viewer, wish.quarter, wish.note))


@router.get("/rules")
def rules(system: SystemDep, person: Reader, year: int) -> dict[str, Any]:
    """The rule in force in a year, and all versions."""
    with system.database.read() as session:
        held, rows = rules_of(session, year), list_rules(session)
    return {
        "held": {"name": held.name, **held.stored()},
        "versions": [{"id": row.id, "year": row.year, "version": row.version, "approved": row.approved_at is not None,
                      "document_no": row.document_no, "content": row.content} for row in rows],
    }  # fmt: skip


@router.post("/rules", status_code=201)
def prepare_rules(system: SystemDep, person: Keeper, wish: NewRule) -> dict[str, int]:
    """A further version of a rule, not in force until approved."""
    row = quarters.prepare_rules(system, person.viewer, wish.year, wish.typed)
    return {"id": row.id, "version": row.version}


@router.post("/rules/{rule_id}/approve")
def approve_rules(system: SystemDep, person: Minister, rule_id: int, wish: Document) -> dict[str, str]:
    """Put a rule in force under a document number."""
    return {"document_no": quarters.approve_rules(system, person.viewer, rule_id, wish.document_no).document_no}


@router.get("/projects")
def all_projects(system: SystemDep, person: Reader, quarter: str) -> dict[str, Any]:
    """亿元项目 with their split, and the sums of districts beside the published figures."""
    with system.database.read() as session:
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        lines = [
            one for one in projects.project_lines(session, quarter) if visible & {team for team, _, _ in one.shares}
        ]
        sums = [one for one in projects.project_sums(session, quarter) if one.team_id in visible]
    return {"quarter": quarter, "projects": [asdict(one) for one in lines], "sums": [asdict(one) for one in sums]}


@router.post("/projects/import")
def import_projects(
    system: SystemDep, person: Keeper, file: Annotated[UploadFile, File()], quarter: str, provider: str = "市发改委"
) -> dict[str, int]:
    """The list of a filled template as further versions."""
    data = file.file.read(quarters.LARGEST + 1)
    name = (file.filename or "projects.xlsx")[:120]
    return {"written": quarters.import_projects(system, person.viewer, quarter, provider, name, data)}


@router.get("/{run_id}")
def one(system: SystemDep, person: Reader, run_id: int) -> dict[str, Any]:
    """一览表 of a run: a line for each team the viewer may see, with exact and shown numbers."""
    with system.database.read() as session:
        row = get_run(session, run_id)
        tables = quarter_table(session, person.viewer, row)
        same = reproduced(session, row)
    return {**_head(row), "reproduced": same, "tables": [{"category": t.name, "lines": t.lines} for t in tables]}


@router.get("/{run_id}/differences")
def differences(system: SystemDep, person: Reader, run_id: int, against: int = 0) -> dict[str, Any]:
    """What differs from another version (by default the one before), and what has come in since the newest."""
    with system.database.read() as session:
        row = get_run(session, run_id)
        visible = {line["team_id"] for table in quarter_table(session, person.viewer, row) for line in table.lines}
        others = [one for one in list_runs(session) if one.quarter == row.quarter and one.id != row.id]
        wanted = [one for one in others if (one.id == against if against else one.version == row.version - 1)]
        changed = _seen(run_differences(wanted[0], row), visible) if wanted else []
        since = _seen(since_run(session, row), visible) if newest_run(session, row.quarter) is row else []
    return {"run": run_id, "against": wanted[0].id if wanted else None, "differences": changed, "since": since}


@router.post("/{run_id}/check")
def check(system: SystemDep, person: Checker, run_id: int, wish: Check) -> dict[str, str]:
    """处长 agrees or sends back."""
    return {"state": quarters.check(system, person.viewer, run_id, wish.agree, wish.note).state}


@router.post("/{run_id}/publish")
def publish(system: SystemDep, person: Leader, run_id: int, wish: Document) -> dict[str, str]:
    """部领导 publishes; units see their own sheets from then on."""
    return {"state": quarters.publish(system, person.viewer, run_id, wish.document_no).state}


def _seen(changes: list[Change], visible: set[str]) -> list[dict[str, str]]:
    return [asdict(one) for one in changes if not one.team_id or one.team_id in visible]


def _head(row: QuarterRun) -> dict[str, Any]:
    return {
        "id": row.id, "name": run_name(row), "quarter": row.quarter, "version": row.version, "state": row.state,
        "pin": row.pin_id, "book": row.content["book"], "rule": row.content["rule"], "sha256": row.sha256,
        "note": row.note, "milliseconds": row.milliseconds, "document_no": row.document_no,
        "published_on": str(row.published_on or ""),
    }  # fmt: skip
