"""季度考核: runs, 一览表, one team, differences between versions, rules, 亿元项目. Roster order everywhere (R-33)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import downloads, quarters
from api.render import page
from appraisal.periods import period_of_quarter
from appraisal.quarterly import projects
from appraisal.quarterly.differences import run_differences, since_run
from appraisal.quarterly.rules import LEVELS, list_rules, rules_of
from appraisal.quarterly.runs import STATES, get_run, list_runs, newest_run, reproduced, run_name
from appraisal.quarterly.table import quarter_table, team_line
from appraisal.quarterly.why import run_tree
from appraisal.review.quarter import quarters_until
from appraisal.team_scores import provenance
from dossier.scope import get_team, team_clause
from storage.tables import Team, User

router = APIRouter(prefix="/quarterly", include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Keeper = Annotated[SignedIn, Depends(require_checked("KH"))]
Checker = Annotated[SignedIn, Depends(require_checked("HEAD"))]
Leader = Annotated[SignedIn, Depends(require_checked("DEP", "MIN"))]
Minister = Annotated[SignedIn, Depends(require_checked("MIN"))]
Text = Annotated[str, Form()]
CSV = "text/csv; charset=utf-8"


@router.get("")
def index(request: Request, system: SystemDep, person: Reader) -> Response:
    """All runs; officers see the published ones."""
    with system.database.read() as session:
        rows = list_runs(session, published=person.viewer.role == "OFF")
        names = dict(session.execute(select(User.id, User.name)).all())
    return page(
        request, "quarterly/index.html", person, runs=rows, states=STATES, names=names, run_name=run_name,
        quarters=quarters_until(system.settings.today(), 8), keeper=person.viewer.role == "KH",
    )  # fmt: skip


@router.post("/compute")
def compute(system: SystemDep, person: Keeper, quarter: Text, note: Text = "") -> Response:
    """Pin and compute."""
    row = quarters.compute(system, person.viewer, quarter, note)
    return RedirectResponse(f"/quarterly/{row.id}", 303)


@router.get("/rules")
def rules(request: Request, system: SystemDep, person: Reader, year: int = 0) -> Response:
    """Points, weights and clocks of a year."""
    chosen = year or system.settings.today().year
    with system.database.read() as session:
        held, rows = rules_of(session, chosen), list_rules(session)
    role = person.viewer.role
    return page(
        request, "quarterly/rules.html", person, held=held, rows=rows, year=chosen, levels=LEVELS,
        keeper=role == "KH", minister=role == "MIN",
    )  # fmt: skip


@router.post("/rules")
async def prepare_rules(request: Request, system: SystemDep, person: Keeper) -> Response:
    """A further version of a rule."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    row = quarters.prepare_rules(system, person.viewer, int(form.get("year") or 0), form)
    return RedirectResponse(f"/quarterly/rules?year={row.year}", 303)


@router.post("/rules/{rule_id}/approve")
def approve_rules(system: SystemDep, person: Minister, rule_id: int, document_no: Text = "") -> Response:
    """Put a rule in force."""
    row = quarters.approve_rules(system, person.viewer, rule_id, document_no)
    return RedirectResponse(f"/quarterly/rules?year={row.year}", 303)


@router.get("/projects")
def all_projects(request: Request, system: SystemDep, person: Reader, quarter: str = "") -> Response:
    """亿元项目 of a quarter with their split, and the sums beside the published figures."""
    known = quarters_until(system.settings.today(), 8)
    chosen = quarter or known[1].code
    with system.database.read() as session:
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        lines = [
            one for one in projects.project_lines(session, chosen) if visible & {team for team, _, _ in one.shares}
        ]
        sums = [one for one in projects.project_sums(session, chosen) if one.team_id in visible]
    return page(
        request, "quarterly/projects.html", person, lines=lines, sums=sums, quarters=known, chosen=chosen,
        period=period_of_quarter(chosen), keeper=person.viewer.role == "KH",
    )  # fmt: skip


@router.post("/projects/import")
def import_projects(
    system: SystemDep, person: Keeper, file: Annotated[UploadFile, File()], quarter: Text, provider: Text = "市发改委"
) -> Response:
    """The list of a filled template."""
    data = file.file.read(quarters.LARGEST + 1)
    name = (file.filename or "projects.xlsx")[:120]
    quarters.import_projects(system, person.viewer, quarter, provider, name, data)
    return RedirectResponse(f"/quarterly/projects?quarter={quarter}", 303)


