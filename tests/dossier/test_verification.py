"""States of §2.5: who may decide what, two officers and HEAD for 问题, undo, corrections beside the machine's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_world import FixedTopics, collect, evidence, found, viewer
from sqlalchemy import select

from dossier import review, terms, verify
from dossier.cadrefile import cadre_file
from dossier.hearing import notices
from dossier.intake import Intake
from dossier.queue import queue_page
from dossier.review import Correction
from dossier.states import Channel, check_proposal
from dossier.teamfile import list_teams, protocol_rank, team_file
from dossier.verify import RecordData
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Decision, Evidence

TODAY = date(2025, 10, 16)
TOPICS = FixedTopics(
    ("议事长制度", "practice", "ZF1"), ("督察发现", "problem", "WT2"), ("通报表扬", "highlight", "LD8"),
    ("接受纪律审查", "major_matter", "ZD8"),
)  # fmt: skip


@pytest.fixture
def record(copy_of: Callable[..., Database]) -> Database:
    return copy_of(filled)


def filled(database: Database) -> None:
    """Four passages of one circular."""
    found(database)
    collect(
        database, "tongbao", "督察情况通报", "2025-09-04 08:30",
        "9月1日，省督察组督察发现，白榆区3家焦化企业长期超标排放，属地整改方案照抄照搬。",
        "9月2日，望澜区推行议事长制度，目前已在41个小区运行，三轮协商后方可施工。",
        "9月3日，云亭区转移群众2140人，省防指发文予以通报表扬，全程无一人伤亡。",
        "9月4日，市教育局推行议事长制度进校园，家长代表每周四参加一次校务会商。",
    )  # fmt: skip
    Intake(database, TOPICS, "fixed").run()


def adverse_after(record: Database, *steps: str) -> str:
    """State of the adverse item after the given steps; raises what the last step raises."""
    for step in steps:
        login, _, act = step.partition(" ")
        with record.write() as session:
            who, item = viewer(session, login), evidence(session, "督察发现")
            if act == "accept":
                review.accept(session, who, item.id)
            elif act.startswith("record"):
                _, channel, kind = act.split("-")
                data = RecordData(
                    channel,
                    date(2025, 9, 20),
                    "到现场察看，情况与通报一致。",
                    kind == "self",
                    kind == "official",
                    "督办〔2025〕3号" if kind == "official" else "",
                )
                verify.add_record(session, who, item.id, data, TODAY)
            elif act == "propose":
                verify.propose(session, who, item.id, terms.VERIFIED, "现场和台账均印证")
            elif act == "agree":
                verify.agree(session, who, item.id)
            elif act == "sign":
                verify.sign(session, who, item.id)
            elif act == "back":
                verify.send_back(session, who, item.id, "证据不足")
    with record.read() as session:
        return evidence(session, "督察发现").state


TWO_CHANNELS = ("off1 record-看-own", "off1 record-访-own")


def test_a_problem_is_never_merely_adopted(record: Database) -> None:
    assert adverse_after(record, "off1 accept") == terms.TO_VERIFY


def test_a_problem_needs_two_officers_and_a_head(record: Database) -> None:
    steps = ("off1 accept", *TWO_CHANNELS, "off1 propose", "off1b agree")
    assert adverse_after(record, *steps) == terms.VERIFYING
    assert adverse_after(record, "head1 sign") == terms.VERIFIED


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (("off1 propose",), "STATE-ORDER"),
        (("off1 accept", "off1 propose"), "VERIFY-RECORDS"),
        (("off1 accept", "off1 record-看-own", "off1 propose"), "VERIFY-RECORDS"),
        (("off1 accept", "off1 record-听-self", "off1 record-查-self", "off1 propose"), "VERIFY-RECORDS"),
        (("off1 accept", *TWO_CHANNELS, "off1 propose", "off1 agree"), "VERIFY-SAME"),
        (("off1 accept", *TWO_CHANNELS, "off1b propose", "off1 agree"), "VERIFY-SAME"),
        (("off1 accept", *TWO_CHANNELS, "off1 propose", "head1 sign"), "VERIFY-SECOND"),
        (("off1 accept", *TWO_CHANNELS, "off1 propose", "off1b agree", "off1b sign"), "VERIFY-SIGN"),
        (("off1 accept", *TWO_CHANNELS, "off1 propose", "head1 agree", "head1 sign"), "VERIFY-SAME"),
        (("kh accept",), "RIGHTS-ROLE"),
        (("sys accept",), "RIGHTS-ROLE"),
        (("off3 accept",), "EVIDENCE-UNKNOWN"),
    ],
)
def test_what_is_refused(record: Database, steps: tuple[str, ...], code: str) -> None:
    with pytest.raises(ShijiError) as caught:
        adverse_after(record, *steps)
    assert caught.value.code == code


def test_one_official_document_is_enough_for_the_records(record: Database) -> None:
    steps = ("off1 accept", "off1 record-查-official", "off1 propose", "off1b agree", "head1 sign")
    assert adverse_after(record, *steps) == terms.VERIFIED


def test_sent_back_the_proposal_is_gone(record: Database) -> None:
    adverse_after(record, "off1 accept", *TWO_CHANNELS, "off1 propose", "off1b back")
    with record.read() as session:
        item = evidence(session, "督察发现")
        assert (item.state, item.proposed_state, item.proposed_by) == (terms.VERIFYING, "", None)


def test_correction_stands_beside_the_machine_and_undo_brings_it_back(record: Database) -> None:
    with record.write() as session:
        who, item = viewer(session, "off1"), evidence(session, "望澜区推行")
        review.correct(session, who, item.id, Correction(label="highlight", sub_type="LD5"))
        assert (item.label, item.sub_type) == ("highlight", "LD5")
        assert (item.passage.label, item.passage.sub_type) == ("practice", "ZF1")  # the machine's own words
        review.undo(session, who, item.id)
        assert (item.label, item.sub_type, item.state) == ("practice", "ZF1", terms.PENDING)
        kinds = [d.kind for d in session.scalars(select(Decision).order_by(Decision.id))]
        assert kinds == ["correct", "undo"]


def test_corrected_to_problem_leaves_the_adopted_block(record: Database) -> None:
    with record.write() as session:
        who, item = viewer(session, "off1"), evidence(session, "望澜区推行")
        review.accept(session, who, item.id)
        assert item.state == terms.ADOPTED
        review.correct(session, who, item.id, Correction(label="problem", sub_type="WT5"), reason="经核为形式主义问题")
        assert item.state == terms.TO_VERIFY


def test_nobody_undoes_another_officers_decision(record: Database) -> None:
    with record.write() as session:
        item = evidence(session, "望澜区推行")
        review.accept(session, viewer(session, "off1"), item.id)
    with record.write() as session, pytest.raises(ShijiError, match="UNDO-OTHER"):
        review.undo(session, viewer(session, "off1b"), evidence(session, "望澜区推行").id)


def test_two_officers_at_once_the_second_is_told(record: Database) -> None:
    with record.write() as session:
        item = evidence(session, "望澜区推行")
        review.accept(session, viewer(session, "off1"), item.id, version=item.version)
    with record.write() as session, pytest.raises(ShijiError, match="EVIDENCE-CHANGED"):
        review.reject(session, viewer(session, "off1b"), evidence(session, "望澜区推行").id, version=1)


def test_moved_to_another_team_both_files_follow(record: Database) -> None:
    with record.write() as session:
        who, item = viewer(session, "off1"), evidence(session, "望澜区推行")
        review.correct(session, who, item.id, Correction(team_id="D02"), reason="实为青棠区的做法")
        review.accept(session, who, item.id)
    with record.read() as session:
        who = viewer(session, "off1")
        assert [i.text[:4] for i in team_file(session, who, "D02", TODAY).reported] == ["9月2日"]
        assert team_file(session, who, "D01", TODAY).reported == []


def test_zone_scope_in_queue_lists_and_files(record: Database) -> None:
    with record.read() as session:
        mine = queue_page(session, viewer(session, "off1"))
        theirs = queue_page(session, viewer(session, "off3"))
        assert {i.team_id for i in mine.items} == {"D03", "D01", "D05"}
        assert {i.team_id for i in theirs.items} == {"MB01"}
        assert (mine.counts["todo"], theirs.counts["todo"]) == (3, 1)
        assert mine.items[0].label == "problem"
        assert all(row.zone == "Z4" for row in list_teams(session, viewer(session, "off3")))
        with pytest.raises(ShijiError, match="TEAM-UNKNOWN"):
            team_file(session, viewer(session, "off3"), "D01", TODAY)
        with pytest.raises(ShijiError, match="CADRE-UNKNOWN"):
            cadre_file(session, viewer(session, "off3"), "P001", TODAY)
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            queue_page(session, viewer(session, "sys"))


def test_an_unverified_problem_is_in_no_dossier(record: Database) -> None:
    adverse_after(record, "off1 accept")
    with record.read() as session:
        file = team_file(session, viewer(session, "off1"), "D03", TODAY)
        assert file.established == file.reported == file.open == []
        shown = team_file(session, viewer(session, "off1"), "D03", TODAY, with_open=True)
        assert [i.state for i in shown.open] == [terms.TO_VERIFY]


def test_statement_needs_notice_and_reopens(record: Database) -> None:
    adverse_after(record, "off1 accept", *TWO_CHANNELS, "off1 propose", "off1b agree", "head1 sign")
    with record.write() as session:
        item = evidence(session, "督察发现")
        assert notices.latest(session, item.id) is None
        row = notices.send(session, viewer(session, "off1"), item.id, "你区3家企业超标排放，请说明。", TODAY)
        notices.state(session, viewer(session, "off1"), row.id, "两家已停产整治，一家数据有出入。", (), TODAY, True)
        assert (item.state, item.response[:2]) == (terms.VERIFYING, "两家")


def test_every_decision_is_kept_with_before_after_and_reason(record: Database) -> None:
    adverse_after(record, "off1 accept", *TWO_CHANNELS, "off1 propose", "off1b agree", "head1 sign")
    with record.read() as session:
        item = evidence(session, "督察发现")
        history = session.scalars(select(Decision).where(Decision.evidence_id == item.id).order_by(Decision.id)).all()
        assert [d.kind for d in history] == ["accept", "record", "record", "propose", "agree", "sign"]
        assert history[0].before["state"] == terms.PENDING
        assert history[0].after == {"state": terms.TO_VERIFY}
        assert len({d.user_id for d in history if d.kind in ("propose", "agree", "sign")}) == 3


channels = st.lists(
    st.builds(Channel, st.sampled_from(terms.CHANNELS), st.booleans(), st.booleans(), st.integers(1, 3)), max_size=5
)


@given(channels, st.sampled_from(terms.STATES), st.booleans())
def test_a_verified_adverse_fact_always_rests_on_enough(records: list[Channel], state: str, adverse: bool) -> None:
    """Whatever is entered: if 已核实 may be proposed, the records carry it (§2.5 tiers A and B)."""
    try:
        check_proposal(state, adverse, terms.VERIFIED, records)
    except ShijiError:
        return
    assert state in (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING)
    official = any(r.official for r in records)
    independent = [r for r in records if not r.self_reported]
    assert official or (independent and (not adverse or len({r.channel for r in records}) >= 2))


def test_no_item_of_a_person_is_scored_or_ranked() -> None:
    names = {c.name for c in Evidence.__table__.columns}
    assert not {n for n in names if "score" in n or "rank" in n or "grade" in n}


def test_a_team_is_listed_in_the_customary_order() -> None:
    posts = ["副县长（禾丰）", "县委副书记、代县长", "县委书记", "副局长", "党组书记、局长", "管委会主任"]
    expected = ["县委书记", "党组书记、局长", "县委副书记、代县长", "管委会主任", "副县长（禾丰）", "副局长"]
    assert sorted(posts, key=protocol_rank) == expected
