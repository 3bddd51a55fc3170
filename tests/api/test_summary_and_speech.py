"""The summary of an event and who says what, on the page of an item and in JSON."""

from __future__ import annotations

import pytest
from record_world import collect
from sqlalchemy import select
from web_world import RULES, World

from dossier.intake import Intake
from storage.tables import Document, Evidence, Passage

FIRST = "10月13日，石岭县召开防汛复盘会，排查十二处易涝点并逐处定下整改时限。县长燕归鸿表示，易涝点整改月底前全部完成。"
SECOND = (
    "石岭县防汛复盘会10月13日召开，会议排查十二处易涝点，逐处定下整改时限。会议还明确，每个易涝点由一名县领导包联。"
)


@pytest.fixture
def told(world: World) -> World:
    """The world with one event reported by two papers, each in its own words."""
    database = world.system.database
    for key, source, at, text in (
        ("首篇", "ribao", "2025-10-14 08:00", FIRST), ("另稿", "jbrb", "2025-10-14 18:00", SECOND),
    ):  # fmt: skip
        collect(database, source, key, at, text, name=key)
    Intake(database, RULES, "fixed").run()
    with database.write() as session:
        of = select(Passage).join(Document, Passage.document_id == Document.id)
        passages = session.scalars(of.where(Document.title.in_(("首篇", "另稿"))).order_by(Document.id)).all()
        world.documents = {p.document.title: p.document_id for p in passages}
        passages[1].event_id, passages[1].relation = passages[0].event_id, "same_event"
        world.items["会"] = session.scalars(
            select(Evidence.id).where(Evidence.passage_id == passages[0].id, Evidence.team_id.is_not(None))
        ).first()
    return world


def test_each_sentence_of_the_summary_stands_in_a_passage_and_leads_there(told: World) -> None:
    found = told.client("off1").get(f"/api/evidence/{told.items['会']}").json()["summary"]
    assert found[0]["document_id"] == told.documents["首篇"]
    assert told.documents["另稿"] in [line["document_id"] for line in found]  # what only the second report says
    assert all(line["text"] in FIRST + SECOND for line in found)
    assert sum(len(line["text"]) for line in found) <= 200
    page = told.client("off1").get(f"/items/{told.items['会']}").text
    assert "事件摘要" in page
    assert all(line["text"] in page and f"/documents/{line['document_id']}" in page for line in found)


def test_a_restricted_passage_gives_no_sentence(told: World) -> None:
    with told.system.database.write() as session:
        passage = session.scalars(select(Passage).where(Passage.document_id == told.documents["另稿"])).one()
        passage.restricted = True
    found = told.client("off1").get(f"/api/evidence/{told.items['会']}").json()["summary"]
    assert all(line["document_id"] == told.documents["首篇"] for line in found)


def test_who_says_what(told: World) -> None:
    answer = told.client("off1").get(f"/api/evidence/{told.items['会']}").json()
    (speech,) = answer["speeches"]
    assert (speech["speaker"], speech["kind"], speech["direct"]) == ("燕归鸿", "cadre", False)
    assert answer["text"][speech["start"] : speech["end"]] == "易涝点整改月底前全部完成。"
    assert "引语" in told.client("off1").get(f"/items/{told.items['会']}").text
