"""业绩责任记实: whose time, three roles, statement, 冲正, append-only in the database, the days of overlap (§1.12)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hearing_world import DEBT, PORT, TODAY, hear, record, settle, told
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from dossier.ledger import closing, entries, status
from dossier.ledger.book import all_entries, due_in, entries_of, waiting_for
from dossier.ledger.overlap import Span, overlap, team_spans
from dossier.ledger.rules import EntryWords, is_principal
from dossier.products.check import faults
from dossier.products.ledger_sheet import build_ledger
from dossier.products.spans import span_of
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import LEDGER_TABLES, LedgerEntry

__all__ = ["record", "told"]
Told = tuple[Session, dict[str, Viewer]]
DECIDED, OPENED = date(2021, 3, 1), date(2024, 9, 30)


def port(evidence_id: int, **changes: object) -> EntryWords:
    words: dict[str, object] = {
        "kind": "业绩", "matter": "泊湾港三期", "text": "主持决策引进泊湾港三期项目", "role": "决策", "horizon": "潜绩",
        "decided_on": (DECIDED,), "effects_on": (OPENED,), "evidence": (evidence_id,),
    }  # fmt: skip
    return EntryWords(**(words | changes))  # type: ignore[arg-type]


def debt(evidence_id: int, **changes: object) -> EntryWords:
    return port(
        evidence_id, **{
            "kind": "责任", "matter": "隐性债务", "text": "主持会议决定违规举债", "horizon": "隐患",
            "decided_on": (date(2019, 6, 12),), "effects_on": (), **changes,
        }
    )  # fmt: skip


def entered(session: Session, who: dict[str, Viewer], cadre: str, team: str, words: EntryWords) -> LedgerEntry:
    """Prepared, told where needed, checked, approved."""
    row = entries.prepare(session, who["kh"], cadre, team, words, TODAY)
    if words.kind == "责任":
        entries.tell(session, who["kh"], row.id, TODAY)
        entries.note_statement(session, who["kh"], row.id, "当时为保民生项目。", TODAY)
    entries.check(session, who["sup"], row.id, True, "", TODAY)
    entries.approve(session, who["dep"], row.id, True, "", TODAY)
    return row


def test_the_worked_example_of_two_leaders(told: Told) -> None:
    session, who = told
    item = settle(session, who, PORT)
    spans = {c: [s for s, _ in team_spans(session, c, "D10")] for c in ("P026", "P021")}
    found = {cadre: overlap(of, DECIDED, OPENED) for cadre, of in spans.items()}
    assert (found["P026"].days, found["P021"].days, found["P026"].total) == (457, 853, 1310)
    assert [found[c].text for c in ("P026", "P021")] == ["457/1310 天，34.9%", "853/1310 天，65.1%"]
    entered(session, who, "P026", "D10", port(item.id))
    later = {"role": "接续", "horizon": "显绩", "text": "组织建设并投产"}
    entered(session, who, "P021", "D10", port(item.id, **later))
    shown = all_entries(session, who["kh"], TODAY)
    assert {(e.cadre_id, e.horizon, e.role, e.overlap) for e in shown} == {
        ("P021", "显绩", "接续", "853/1310 天，65.1%"), ("P026", "潜绩", "决策", "457/1310 天，34.9%"),
    }  # fmt: skip


def test_responsibility_follows_who_held_the_post_when_it_was_decided(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    with pytest.raises(ShijiError, match="LEDGER-HEARING"):  # an adverse item that was not heard
        entries.prepare(session, who["kh"], "P027", "D03", debt(item.id), TODAY)
    hear(session, who, item)
    with pytest.raises(ShijiError, match="LEDGER-TENURE"):  # 邹鹤屿 held the post when it was found, not decided
        entries.prepare(session, who["kh"], "P006", "D03", debt(item.id), TODAY)
    inherited = {"role": "前任决策本任处置", "text": "任内发现并处置前任举债"}
    with pytest.raises(ShijiError, match="LEDGER-ROLE"):
        entries.prepare(session, who["kh"], "P006", "D03", debt(item.id, **inherited), TODAY)
    entered(session, who, "P027", "D03", debt(item.id))
    entered(session, who, "P006", "D03", debt(item.id, kind="中性记载", **inherited))
    found = {e.cadre_id: e for e in all_entries(session, who["kh"], TODAY)}
    assert (found["P027"].adverse, found["P006"].adverse) == (True, False)
    assert found["P027"].statement == "当时为保民生项目。"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decided_on": ()}, "LEDGER-DATES"),
        ({"horizon": ""}, "LEDGER-HORIZON"),
        ({"horizon": "显绩"}, "LEDGER-EFFECT"),  # in operation only after he had left
        ({"role": "接续"}, "LEDGER-ROLE"),
        ({"decided_on": (date(2024, 1, 1),)}, "LEDGER-TENURE"),
        ({"evidence": ()}, "LEDGER-EVIDENCE"),
        ({"kind": "评价"}, "LEDGER-KIND"),
        ({"leniency_body": "部务会"}, "LEDGER-WORDS"),
        ({"implemented_from": date(2022, 1, 1), "implemented_to": date(2021, 1, 1)}, "LEDGER-DATES"),
    ],
)
def test_what_an_entry_may_not_say(told: Told, changes: dict[str, object], code: str) -> None:
    session, who = told
    item = settle(session, who, PORT)
    with pytest.raises(ShijiError, match=code):
        entries.prepare(session, who["kh"], "P026", "D10", port(item.id, **changes), TODAY)


def test_three_roles_and_the_persons_word_before_a_responsibility_is_entered(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    hear(session, who, item)
    for login in ("off1", "head1", "sup", "dep"):
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            entries.prepare(session, who[login], "P027", "D03", debt(item.id), TODAY)
    row = entries.prepare(session, who["kh"], "P027", "D03", debt(item.id), TODAY)
    with pytest.raises(ShijiError, match="LEDGER-HEARING"):
        entries.check(session, who["sup"], row.id, True, "", TODAY)
    due = entries.tell(session, who["kh"], row.id, TODAY).due
    assert due is not None
    with pytest.raises(ShijiError, match="陈述期未满"):
        entries.check(session, who["sup"], row.id, True, "", due)
    assert waiting_for(all_entries(session, who["sup"], TODAY), who["sup"], TODAY) == []
    with pytest.raises(ShijiError, match="LEDGER-STATE"):
        entries.approve(session, who["dep"], row.id, True, "", TODAY)
    entries.check(session, who["sup"], row.id, True, "", due + timedelta(days=1))
    assert entries_of(session, who["off1"], "P027", TODAY) == []  # a draft is nobody else's to read
    entries.approve(session, who["dep"], row.id, True, "", due + timedelta(days=1))
    assert [e.state for e in entries_of(session, who["off1"], "P027", TODAY)] == [status.ENTERED]


def test_an_error_is_reversed_and_both_stay(told: Told) -> None:
    session, who = told
    item = settle(session, who, PORT)
    row = entered(session, who, "P026", "D10", port(item.id))
    back = entries.reverse(session, who["kh"], row.id, "决策日期经核对有误", TODAY)
    with pytest.raises(ShijiError, match="LEDGER-STATE"):
        entries.reverse(session, who["kh"], row.id, "再次冲正同一条", TODAY)
    entries.check(session, who["sup"], back.id, True, "", TODAY)
    assert entries.standing_of(session, row).state == status.ENTERED  # not before it is approved
    entries.approve(session, who["dep"], back.id, True, "", TODAY)
    found = {e.id: e for e in entries_of(session, who["kh"], "P026", TODAY)}
    assert (found[row.id].state, found[row.id].reversed_by) == (status.TAKEN_BACK, back.id)
    assert found[back.id].reverses == row.id
    assert f"第{row.id}号" in found[back.id].text


def test_a_draft_sent_back_is_replaced_not_changed(told: Told) -> None:
    session, who = told
    item = settle(session, who, PORT)
    row = entries.prepare(session, who["kh"], "P026", "D10", port(item.id), TODAY)
    entries.check(session, who["sup"], row.id, False, "请写明决策会议", TODAY)
    again = entries.prepare(session, who["kh"], "P026", "D10", port(item.id, text="经常委会决策引进"), TODAY, row.id)
    assert entries.standing_of(session, row).state == status.SENT_BACK
    assert entries.standing_of(session, again).state == status.PLANNED


def test_tracking_closing_and_what_is_due_this_quarter(told: Told) -> None:
    session, who = told
    item = settle(session, who, PORT)
    row = entered(session, who, "P026", "D10", port(item.id))
    dated = entries.track(session, who["kh"], row.id, date(2025, 12, 20), "核对港口吞吐量", TODAY)
    entries.track(session, who["kh"], row.id, date(2026, 3, 20), "核对达产情况", TODAY)
    found = all_entries(session, who["kh"], TODAY)
    assert [d.id for _, d in due_in(found, span_of("quarter", "2025Q4"))] == [dated.id]
    with pytest.raises(ShijiError, match="LEDGER-STATE"):
        entries.close(session, who["kh"], row.id, "", TODAY)
    entries.note_tracking(session, who["kh"], dated.id, "吞吐量达到设计能力", TODAY)
    assert due_in(all_entries(session, who["kh"], TODAY), span_of("quarter", "2025Q4")) == []
    with pytest.raises(ShijiError, match="LEDGER-YEAR"):
        closing.close_year(session, who["kh"], 2025, TODAY)
    made = closing.close_year(session, who["kh"], 2025, date(2026, 1, 5))
    assert [line["matter"] for line in made.content["open"]] == ["泊湾港三期"]
    assert (made.content["entered"], made.sha256) == (1, closing.digest(made.content))


def test_the_database_itself_refuses_changes(record: Database, told: Told) -> None:
    session, who = told
    item = settle(session, who, PORT)
    row = entered(session, who, "P026", "D10", port(item.id))
    entries.track(session, who["kh"], row.id, date(2025, 12, 20), "核对吞吐量", TODAY)
    closing.close_year(session, who["kh"], 2024, TODAY)
    entries.reverse(session, who["kh"], row.id, "决策日期有误", TODAY)
    session.flush()
    for table in LEDGER_TABLES:
        column = "kind" if table == "ledger_link" else "entry_id" if table == "ledger_evidence" else "id"
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
                session.execute(text(statement))


def test_entries_follow_the_person_and_keep_to_recusal(told: Told) -> None:
    session, who = told
    item = settle(session, who, PORT)
    entered(session, who, "P026", "D10", port(item.id))
    assert len(entries_of(session, who["off1"], "P026", TODAY)) == 1
    with pytest.raises(ShijiError, match="CADRE-UNKNOWN"):
        entries_of(session, who["off3"], "P026", TODAY)
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        entries_of(session, who["sys"], "P026", TODAY)
    assert len(entries_of(session, who["sup"], "P026", TODAY)) == 1


def test_the_sheet_cites_every_entry_and_excused_ones_are_not_adverse(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    hear(session, who, item)
    excused = {"leniency_body": "市委常委会", "leniency_reason": "先行先试"}
    entered(session, who, "P027", "D03", debt(item.id, **excused))
    content = build_ledger(session, who["kh"], Wanted("ledger", cadre_id="P027"), TODAY)
    assert faults(content) == []
    [first] = content.parts[0].sentences
    assert first.citations == (item.code,)
    assert "容错认定：是" in first.text
    assert not entries_of(session, who["kh"], "P027", TODAY)[0].adverse
    assert faults(build_ledger(session, who["kh"], Wanted("ledger", cadre_id="P001"), TODAY)) == []


@pytest.mark.parametrize(
    ("title", "principal"),
    [("区委副书记、区长", True), ("党组书记、主任", True), ("市委书记(泊湾)", True), ("副局长", False),
     ("区委副书记", False), ("党工委书记", True), ("县委副书记、代县长", True)],
)  # fmt: skip
def test_principal_leaders(title: str, principal: bool) -> None:
    assert is_principal(title) == principal


days = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(st.lists(days, min_size=2, max_size=6, unique=True), days, st.integers(0, 4000))
def test_successive_tenures_share_an_interval_without_gap_or_overlap(
    turns: list[date], first: date, length: int
) -> None:
    """Leaders who follow one another cover every day once: the shares of an interval add up to one."""
    turns = sorted(turns)
    last = first + timedelta(days=length)
    terms = [Span(None, turns[0]), *(Span(a, b) for a, b in pairwise(turns)), Span(turns[-1], None)]
    found = [overlap([span], first, last) for span in terms]
    assert sum(one.days for one in found) == length + 1
    assert sum((one.share for one in found), Fraction(0)) == 1
    assert overlap(terms, first, last).days == length + 1  # two posts at once count once
