"""Who is assessed in a year, in which pool, and with which human status (domain.md §1.14, eligibility).

Teams and cadres are apart everywhere. A status keeps somebody from a grade; whether the base n still counts them is
part of the status, and both numbers are always shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.annual.quota import PoolSize
from appraisal.annual.scheme import Scheme
from dossier.scope import Viewer
from dossier.tenures import held_on
from storage.errors import ShijiError
from storage.tables import Cadre, Eligibility, Post, Team, Tenure


@dataclass(frozen=True)
class Subject:
    """One team or cadre under assessment. status: empty, or why no grade is set now."""

    kind: str
    id: str
    name: str
    pool: str
    team_id: str
    zone_id: str
    status: str
    inside: bool
    reason: str


def subjects(session: Session, scheme: Scheme, kind: str) -> list[Subject]:
    """Everybody of a kind, in roster order (cadres by team, then by id): never by any score."""
    scheme.grades(kind)
    rows = session.scalars(select(Eligibility).where(Eligibility.year == scheme.year, Eligibility.kind == kind))
    status = {row.subject_id: row for row in rows}
    found = []
    for key, name, team, category, zone in _everyone(session, scheme.year, kind):
        pool, held = scheme.pool_of(category), status.get(key)
        if pool is None:
            continue
        found.append(
            Subject(
                kind, key, name, pool.name, team, zone, held.status if held else "", held.inside if held else True,
                held.reason if held else "",
            )
        )  # fmt: skip
    return found


def pool_sizes(scheme: Scheme, everyone: Iterable[Subject]) -> list[PoolSize]:
    """Members and base of every pool, in the approved order."""
    listed = list(everyone)
    return [
        PoolSize(
            pool.name,
            sum(one.pool == pool.name for one in listed),
            sum(one.pool == pool.name and one.inside for one in listed),
        )
        for pool in scheme.pools
    ]


def find_subject(session: Session, scheme: Scheme, kind: str, subject_id: str) -> Subject:
    """One team or cadre. Raises SUBJECT-UNKNOWN."""
    found = next((one for one in subjects(session, scheme, kind) if one.id == subject_id), None)
    if found is None:
        raise ShijiError("SUBJECT-UNKNOWN", "没有这个考核对象", subject_id, "请从考核工作台进入。")
    return found


def set_status(
    session: Session, viewer: Viewer, scheme: Scheme, kind: str, subject_id: str, status: str, inside: bool, reason: str
) -> Eligibility | None:
    """考核办 records 不定等次, 暂不定 and the like; an empty status takes it back.

    Raises RIGHTS-ROLE, SUBJECT-UNKNOWN, STATUS-NAME, STATUS-REASON.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "考核资格由考核办登记", viewer.role, "")
    find_subject(session, scheme, kind, subject_id)
    held = session.scalar(
        select(Eligibility).where(
            Eligibility.year == scheme.year, Eligibility.kind == kind, Eligibility.subject_id == subject_id
        )
    )
    if not status:
        if held is not None:
            session.delete(held)
        return None
    if status not in {one.name for one in scheme.statuses}:
        names = "、".join(one.name for one in scheme.statuses)
        raise ShijiError("STATUS-NAME", f"等次方案中没有这种情形：{status}", subject_id, f"可选：{names}。")
    if not reason.strip():
        raise ShijiError("STATUS-REASON", "须写明情形的依据", subject_id, "请填写任职或批准文件。")
    row = held or Eligibility(year=scheme.year, kind=kind, subject_id=subject_id, user_id=viewer.user_id)
    row.status, row.inside, row.reason, row.user_id = status, inside, reason.strip(), viewer.user_id
    session.add(row)
    session.flush()
    return row


def _everyone(session: Session, year: int, kind: str) -> list[tuple[str, str, str, str, str]]:
    """(id, name, team, category, zone): teams of the roster, or cadres in post on the last day of the year."""
    if kind == "team":
        teams = session.scalars(select(Team).where(Team.managed).order_by(Team.ordinal, Team.id))
        return [(team.id, team.short, team.id, team.category_id, team.zone_id) for team in teams]
    rows = session.execute(
        select(Cadre.id, Cadre.name, Team.id, Team.category_id, Team.zone_id)
        .join(Tenure, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .where(held_on(date(year, 12, 31)))
        .order_by(Team.ordinal, Team.id, Cadre.id)
    )
    first: dict[str, tuple[str, str, str, str, str]] = {}
    for key, name, team, category, zone in rows:
        first.setdefault(key, (key, name, team, category, zone))
    return list(first.values())
