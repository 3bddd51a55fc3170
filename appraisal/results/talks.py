"""集体谈话会 and classified talks after an assessment (domain.md §1.14).

The class of a talk is a person's choice with reasons: nothing is preselected, nothing proposed, class 3 least of all
(R-31). A class-3 talk is not 诫勉.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.runs import get_run, run_name
from appraisal.quarterly.table import team_line
from dossier import terms
from dossier.scope import Viewer, evidence_clause, get_team, team_clause, unrestricted
from storage.errors import ShijiError
from storage.tables import Evidence, GroupTalk, QuarterRun, TalkChoice, Team, now

CLASSES = {
    1: "第一类：真抓实干、勇于担当、实绩突出、群众公认，予以表扬",
    2: "第二类：勤勉履职、踏实工作，实绩尚不明显，帮助查找原因、指明方向",
    3: "第三类：精神懈怠、作风不实、落实不力，严肃提醒告诫（不属于诫勉）",
}
LONGEST = 1000


@dataclass(frozen=True)
class TalkRow:
    """A team and what people chose; choice None: nobody has chosen, and nothing stands in its place."""

    team_id: str
    team: str
    category: str
    choice: TalkChoice | None


def choose_class(
    session: Session, viewer: Viewer, run_id: int, team_id: str, talk_class: int, reason: str,
    evidence: Sequence[str] = (),
) -> TalkChoice:  # fmt: skip
    """A head's choice for the talk with a team's main leaders, with reasons; a new choice needs a new decision.

    Evidence is cited by number; for class 3 at least one established item must be. Raises RIGHTS-ROLE, TALK-CLASS,
    TALK-REASON, TALK-EVIDENCE, RUN-UNKNOWN.
    """
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "约谈类别由处长提出，部领导决定", viewer.role, "")
    row = _published(session, run_id)
    team = get_team(session, viewer, team_id)
    team_line(row, team.id)
    if talk_class not in CLASSES:
        raise ShijiError("TALK-CLASS", "请选择约谈类别", team.short, "类别由人选定，系统不预选。")
    if not reason.strip() or len(reason) > LONGEST:
        raise ShijiError("TALK-REASON", f"请写明理由，不超过 {LONGEST} 字", team.short, "")
    states = _states(session, viewer, team.id, evidence)
    missing = [code for code in evidence if code not in states]
    if missing:
        raise ShijiError("TALK-EVIDENCE", f"编号不属于该班子：{'、'.join(missing)}", team.short, "请核对编号。")
    if talk_class == 3 and not any(states.values()):
        raise ShijiError("TALK-EVIDENCE", "第三类须引用至少一条已核实的条目", team.short, "请先完成核实和告知。")
    held = session.scalar(select(TalkChoice).where(TalkChoice.run_id == row.id, TalkChoice.team_id == team.id))
    if held is None:
        held = TalkChoice(run_id=row.id, team_id=team.id)
        session.add(held)
    elif held.talked_on is not None:
        raise ShijiError("TALK-DONE", "谈话已进行，不能改类别", team.short, "")
    held.talk_class, held.reason, held.evidence = talk_class, reason.strip(), list(dict.fromkeys(evidence))
    held.chosen_by, held.chosen_at, held.decided_by, held.decided_at = viewer.user_id, now(), None, None
    session.flush()
    return held


def decide_class(session: Session, viewer: Viewer, choice_id: int, agree: bool) -> TalkChoice | None:
    """部领导 decides; a choice that is not agreed to is taken away, and nothing takes its place."""
    if viewer.role not in ("DEP", "MIN"):
        raise ShijiError("RIGHTS-ROLE", "约谈类别由部领导决定", viewer.role, "")
    row = _choice(session, choice_id)
    if row.decided_at is not None:
        raise ShijiError("TALK-DONE", "该类别已决定", row.team_id, "")
    if not agree:
        session.delete(row)
        session.flush()
        return None
    row.decided_by, row.decided_at = viewer.user_id, now()
    session.flush()
    return row


def mark_talked(session: Session, viewer: Viewer, choice_id: int, on: date, today: date) -> TalkChoice:
    """Register that a decided talk took place; its record is kept with the talks."""
    row = _choice(session, choice_id)
    get_team(session, viewer, row.team_id)
    if viewer.role not in ("OFF", "HEAD") or row.decided_at is None or on > today:
        raise ShijiError("TALK-DONE", "谈话须经部领导决定后登记，日期不晚于今天", row.team_id, "")
    row.talked_on = on
    session.flush()
    return row


def talk_rows(session: Session, viewer: Viewer, run_id: int) -> list[TalkRow]:
    """Every assessed team of the viewer's zones in roster order with what people chose."""
    row = _published(session, run_id)
    visible = set(session.scalars(select(Team.id).where(team_clause(viewer))))
    held = {one.team_id: one for one in session.scalars(select(TalkChoice).where(TalkChoice.run_id == row.id))}
    return [
        TalkRow(line["team_id"], line["team"], line["category"], held.get(line["team_id"]))
        for line in row.content["lines"]
        if line["team_id"] in visible
    ]


