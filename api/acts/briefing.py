"""Making, reading and exporting a briefing note, each with its audit entry, for pages and JSON alike (R-02, R-42)."""

from __future__ import annotations

from datetime import date
from functools import partial
from urllib.parse import quote

from fastapi import Response
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.system import System
from appraisal.brief_lines import brief_indicators
from appraisal.brief_tasks import brief_tasks
from dossier.brief import PURPOSE, TalkPlan, compose
from dossier.brief_content import Figures
from dossier.brief_matter import one_year_before
from dossier.brief_store import IssuedBrief, get_brief, issue, word_file
from dossier.cadrefile import CadreFile
from dossier.compartment.register import count_for_brief
from storage.tables import Brief

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def make(system: System, person: SignedIn, cadre_id: str, plan: TalkPlan) -> Brief:
    """Compose and store a brief with its Word file. Raises what `compose` and `issue` raise."""
    today = system.settings.today()
    with system.database.write() as session:
        known = count_for_brief(session, system.vault(session), person.viewer, cadre_id, one_year_before(today))
        content = compose(session, person.viewer, cadre_id, plan, today, partial(_figures, session, today), known)
        brief = issue(session, system.archive, person.viewer, content)
        audit.record(
            session, person.viewer, "brief-made", "cadre", cadre_id, PURPOSE,
            {"brief": brief.id, "kind": plan.kind, "sha256": brief.docx_sha256},
        )  # fmt: skip
        return brief


def _figures(session: Session, today: date, file: CadreFile) -> Figures:
    return Figures(
        tuple(brief_indicators(session, file.tenures, today)), tuple(brief_tasks(session, file.tenures, today))
    )


def read(system: System, person: SignedIn, brief_id: int) -> IssuedBrief:
    """A stored brief; the reading is recorded under the cadre."""
    with system.database.write() as session:
        brief = get_brief(session, person.viewer, brief_id, system.settings.today())
        audit.record(session, person.viewer, "brief-read", "cadre", brief.row.cadre_id, PURPOSE, {"brief": brief_id})
        return brief


def export(system: System, person: SignedIn, brief_id: int) -> tuple[str, bytes]:
    """File name and bytes of the Word file; the export is recorded with its hash."""
    with system.database.write() as session:
        brief = get_brief(session, person.viewer, brief_id, system.settings.today())
        data = word_file(system.archive, brief)
        audit.record(
            session, person.viewer, "export", "brief", str(brief_id), PURPOSE,
            {"cadre": brief.row.cadre_id, "sha256": brief.row.docx_sha256},
        )  # fmt: skip
    return f"谈话前情况简报-{brief.content.name}-{brief.content.made_on}.docx", data


def word_response(name: str, data: bytes) -> Response:
    """A download with a Chinese file name."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=WORD, headers={"Content-Disposition": disposition})
