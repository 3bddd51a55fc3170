"""存疑网页: pages of which two independent readers made different texts wait here until a person has looked.

Nothing of such a page is labelled, attributed or indexed before. Whoever may sort public matter may decide: the page
belongs to no team yet. Accusation letters never come here: the intake looks for them first.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.clean import clean_text, masked
from collector.page import other_reading
from collector.port import charset_of
from dossier.scope import Viewer
from dossier.views import show_moment
from nlp.quarantine import looks_like_accusation
from storage.archive import Archive
from storage.errors import ShijiError
from storage.tables import Cadre, Document, PageDecision

DOUBTFUL, CHECKED = "PAGE-DOUBTFUL", "PAGE-CHECKED"
WAITING, DISMISSED = "doubtful", "dismissed"
CHOICES = {"first": "采用甲读", "second": "采用乙读", "corrected": "改正后采用", "dismissed": "不采用"}
DECIDERS = ("OFF", "HEAD")


@dataclass(frozen=True)
class DoubtfulRow:
    """A page in the list. `confidence`: agreement of the two readings, 0 to 1."""

    id: int
    title: str
    source: str
    published: str
    confidence: float
    size: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class DoubtfulPage:
    """A page with both readings, paragraphs each, and which paragraphs stand in one reading only."""

    row: DoubtfulRow
    url: str
    first: tuple[tuple[str, bool], ...]
    second: tuple[tuple[str, bool], ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def text(self) -> str:
        """The first reading, as it may be corrected."""
        return "\n".join(line for line, _alone in self.first)


def hold_for_a_person(session: Session, document_id: int) -> None:
    """Take a doubtful page out of the flow until somebody decides."""
    document = session.get_one(Document, document_id, with_for_update=True)
    if document.stage == "collected" and DOUBTFUL in document.warnings:
        document.stage, document.lease_until, document.attempts = WAITING, None, 0


def waiting_count(session: Session) -> int:
    """Pages that wait for a decision."""
    return session.scalar(select(func.count()).select_from(Document).where(Document.stage == WAITING)) or 0


def doubtful_rows(session: Session, viewer: Viewer, limit: int = 200) -> list[DoubtfulRow]:
    """Waiting pages, the least certain first. Raises RIGHTS-ROLE."""
    _require_decider(viewer)
    rows = session.scalars(
        select(Document).where(Document.stage == WAITING).order_by(Document.confidence, Document.id).limit(limit)
    )
    return [_row(document) for document in rows]


def doubtful_page(session: Session, viewer: Viewer, archive: Archive, document_id: int) -> DoubtfulPage:
    """Both readings of a waiting page. Raises RIGHTS-ROLE, PAGE-UNKNOWN."""
    _require_decider(viewer)
    document = _waiting(session, document_id)
    first = document.text.split("\n")
    second = _second(session, archive, document).split("\n")
    in_first, in_second = set(first), set(second)
    return DoubtfulPage(
        _row(document), document.url if document.url.startswith("http") else "",
        tuple((line, line not in in_second) for line in first if line),
        tuple((line, line not in in_first) for line in second if line),
    )  # fmt: skip


def decide_page(
    session: Session, viewer: Viewer, archive: Archive, document_id: int, choice: str, text: str, reason: str
) -> Document:
    """Carry out a decision: the page goes on with the chosen text, or ends here.

    Raises RIGHTS-ROLE, PAGE-UNKNOWN (also when somebody decided meanwhile), PAGE-CHOICE, PAGE-TEXT, PAGE-REASON.
    """
    _require_decider(viewer)
    document = _waiting(session, document_id, lock=True)
    if choice not in CHOICES:
        raise ShijiError("PAGE-CHOICE", "没有这种处理方式", choice, f"可选：{'、'.join(CHOICES.values())}。")
    if choice in ("corrected", "dismissed") and not reason.strip():
        raise ShijiError("PAGE-REASON", f"“{CHOICES[choice]}”须写明理由", document.title, "请填写理由。")
    before = document.text
    if choice == "dismissed":
        document.stage = DISMISSED
    else:
        document.text = _chosen(session, archive, document, choice, text)
        document.warnings = [CHECKED if mark == DOUBTFUL else mark for mark in document.warnings]
        document.stage, document.attempts, document.error = "collected", 0, ""
    session.add(
        PageDecision(
            document_id=document.id, user_id=viewer.user_id, choice=choice, reason=reason.strip(), text_before=before
        )
    )
    return document


def _chosen(session: Session, archive: Archive, document: Document, choice: str, text: str) -> str:
    if choice == "first":
        return document.text
    chosen = _second(session, archive, document) if choice == "second" else _clean(session, text)
    if not chosen.strip():
        raise ShijiError("PAGE-TEXT", "正文为空", document.title, "请填写正文，或选择“不采用”。")
    return chosen


def _second(session: Session, archive: Archive, document: Document) -> str:
    """The second reader's text of all captured pages of the article, scrubbed like every text; nothing where it reads
    like a letter."""
    capture = document.capture
    charset = charset_of({"content-type": str(capture.headers.get("content-type", ""))})
    digests = [capture.sha256, *(str(part["sha256"]) for part in capture.headers.get("x-parts", []))]
    readings = [other_reading(archive.get(digest), charset) for digest in digests]
    text = _clean(session, "\n".join(reading for reading in readings if reading))
    return "" if looks_like_accusation(document.title, text, document.source.level) else text


def _clean(session: Session, text: str) -> str:
    return masked(clean_text(text), frozenset(session.scalars(select(Cadre.name))))


def _row(document: Document) -> DoubtfulRow:
    return DoubtfulRow(
        document.id, document.title, document.source.name,
        show_moment(document.published_at, document.published_precision), document.confidence, len(document.text),
    )  # fmt: skip


def _waiting(session: Session, document_id: int, lock: bool = False) -> Document:
    document = session.get(Document, document_id, with_for_update=lock)
    if document is None or document.stage != WAITING:
        raise ShijiError("PAGE-UNKNOWN", "没有这个存疑网页，或已处理", str(document_id), "请从存疑网页列表进入。")
    return document


def _require_decider(viewer: Viewer) -> None:
    if viewer.role not in DECIDERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能处理存疑网页", viewer.role, "请由处室经办或处长处理。")
