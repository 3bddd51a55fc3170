"""The main job over real HTTP: three sites and an inbox are collected, understood, filed and indexed; the answer file
says what is right. A second round adds nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml
from sqlalchemy import func, select

from collector.once import collect_once
from collector.registry import register_sources
from demo.align import PredictedDocument, PredictedPassage
from demo.compare import Scores, compare
from demo.press import demo_sources, start_press
from demo.truth import HERE, load_truth
from dossier import roster, roster_files
from dossier.intake import Intake, waiting
from dossier.search.engine import open_index
from dossier.search.worker import index_pending
from nlp.topic import load_topic_model
from storage.archive import Archive
from storage.database import Database
from storage.migrate import upgrade
from storage.settings import Settings
from storage.tables import Document, Event, Evidence, IndexTask, Passage, Quarantine, Run, Source


@dataclass
class Flow:
    """What one whole round left behind."""

    database: Database
    scores: Scores
    again: tuple[int, ...]
    before: tuple[int, ...]
    indexed: int


def counts(database: Database) -> tuple[int, ...]:
    with database.read() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(t)) or 0
            for t in (Document, Passage, Event, Evidence, Quarantine)
        )


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    folder = tmp_path_factory.mktemp("flow")
    database = Database(f"sqlite:///{folder / 'flow.sqlite'}")
    upgrade(database)
    archive = Archive(folder / "originals")
    with database.write() as session:
        roster.write(session, roster_files.read_yaml(HERE / "roster.yaml"))
    inbox = folder / "inbox"
    shutil.copytree(HERE / "reports", inbox)
    with start_press({"ribao": 0, "jbrb": 0, "lanfa": 0}) as press:
        with database.write() as session:
            register_sources(session, demo_sources(press.ports))
        settings = Settings(data_text=str(folder), allow_private=press.allow_private, inbox_text=str(inbox))
        collect_once(database, archive, settings)
        model = load_topic_model()
        intake = Intake(database, model, model.version)
        intake.run()
        index = open_index(settings)
        index_pending(database, index)
        before = counts(database)
        addresses = {url: key for key, url in press.addresses().items()}
        collect_once(database, archive, settings)
        intake.run()
        scores = judged(database, addresses)
        yield Flow(database, scores, counts(database), before, index.count())
    database.close()


def judged(database: Database, addresses: dict[str, str]) -> Scores:
    """The filed record in the form the answer file is compared with."""
    truth = load_truth()
    rows = yaml.safe_load((HERE / "reports.yaml").read_text(encoding="utf-8"))
    reports = {row["file"]: row["id"] for row in rows}
    predicted = []
    with database.read() as session:
        documents = session.scalars(select(Document)).all()
        names = {d.id: addresses.get(d.url) or reports.get(d.capture.name) for d in documents}
        for document in documents:
            name = names[document.id]
            if name is None:
                continue
            if document.stage == "quarantined":
                predicted.append(PredictedDocument(name, quarantined=True))
                continue
            passages = session.scalars(
                select(Passage).where(Passage.document_id == document.id).order_by(Passage.ordinal)
            ).all()
            first = document.duplicate_of if document.relation in ("exact", "edited") else None
            cluster = names.get(first or 0) or name
            predicted.append(PredictedDocument(name, tuple(map(as_predicted, passages)), cluster=cluster))
    known = {p.id for p in predicted}
    return compare(predicted, [d for d in truth if d.id in known])


def as_predicted(passage: Passage) -> PredictedPassage:
    teams = tuple((a.team_id, a.role) for a in passage.attributions if a.team_id)
    cadres = tuple((a.cadre_id, a.role) for a in passage.attributions if a.cadre_id)
    day = passage.event_start if passage.event_precision == "day" and passage.event_source == "text" else None
    return PredictedPassage(
        passage.text, passage.label, tuple(passage.also), passage.sub_type or None, teams, cadres, day
    )


def test_every_article_and_report_arrives_once(flow: Flow) -> None:
    truth = load_truth()
    with flow.database.read() as session:
        documents = session.scalars(select(Document)).all()
    assert len(documents) == len(truth)
    assert len({d.url for d in documents}) == len(truth)
    assert {d.stage for d in documents} == {"filed", "quarantined"}
    assert waiting(flow.database) == 0


def test_a_second_round_adds_nothing(flow: Flow) -> None:
    assert flow.again == flow.before


def test_no_wrong_person_and_all_letters_quarantined(flow: Flow) -> None:
    figures = flow.scores.figures()
    shown = [m for m in flow.scores.misses if m.kind in ("错认干部", "隔离")]
    assert figures["wrong_person"] == 0, shown
    assert figures["quarantine_missed"] == figures["quarantine_false"] == 0, shown


def test_the_record_is_as_right_as_the_analysis(flow: Flow) -> None:
    """Collecting over HTTP and filing lose nothing against reading the texts directly."""
    figures = flow.scores.figures()
    assert figures["team_precision"] >= 0.97
    assert figures["cadre_precision"] >= 0.98
    assert figures["duplicate_precision"] == 1.0
    assert figures["duplicate_recall"] >= 0.95


def test_a_failing_source_is_visible_and_stopped_nobody(flow: Flow) -> None:
    with flow.database.read() as session:
        broken = [r for r in session.scalars(select(Run)) if r.status == "failed"]
        assert {r.source_id for r in broken} == {"broken"} or len({r.source_id for r in broken}) == 1
        assert all(r.error_code for r in broken)
        working = session.scalars(select(Source.id).where(Source.last_success_at.is_not(None))).all()
        assert {"ribao", "jbrb", "yaowen", "wanglan", "bowan", "tongbao"} <= set(working)


def test_what_may_be_found_is_in_the_index_and_nothing_else(flow: Flow) -> None:
    with flow.database.read() as session:
        assert session.scalar(select(func.count()).select_from(IndexTask)) == 0
        open_passages = session.scalar(select(func.count()).where(Passage.restricted.is_(False)))
        assert 0 < flow.indexed <= (open_passages or 0)
        assert session.scalar(select(func.count()).where(Passage.restricted.is_(True)))


def test_every_item_has_its_reason(flow: Flow) -> None:
    with flow.database.read() as session:
        for item in session.scalars(select(Evidence)):
            assert item.passage.because
            for attribution in item.passage.attributions:
                assert attribution.because
                assert attribution.rule
