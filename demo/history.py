"""What the demo's officers have already decided: a year of confirming, correcting and verifying up to a month ago.

Every step goes through the same services, rights and two-officer rule as a real decision; what is right is taken from
the answer file. The last month is left in the queue for the visitor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.truth import ArticleTruth, PassageTruth, load_truth
from dossier import review, terms, verify
from dossier.hearing import notices
from dossier.hearing.letter import letter_text
from dossier.products.redact import load_names
from dossier.review import Correction
from dossier.scope import Viewer, viewer_of
from dossier.verify import RecordData
from dossier.views import load_views
from storage.database import Database
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Evidence, User

LEFT_IN_QUEUE = dt.timedelta(days=31)
SETTLED_AFTER = dt.timedelta(days=14)
TOLD_AFTER = dt.timedelta(days=30)  # the unit is told a month after the event
VERIFIED_UNTIL = dt.timedelta(days=75)  # younger problems are still being looked into


@dataclass(frozen=True)
class Officers:
    """Who decides in a zone: first officer, second officer, head (logins)."""

    first: str
    second: str
    head: str


def decide_history(
    database: Database, addresses: Mapping[str, str], officers: Mapping[str, Officers], today: dt.date,
    progress: Callable[[int, int], None] | None = None,
) -> int:  # fmt: skip
    """Decide all waiting items older than a month. `addresses`: article id -> URL. Returns the items decided."""
    truths = {addresses[t.id]: t for t in load_truth() if t.id in addresses}
    with database.read() as session:
        waiting = [
            (item.id, item.team.zone_id, item.passage.document.url)
            for item in session.scalars(select(Evidence).where(Evidence.state == terms.PENDING).order_by(Evidence.id))
            if item.team is not None and not item.restricted and _day(item) <= today - LEFT_IN_QUEUE
        ]
    done = 0
    for number, (evidence_id, zone, url) in enumerate(waiting, 1):
        truth = truths.get(url)
        if truth is not None and zone in officers:
            with database.write() as session:
                done += _decide(session, evidence_id, truth, officers[zone], today)
        if progress:
            progress(number, len(waiting))
    return done


def _day(item: Evidence) -> dt.date:
    published = item.passage.document.published_at
    return published.astimezone(CHINA).date() if published else dt.date.max


def _decide(session: Session, evidence_id: int, truth: ArticleTruth, officers: Officers, today: dt.date) -> int:
    item = session.get_one(Evidence, evidence_id)
    first = _viewer(session, officers.first)
    paragraph = _paragraph(truth.paragraphs, item.passage.text)
    role = next((t.role for t in paragraph.teams if t.id == item.team_id), "") if paragraph else ""
    if paragraph is None or not role or paragraph.label == "irrelevant":
        review.reject(session, first, item.id)
        return 1
    label = next((t.label for t in paragraph.teams if t.id == item.team_id and t.label), paragraph.label)
    sub_type = paragraph.sub if label == paragraph.label and paragraph.sub != "NA" else ""
    change = Correction(
        label=label if label != item.label else None,
        sub_type=sub_type if label != item.label or sub_type != item.sub_type else None,
        role=role if role != item.role else None,
    )
    try:
        if change != Correction():
            review.correct(session, first, item.id, change)
        review.accept(session, first, item.id)
        if item.adverse and _day(item) <= today - VERIFIED_UNTIL:
            _verify(session, item, truth, officers, today)
    except ShijiError:
        return 0  # a sub-type of another label in the answer file, or the like: left for the visitor
    return 1


def _verify(session: Session, item: Evidence, truth: ArticleTruth, officers: Officers, today: dt.date) -> None:
    """Two channels or the official document, a second officer, the head's signature, and notice to the unit."""
    first, second, head = (_viewer(session, login) for login in (officers.first, officers.second, officers.head))
    day = _day(item)
    untrue = item.sub_type == "WT15"  # a rumour of the net: looked into and cleared (story S12)
    if truth.source in ("tongbao", "jbrb"):
        record = RecordData(
            "查", day, "调阅正式文件，内容与报道一致。", official=True, document_no=f"《{truth.title}》"
        )
        verify.add_record(session, first, item.id, record, dt.date.max)
    else:
        found = ("查无此事。", "均称没有此事。") if untrue else ("情况与反映一致。", "说法一致。")
        for channel, seen in (("看", f"到现场察看，{found[0]}"), ("访", f"电话询访有关工作人员，{found[1]}")):
            verify.add_record(session, first, item.id, RecordData(channel, day, seen), dt.date.max)
    conclusion, why = (terms.UNTRUE, "现场核查与反映不符") if untrue else (terms.VERIFIED, "核查记录与报道相互印证")
    verify.propose(session, first, item.id, conclusion, why)
    settled = min(day + SETTLED_AFTER, today)
    verify.agree(session, second, item.id, "同意", on=settled)
    verify.sign(session, head, item.id, "同意", on=settled)
    if untrue:
        return
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    told = letter_text(view, load_names(session), notices.ANSWER_WORKDAYS)
    notices.send(session, first, item.id, told, min(day + TOLD_AFTER, today), check=False)


def _viewer(session: Session, login: str) -> Viewer:
    return viewer_of(session, session.scalars(select(User).where(User.login == login)).one())


def _paragraph(paragraphs: Iterable[PassageTruth], text: str) -> PassageTruth | None:
    """The paragraph of the answer file this passage is, or is a part of."""
    return next((p for p in paragraphs if text in p.text or p.text in text), None)
