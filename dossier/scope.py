"""Who may see what, enforced in the query layer for lists, search, counts and suggestions alike (R-01, R-03)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from dossier.standing import deputy_zones, ties_in_force
from dossier.tenures import holds
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import (
    Attribution,
    Cadre,
    Evidence,
    EvidenceCadre,
    Passage,
    Post,
    Recusal,
    Team,
    Tenure,
    User,
    UserZone,
)

# SYS and AUD never see business content; SUP has the restricted compartment only, UNIT its own sheets (domain.md §2.7)
READERS = frozenset({"OFF", "HEAD", "KH", "DEP", "MIN"})
ALL_ZONES = frozenset({"KH", "DEP", "MIN", "SUP"})


@dataclass(frozen=True)
class Viewer:
    """The person asking. `zones` None: all zones (考核办)."""

    user_id: int
    login: str
    name: str
    role: str
    zones: frozenset[str] | None
    recused_teams: frozenset[str] = frozenset()
    recused_cadres: frozenset[str] = frozenset()
    section: str = ""
    team_id: str = ""  # the team a UNIT account speaks for

    @property
    def reads_content(self) -> bool:
        return self.role in READERS

    @property
    def recused(self) -> bool:
        return bool(self.recused_teams or self.recused_cadres)


def viewer_of(session: Session, user: User, today: date | None = None) -> Viewer:
    """Rights of an account as they stand on a day (default: the real one): own zones, those of a deputy, recusals."""
    day = today or datetime.now(CHINA).date()
    zones = session.scalars(select(UserZone.zone_id).where(UserZone.user_id == user.id)).all()
    tied = {row.team_id for row in ties_in_force(session, user.id, day)}
    recusals = session.scalars(select(Recusal).where(Recusal.user_id == user.id)).all()
    return Viewer(
        user_id=user.id,
        login=user.login,
        name=user.name,
        role=user.role,
        zones=None if user.role in ALL_ZONES else frozenset(zones) | deputy_zones(session, user.id, day),
        recused_teams=frozenset(r.team_id for r in recusals if r.team_id) | tied,
        recused_cadres=frozenset(r.cadre_id for r in recusals if r.cadre_id),
        section=user.section,
        team_id=user.team_id or "",
    )


def require_reader(viewer: Viewer) -> None:
    """Refuse roles without business content."""
    if not viewer.reads_content:
        raise ShijiError("RIGHTS-ROLE", "当前角色无权查看业务内容", viewer.role, "如需查看，请联系本处室负责人。")


def team_clause(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Team: in the viewer's zones and not recused."""
    if not viewer.reads_content:
        return Team.id.is_(None)
    clause = true() if viewer.zones is None else Team.zone_id.in_(viewer.zones)
    return and_(clause, Team.id.not_in(viewer.recused_teams)) if viewer.recused_teams else clause


def visible_teams(viewer: Viewer) -> Select[str]:
    """Ids of the teams the viewer may see, as a subquery."""
    return select(Team.id).where(team_clause(viewer))


def unrestricted() -> ColumnElement[bool]:
    """Condition on Evidence: neither the item nor another item of its event is restricted (R-04)."""
    return and_(Evidence.restricted.is_(False), Evidence.event_id.not_in(_restricted_events()))


def _restricted_events() -> Select[int]:
    return select(Evidence.event_id).where(Evidence.restricted.is_(True))


def restricted_passages() -> Select[int]:
    """Ids of passages that the machine held restricted, or an officer for any item of their event."""
    return select(Passage.id).where(or_(Passage.restricted.is_(True), Passage.event_id.in_(_restricted_events())))


def recused_passages(viewer: Viewer) -> Select[int]:
    """Ids of passages about a recused team or cadre: as the machine said, or as an officer decided on their event."""
    teams, cadres = viewer.recused_teams, viewer.recused_cadres
    said = select(Attribution.passage_id).where(or_(Attribution.team_id.in_(teams), Attribution.cadre_id.in_(cadres)))
    added = select(EvidenceCadre.evidence_id).where(EvidenceCadre.cadre_id.in_(cadres))
    decided = select(Evidence.event_id).where(or_(Evidence.team_id.in_(teams), Evidence.id.in_(added)))
    return select(Passage.id).where(or_(Passage.id.in_(said), Passage.event_id.in_(decided)))


