"""Reading and exporting a 分析研判, each with its audit entry; the list of a quarter (domain.md §1.3, R-42)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.acts import producing
from api.system import System
from appraisal.review.acts import next_step
from appraisal.review.board import Board, board, get_review
from appraisal.review.compare import Comparison, compare
from appraisal.review.product import review_product
from appraisal.review.quarter import Quarter, parse_quarter, quarters_until
from appraisal.review.report import from_dict, report_content
from appraisal.review.report_docx import report_docx
from dossier.products.wanted import Wanted
from dossier.scope import Viewer, require_reader, team_clause
from storage.tables import Product, Team, TeamReview, Zone

LISTED_QUARTERS = 8


@dataclass(frozen=True)
class ReviewRow:
    """A team in the list of a quarter; state and overall empty: nobody has begun."""

    team_id: str
    team: str
    category: str
    review_id: int | None
    state: str
    step: str
    overall: str


def review_list(session: Session, viewer: Viewer, quarter_code: str, today: date) -> tuple[Quarter, list[ReviewRow]]:
    """Teams of the viewer's zones in roster order with their reviews. By default the last quarter that has ended."""
    require_reader(viewer)
    quarter = parse_quarter(quarter_code) if quarter_code else quarters_until(today)[1]
    held = {
        row.team_id: row
        for row in session.scalars(select(TeamReview).where(TeamReview.quarter == quarter.code))
    }  # fmt: skip
    rows = []
    for team in session.scalars(select(Team).where(team_clause(viewer), Team.managed).order_by(Team.ordinal, Team.id)):
        row = held.get(team.id)
        rows.append(
            ReviewRow(
                team.id, team.short, team.category_id, row.id if row else None, row.state if row else "",
                next_step(row) if row else "", row.overall if row else "",
            )
        )  # fmt: skip
    return quarter, rows


def read_review(system: System, viewer: Viewer, team_id: str, quarter: str) -> tuple[Board, Comparison]:
    """The board with the quarter before beside it; the reading is recorded under the team."""
    with system.database.write() as session:
        shown = board(session, viewer, team_id, quarter)
        beside = compare(session, viewer, team_id, shown.quarter)
        audit.record(
            session, viewer, "review-read", "team", team_id,
            detail={"quarter": shown.quarter.code, "opinions": len(shown.opinions)},
        )  # fmt: skip
        return shown, beside


def export_report(system: System, viewer: Viewer, review_id: int) -> tuple[str, bytes]:
    """File name and bytes of the report: as passed by 部务会, or as it stands now; the export is recorded."""
    today = system.settings.today()
    with system.database.write() as session:
        row = get_review(session, viewer, review_id)
        report = from_dict(row.content) if row.content else report_content(session, viewer, row, today)
        team = session.get_one(Team, row.team_id)
        section = session.scalar(select(Zone.section).where(Zone.id == team.zone_id)) or "干部处"
        draft = "" if row.content else "（送审稿）"
        data = report_docx(report, f"编号：YP-{row.id:06d}{draft}", section)
        audit.record(
            session, viewer, "export", "review", str(row.id),
            detail={"team": row.team_id, "quarter": row.quarter, "sha256": hashlib.sha256(data).hexdigest()},
        )  # fmt: skip
    return f"{report.title}-{row.quarter}{draft}.docx", data


def draft_product(system: System, person: SignedIn, review_id: int) -> Product:
    """The report of a review as a draft in 文稿中心, to be checked, signed, numbered and issued there."""
    with system.database.read() as session:
        row = get_review(session, person.viewer, review_id)
        content = review_product(session, person.viewer, row, system.settings.today())
        wanted = Wanted("review_report", row.quarter, row.team_id, ref=row.id)
    return producing.open_draft(system, person, content, wanted)
