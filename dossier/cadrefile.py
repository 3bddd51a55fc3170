"""干部档 (工作信息档): tenures and evidence of a cadre, in the public role only (domain.md §4.12, R-02, R-22)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, get_cadre, recused_passages, unrestricted
from dossier.teamfile import TopicCount, topic_counts
from dossier.tenures import holds
from dossier.views import NEWEST, EvidenceView, load_views
from storage.errors import ShijiError
from storage.tables import Cadre, Evidence, EvidenceCadre, Passage, Post, Team, Tenure

PURPOSES = ("谈话", "考核", "考察", "其他")
CADRE_ROLES_SHOWN = frozenset({"主体", "参与", "对象", "处分对象", "本人", "受表彰"})


@dataclass(frozen=True)
class TenureRow:
    """One line of the 任职时间线."""

    team_id: str
    team: str
    post: str
    start: str
    end: str
    current: bool


@dataclass
class CadreFile:
    """A 干部档 as one page. There is no count, score or order of persons here (R-30)."""

    cadre: Cadre
    tenures: list[TenureRow]
    counts: list[TopicCount] = field(default_factory=list)
    established: list[EvidenceView] = field(default_factory=list)
    reported: list[EvidenceView] = field(default_factory=list)
    mentions: list[EvidenceView] = field(default_factory=list)  # 出席, 引语: searchable, outside the dossier proper
    team_items: list[EvidenceView] = field(default_factory=list)  # verified matters of the team during the tenure
    open: list[EvidenceView] = field(default_factory=list)


def purpose_text(kind: str, text: str) -> str:
    """“谈话：…”. Raises CADRE-PURPOSE for an unknown kind, or 其他 without words."""
    if kind not in PURPOSES:
        raise ShijiError("CADRE-PURPOSE", "请说明查阅用途", kind, f"用途为{'、'.join(PURPOSES)}之一。")
    if kind == "其他" and not text.strip():
        raise ShijiError("CADRE-PURPOSE", "用途为“其他”时须写明事由", kind, "请填写事由。")
    return f"{kind}：{text.strip()[:100]}" if text.strip() else kind


def cadre_file(session: Session, viewer: Viewer, cadre_id: str, today: date, with_open: bool = False) -> CadreFile:
    """The 干部档. Adverse items stand here only when settled, signed, and after 告知 (domain.md §2.7)."""
    cadre = get_cadre(session, viewer, cadre_id, today)
    tenures = tenure_rows(session, cadre_id, today)
    mine = select(EvidenceCadre.evidence_id).where(EvidenceCadre.cadre_id == cadre_id)
    shown = mine.where(EvidenceCadre.role.in_(CADRE_ROLES_SHOWN))
    mentioned = mine.where(EvidenceCadre.role.not_in(CADRE_ROLES_SHOWN))
    base = _base(viewer)
    settled = and_(
        Evidence.state.in_(terms.ESTABLISHED), or_(Evidence.adverse.is_(False), Evidence.notified_at.is_not(None))
    )
    adopted = and_(Evidence.state == terms.ADOPTED, Evidence.adverse.is_(False))

    def views(*clauses: object) -> list[EvidenceView]:
        return load_views(session, select(Evidence).where(*base, *clauses).order_by(*NEWEST))  # type: ignore[arg-type]

    file = CadreFile(
        cadre,
        tenures,
        established=views(Evidence.id.in_(shown), settled),
        reported=views(Evidence.id.in_(shown), adopted),
        mentions=views(Evidence.id.in_(mentioned), or_(settled, adopted)),
        team_items=_team_items(session, viewer, cadre_id, mine),
    )
    if with_open:
        waiting = Evidence.state.in_((terms.TO_VERIFY, terms.VERIFYING))
        file.open = views(Evidence.id.in_(mine), waiting)
    file.counts = topic_counts(file.established + file.reported)
    return file


def _base(viewer: Viewer) -> list[ColumnElement[bool]]:
    clauses = [unrestricted(), Evidence.label != "irrelevant"]
    if viewer.recused:
        clauses.append(Evidence.passage_id.not_in(recused_passages(viewer)))
    return clauses


def tenure_rows(session: Session, cadre_id: str, today: date) -> list[TenureRow]:
    """All posts of a cadre, newest first."""
    rows = session.execute(
        select(Tenure, Post, Team)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .where(Tenure.cadre_id == cadre_id)
        .order_by(Tenure.start.desc().nulls_last())
    ).all()
    return [
        TenureRow(
            team.id,
            team.short,
            post.title,
            tenure.start.isoformat() if tenure.start else "",
            tenure.end.isoformat() if tenure.end else "",
            holds(tenure.start, tenure.end, today),
        )
        for tenure, post, team in rows
    ]


def _team_items(session: Session, viewer: Viewer, cadre_id: str, mine: object) -> list[EvidenceView]:
    """分管领域/班子 items settled during the tenure: the team's, shown as the team's, never as the person's."""
    spans = session.execute(
        select(Post.team_id, Tenure.start, Tenure.end)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.cadre_id == cadre_id)
    ).all()
    within = []
    for team_id, start, end in spans:
        if team_id in viewer.recused_teams:
            continue
        clauses = [Evidence.team_id == team_id, Evidence.event_date.is_not(None)]
        if start:
            clauses.append(Evidence.event_date >= start)
        if end:
            clauses.append(Evidence.event_date < end)
        within.append(and_(*clauses))
    if not within:
        return []
    query = (
        select(Evidence)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(
            # the day of printing says nothing about whose time a failure fell into (demo story S1)
            or_(Evidence.adverse.is_(False), Passage.event_source == "text"),
            or_(*within), Evidence.state.in_(terms.ESTABLISHED), *_base(viewer),
            Evidence.role.in_(terms.DOSSIER_ROLES), Evidence.label.in_(terms.DOSSIER_TOPICS),
            Evidence.id.not_in(mine),  # type: ignore[arg-type]
        )
        .order_by(Evidence.event_date.desc(), Evidence.id.desc())
        .limit(50)
    )  # fmt: skip
    return load_views(session, query)