def evidence_clause(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Evidence. Items without a team are public matter nobody owns yet: every reader may sort them.

    Restricted items (R-04) are for HEAD in the zone and SUP, who sees nothing else; an item is also closed when its
    passage concerns someone recused.
    """
    if viewer.role == "SUP":
        closed = [Evidence.passage_id.not_in(recused_passages(viewer))] if viewer.recused else []
        return and_(~unrestricted(), *closed)
    if not viewer.reads_content:
        return Evidence.id.is_(None)
    clauses = [or_(Evidence.team_id.in_(visible_teams(viewer)), Evidence.team_id.is_(None))]
    if viewer.role != "HEAD":
        clauses.append(unrestricted())
    if viewer.recused:
        clauses.append(Evidence.passage_id.not_in(recused_passages(viewer)))
    return and_(*clauses)


def visible_items(session: Session, viewer: Viewer, ids: Iterable[int]) -> frozenset[int]:
    """Those of these items whose own page the viewer may open; the others are shown without a link."""
    return frozenset(session.scalars(select(Evidence.id).where(Evidence.id.in_(list(ids)), evidence_clause(viewer))))


def passage_clause(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Passage: about a visible team, or about no team at all; never restricted, never about a recusal.

    A passage belongs to the teams the machine accepted and to those an officer moved it to.
    """
    if not viewer.reads_content:
        return Passage.id.is_(None)
    attributed = select(Attribution.passage_id).where(Attribution.team_id.is_not(None))
    moved = select(Evidence.passage_id).where(Evidence.team_id.is_not(None))
    visible = visible_teams(viewer)
    clauses = [
        Passage.id.not_in(restricted_passages()),
        or_(
            Passage.id.in_(attributed.where(Attribution.team_id.in_(visible))),
            Passage.id.in_(moved.where(Evidence.team_id.in_(visible))),
            and_(Passage.id.not_in(attributed), Passage.id.not_in(moved)),
        ),
    ]
    if viewer.recused:
        clauses.append(Passage.id.not_in(recused_passages(viewer)))
    return and_(*clauses)


def readable_clause(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Passage: in the viewer's scope, or of an item the viewer may see, unless a recusal closes it."""
    mine = select(Evidence.passage_id).where(evidence_clause(viewer))
    return or_(passage_clause(viewer), Passage.id.in_(mine))


def get_team(session: Session, viewer: Viewer, team_id: str) -> Team:
    """The team, if the viewer may see it; a recusal is said openly, another zone's team is simply not found."""
    require_reader(viewer)
    if team_id in viewer.recused_teams:
        raise ShijiError(
            "RIGHTS-RECUSAL", "回避：您与该班子存在回避情形，不能查看", team_id, "如有疑问，请联系处室负责人。"
        )
    team = session.scalar(select(Team).where(Team.id == team_id, team_clause(viewer)))
    if team is None:
        raise ShijiError("TEAM-UNKNOWN", "没有找到该班子，或不在您的联系片内", team_id, "请从班子列表进入。")
    return team


def cadre_zones(session: Session, on: date, cadre_id: str = "") -> dict[str, set[str]]:
    """Cadre id -> zones of the posts on a date; of the last post when there is none (reading moves with the person)."""
    query = (
        select(Tenure.cadre_id, Tenure.start, Tenure.end, Team.zone_id)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .order_by(Tenure.start.nulls_first())
    )
    current: dict[str, set[str]] = {}
    last: dict[str, set[str]] = {}
    for cadre, start, end, zone in session.execute(query.where(Tenure.cadre_id == cadre_id) if cadre_id else query):
        last[cadre] = {zone}
        if holds(start, end, on):
            current.setdefault(cadre, set()).add(zone)
    return {**last, **current}


def get_cadre(session: Session, viewer: Viewer, cadre_id: str, on: date) -> Cadre:
    """The cadre, if the viewer may see the dossier today."""
    require_reader(viewer)
    if cadre_id in viewer.recused_cadres:
        raise ShijiError(
            "RIGHTS-RECUSAL", "回避：您与该干部存在回避情形，不能查看", cadre_id, "如有疑问，请联系处室负责人。"
        )
    cadre = session.get(Cadre, cadre_id)
    if cadre is None or (
        viewer.zones is not None and not cadre_zones(session, on, cadre_id).get(cadre_id, set()) & viewer.zones
    ):
        raise ShijiError("CADRE-UNKNOWN", "没有找到该干部，或不在您的联系片内", cadre_id, "请从干部列表进入。")
    return cadre


def list_cadres(session: Session, viewer: Viewer, on: date) -> list[Cadre]:
    """All cadres whose dossier the viewer may open, by name."""
    require_reader(viewer)
    zones = cadre_zones(session, on)
    cadres = session.scalars(select(Cadre).order_by(Cadre.id)).all()
    return [
        c
        for c in cadres
        if c.id not in viewer.recused_cadres and (viewer.zones is None or zones.get(c.id, set()) & viewer.zones)
    ]
