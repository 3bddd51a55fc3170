"""collected -> understood -> filed: events, evidence, reprints, quarantine, restricted matter, resumption."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

import killed_worker
import pytest
from record_world import FixedTopics, collect, evidence, found
from sqlalchemy import func, select

from dossier import intake as intake_module
from dossier.intake import Intake, waiting
from storage.database import Database
from storage.tables import (
    Attribution,
    Document,
    Event,
    Evidence,
    IndexTask,
    Passage,
    Quarantine,
)

STORY = (
    "9月3日，望澜区推行楼栋议事长制度，老旧小区改造方案须经三轮楼栋协商并公示后方可施工，目前已在41个小区运行。",
    "望澜区委书记沈砚舟表示，下一步将把协商办法写进全区物业管理细则。",
)
TOPICS = FixedTopics(("议事长制度", "practice", "ZF1"), ("督察发现", "problem", "WT2"), ("住院", "major_matter", "ZD7"))


def run(database: Database) -> int:
    return Intake(database, TOPICS, "fixed").run()


@pytest.fixture
def database(copy_of: Callable[..., Database]) -> Database:
    """Roster, sources, officers."""
    return copy_of(found)


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_document_becomes_events_and_evidence_with_reasons(database: Database) -> None:
    document_id = collect(database, "ribao", "望澜区推行楼栋议事长", "2025-09-04 08:30", *STORY)
    assert run(database) == 1
    with database.read() as session:
        document = session.get_one(Document, document_id)
        assert (document.stage, document.relation) == ("filed", "first")
        item = evidence(session, "议事长制度")
        assert (item.team_id, item.label, item.sub_type, item.state) == ("D01", "practice", "ZF1", "待确认")
        assert item.event_date is not None
        assert item.event_date.isoformat() == "2025-09-03"
        assert item.code == f"E-20250903-{item.id:05d}"
        team = next(a for a in item.passage.attributions if a.team_id == "D01")
        assert team.because
        assert team.rule
        assert item.passage.text[team.start : team.end].startswith("望澜")
        second = evidence(session, "沈砚舟")
        assert [c.cadre_id for c in second.cadres] == ["P001"]
    assert count(database, IndexTask) == 2


def test_running_again_adds_nothing(database: Database) -> None:
    collect(database, "ribao", "望澜区推行楼栋议事长", "2025-09-04 08:30", *STORY)
    run(database)
    before = [count(database, t) for t in (Passage, Event, Evidence, Attribution)]
    assert run(database) == 0
    assert [count(database, t) for t in (Passage, Event, Evidence, Attribution)] == before


def test_a_reprint_is_folded_into_the_event_and_the_earlier_print_leads(database: Database) -> None:
    later = collect(database, "ribao", "望澜区推行楼栋议事长", "2025-09-05 09:00", *STORY, name="a")
    run(database)
    edited = ("本报讯 " + STORY[0], STORY[1].replace("表示", "说"))
    first = collect(database, "jbrb", "望澜区推行楼栋议事长", "2025-09-04 08:00", *edited, name="b")
    run(database)
    with database.read() as session:
        items = session.scalars(select(Evidence).where(Evidence.label == "practice")).all()
        assert len(items) == 1
        assert items[0].event.prints == 2
        assert items[0].event.independent_sources == 1  # a reprint is no second source
        assert items[0].passage.document_id == first
        relations = {p.document_id: p.relation for p in session.scalars(select(Passage).where(Passage.ordinal == 0))}
        assert relations[first] == "first"
        assert relations[later] in ("exact", "edited")


def test_a_decided_item_keeps_its_print(database: Database) -> None:
    later = collect(database, "ribao", "望澜区推行楼栋议事长", "2025-09-05 09:00", *STORY, name="a")
    run(database)
    with database.write() as session:
        for item in session.scalars(select(Evidence)):
            item.state = "已采用"
    collect(database, "jbrb", "望澜区推行楼栋议事长", "2025-09-04 08:00", *STORY, name="b")
    run(database)
    with database.read() as session:
        assert evidence(session, "议事长制度").passage.document_id == later


def test_a_letter_of_accusation_is_quarantined_before_anything_is_said_of_it(database: Database) -> None:
    letter = (
        "尊敬的领导：我实名举报望澜区某街道主任收受礼金、以权谋私，请组织彻查严处。",
        "以上情况属实，请为举报人保密。举报人：无名。",
    )
    document_id = collect(database, "inbox", "举报信", "2025-09-05 09:00", *letter)
    run(database)
    with database.read() as session:
        document = session.get_one(Document, document_id)
        assert document.stage == "quarantined"
        assert document.text == ""
        assert "举报" not in document.title
        assert session.scalars(select(Quarantine)).one().state == "待移交"
    assert count(database, Passage) == count(database, Evidence) == count(database, IndexTask) == 0


def test_health_matter_in_a_submitted_report_is_restricted(database: Database) -> None:
    text = "市卫健委班子一名成员因病住院，预计一个月内不能到岗，分工暂由副主任代管。"
    collect(database, "inbox", "重要事项报告单", "2025-09-15 09:00", text)
    run(database)
    with database.read() as session:
        assert all(p.restricted for p in session.scalars(select(Passage)))
        assert all(e.restricted for e in session.scalars(select(Evidence)))


def test_one_bad_document_does_not_stop_the_rest(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = collect(database, "ribao", "坏文档", "2025-09-04 08:30", "这一篇会出错，望澜区推行某项制度。")
    good = collect(database, "ribao", "望澜区推行楼栋议事长", "2025-09-04 08:31", *STORY)
    real = intake_module.analyse

    def analyse(document: object, *rest: object) -> object:
        if "坏文档" in getattr(document, "title", ""):
            raise ValueError("broken on purpose")
        return real(document, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(intake_module, "analyse", analyse)
    run(database)
    with database.read() as session:
        assert session.get_one(Document, good).stage == "filed"
        failed = session.get_one(Document, bad)
        assert failed.stage == "failed"
        assert "INTAKE-FAILED" in failed.error
        assert failed.text  # nothing is lost


def test_kill_at_ten_random_points_loses_and_doubles_nothing(database: Database) -> None:
    """SIGKILL the worker ten times at random moments; the record must end as if it had never been killed."""
    for number in range(60):
        own = f"第{number}批共{number * 7 + 3}个小区，涉及{number * 13 + 5}户居民，由第{number}号专班逐户上门征求意见。"
        paragraphs = (f"望澜区推行议事长制度，{own}", f"青棠区对{number}号片区的{number * 11 + 2}处楼道开展清理，{own}")
        collect(database, "ribao", f"议事长第{number}批", "2025-09-04 08:30", *paragraphs, name=str(number))
    url = database.writer.url.render_as_string(hide_password=False)
    chance = random.Random(20251016)
    at_work = 0
    for _ in range(10):
        worker = killed_worker.start(killed_worker.understand, url)[0]
        time.sleep(chance.uniform(0.02, 0.25))
        worker.kill()
        worker.join()
        at_work += worker.exitcode == -signal.SIGKILL
    assert at_work >= 3  # a very fast machine is done before the tenth
    intake_module_run(database)
    assert waiting(database) == 0
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Document.stage == "filed")) == 60
        assert session.scalar(select(func.count()).select_from(Passage)) == 120
        assert session.scalar(select(func.count()).select_from(Evidence)) == 120
        assert session.scalar(select(func.count()).select_from(Event)) == 120
        doubled = select(Passage.document_id).group_by(Passage.document_id).having(func.count() != 2)
        assert session.scalars(doubled).all() == []
        tasks = set(session.scalars(select(IndexTask.passage_id)))
        assert tasks == set(session.scalars(select(Passage.id)))


def intake_module_run(database: Database) -> None:
    """Finish what the killed workers left, their leases having run out."""
    with database.write() as session:
        for document in session.scalars(select(Document)):
            document.lease_until = None
            document.attempts = 0
    Intake(database, FixedTopics(("议事长制度", "practice", "ZF1")), "fixed").run()


def test_a_report_is_self_published_only_for_its_sender(database: Database) -> None:
    text = "9月3日，望澜区推行楼栋议事长制度，目前已在41个小区运行，三轮协商后方可施工。"
    own = collect(database, "inbox", "望澜区情况", "2025-09-04 08:30", text, name="own")
    other = collect(database, "inbox", "督查通报", "2025-09-05 08:30", text.replace("望澜区", "青棠区"), name="other")
    with database.write() as session:
        session.get_one(Document, own).capture.headers = {"submitted_by": "D01"}
        session.get_one(Document, other).capture.headers = {"submitted_by": "市督查室"}
    run(database)
    with database.read() as session:
        marks = {e.team_id: e.self_published for e in session.scalars(select(Evidence))}
    assert marks == {"D01": True, "D02": False}


def test_one_outlet_printing_twice_is_no_second_outlet(database: Database) -> None:
    for name, published in (("a", "2025-09-04 08:00"), ("b", "2025-09-05 08:00")):
        collect(database, "ribao", "望澜区推行楼栋议事长", published, *STORY, name=name)
    run(database)
    with database.read() as session:
        assert {e.prints for e in session.scalars(select(Event))} == {1}
