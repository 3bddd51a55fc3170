"""A document as its reader may see it: clean text in segments, capture record and versions.

A public article is shown whole. What is closed to the reader is replaced by a line that says so: restricted matter
(R-04), recused teams and cadres (R-03), and in a submitted report the passages about other zones.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.marks import in_words
from dossier import terms
from dossier.doubtful import DECIDERS, WAITING
from dossier.scope import (
    Viewer,
    evidence_clause,
    readable_clause,
    recused_passages,
    require_reader,
    restricted_passages,
)  # fmt: skip
from dossier.views import show_moment
from storage.errors import ShijiError
from storage.tables import Capture, Document, Evidence, Passage, Source

RESTRICTED = "（本段为受控内容，不予显示）"
RECUSED = "（本段涉及回避对象，不予显示）"
OTHER_ZONE = "（本段涉及其他联系片，不予显示）"


@dataclass(frozen=True)
class ItemLink:
    """An item made of a passage."""

    id: int
    code: str
    state: str
    team_id: str
    label: str = ""


@dataclass(frozen=True)
class Segment:
    """A stretch of the text: a passage (with `passage_id`), a closed passage (`closed`), or what lies between."""

    text: str
    passage_id: int = 0
    closed: bool = False
    label: str = ""
    sub_type: str = ""
    confidence: float = 0.0
    relation: str = ""
    items: tuple[ItemLink, ...] = ()


@dataclass(frozen=True)
class VersionRow:
    """Another capture of the same address."""

    document_id: int
    captured: str
    sha256: str


@dataclass
class DocumentView:
    """All that is shown of a document."""

    id: int
    title: str
    url: str
    kind: str
    source: str
    source_level: str
    origin: str
    author: str
    published: str
    warnings: tuple[str, ...]
    fetched: str
    status: int
    sha256: str
    size: int
    name: str
    original: bool  # whether the original may be downloaded
    segments: list[Segment] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)

    @property
    def partly_closed(self) -> bool:
        return any(s.closed for s in self.segments)


def document_view(session: Session, viewer: Viewer, document_id: int) -> DocumentView:
    """The document as the viewer may see it. Raises DOCUMENT-UNKNOWN, or RIGHTS-DOCUMENT where all of it is closed."""
    require_reader(viewer)
    document, source, capture, passages, open_ids = _load(session, viewer, document_id)
    items = _items(session, viewer, [p.id for p in passages])
    held = set(session.scalars(restricted_passages().where(Passage.document_id == document.id)))
    closed = _closed(session, viewer, passages, open_ids, held, document.kind == "report")
    restricted = bool(held)
    # around restricted matter even headings say too much
    gaps = viewer.role == "HEAD" or not restricted
    view = DocumentView(
        id=document.id,
        title=document.title if gaps else "（含受控内容）",
        url=document.url if document.url.startswith("http") and gaps else "",
        kind=document.kind,
        source=source.name,
        source_level=source.level,
        origin=document.origin,
        author=document.author,
        published=show_moment(document.published_at, document.published_precision),
        warnings=tuple(in_words(str(w)) for w in document.warnings),
        fetched=show_moment(capture.fetched_at, "minute"),
        status=capture.status,
        sha256=capture.sha256,
        size=capture.size,
        name=capture.name if gaps else "",
        original=not restricted and not closed,
    )
    view.segments = _segments(document.text, passages, closed, items, gaps)
    view.versions = [
        VersionRow(other_id, show_moment(fetched, "minute"), digest)
        for other_id, fetched, digest in session.execute(
            select(Document.id, Capture.fetched_at, Capture.sha256)
            .join(Capture, Document.capture_id == Capture.id)
            .where(
                Document.source_id == document.source_id, Document.url == document.url, Document.id != document.id,
                Document.stage.in_(("understood", "filed")),
            )
            .order_by(Capture.fetched_at)
        )
    ]  # fmt: skip
    return view


def original_of(session: Session, viewer: Viewer, document_id: int) -> tuple[str, str]:
    """SHA-256 and file name of the original. Restricted, quarantined and partly closed documents are refused."""
    view = document_view(session, viewer, document_id)
    if not view.original:
        raise ShijiError("RIGHTS-ORIGINAL", "该文档含受控或不在权限内的内容，不能下载原件", str(document_id), "")
    ending = "html" if view.kind == "article" else "bin"
    return view.sha256, view.name or f"document-{view.id}.{ending}"


def _load(
    session: Session, viewer: Viewer, document_id: int
) -> tuple[Document, Source, Capture, list[Passage], set[int]]:
    stages = ["understood", "filed", *([WAITING] if viewer.role in DECIDERS else [])]  # who decides may look
    row = session.execute(
        select(Document, Source, Capture)
        .join(Source, Document.source_id == Source.id)
        .join(Capture, Document.capture_id == Capture.id)
        .where(Document.id == document_id, Document.stage.in_(stages))
    ).one_or_none()
    unknown = ShijiError("DOCUMENT-UNKNOWN", "没有找到该文档，或不在您的联系片内", str(document_id), "请从条目进入。")
    if row is None:
        raise unknown
    document, source, capture = row
    passages = list(session.scalars(select(Passage).where(Passage.document_id == document.id).order_by(Passage.start)))
    readable = select(Passage.id).where(Passage.document_id == document.id, readable_clause(viewer))
    open_ids = set(session.scalars(readable))
    if passages and not open_ids:
        raise unknown
    if not passages and document.kind == "report" and viewer.role != "HEAD":
        raise unknown
    return document, source, capture, passages, open_ids


def _closed(
    session: Session, viewer: Viewer, passages: list[Passage], open_ids: set[int], restricted: set[int], report: bool
) -> dict[int, str]:
    """Why each closed passage is closed. Public articles stay whole except for restricted and recused matter."""
    shut = [p.id for p in passages if p.id not in open_ids]
    recused = set(session.scalars(recused_passages(viewer).where(Passage.id.in_(shut)))) if viewer.recused else set()
    reasons: dict[int, str] = {}
    for passage_id in shut:
        if passage_id in restricted:
            reasons[passage_id] = RESTRICTED
        elif passage_id in recused:
            reasons[passage_id] = RECUSED
        elif report:
            reasons[passage_id] = OTHER_ZONE
    return reasons


def _segments(
    text: str, passages: list[Passage], closed: dict[int, str], items: dict[int, list[ItemLink]], gaps: bool
) -> list[Segment]:
    segments: list[Segment] = []
    position = 0
    for passage in passages:
        if passage.start > position and (gaps or not text[position : passage.start].strip()):
            segments.append(Segment(text[position : passage.start]))
        if passage.id in closed:
            segments.append(Segment(closed[passage.id], passage.id, closed=True))
        else:
            segments.append(
                Segment(
                    passage.text, passage.id, label=passage.label, sub_type=passage.sub_type,
                    confidence=passage.confidence, relation=passage.relation,
                    items=tuple(items.get(passage.id, ())),
                )
            )  # fmt: skip
        position = passage.end
    if position < len(text) and gaps:
        segments.append(Segment(text[position:]))
    return segments


def _items(session: Session, viewer: Viewer, passage_ids: list[int]) -> dict[int, list[ItemLink]]:
    found: dict[int, list[ItemLink]] = {}
    rows = session.execute(
        select(Evidence.passage_id, Evidence.id, Evidence.code, Evidence.state, Evidence.team_id, Evidence.label)
        .where(Evidence.passage_id.in_(passage_ids), evidence_clause(viewer))
        .order_by(Evidence.id)
    )
    for passage_id, evidence_id, code, state, team_id, label in rows:
        found.setdefault(passage_id, []).append(ItemLink(evidence_id, code, state, team_id or "", label))
    return found


def label_name(segment: Segment) -> str:
    """Topic with its sub-type, 亮点 · 表彰荣誉."""
    sub = terms.SUB_TYPES.get(segment.sub_type, "")
    return f"{terms.topic_name(segment.label)} · {sub}" if sub else terms.topic_name(segment.label)
