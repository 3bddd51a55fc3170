"""各方面评价 from the record: surveys of a year, ballots by class, and what may be shown of them (domain.md §1.5).

Weights are fixed when a survey is opened and ballots are counted once it is closed: nothing is computed from an open
survey, and a closed one takes no further ballot, so that no two results differ by a few known ballots.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.decimals import HUNDRED, plain, to_decimal, total
from appraisal.drilldown import ScoreNode
from appraisal.score import Score
from appraisal.votes import GRADES, BallotClass, weighted_survey
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Survey, SurveyCount, Team, now

MOST_BALLOTS = 100_000
LABEL = "各方面评价"


@dataclass(frozen=True)
class BallotRow:
    """Ballots of one class on one team, by grade, as a table brings them in."""

    team_id: str
    ballot_class: str
    counts: Mapping[str, int]


def open_survey(session: Session, viewer: Viewer, year: int, title: str, classes: Mapping[str, Decimal]) -> Survey:
    """Begin a survey with its ballot classes and weights (percent). Raises SURVEY-CLASSES, SURVEY-TITLE."""
    if not title.strip() or not 2000 <= year <= 2100:
        raise ShijiError("SURVEY-TITLE", "请填写测评名称和年份", title[:40], "例如：2025年度市直部门各方面评价。")
    if not classes or total(classes.values()) != HUNDRED or any(weight <= 0 for weight in classes.values()):
        raise ShijiError("SURVEY-CLASSES", "票类权重应各大于 0 且合计 100%", title[:40], "请调整票类权重。")
    row = Survey(
        year=year, title=title.strip()[:80], classes={name: plain(weight) for name, weight in classes.items()},
        opened_by=viewer.user_id or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def put_ballots(session: Session, survey_id: int, rows: Sequence[BallotRow]) -> int:
    """Write the counts of an open survey; a row of the same team and class replaces the earlier one.

    Returns the rows written. Raises SURVEY-UNKNOWN, SURVEY-CLOSED, SURVEY-BALLOT.
    """
    survey = get_survey(session, survey_id)
    if survey.state != "open":
        raise ShijiError("SURVEY-CLOSED", "测评已截止，不再收票", survey.title, "如有遗漏，请另开测评。")
    teams = set(session.scalars(select(Team.id)))
    for row in rows:
        where = f"{row.team_id} {row.ballot_class}"
        if row.team_id not in teams or row.ballot_class not in survey.classes:
            raise ShijiError("SURVEY-BALLOT", "单位或票类不在本次测评内", where, "请核对名称。")
        if any(grade not in GRADES or not 0 <= count <= MOST_BALLOTS for grade, count in row.counts.items()):
            known = "、".join(GRADES)
            raise ShijiError("SURVEY-BALLOT", "等次或票数有误", where, f"等次应为{known}，票数应为非负整数。")
    held = {
        (c.team_id, c.ballot_class, c.grade): c
        for c in session.scalars(select(SurveyCount).where(SurveyCount.survey_id == survey_id))
    }
    for row in rows:
        for grade in GRADES:
            key = (row.team_id, row.ballot_class, grade)
            if key not in held:
                held[key] = SurveyCount(survey_id=survey_id, team_id=key[0], ballot_class=key[1], grade=grade)
                session.add(held[key])
            held[key].ballots = row.counts.get(grade, 0)
    session.flush()
    return len(rows)


def close_survey(session: Session, viewer: Viewer, survey_id: int) -> Survey:
    """Stop taking ballots; from now on the survey counts. Raises SURVEY-UNKNOWN, SURVEY-CLOSED, SURVEY-EMPTY."""
    survey = get_survey(session, survey_id)
    if survey.state != "open":
        raise ShijiError("SURVEY-CLOSED", "测评已截止", survey.title, "")
    if not session.scalar(select(func.sum(SurveyCount.ballots)).where(SurveyCount.survey_id == survey_id)):
        raise ShijiError("SURVEY-EMPTY", "还没有录入任何票", survey.title, "请先导入票数表。")
    survey.state, survey.closed_by, survey.closed_at = "closed", viewer.user_id or None, now()
    session.flush()
    return survey


def get_survey(session: Session, survey_id: int) -> Survey:
    """The record of a survey. Raises ShijiError SURVEY-UNKNOWN."""
    row = session.get(Survey, survey_id)
    if row is None:
        raise ShijiError("SURVEY-UNKNOWN", "没有这次测评", str(survey_id), "请从测评列表进入。")
    return row


def latest_survey(session: Session, year: int) -> int | None:
    """Id of the closed survey that counts for a year: the newest one."""
    return session.scalar(select(func.max(Survey.id)).where(Survey.year == year, Survey.state == "closed"))


def survey_scores(session: Session, survey_id: int, teams: Collection[str] | None = None) -> dict[str, Score]:
    """Team -> score of a closed survey, with nothing in it that would give a small class of ballots away."""
    survey = get_survey(session, survey_id)
    if survey.state != "closed":
        raise ShijiError("SURVEY-OPEN", "测评尚未截止，不计算结果", survey.title, "请先截止收票。")
    query = select(SurveyCount).where(SurveyCount.survey_id == survey_id).order_by(SurveyCount.id)
    if teams is not None:
        query = query.where(SurveyCount.team_id.in_(list(teams)))
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for row in session.scalars(query):
        counts.setdefault(row.team_id, {}).setdefault(row.ballot_class, {})[row.grade] = row.ballots
    weights = {name: to_decimal(weight) for name, weight in survey.classes.items()}
    return {
        team: weighted_survey(tuple(BallotClass(name, by_class.get(name, {}), weights[name]) for name in weights))
        for team, by_class in counts.items()
    }


def survey_nodes(session: Session, survey_id: int, teams: Collection[str] | None = None) -> dict[str, ScoreNode]:
    """Team -> leaf of the score tree for 各方面评价."""
    title = get_survey(session, survey_id).title
    nodes = {}
    for team, score in survey_scores(session, survey_id, teams).items():
        complete = Decimal(0) if score.value is None else HUNDRED
        nodes[team] = ScoreNode(LABEL, score.value, f"{title}：{score.formula}", (), (), score.flags, complete)
    return nodes
