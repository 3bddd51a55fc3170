"""告知书 and 澄清函 as products: the prefilled words, numbered, checked and signed like every paper (R-37, R-48)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.clearing.cleared import letter_draft
from dossier.hearing.letter import letter_text
from dossier.hearing.notices import ANSWER_WORKDAYS
from dossier.products.content import AnnexRow, Part, ProductContent, Sentence
from dossier.products.gathering import city_of
from dossier.products.listing import office
from dossier.products.redact import load_names
from dossier.products.wanted import Wanted
from dossier.review import get_evidence
from dossier.scope import Viewer
from dossier.verify import records_of
from dossier.views import EvidenceView, load_views
from storage.errors import ShijiError
from storage.tables import Clearing, Evidence


def build_notice(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """告知书 of an adverse item to its team, or to `wanted.cadre_id`. Raises EVIDENCE-UNKNOWN, NOTICE-STATE."""
    view = _view(session, viewer, wanted)
    if not view.adverse or view.state not in (terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED):
        raise ShijiError("NOTICE-STATE", "只有待核实、核实中或已核实的不利条目需要告知", view.code, "")
    text = letter_text(view, load_names(session), ANSWER_WORKDAYS, wanted.cadre_id)
    return _letter(session, viewer, "notice_letter", "告知书", text, view, today)


def build_clearing(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """澄清函 of an item found 不属实, the draft that was kept or a new one. Raises CLEARING-STATE."""
    view = _view(session, viewer, wanted)
    row = session.scalar(select(Clearing).where(Clearing.evidence_id == view.id))
    if view.state != terms.UNTRUE or row is None or row.purged_on is not None:
        raise ShijiError("CLEARING-STATE", "只有内容尚未清除的不属实条目可以出具澄清函", view.code, "")
    channels = list(dict.fromkeys(terms.CHANNEL_NAMES[r.channel] for r in records_of(session, view.id)))
    text = row.letter or letter_draft(view.team, view.date if view.date_from_text else "", channels)
    return _letter(session, viewer, "clearing", "澄清函", text, view, today)


def _letter(
    session: Session, viewer: Viewer, kind: str, title: str, text: str, view: EvidenceView, today: date
) -> ProductContent:  # fmt: skip
    whom, _, body = text.partition("：\n")
    said = (part.strip(" 　\n") for part in (body or text).split("\n"))
    row = AnnexRow(view.code, "见正文", "", "", view.state, evidence_id=view.id, team_id=view.team_id)
    sentences = tuple(Sentence(s, (view.code,), team_id=view.team_id) for s in said if s)
    return ProductContent(
        kind, title, today.isoformat(), parts=(Part(1, "", sentences),), annex=(row,),
        office=office(city_of(session)), section=viewer.section, addressee=whom if body else view.team,
        until=today.isoformat(), teams=(view.team_id,) if view.team_id else (),
    )  # fmt: skip


def _view(session: Session, viewer: Viewer, wanted: Wanted) -> EvidenceView:
    item = get_evidence(session, viewer, wanted.ref or 0)
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    return view
