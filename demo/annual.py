"""The demo's annual assessment of 2024, closed, and quarterly reviews of 2025: through the real services and rights.

What people decided is in annual.yaml. Done once: a second call finds the snapshot and the reviews and leaves them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from appraisal.annual import appeals, contradictions, grades, matrix, package, plans, scheme, snapshot, subjects
from appraisal.review import acts
from appraisal.review.board import find_review
from appraisal.review.quarter import parse_quarter
from demo.history import Officers
from dossier import terms, verify
from dossier.hearing import leniency, notices
from dossier.hearing.letter import letter_text
from dossier.hearing.readiness import TOLD_THEMSELVES
from dossier.products.redact import load_names
from dossier.scope import Viewer, viewer_of
from dossier.verify import RecordData
from dossier.views import load_views
from storage.database import Database
from storage.tables import Evidence, HearingNotice, Team, User
from storage.workdays import add_workdays
from storage.yaml_text import load_yaml

FILE = Path(__file__).with_name("annual.yaml")
CHECKED_YEAR = 2024
REVIEW_YEAR = 2025
People = Mapping[str, Viewer]
SIGNERS = ("dep", "min")
EVALUATORS = ("kh", "dep", "min")
LEFT = 4  # every fourth piece of good news stays 据报道


def assess_demo(database: Database, officers: Mapping[str, Officers], today: dt.date) -> None:
    """Settle and hear what is needed, review the quarters of 2025, close 2024. `officers`: zone -> who decides."""
    people = _people(database)
    told: dict[str, Any] = load_yaml(FILE.read_text(encoding="utf-8"))
    _settle(database, people, officers, set(told["reviews"]) | set(told["judgements"]), told, today)
    with database.write() as session:
        for team, quarters in told["reviews"].items():
            zone = session.get_one(Team, team).zone_id
            _reviews(session, people, officers[zone], team, quarters, today)
    with database.write() as session:
        if snapshot.latest_snapshot(session, told["year"]) is None:
            _close(session, people, officers, told, today)


def _settle(
    database: Database, people: People, officers: Mapping[str, Officers], teams: Iterable[str], told: dict[str, Any],
    today: dt.date,
) -> None:  # fmt: skip
    """Two officers verify independent good news of these teams; units answer what they were told; 容错 is entered."""
    with database.read() as session:
        first = dt.date(CHECKED_YEAR, 1, 1)
        wanted = (Evidence.team_id.in_(list(teams)), Evidence.event_date >= first, Evidence.restricted.is_(False))
        praised = _ids(
            session, *wanted, Evidence.state == terms.ADOPTED, Evidence.self_published.is_(False),
            Evidence.role.in_(terms.DOSSIER_ROLES), Evidence.label.in_(terms.DOSSIER_TOPICS),
        )  # fmt: skip
        adverse = _ids(
            session, *wanted, Evidence.adverse.is_(True), Evidence.state.in_(terms.ESTABLISHED),
            Evidence.notified_at.is_not(None),
        )  # fmt: skip
    with database.write() as session:
        for evidence_id in praised:
            if evidence_id % LEFT == 0:
                continue
            _verify(session, people, officers, evidence_id)
    with database.write() as session:
        for evidence_id in adverse:
            item = session.get_one(Evidence, evidence_id)
            who = officers[_zone(item)]
            _hear(session, people, who, item, told, today)


def _hear(
    session: Session, people: People, who: Officers, item: Evidence, told: dict[str, Any], today: dt.date
) -> None:  # fmt: skip
    """The unit answers in three working days, 考核办 weighs it, 容错 is prepared, checked and signed."""
    notice = notices.latest(session, item.id)
    if notice is not None and notice.stated_on is None:
        day = min(add_workdays(notice.sent_on, 3), today)
        _answer(session, people, who, notice, told["response"], told["weighed"], day)
        for link in item.cadres:  # the person is told too, without a word about the source
            if link.role in TOLD_THEMSELVES:
                [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
                words = letter_text(view, load_names(session), notices.ANSWER_WORKDAYS, link.cadre_id)
                own = notices.send(
                    session, people[who.first], item.id, words, notice.sent_on, link.cadre_id, check=False
                )
                _answer(session, people, who, own, told["own"], told["weighed"], day)
    if not item.leniency:
        apart = (leniency.APART,) * 3
        row = leniency.prepare(session, people[who.head], item.id, leniency.NONE, apart, told["leniency"], today)
        leniency.check(session, people["sup"], row.id, True)
        leniency.sign(session, people["dep"], row.id, True, today, body=told["body"])


def _answer(
    session: Session, people: People, who: Officers, notice: HearingNotice, words: str, weighed: str, day: dt.date
) -> None:  # fmt: skip
    notices.state(session, people[who.first], notice.id, words, (), day)
    notices.review(session, people["kh"], notice.id, notices.KEEP, weighed, day)


def _verify(session: Session, people: People, officers: Mapping[str, Officers], evidence_id: int) -> None:
    item = session.get_one(Evidence, evidence_id)
    who, day = officers[_zone(item)], item.event_date or dt.date.min
    record = RecordData("看", day, "到现场察看，并查阅有关文件，与报道一致。")
    verify.add_record(session, people[who.first], item.id, record, dt.date.max)
    verify.propose(session, people[who.first], item.id, terms.VERIFIED, "现场核查与报道相互印证")
    verify.agree(session, people[who.second], item.id, "同意")


def _reviews(
    session: Session, people: People, who: Officers, team: str, quarters: Mapping[str, Any], today: dt.date
) -> None:
    first, head = people[who.first], who.head
    for name, told in quarters.items():
        code = f"{REVIEW_YEAR}{name}"
        if find_review(session, team, parse_quarter(code)) is not None:
            continue
        row = acts.open_review(session, first, team, code, today)
        texts = {key: str(told[key]) for key in ("idea", "method", "deed", "causes") if key in told}
        if texts:
            acts.write(session, first, row.id, texts, row.version)
        for number, text in enumerate(told.get("demands", ())):
            made = acts.demand(session, first, row.id, text)
            if number < told["answered"]:
                acts.respond(session, first, made.id, "已办理，材料已报送并经现场了解。", _next_quarter(code))
        if not told["overall"]:
            continue
        acts.pick(session, first, row.id, told["overall"], told["reasons"])
        for login in (head, *SIGNERS)[: told.get("stop", 1 + len(SIGNERS))]:
            acts.sign(session, people[login], row.id, acts.AGREED, "", today)


def _next_quarter(code: str) -> dt.date:
    return parse_quarter(code).following.first + dt.timedelta(days=30)


def _close(
    session: Session, people: People, officers: Mapping[str, Officers], told: dict[str, Any], today: dt.date
) -> None:  # fmt: skip
    year, numbers = told["year"], told["decisions"]
    office, minister = people["kh"], people["min"]
    made = scheme.propose_scheme(session, office, year, scheme.built_in(year))
    scheme.approve_scheme(session, minister, made.id, numbers["scheme"])
    frozen = snapshot.make_snapshot(session, office, year, told["cutoff"], today)
    known = scheme.scheme_of(session, year)
    everyone = subjects.subjects(session, known, "team")
    for one in everyone:
        words = told["judgements"].get(one.id, [*told["judgement"], ""])
        _package(session, people, frozen.id, one.id, officers[one.zone_id].head, words)
    for team in told["judgements"]:
        for found in contradictions.contradictions(session, office, frozen.id, team):
            contradictions.conclude(session, office, frozen.id, team, found.key, told["conclusion"])
    _plan(session, people, year, "team", told["total"], numbers["quota"])
    decided = {one.id: (told["ordinary"], told["ordinary_reason"]) for one in everyone}
    decided |= {team: tuple(pair) for team, pair in told["lower"].items()}
    decided |= {team: (known.team.excellent, reason) for team, reason in told["excellent"].items()}
    _grades(session, people, year, "team", decided, numbers["grades"], told, today)
    _cadres(session, people, year, told, today)


def _package(
    session: Session, people: People, snapshot_id: int, team: str, head: str, words: tuple[str, str, str]
) -> None:  # fmt: skip
    """Prepared by 考核办, confirmed by the head, read by three, judged in the meeting."""
    row = package.draft_package(session, people["kh"], snapshot_id, team)
    package.confirm_package(session, people[head], row.id)
    for login in EVALUATORS:
        matrix.confirm_reading(session, people[login], row.id)
    matrix.judge(session, people["kh"], row.id, matrix.AGREED, *words)


def _cadres(session: Session, people: People, year: int, told: dict[str, Any], today: dt.date) -> None:
    office, minister = people["kh"], people["min"]
    asked_of, known = told["cadres"], scheme.scheme_of(session, year)
    for cadre, (status, inside, reason) in asked_of["statuses"].items():
        subjects.set_status(session, office, known, "cadre", cadre, status, inside, reason)
    _plan(session, people, year, "cadre", asked_of["total"], asked_of["decision"])
    free = [one for one in subjects.subjects(session, known, "cadre") if not one.status]
    decided = {one.id: tuple(asked_of["grades"].get(one.id, asked_of["ordinary"])) for one in free}
    _grades(session, people, year, "cadre", decided, asked_of["decision"], told, today)
    asked = asked_of["review"]
    grade = grades.find_grade(session, year, "cadre", asked["cadre"])
    if grade is not None:
        filed = appeals.file_appeal(session, people["sup"], grade.id, appeals.REVIEW, asked["day"], asked["grounds"])
        appeals.decide(session, minister, filed.id, appeals.KEPT, asked["decided"], asked["number"])


def _plan(session: Session, people: People, year: int, kind: str, total: int, number: str) -> None:
    plan = plans.make_plan(session, people["kh"], year, kind, total, capped=False)
    plans.check_plan(session, people["head"], plan.id)
    plans.sign_plan(session, people["min"], plan.id, number)


def _grades(
    session: Session, people: People, year: int, kind: str, decided: Mapping[str, tuple[str, str]], number: str,
    told: dict[str, Any], today: dt.date,
) -> None:  # fmt: skip
    """Enter, check, sign; publish; notify and take the signed notice back."""
    office, head, minister = (people[login] for login in ("kh", "head", "min"))
    rows = [grades.prepare(session, office, year, kind, key, *pair) for key, pair in decided.items()]
    for row in rows:
        grades.check(session, head, row.id)
        grades.sign(session, minister, row.id, number)
    shown, notice = told["publicity"], told["notice"]
    grades.publish(session, office, year, kind, shown["since"], shown["until"], shown["place"])
    for place, row in enumerate(rows, 1):
        grades.notify(session, office, row.id, notice["day"], f"考告〔2025〕{place}号", today)
        grades.record_signature(session, office, row.id, "已签", notice["signed"], "")


def _ids(session: Session, *clauses: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(select(Evidence.id).where(*clauses).order_by(Evidence.id)))


def _zone(item: Evidence) -> str:
    return item.team.zone_id if item.team else ""


def _people(database: Database) -> People:
    with database.read() as session:
        return {user.login: viewer_of(session, user) for user in session.scalars(select(User))}
