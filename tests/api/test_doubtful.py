"""Pages of which two readers made different texts wait for a person, and go on with what the person chose."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from web_world import World, world, world_template

from storage.tables import AuditEntry, Capture, Document, Evidence, PageDecision, Passage, Quarantine

__all__ = ["world", "world_template"]
BODY = "10月14日，望澜区推行楼栋议事长制度，41个小区已经运行。"
PAGE = (
    "<html><head><meta charset=utf-8><title>楼栋议事长</title></head><body><div id=content>"
    f"<p>{BODY}</p><p>各楼栋议事长由居民推选，任期两年，每月公布一次办理结果，接受全体居民监督。</p></div></body></html>"
)


@pytest.fixture
def waiting(world: World) -> int:
    """A doubtful page about 望澜区, taken up by the intake."""
    with world.system.database.write() as session:
        known = session.get_one(Document, world.documents["park"])
        digest = world.system.archive.put(PAGE.encode())
        capture = Capture(
            source_id=known.source_id, url="http://ribao.lanning.example/d1", sha256=digest, headers={}, size=len(PAGE)
        )
        session.add(capture)
        session.flush()
        document = Document(
            capture_id=capture.id, source_id=known.source_id, url=capture.url, title="楼栋议事长", text=BODY,
            text_sha256="d1", published_at=known.published_at, published_precision="day", confidence=0.41,
            warnings=["PAGE-DOUBTFUL"],
        )  # fmt: skip
        session.add(document)
        session.flush()
        document_id = document.id
    world.system.work()
    return document_id


def stage(world: World, document_id: int) -> str:
    with world.system.database.read() as session:
        return session.get_one(Document, document_id).stage


def passages(world: World, document_id: int) -> list[str]:
    with world.system.database.read() as session:
        return list(session.scalars(select(Passage.text).where(Passage.document_id == document_id)))


def test_nothing_of_a_doubtful_page_is_understood_before_somebody_looked(world: World, waiting: int) -> None:
    assert stage(world, waiting) == "doubtful"
    assert passages(world, waiting) == []
    client = world.client("off1")
    rows = client.get("/api/doubtful").json()
    assert [(row["id"], row["confidence"]) for row in rows] == [(waiting, 0.41)]
    assert "1 个网页正文存疑" in client.get("/").text
    shown = client.get(f"/doubtful/{waiting}").text
    assert "甲读" in shown
    assert "接受全体居民监督" in shown  # only the second reading has it
    assert '<mark class="alone">各楼栋议事长由居民推选' in shown
    captured = f"/documents/{waiting}/captured"
    assert f'href="{captured}"' in shown
    assert client.get(captured).status_code == 200
    assert "存疑网页：1 个网页正文待人工核对" in client.get("/sources").text
    assert "存疑网页：" not in world.client("sys").get("/sources").text


@pytest.mark.parametrize(("choice", "text", "words"), [
    ("first", "", "41个小区"), ("second", "", "任期两年"), ("corrected", BODY.replace("41", "42"), "42个小区"),
])  # fmt: skip
def test_the_chosen_text_goes_on_and_the_old_one_is_kept(
    world: World, waiting: int, choice: str, text: str, words: str
) -> None:
    client = world.client("off1")
    answer = client.post(f"/api/doubtful/{waiting}", json={"choice": choice, "text": text, "reason": "核对原文"})
    assert answer.json() == {"stage": "collected"}
    world.system.work()
    assert stage(world, waiting) == "filed"
    assert any(words in passage for passage in passages(world, waiting))
    with world.system.database.read() as session:
        decision = session.scalars(select(PageDecision)).one()
        assert (decision.choice, decision.text_before) == (choice, BODY)
        assert session.get_one(Document, waiting).warnings == ["PAGE-CHECKED"]
        filed = select(func.count()).select_from(Evidence).join(Passage, Evidence.passage_id == Passage.id)
        assert session.scalar(filed.where(Passage.document_id == waiting)) == 1
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "page-decided")).one().object_id == str(
            waiting
        )
    assert client.post(f"/api/doubtful/{waiting}", json={"choice": "first"}).status_code == 404  # decided once


def test_the_second_reading_covers_all_pages_of_an_article(world: World, waiting: int) -> None:
    further = PAGE.replace(BODY, "第二页写道，未按期公布的楼栋由街道督促整改，并在下月公布整改结果。")
    with world.system.database.write() as session:
        capture = session.get_one(Document, waiting).capture
        part = {"url": "http://ribao.lanning.example/d1_2", "sha256": world.system.archive.put(further.encode())}
        capture.headers = {"x-parts": [part]}
    second = world.client("off1").get(f"/api/doubtful/{waiting}").json()["second"]
    assert [line for line, _alone in second if "第二页写道" in line]


def test_a_dismissed_page_ends_here_and_needs_a_reason(world: World, waiting: int) -> None:
    client = world.client("head1")
    refused = client.post(f"/api/doubtful/{waiting}", json={"choice": "dismissed"})
    assert refused.json()["error"]["code"] == "PAGE-REASON"
    assert client.post(f"/api/doubtful/{waiting}", json={"choice": "dismissed", "reason": "导航页"}).status_code == 200
    world.system.work()
    assert stage(world, waiting) == "dismissed"
    assert passages(world, waiting) == []
    assert client.get("/api/doubtful").json() == []


def test_only_officers_decide_and_bad_choices_are_refused(world: World, waiting: int) -> None:
    for login in ("kh", "sys", "aud"):
        assert world.client(login).get("/api/doubtful").status_code == 403
        assert world.client(login).post(f"/api/doubtful/{waiting}", json={"choice": "first"}).status_code == 403
    client = world.client("off1")
    for body, code in (({"choice": "best"}, "PAGE-CHOICE"), ({"choice": "corrected", "reason": "改"}, "PAGE-TEXT")):
        assert client.post(f"/api/doubtful/{waiting}", json=body).json()["error"]["code"] == code
    del client.headers["x-csrf-token"]
    assert client.post(f"/api/doubtful/{waiting}", json={"choice": "first"}).status_code == 403


def test_a_doubtful_letter_is_quarantined_and_never_shown(world: World) -> None:
    with world.system.database.write() as session:
        known = session.get_one(Document, world.documents["letter"])
        session.delete(session.scalars(select(Quarantine)).one())
        text = "市纪委领导：我实名举报某局领导违规收受巨额礼金，恳请彻查。此致"
        document = Document(
            capture_id=known.capture_id, source_id=known.source_id, url="file:again", title="实名举报信", text=text,
            text_sha256="again", warnings=["PAGE-DOUBTFUL"],
        )  # fmt: skip
        session.add(document)
        session.flush()
        letter = document.id
    world.system.work()
    assert stage(world, letter) == "quarantined"
    assert world.client("off1").get("/api/doubtful").json() == []