@router.get("/projects.xlsx")
def projects_template(system: SystemDep, person: Reader, quarter: str) -> Response:
    """The list as a workbook; an empty one where there is none."""
    with system.database.read() as session:
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        lines = [
            one for one in projects.project_lines(session, quarter) if {team for team, _, _ in one.shares} <= visible
        ]
        data = projects.projects_workbook(period_of_quarter(quarter), lines)
    return downloads.xlsx_file(data, f"projects-{period_of_quarter(quarter)[:4]}.xlsx")


@router.get("/{run_id:int}")
def one(request: Request, system: SystemDep, person: Reader, run_id: int, against: int = 0) -> Response:
    """一览表 of a run; what changed against another version, and what has come in since."""
    with system.database.read() as session:
        row = get_run(session, run_id)
        tables = quarter_table(session, person.viewer, row)
        visible = {line["team_id"] for table in tables for line in table.lines}
        others = [one for one in list_runs(session) if one.quarter == row.quarter and one.id != row.id]
        other = next((one for one in others if one.id == against), None)
        other = other or next((one for one in others if one.version == row.version - 1), None)
        changed = [one for one in run_differences(other, row) if one.team_id in visible] if other else []
        newest = newest_run(session, row.quarter)
        since = [] if newest is not row else [one for one in since_run(session, row) if one.team_id in visible]
        names = dict(session.execute(select(User.id, User.name)).all())
        same = reproduced(session, row)
    role = person.viewer.role
    return page(
        request, "quarterly/run.html", person, run=row, run_title=run_name(row), tables=tables, states=STATES,
        names=names, other=other, others=others, changed=changed, since=since, same=same, run_name=run_name,
        checking=role == "HEAD" and row.state == "computed",
        publishing=role in ("DEP", "MIN") and row.state == "checked",
    )  # fmt: skip


@router.get("/{run_id:int}.csv")
def one_csv(system: SystemDep, person: Reader, run_id: int) -> Response:
    """The table for Excel."""
    data = quarters.export_table(system, person.viewer, run_id)
    name = f'attachment; filename="quarter-{run_id}.csv"'
    return Response(data, media_type=CSV, headers={"Content-Disposition": name})


@router.post("/{run_id:int}/check")
def check(system: SystemDep, person: Checker, run_id: int, agree: Text, note: Text = "") -> Response:
    """处长 agrees or sends back."""
    quarters.check(system, person.viewer, run_id, agree == "yes", note)
    return RedirectResponse(f"/quarterly/{run_id}", 303)


@router.post("/{run_id:int}/publish")
def publish(system: SystemDep, person: Leader, run_id: int, document_no: Text = "") -> Response:
    """部领导 publishes."""
    quarters.publish(system, person.viewer, run_id, document_no)
    return RedirectResponse(f"/quarterly/{run_id}", 303)


@router.get("/{run_id:int}/teams/{team_id}")
def team(request: Request, system: SystemDep, person: Reader, run_id: int, team_id: str) -> Response:
    """One team of a run: every sum written out, single quarters, lights."""
    with system.database.read() as session:
        row = get_run(session, run_id)
        quarter_table(session, person.viewer, row)
        found = get_team(session, person.viewer, team_id)
        line = team_line(row, found.id)
    return page(request, "quarterly/team.html", person, run=row, run_title=run_name(row), team=found, line=line)


@router.get("/{run_id:int}/teams/{team_id}/why")
def why(request: Request, system: SystemDep, person: Reader, run_id: int, team_id: str) -> Response:
    """为什么是 80.2 分: from the reference down to file, sheet and row of every figure of this version."""
    with system.database.read() as session:
        row = get_run(session, run_id)
        quarter_table(session, person.viewer, row)
        tree = run_tree(session, person.viewer, row, team_id)
        return page(
            request, "quarterly/why.html", person, run=row, run_title=run_name(row), tree=tree,
            team=get_team(session, person.viewer, team_id), origins=provenance(session, tree),
        )  # fmt: skip
