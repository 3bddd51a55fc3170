"""澄清 and destruction: three roles, content gone, tombstones that stop it; correction requests (R-37, R-43)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hearing_world import DEBT, RUMOUR, TODAY, TOPICS, record, settle, told
from record_world import collect, evidence, viewer
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.keep import is_quarantined
from dossier import terms
from dossier.clearing import cleared, corrections, destruction
from dossier.clearing.tombstones import five_years_after, passage_hash
from dossier.intake import Intake
from dossier.scope import Viewer
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Capture, Clearing, Decision, Document, Evidence, Passage, Tombstone
from storage.warc import WarcFolder

__all__ = ["record", "told"]
Told = tuple[Session, dict[str, Viewer]]


def untrue(session: Session, who: dict[str, Viewer]) -> Evidence:
    return settle(session, who, RUMOUR, terms.UNTRUE)


def test_what_is_untrue_is_listed_with_its_day(told: Told) -> None:
    session, who = told
    item = untrue(session, who)
    [row] = cleared.cleared(session, who["off3"])
    assert (row.code, row.settled_on, row.purge_due) == (item.code, date(2025, 6, 25), date(2025, 7, 25))
    assert cleared.cleared(session, who["off1"]) == []  # another zone
    draft = cleared.letter_draft(row.team, "2025-06-10", ["实地察看"])
    assert "不属实" in draft
    assert "招生" not in draft  # what was said is not said again
    cleared.write_letter(session, who["off3"], row.id, draft)


def test_a_list_takes_three_roles_and_only_what_is_due(told: Told, tmp_path: Path) -> None:
    session, who = told
    with pytest.raises(ShijiError, match="DESTRUCTION-NONE"):
        destruction.prepare(session, who["sys"], TODAY)
    untrue(session, who)
    assert destruction.due_items(session, date(2025, 7, 24)) == []
    for login in ("aud", "dep", "head", "kh"):
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            destruction.prepare(session, who[login], TODAY)
    row = destruction.prepare(session, who["sys"], TODAY)
    assert destruction.due_items(session, TODAY) == []  # on a list already
    store = Archive(tmp_path / "o"), WarcFolder(tmp_path / "w")
    for step in (
        lambda: destruction.check(session, who["sys"], row.id, True, TODAY),
        lambda: destruction.sign(session, who["aud"], row.id, True, TODAY),
        lambda: destruction.carry_out(session, who["aud"], *store, row.id, TODAY),
    ):
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            step()
    with pytest.raises(ShijiError, match="DESTRUCTION-STATE"):
        destruction.sign(session, who["dep"], row.id, True, TODAY)
    destruction.check(session, who["aud"], row.id, False, TODAY, "类别有误")
    assert len(destruction.due_items(session, TODAY)) == 1  # a list sent back frees its lines
    [view] = destruction.lists(session, who["aud"])
    assert RUMOUR[:6] not in repr([vars(line) for line in view.row.lines])


def destroyed(record: Database, folder: Path) -> Archive:
    archive, warc = Archive(folder / "originals"), WarcFolder(folder / "warc")
    logins = ("off1", "off1b", "off3", "off5", "head1", "head", "kh", "sup", "dep", "sys", "aud")
    with record.write() as session:
        who = {login: viewer(session, login) for login in logins}
        item = untrue(session, who)
        capture = item.passage.document.capture
        capture.sha256 = archive.put(RUMOUR.encode())
    with record.write() as session:
        row = destruction.prepare(session, who["sys"], TODAY)
        destruction.check(session, who["aud"], row.id, True, TODAY)
        destruction.sign(session, who["dep"], row.id, True, TODAY)
        destruction.carry_out(session, who["sys"], archive, warc, row.id, TODAY)
    return archive


def test_after_destruction_number_and_hashes_remain_and_nothing_of_the_words(record: Database, tmp_path: Path) -> None:
    archive = destroyed(record, tmp_path)
    with record.read() as session:
        item = session.scalars(select(Evidence).where(Evidence.state == terms.UNTRUE)).one()
        document = session.get_one(Document, item.passage.document_id)
        for text in (item.passage.text, document.text, document.title):
            assert "招生" not in text
        words = [d.reason for d in session.scalars(select(Decision).where(Decision.evidence_id == item.id))]
        assert not any("到的情况" in word for word in words)
        assert list(archive.digests()) == []
        stone = session.scalars(select(Tombstone).where(Tombstone.kind == "passage")).one()
        assert (stone.sha256, stone.until) == (passage_hash(RUMOUR), date(2030, 10, 16))
        assert session.scalars(select(Clearing)).one().purged_on == TODAY
        assert "隐性债务" in evidence(session, DEBT[:12]).passage.text  # nothing else went


def test_tombstones_stop_the_page_the_text_and_the_passage(record: Database, tmp_path: Path) -> None:
    with record.read() as session:
        before = session.scalars(select(Document).where(Document.text == RUMOUR)).one()
        text_hash = before.text_sha256
    destroyed(record, tmp_path)
    with record.read() as session:
        assert is_quarantined(session, "f" * 64, text_hash)
        assert not is_quarantined(session, "f" * 64, "e" * 64)
        emptied = select(Capture.sha256).join(Document).where(Document.title == "（内容已清除）")
        assert is_quarantined(session, session.scalars(emptied).one())
    # in another article, with other punctuation, beside something else
    again = RUMOUR.replace("，", "、").replace("。", "！")
    number = collect(record, "jbrb", "热点汇编", "2025-07-20 08:00", again, "9月3日，望澜区推行议事长制度，居民协商。")
    Intake(record, TOPICS, "fixed").run()
    with record.read() as session:
        kept = session.scalars(select(Passage).where(Passage.document_id == number)).all()
        assert [p.text[:4] for p in kept] == ["9月3日"]
        document = session.get_one(Document, number)
        assert "招生" not in document.text
        assert document.text[kept[0].start : kept[0].end] == kept[0].text  # offsets stay


def test_an_item_taken_up_again_is_left_out_of_its_list(told: Told, tmp_path: Path) -> None:
    session, who = told
    item = untrue(session, who)
    row = destruction.prepare(session, who["sys"], TODAY)
    destruction.check(session, who["aud"], row.id, True, TODAY)
    destruction.sign(session, who["dep"], row.id, True, TODAY)
    item.state = terms.VERIFYING
    done = destruction.carry_out(
        session, who["sys"], Archive(tmp_path / "o"), WarcFolder(tmp_path / "w"), row.id, TODAY
    )  # fmt: skip
    assert done.lines[0].outcome.startswith("未销毁")
    assert "招生" in item.passage.text


def test_a_correction_request_is_answered_by_another_head_in_fifteen_working_days(told: Told) -> None:
    session, who = told
    row = corrections.register(
        session, who["off1"], "P006", date(2025, 9, 25), "书面", "任职起始日期有误，请更正", TODAY
    )  # fmt: skip
    assert row.due == date(2025, 10, 22)  # over the holiday, with two worked weekend days
    with pytest.raises(ShijiError, match="CORRECTION-OUTCOME"):
        corrections.give_answer(session, who["head1"], row.id, TODAY)
    corrections.prepare_answer(session, who["head1"], row.id, corrections.GRANTED, "经核对名册，已予更正")
    with pytest.raises(ShijiError, match="HEARING-SAME"):
        corrections.give_answer(session, who["head1"], row.id, TODAY)
    with pytest.raises(ShijiError, match="CADRE-UNKNOWN"):
        corrections.prepare_answer(session, who["off3"], row.id, corrections.GRANTED, "经核对名册")
    corrections.give_answer(session, who["head"], row.id, TODAY)
    [shown] = corrections.requests(session, who["off1"], TODAY)
    assert (shown.outcome, shown.late) == ("予以更正", False)
    assert corrections.requests(session, who["off3"], TODAY) == []


def test_five_years_from_a_leap_day() -> None:
    assert five_years_after(date(2024, 2, 29)) == date(2029, 2, 28)
