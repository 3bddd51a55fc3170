"""collected -> understood -> filed, resumable at any point: the stage of a document is the work queue.

Each step is one transaction that first checks the stage, so a step done twice does nothing the second time
(design.md §3).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from dossier import roster as rosters
from dossier.clearing.tombstones import GONE, blotted, buried_passages, passage_hash
from dossier.doubtful import DOUBTFUL, hold_for_a_person
from dossier.filing import file_document
from dossier.restricted import is_restricted
from nlp.analyse import DocumentAnalysis, DocumentIn, PassageAnalysis, analyse
from nlp.cadres import CadreAttribution
from nlp.context import SourceInfo
from nlp.duplicates import DuplicateDoc, DuplicateIndex, Match
from nlp.figures import Metric
from nlp.quarantine import looks_like_accusation
from nlp.roster import Roster
from nlp.teams import TeamAttribution
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
                self.known.add(DuplicateDoc(str(document_id), title, text))

    def run(self, progress: Progress | None = None, limit: int | None = None) -> int:
        """Work until nothing waits (or `limit` documents are done). Returns the number of documents finished."""
        done = 0
        self._refresh_roster()
        while limit is None or done < limit:
            document_id = self._claim()
            if document_id is None:
                return done
            self._step(document_id)
            done += 1
            if progress:
                progress(done, done + waiting(self.database))
        return done

    def _refresh_roster(self) -> None:
        """Take over a roster that was imported meanwhile, by whatever process; costs nothing while nothing waits."""
        if waiting(self.database):
            with self.database.read() as session:
                current = rosters.load(session)
            if current != self.roster:
                self.roster = current

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
                .order_by(Document.published_at.nulls_first(), Document.id)
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
            doubtful = DOUBTFUL in document.warnings
        if reason:
            with self.database.write() as session:
                quarantine(session, document_id, reason)
            return
        if doubtful:
            with self.database.write() as session:
                hold_for_a_person(session, document_id)
            return
        look = self.known.look(DuplicateDoc(str(document_id), given.title, given.text))
        relation, root = self._relation(look.match)
        analysis = analyse(given, self.roster, self.model)
        with self.database.write() as session:
            document = session.get_one(Document, document_id, with_for_update=True)
            if document.stage != "collected":
                return
            write_analysis(session, document, analysis, self.model_version)
            document.relation, document.duplicate_of = relation, root
            document.stage = "understood"
        self.known.keep(look)

    def _relation(self, match: Match | None) -> tuple[str, int | None]:
        """What the nearest known text makes of a document: its relation, and the first print on record."""
        if match is None:
            return "first", None
        with self.database.read() as session:
            other = session.get_one(Document, int(match.of))
            return match.relation, other.duplicate_of or other.id


def waiting(database: Database) -> int:
    """Documents not yet filed."""
    with database.read() as session:
        waits = Document.stage.in_(("collected", "understood"))
        return session.scalar(select(func.count()).select_from(Document).where(waits)) or 0


def retry_failed(database: Database) -> int:
    """Put failed documents back into the queue. Returns how many."""
    with database.write() as session:
        failed = session.scalars(select(Document).where(Document.stage == "failed")).all()
        for document in failed:
            understood = session.scalar(select(Passage.id).where(Passage.document_id == document.id).limit(1))
            document.stage = "understood" if understood else "collected"
            document.attempts, document.lease_until = 0, None
    return len(failed)


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
    buried = buried_passages(session, now().date())
    for ordinal, item in enumerate(analysis.passages):
        if buried and passage_hash(item.text) in buried:  # found untrue once and destroyed: it does not come back
            document.text = document.text[: item.start] + blotted(item.text) + document.text[item.end :]
            document.title = GONE if len(analysis.passages) == 1 else document.title
            continue
        session.add(_passage(document, ordinal, item, report, model_version))


def _passage(document: Document, ordinal: int, item: PassageAnalysis, report: bool, model_version: str) -> Passage:
    when = item.event_date
    passage = Passage(
        document_id=document.id, ordinal=ordinal, start=item.start, end=item.end, text=item.text, label=item.label,
        sub_type=item.sub_type or "", also=list(item.also), confidence=item.confidence,
        probabilities=dict(item.probabilities), because=item.because, span_start=item.label_span[0],
        span_end=item.label_span[1], model=model_version, event_start=when.start, event_end=when.end,
        event_precision=when.precision, event_source=when.source, metrics=[_metric(m) for m in item.metrics],
        speeches=[asdict(s) for s in item.speeches],
        restricted=is_restricted(item.sub_type or "", item.text, report),
    )  # fmt: skip
    passage.attributions = [_team(t, item.start) for t in (*item.teams, *item.undecided_teams)]
    passage.attributions += [_cadre(c, item.start) for c in (*item.cadres, *item.undecided_cadres)]
    return passage


def _metric(metric: Metric) -> dict[str, object]:
    return {**asdict(metric), "span": list(metric.span)}


def _team(team: TeamAttribution, offset: int) -> Attribution:
    start, end = team.spans[0] if team.spans else (offset, offset)
    sure = team.status == "accepted"
    return Attribution(
        kind="team", team_id=team.id if sure else None, role=team.role, status=team.status,
        confidence=team.confidence, rule=" ".join(team.rules), because=team.because,
        start=max(0, start - offset), end=max(0, end - offset), candidates=[] if sure else [team.id],
    )  # fmt: skip


def _cadre(cadre: CadreAttribution, offset: int) -> Attribution:
    sure = cadre.status == "accepted"
    return Attribution(
        kind="cadre", cadre_id=cadre.id if sure else None, role=cadre.role, status=cadre.status,
        confidence=cadre.confidence, rule=" ".join(cadre.rules), because=cadre.because,
        start=max(0, cadre.span[0] - offset), end=max(0, cadre.span[1] - offset),
        candidates=[] if sure else list(cadre.candidates or (cadre.id,)),
    )  # fmt: skip


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
