"""collected -> understood -> filed, resumable at any point: the stage of a document is the work queue.

Each step is one transaction that first checks the stage, so a step done twice does nothing the second time
(design.md §3).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from nlp.analyse import DocumentAnalysis, DocumentIn, SourceInfo, analyse
from nlp.duplicates import DuplicateIndex
from nlp.quarantine import looks_like_accusation
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from dossier import roster as rosters
from dossier.filing import file_document
from dossier.restricted import is_restricted
from nlp.roster import Roster
from nlp.topic_port import TopicModel
from storage.database import Database
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Attribution, Document, Passage, Quarantine, now

log = logging.getLogger("shiji.intake")
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
Progress = Callable[[int, int], None]


@dataclass
class Intake:
    """What the understanding of documents needs: the model, the roster as of now, and known texts.

    `known` holds the signatures of texts already understood; it is rebuilt from the database at start.
    """

    database: Database
    model: TopicModel
    model_version: str
    roster: Roster = field(init=False)
    known: DuplicateIndex = field(init=False)

    def __post_init__(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the roster and the known texts again (at start, and after a roster import)."""
        self.known = DuplicateIndex()
        with self.database.read() as session:
            self.roster = rosters.load(session)
            rows = session.execute(
                select(Document.id, Document.title, Document.text)
                .where(Document.stage.in_(("understood", "filed")))
                .order_by(Document.id)
                .execution_options(yield_per=500)
            )
            for document_id, title, text in rows:
                self.known.add(str(document_id), title, text)

    def run(self, progress: Progress | None = None, limit: int | None = None) -> int:
        """Work until nothing waits (or `limit` documents are done). Returns the number of documents finished."""
        done = 0
        while limit is None or done < limit:
            document_id = self._claim()
            if document_id is None:
                return done
            self._step(document_id)
            done += 1
            if progress:
                progress(done, done + waiting(self.database))
        return done

    def _claim(self) -> int | None:
        """Take the next waiting document for five minutes; a crashed worker's lease simply runs out."""
        moment = now()
        with self.database.write() as session:
            document = session.scalar(
                select(Document)
                .where(
                    Document.stage.in_(("collected", "understood")),
                    or_(Document.lease_until.is_(None), Document.lease_until < moment),
                )
                .order_by(Document.published_at, Document.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if document is None:
                return None
            document.attempts += 1
            if document.attempts > MAX_ATTEMPTS:
                document.stage, document.lease_until = "failed", None
                document.error = document.error or "INTAKE-ATTEMPTS"
            else:
                document.lease_until = moment + LEASE
            return document.id

    def _step(self, document_id: int) -> None:
        try:
            self._understand(document_id)
            with self.database.write() as session:
                file_document(session, document_id)
        except Exception as bad:  # one bad document must never stop the rest
            code = bad.code if isinstance(bad, ShijiError) else "INTAKE-FAILED"
            log.exception("document %s: %s", document_id, code)
            with self.database.write() as session:
                document = session.get_one(Document, document_id)
                document.error = f"{code}: {bad}"[:500]
                document.lease_until = None
                if document.attempts >= MAX_ATTEMPTS:
                    document.stage = "failed"

    def _understand(self, document_id: int) -> None:
        with self.database.read() as session:
            document = session.get_one(Document, document_id)
            if document.stage != "collected":
                return
            given = document_in(document)
            source = document.source
            reason = looks_like_accusation(document.title, document.text, source.level)
        if reason:
            with self.database.write() as session:
                quarantine(session, document_id, reason)
            return
        relation, root = self._relation(document_id, given)
        analysis = analyse(given, self.roster, self.model)
        with self.database.write() as session:
            document = session.get_one(Document, document_id, with_for_update=True)
            if document.stage != "collected":
                return
            write_analysis(session, document, analysis, self.model_version)
            document.relation, document.duplicate_of = relation, root
            document.stage = "understood"
        self.known.add(str(document_id), given.title, given.text)

    def _relation(self, document_id: int, given: DocumentIn) -> tuple[str, int | None]:
        match = self.known.query(str(document_id), given.title, given.text)
        if match is None:
            return "first", None
        with self.database.read() as session:
            other = session.get_one(Document, int(match.id))
            return match.relation, other.duplicate_of or other.id


def waiting(database: Database) -> int:
    """Documents not yet filed."""
    with database.read() as session:
        rows = session.scalars(select(Document.id).where(Document.stage.in_(("collected", "understood")))).all()
    return len(rows)


def document_in(document: Document) -> DocumentIn:
    """The form the text analysis takes."""
    source = document.source
    submitted_by = document.capture.headers.get("submitted_by")
    published = document.published_at.astimezone(CHINA) if document.published_at else None
    return DocumentIn(
        id=str(document.id),
        title=document.title,
        text=document.text,
        published_at=published,
        source=SourceInfo(
            name=document.origin or source.name,
            level=source.level,
            owner_team=source.owner_team_id or submitted_by,
            official=source.official,
        ),
    )


def write_analysis(session: Session, document: Document, analysis: DocumentAnalysis, model_version: str) -> None:
    """Store passages and attributions of a document (replacing none: a document is understood once)."""
    report = document.source.level == "单位报送"
    for ordinal, item in enumerate(analysis.passages):
        when = item.event_date
        passage = Passage(
            document_id=document.id,
            ordinal=ordinal,
            start=item.start,
            end=item.end,
            text=item.text,
            label=item.label,
            sub_type=item.sub_type or "",
            also=list(item.also),
            confidence=item.confidence,
            probabilities=dict(item.probabilities),
            because=item.because,
            span_start=item.span[0],
            span_end=item.span[1],
            model=model_version,
            event_start=when.start,
            event_end=when.end,
            event_precision=when.precision,
            event_source=when.source,
            metrics=[metric.as_dict() for metric in item.metrics],
            restricted=is_restricted(item.sub_type or "", item.text, report),
        )
        for team in item.teams:
            passage.attributions.append(
                Attribution(
                    kind="team", team_id=team.id if team.status == "accepted" else None, role=team.role,
                    label=team.label, status=team.status, confidence=team.confidence, rule=team.rule,
                    because=team.because, start=team.start, end=team.end, candidates=list(team.candidates),
                )
            )  # fmt: skip
        for cadre in item.cadres:
            passage.attributions.append(
                Attribution(
                    kind="cadre", cadre_id=cadre.id if cadre.status == "accepted" else None, role=cadre.role,
                    status=cadre.status, confidence=cadre.confidence, rule=cadre.rule, because=cadre.because,
                    start=cadre.start, end=cadre.end, candidates=list(cadre.candidates),
                )
            )  # fmt: skip
        session.add(passage)


def quarantine(session: Session, document_id: int, reason: str) -> None:
    """Move an accusation letter out of the flow before anything is labelled or indexed (domain.md §2.11)."""
    document = session.get_one(Document, document_id, with_for_update=True)
    if document.stage != "collected":
        return
    if not session.scalar(select(Quarantine.id).where(Quarantine.sha256 == document.capture.sha256)):
        session.add(
            Quarantine(
                source_id=document.source_id,
                sha256=document.capture.sha256,
                text_sha256=document.text_sha256,
                form="文件" if document.kind == "report" else "网页",
                reason=reason,
            )
        )
    session.execute(delete(Passage).where(Passage.document_id == document.id))
    document.title, document.text, document.author, document.editor = "（已隔离）", "", "", ""
    document.stage, document.lease_until = "quarantined", None
