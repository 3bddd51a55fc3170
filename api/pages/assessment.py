"""综合得分, 核心指标, 年度目标, 各方面评价 and 口径快照 as pages. Teams stand in roster order, category by category."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import assessing, downloads
from api.render import page
from appraisal import pins
from appraisal.core_four import CoreFour, core_four
from appraisal.periods import period_of_quarter
from appraisal.robustness import DRAWS, REPLICAS, SEED, Noise
from appraisal.score_sheet import score_sheet, score_tree_of
from appraisal.store import periods
from appraisal.survey_view import SurveyRow, survey_list, survey_rows
from appraisal.targets import target_lines
from appraisal.team_scores import provenance
from dossier.scope import team_clause
from storage.tables import Team, User

router = APIRouter(prefix="/indicators", include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("KH"))]
LeaderDep = Annotated[SignedIn, Depends(require_checked("DEP", "MIN"))]
Text = Annotated[str, Form()]
Number = Annotated[int, Form()]
Row = TypeVar("Row", CoreFour, SurveyRow)
CSV = "text/csv; charset=utf-8"


def by_category(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by category, in the order in which they come: teams are only ever shown beside their own kind."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        category = row.team.category if isinstance(row, CoreFour) else row.category
        found.setdefault(category, []).append(row)
    return found


@router.get("/scores")
def scores(request: Request, system: SystemDep, person: ReaderDep, period: str = "", pin: int = 0) -> Response:
    """Composites with completeness and bands of positions."""
    with system.database.read() as session:
        sheet = score_sheet(session, person.viewer, period, pin)
    shaken = {"noise": Noise(), "draws": DRAWS, "replicas": REPLICAS, "seed": SEED}
    return page(request, "assessment/scores.html", person, sheet=sheet, shaken=shaken)


@router.get("/scores.csv")
def scores_csv(system: SystemDep, person: ReaderDep, period: str = "", pin: int = 0) -> Response:
    """The same as a table for Excel."""
    data = assessing.export_scores(system, person.viewer, period, pin)
    return Response(data, media_type=CSV, headers={"Content-Disposition": 'attachment; filename="scores.csv"'})


@router.get("/scores/{team_id}")
def score(
    request: Request, system: SystemDep, person: ReaderDep, team_id: str, period: str = "", pin: int = 0
) -> Response:
    """为什么是 82.3 分, from the composite down to file, sheet and row."""
    with system.database.read() as session:
        made, node = score_tree_of(session, person.viewer, team_id, period, pin)
        return page(
            request, "assessment/score.html", person, team=made.teams[team_id], tree=node, period=made.period,
            origins=provenance(session, node), book=made.book.name, pin=pin,
        )  # fmt: skip


@router.get("/core")
def core(request: Request, system: SystemDep, person: ReaderDep, quarter: str = "") -> Response:
    """核心指标 of a quarter: four values, completion and growth of every district."""
    with system.database.read() as session:
        known = periods(session)
        chosen = period_of_quarter(quarter) if quarter else (known[0] if known else "")
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        rows = [one for key, one in core_four(session, chosen).items() if key in visible] if chosen else []
    return page(request, "assessment/core.html", person, tables=by_category(rows), period=chosen, periods=known)


@router.get("/template.xlsx")
def figures_template(system: SystemDep, person: ReaderDep, period: str = "", code: str = "") -> Response:
    """Template of figures."""
    return downloads.figures_template(system, period, code)


@router.get("/targets")
def targets(request: Request, system: SystemDep, person: ReaderDep, year: int = 0) -> Response:
    """Targets of a year, last year's actual beside each."""
    chosen = year or system.settings.today().year
    with system.database.read() as session:
        visible = list(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        lines = target_lines(session, chosen, visible)
    role = person.viewer.role
    return page(
        request, "assessment/targets.html", person, year=chosen, lines=lines, keeper=role == "KH",
        leader=role in ("DEP", "MIN"), waiting=[line for line in lines if line.state == "proposed"],
    )  # fmt: skip


@router.get("/targets.xlsx")
def targets_template(system: SystemDep, person: ReaderDep, year: int) -> Response:
    """Template of targets."""
    return downloads.targets_template(system, year)


@router.post("/targets/import")
def import_targets(system: SystemDep, person: KeeperDep, file: Annotated[UploadFile, File()], year: Number) -> Response:
    """Targets of a filled template as proposals."""
    data = file.file.read(assessing.LARGEST + 1)
    assessing.propose_targets(system, person.viewer, year, (file.filename or "targets.xlsx")[:120], data)
    return RedirectResponse(f"/indicators/targets?year={year}", 303)


@router.post("/targets/approve")
def approve_targets(
    system: SystemDep, person: LeaderDep, year: Number, document_no: Text = "",
    ids: Annotated[list[int] | None, Form()] = None,
) -> Response:  # fmt: skip
    """Approve the chosen proposals."""
    assessing.approve_targets(system, person.viewer, ids or [], document_no)
    return RedirectResponse(f"/indicators/targets?year={year}", 303)


@router.get("/surveys")
def all_surveys(request: Request, system: SystemDep, person: ReaderDep, survey: int = 0) -> Response:
    """Surveys, and the results of one."""
    with system.database.read() as session:
        rows = survey_list(session)
        chosen = next((row for row in rows if row.id == survey), None) or (rows[0] if rows else None)
        results = survey_rows(session, person.viewer, chosen.id) if chosen else []
    return page(
        request, "assessment/surveys.html", person, surveys=rows, chosen=chosen, tables=by_category(results),
        keeper=person.viewer.role == "KH", year=system.settings.today().year,
    )  # fmt: skip


@router.post("/surveys")
def open_survey(system: SystemDep, person: KeeperDep, year: Number, title: Text, classes: Text) -> Response:
    """Begin a survey."""
    row = assessing.open_survey(system, person.viewer, year, title, assessing.weights_of(classes))
    return RedirectResponse(f"/indicators/surveys?survey={row.id}", 303)


@router.get("/surveys/{survey_id}/ballots.xlsx")
def ballots_template(system: SystemDep, person: ReaderDep, survey_id: int) -> Response:
    """Template of ballots."""
    return downloads.ballots_template(system, survey_id)


@router.post("/surveys/ballots")
def put_ballots(
    system: SystemDep, person: KeeperDep, file: Annotated[UploadFile, File()], survey_id: Number
) -> Response:
    """Counts of a filled template."""
    data = file.file.read(assessing.LARGEST + 1)
    assessing.put_ballots(system, person.viewer, survey_id, (file.filename or "ballots.xlsx")[:120], data)
    return RedirectResponse(f"/indicators/surveys?survey={survey_id}", 303)


@router.post("/surveys/{survey_id}/close")
def close_survey(system: SystemDep, person: KeeperDep, survey_id: int) -> Response:
    """Stop taking ballots."""
    assessing.close_survey(system, person.viewer, survey_id)
    return RedirectResponse(f"/indicators/surveys?survey={survey_id}", 303)


@router.get("/pins")
def all_pins(request: Request, system: SystemDep, person: ReaderDep) -> Response:
    """Snapshots."""
    with system.database.read() as session:
        rows, known = pins.list_pins(session), periods(session)
        names = dict(session.execute(select(User.id, User.name)).all())
    return page(
        request, "assessment/pins.html", person, pins=rows, periods=known, names=names,
        keeper=person.viewer.role == "KH",
    )  # fmt: skip


@router.post("/pins")
def make_pin(system: SystemDep, person: KeeperDep, period: Text, purpose: Text = "") -> Response:
    """Pin a period."""
    row = assessing.make_pin(system, person.viewer, period, purpose)
    return RedirectResponse(f"/indicators/pins/{row.id}", 303)


@router.get("/pins/{pin_id}")
def one_pin(request: Request, system: SystemDep, person: ReaderDep, pin_id: int) -> Response:
    """A snapshot computed again, and what is different now."""
    with system.database.read() as session:
        row = pins.get_pin(session, pin_id)
        visible = set(session.scalars(select(Team.id).where(team_clause(person.viewer))))
        made, changed = pins.recompute(session, pin_id)
        found = [one for one in pins.differences(session, pin_id) if not one.team_id or one.team_id in visible]
    return page(
        request, "assessment/pin.html", person, pin=row, book=made.book.name, changed=changed, differences=found,
        figures=len(made.figures.points),
    )  # fmt: skip
