"""The demo's field records and ledger: stories S2 and S9 through the real services, once."""

from __future__ import annotations

from datetime import date

from record_world import DEMO_ROSTER, SOURCES, FixedTopics, collect, evidence
from sqlalchemy import func, select

from api.access import demo_accounts
from demo.hearing import fill_hearing
from demo.history import Officers
from dossier import review, roster, roster_files, terms, verify
from dossier.field.coverage import matrix
from dossier.hearing import leniency, notices
from dossier.intake import Intake
from dossier.ledger.book import all_entries
from dossier.scope import viewer_of
from dossier.verify import RecordData
from storage.database import Database
from storage.tables import LedgerEntry, Source, User

TODAY = date(2025, 10, 16)
PORT = "9月30日10时18分，总投资46.8亿元的泊湾港三期工程正式投产，泊湾市新增两个10万吨级泊位。"
DEBT = "审计发现，白榆区属城投公司通过虚构工程合同违规融资，新增隐性债务5.6亿元，资金主要用于偿还旧债。"
TOPICS = FixedTopics(("正式投产", "highlight", "LD6"), ("隐性债务", "problem", "WT3"))


def test_two_leaders_one_reversal_and_a_responsibility_with_its_statement(database: Database) -> None:
    with database.write() as session:
        roster.write(session, roster_files.read_yaml(DEMO_ROSTER))
        demo_accounts.create(session)
        for key, (name, level, owner, official) in SOURCES.items():
            session.add(Source(id=key, name=name, kind="feed", level=level, owner_team_id=owner, official=official))
    collect(database, "ribao", "泊湾港三期今天投产", "2024-09-30 15:26", PORT)
    collect(database, "tongbao", "审计结果公告", "2024-04-19 10:00", DEBT)
    Intake(database, TOPICS, "fixed").run()
    with database.write() as session:
        people = {user.login: viewer_of(session, user, TODAY) for user in session.scalars(select(User))}
        for words in (PORT, DEBT):
            item = evidence(session, words[:12])
            if not item.role:
                review.correct(session, people["off1"], item.id, review.Correction(role="主体"))
            review.accept(session, people["off1"], item.id)
        item = evidence(session, DEBT[:12])
        day = date(2024, 4, 19)
        record = RecordData("查", day, "与公告一致", official=True, document_no="2024年第2号")
        verify.add_record(session, people["off1"], item.id, record, TODAY)
        verify.propose(session, people["off1"], item.id, terms.VERIFIED, "有审计公告")
        verify.agree(session, people["off1b"], item.id, on=day)
        verify.sign(session, people["head1"], item.id, on=day)
        row = notices.send(session, people["off1"], item.id, "请就融资事项说明有关情况。", date(2024, 5, 19))
        notices.state(session, people["off1"], row.id, "已制定化债方案。", (), date(2024, 5, 22))
        notices.review(session, people["kh"], row.id, notices.KEEP, "与审计一致", date(2024, 5, 23))
        made = leniency.prepare(
            session, people["head1"], item.id, leniency.NONE, (leniency.APART,) * 3, "不涉及容错", TODAY
        )
        leniency.check(session, people["sup"], made.id, True)
        leniency.sign(session, people["dep"], made.id, True, TODAY, body="部务会")
    officers = {zone: Officers(*logins) for zone, logins in demo_accounts.DECIDERS.items()}
    fill_hearing(database, officers, TODAY)
    with database.read() as session:
        kh = viewer_of(session, session.scalars(select(User).where(User.login == "kh")).one(), TODAY)
        shown = all_entries(session, kh, TODAY)
        assert [(e.cadre_id, e.kind, e.role, e.state) for e in shown if not e.reverses] == [
            ("P006", "中性记载", "前任决策本任处置", "追踪中"),
            ("P021", "业绩", "接续", "冲正"),
            ("P021", "业绩", "接续", "追踪中"),
            ("P026", "业绩", "决策", "已记"),
            ("P027", "责任", "决策", "已记"),
        ]
        reference = {e.cadre_id: e.overlap for e in shown if e.kind == "业绩" and e.state != "冲正" and not e.reverses}
        assert reference == {"P021": "853/1310 天，65.1%", "P026": "457/1310 天，34.9%"}
        assert next(e for e in shown if e.cadre_id == "P027").statement
        rows = {r.team_id: r for r in matrix(session, kh, "2025Q3").rows}
        assert "石岭县：访 0 次" in rows["D09"].sentences
        count = session.scalar(select(func.count()).select_from(LedgerEntry))
    fill_hearing(database, officers, TODAY)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == count
