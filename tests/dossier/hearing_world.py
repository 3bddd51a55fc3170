"""The record of two years with an adverse item that is established, for tests of hearings, clearing and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from record_world import FixedTopics, collect, evidence, found, viewer
from sqlalchemy.orm import Session

from dossier import review, terms, verify
from dossier.hearing import leniency, notices
from dossier.intake import Intake
from dossier.scope import Viewer
from dossier.verify import RecordData
from storage.database import Database
from storage.tables import Evidence, User, UserZone

TODAY = date(2025, 10, 16)
DEBT = "2019年6月，时任白榆区委书记韶怀谷主持会议，决定违规举债，审计认定形成隐性债务8.6亿元。"
PORT = "2024年9月30日，泊湾港三期正式投产，新增泊位4个，为全省首个自动化集装箱码头。"
RUMOUR = "6月10日，市教育局在新学年招生中将招生名额内定，家长到校门口了解情况。"
TOPICS = FixedTopics(
    ("隐性债务", "problem", "WT3"), ("正式投产", "highlight", "LD6"), ("招生名额", "problem", "WT15"),
)  # fmt: skip
PEOPLE = (
    ("head", "HEAD", "", ("Z1", "Z2", "Z3", "Z4", "Z5")), ("off5", "OFF", "", ("Z4",)), ("sup", "SUP", "", ()),
    ("dep", "DEP", "", ()), ("min", "MIN", "", ()), ("aud", "AUD", "", ()), ("unit", "UNIT", "D03", ()),
)  # fmt: skip


LOGINS = ("off1", "off1b", "off3", "off5", "head1", "head", "kh", "sup", "dep", "min", "sys", "aud", "unit")


@pytest.fixture
def record(copy_of: Callable[..., Database]) -> Database:
    """See `filled`."""
    return copy_of(filled)


def filled(database: Database) -> None:
    """Three documents filed: a debt of 白榆区, the port of 泊湾市, a rumour about 市教育局."""
    found(database)
    with database.write() as session:
        for login, role, team, zones in PEOPLE:
            user = User(login=login, name=login, role=role, password="-", team_id=team or None)
            user.zones = [UserZone(zone_id=zone) for zone in zones]
            session.add(user)
    collect(database, "tongbao", "审计结果公告", "2024-04-20 09:00", DEBT)
    collect(database, "jbrb", "泊湾港三期投产", "2024-10-01 08:00", PORT)
    collect(database, "ribao", "关于招生的网传消息", "2025-06-12 08:00", RUMOUR)
    Intake(database, TOPICS, "fixed").run()


@pytest.fixture
def told(record: Database) -> Iterator[tuple[Session, dict[str, Viewer]]]:
    """A write session and all viewers by login."""
    with record.write() as session:
        yield session, {name: viewer(session, name) for name in LOGINS}


def settle(session: Session, who: dict[str, Viewer], text: str, conclusion: str = terms.VERIFIED) -> Evidence:
    """Confirm, record by two channels, propose, agree, sign."""
    item = evidence(session, text[:12])
    first, second = (who["off3"], who["off5"]) if item.team_id == "MB01" else (who["off1"], who["off1b"])
    if not item.role:
        review.correct(session, first, item.id, review.Correction(role="责任主体" if item.adverse else "主体"))
    review.accept(session, first, item.id)
    for channel in ("看", "访"):
        verify.add_record(session, first, item.id, RecordData(channel, date(2025, 6, 20), f"{channel}到的情况"), TODAY)
    verify.propose(session, first, item.id, conclusion, "两种渠道相互印证")
    verify.agree(session, second, item.id, on=date(2025, 6, 25))
    if item.adverse:
        verify.sign(session, who["head"], item.id, on=date(2025, 6, 25))
    return item


def hear(session: Session, who: dict[str, Viewer], item: Evidence, answer: str = "已制定化债方案。") -> None:
    """告知 on 2 September 2025, an answer and its review, the 容错 field."""
    row = notices.send(session, who["off1"], item.id, "请就举债事项说明有关情况。", date(2025, 9, 2))
    notices.state(session, who["off1"], row.id, answer, ("化债方案",), date(2025, 9, 5))
    notices.review(session, who["kh"], row.id, notices.KEEP, "与审计结论一致", date(2025, 9, 8))
    apart = (leniency.APART,) * 3
    made = leniency.prepare(session, who["head1"], item.id, leniency.NONE, apart, "不涉及容错", date(2025, 9, 9))
    leniency.check(session, who["sup"], made.id, True)
    leniency.sign(session, who["dep"], made.id, True, date(2025, 9, 10), body="部务会")