def hold_meeting(
    session: Session, viewer: Viewer, run_id: int, on: date, place: str, chair: str, teams: Sequence[str], agenda: str,
    minutes: str = "",
) -> GroupTalk:  # fmt: skip
    """Register a 集体谈话会 on a published assessment, before or after it took place."""
    if viewer.role not in ("HEAD", "KH"):
        raise ShijiError("RIGHTS-ROLE", "集体谈话会由考核办或处长登记", viewer.role, "")
    row = _published(session, run_id)
    if not place.strip() or not chair.strip() or not agenda.strip():
        raise ShijiError("TALK-MEETING", "请填写地点、主持人和议程", run_name(row), "")
    known = [line["team_id"] for line in row.content["lines"]]
    strangers = [team for team in teams if team not in known]
    if strangers or not teams:
        raise ShijiError("TALK-MEETING", "参会班子未列入本次考核或未选", run_name(row), "、".join(strangers))
    chosen = [team for team in known if team in set(teams)]
    made = GroupTalk(
        run_id=row.id, on=on, place=place.strip()[:60], chair=chair.strip()[:40], teams=chosen,
        agenda=agenda.strip()[:LONGEST], minutes=minutes.strip()[: 4 * LONGEST], user_id=viewer.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def meetings_of(session: Session, run_id: int) -> list[GroupTalk]:
    """Meetings on a run, oldest first."""
    query = select(GroupTalk).where(GroupTalk.run_id == run_id)
    return list(session.scalars(query.order_by(GroupTalk.on, GroupTalk.id)))


def _choice(session: Session, choice_id: int) -> TalkChoice:
    row = session.get(TalkChoice, choice_id)
    if row is None:
        raise ShijiError("TALK-UNKNOWN", "没有这条约谈类别", str(choice_id), "请从结果运用页进入。")
    return row


def _published(session: Session, run_id: int) -> QuarterRun:
    row = get_run(session, run_id)
    if row.state != "published":
        raise ShijiError("RUN-STATE", "季度考核印发后才能运用结果", run_name(row), "")
    return row


def _states(session: Session, viewer: Viewer, team_id: str, codes: Sequence[str]) -> dict[str, bool]:
    """Number -> whether the item is established, and told where it is adverse."""
    query = select(Evidence.code, Evidence.state, Evidence.adverse, Evidence.notified_at).where(
        Evidence.code.in_(list(codes)), Evidence.team_id == team_id, evidence_clause(viewer), unrestricted(),
        Evidence.state.in_((*terms.SHOWN, terms.TO_VERIFY, terms.VERIFYING)),
    )  # fmt: skip
    return {
        code: state in terms.ESTABLISHED and (not adverse or told is not None)
        for code, state, adverse, told in session.execute(query)
    }
