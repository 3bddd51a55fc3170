"""What a briefing note may draw on: the dossier of the cadre, the team during the tenure, and what is still open.

Scope, recusal and the rules on adverse items are cadrefile's and scope's; here they are only asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.cadrefile import CADRE_ROLES_SHOWN, CadreFile, TenureRow, cadre_file
from dossier.scope import Viewer, evidence_clause, list_cadres, unrestricted
from dossier.tenures import held_on
from dossier.views import NEWEST, EvidenceView, load_views
from storage.errors import ShijiError
from storage.tables import City, Evidence, EvidenceCadre, Post, Team, Tenure

OPEN = (terms.TO_VERIFY, terms.VERIFYING)
BRIEFERS = frozenset({"OFF", "HEAD"})  # talks: OFF and HEAD (domain.md §2.7)


@dataclass
class Matter:
    """Items for one brief. Facts are of the window; questions are all that is open, whenever it began."""

    file: CadreFile
    since: date
    own: list[EvidenceView] = field(default_factory=list)
    team: list[EvidenceView] = field(default_factory=list)
    own_open: list[EvidenceView] = field(default_factory=list)
    team_open: list[EvidenceView] = field(default_factory=list)
    restricted: int = 0  # 重要事项 of the cadre, counted for HEAD only
    city: str = ""


def gather(session: Session, viewer: Viewer, cadre_id: str, today: date) -> Matter:
    """Items on a cadre and on the teams during the tenures, last 12 months up to `today`.

    Raises RIGHTS-ROLE, RIGHTS-RECUSAL, CADRE-UNKNOWN.
    """
    if viewer.role not in BRIEFERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能编制谈话简报", viewer.role, "请由处室经办或处长编制。")
    file = cadre_file(session, viewer, cadre_id, today, with_open=True)
    current = {row.team_id for row in file.tenures if row.current}
    if current & viewer.recused_teams:
        raise ShijiError(
            "RIGHTS-RECUSAL", "回避：您与该干部现任职班子存在回避情形", cadre_id, "如有疑问，请联系处室负责人。"
        )
    since = one_year_before(today)
    matter = Matter(file, since, city=session.scalar(select(City.name).limit(1)) or "")
    kept = _Kept(viewer, since, today)
    unnotified = and_(Evidence.state.in_(terms.ESTABLISHED), Evidence.adverse, Evidence.notified_at.is_(None))
    mine = select(EvidenceCadre.evidence_id).where(
        EvidenceCadre.cadre_id == cadre_id, EvidenceCadre.role.in_(CADRE_ROLES_SHOWN)
    )
    own_waiting = _items(session, viewer, Evidence.id.in_(mine), or_(Evidence.state.in_(OPEN), unnotified))
    matter.own = kept.recent(file.established + file.reported)
    matter.own_open = kept.allowed(own_waiting)
    during = _during(file.tenures, viewer)
    if during is not None:
        # an adverse item is a fact only after 告知 (domain.md §2.6); before, it is asked
        notified = and_(Evidence.state.in_(terms.ESTABLISHED), Evidence.notified_at.is_not(None))
        neutral = and_(Evidence.state.in_(terms.SHOWN), Evidence.adverse.is_(False))
        of_team = (during, Evidence.role.in_(terms.DOSSIER_ROLES), Evidence.label.in_(terms.DOSSIER_TOPICS))
        facts = _items(session, viewer, *of_team, Evidence.id.not_in(mine), or_(notified, neutral))
        waiting = _items(session, viewer, *of_team, Evidence.id.not_in(mine), or_(Evidence.state.in_(OPEN), unnotified))
        # the dossier also holds settled items of a former team in another zone
        known = {v.id for v in facts}
        facts += [v for v in file.team_items if v.id not in known and (not v.adverse or v.notified)]
        facts = kept.recent(facts)
        matter.team = [v for v in facts if not _unsure(v)]
        matter.team_open = kept.allowed(waiting) + [v for v in facts if _unsure(v)]
    if viewer.role == "HEAD":
        matter.restricted = _restricted(session, cadre_id, since)
    return matter


def _unsure(item: EvidenceView) -> bool:
    """An accident or adverse matter whose day is only that of its report may belong to a predecessor: ask (S1)."""
    return not item.date_from_text and (item.adverse or item.sub_type == "ZD4")


def one_year_before(day: date) -> date:
    """The same day a year earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class _Kept:
    viewer: Viewer
    since: date
    until: date

    def allowed(self, items: Iterable[EvidenceView]) -> list[EvidenceView]:
        """Without items that concern someone the viewer is recused from."""
        closed = self.viewer.recused_cadres
        return [v for v in items if not (closed & {r.id for r in v.reasons if r.kind == "cadre"})]

    def recent(self, items: Iterable[EvidenceView]) -> list[EvidenceView]:
        """Allowed items of a dossier topic, dated within the window."""
        first, last = self.since.isoformat(), self.until.isoformat()
        return [v for v in self.allowed(items) if v.label in terms.DOSSIER_TOPICS and first <= v.date <= last]


def _items(session: Session, viewer: Viewer, *clauses: object) -> list[EvidenceView]:
    query = (
        select(Evidence)
        .where(evidence_clause(viewer), unrestricted(), *clauses)  # type: ignore[arg-type]
        .order_by(*NEWEST)
    )
    return load_views(session, query)


def _during(tenures: Iterable[TenureRow], viewer: Viewer) -> object:
    """Condition: an item of a team the cadre served in, dated inside that tenure. Undated items cannot qualify."""
    spans = []
    for row in tenures:
        if row.team_id in viewer.recused_teams:
            continue
        span = [Evidence.team_id == row.team_id, Evidence.event_date.is_not(None)]
        if row.start:
            span.append(Evidence.event_date >= date.fromisoformat(row.start))
        if row.end:
            span.append(Evidence.event_date < date.fromisoformat(row.end))
        spans.append(and_(*span))
    return or_(*spans) if spans else None


def _restricted(session: Session, cadre_id: str, since: date) -> int:
    """重要事项 reported on this cadre and taken up by an officer; a number only (R-04)."""
    taken_up = (terms.ADOPTED, *OPEN, *terms.ESTABLISHED)
    return (
        session.scalar(
            select(func.count(Evidence.id.distinct()))
            .join(EvidenceCadre, EvidenceCadre.evidence_id == Evidence.id)
            .where(
                EvidenceCadre.cadre_id == cadre_id, EvidenceCadre.role.in_(CADRE_ROLES_SHOWN),
                Evidence.restricted.is_(True), Evidence.state.in_(taken_up), Evidence.event_date >= since,
            )
        )
        or 0
    )  # fmt: skip


@dataclass(frozen=True)
class CadreChoice:
    """A cadre to choose for a talk; the post tells persons of one name apart."""

    id: str
    name: str
    post: str


def cadre_choices(session: Session, viewer: Viewer, today: date) -> list[CadreChoice]:
    """Cadres the viewer may prepare a talk with, each with the posts held today."""
    cadres = list_cadres(session, viewer, today)
    rows = session.execute(
        select(Tenure.cadre_id, Team.id, Team.short, Post.title)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .where(
            Tenure.cadre_id.in_([c.id for c in cadres]),
            held_on(today),
        )
    )
    posts: dict[str, list[str]] = {}
    closed: set[str] = set()
    for cadre_id, team_id, team, title in rows:
        posts.setdefault(cadre_id, []).append(f"{team} {title}")
        if team_id in viewer.recused_teams:
            closed.add(cadre_id)
    return [CadreChoice(c.id, c.name, "；".join(posts.get(c.id, ()))) for c in cadres if c.id not in closed]
