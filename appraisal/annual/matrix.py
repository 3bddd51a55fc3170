"""定量位次带 × 定性研判: two readings side by side, never one fused number (domain.md §1.13).

The band is arithmetic; the judgement is a person's, with reasons and dissent, and only after 已阅 of the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.annual.bands import bands_of
from appraisal.annual.package import CONFIRMED, get_package
from appraisal.annual.snapshot import get_snapshot, read_content, scores_of
from appraisal.decimals import show
from dossier.scope import Viewer, require_reader, team_clause
from storage.errors import ShijiError
from storage.tables import AnnualJudgement, EvidencePackage, PackageReading, Team, User

STATES = ("运行优良", "运行平稳", "需要关注", "问题较多")  # picked by people, here and on the review page
EVALUATORS = frozenset({"HEAD", "KH", "DEP", "MIN"})
OWN, AGREED = "个人", "集体"


@dataclass(frozen=True)
class Judged:
    """One judgement as shown."""

    kind: str
    quality: str
    reasons: str
    dissent: str
    name: str
    at: datetime


@dataclass(frozen=True)
class MatrixRow:
    """One team. quality: what the meeting agreed on; empty until people have."""

    team_id: str
    team: str
    category: str
    score: str
    complete: str
    band: str
    package_id: int | None
    package_state: str
    readings: int
    quality: str
    reasons: str
    dissent: str


def matrix(session: Session, viewer: Viewer, snapshot_id: int) -> list[MatrixRow]:
    """Rows of the teams the viewer may see, by category in roster order: never sorted by score."""
    require_reader(viewer)
    content = read_content(get_snapshot(session, snapshot_id))
    bands = {team: band for scores in scores_of(content).values() for team, band in bands_of(scores).items()}
    packages = {
        row.team_id: row
        for row in session.scalars(select(EvidencePackage).where(EvidencePackage.snapshot_id == snapshot_id))
    }
    agreed = _agreed(session, [row.id for row in packages.values()])
    read = _readings(session, [row.id for row in packages.values()])
    rows = []
    for team in session.scalars(select(Team).where(team_clause(viewer), Team.managed).order_by(Team.ordinal, Team.id)):
        scored, package = content["scores"].get(team.id), packages.get(team.id)
        value = Decimal(scored["score"]) if scored and scored["score"] else None
        judged = agreed.get(package.id) if package else None
        rows.append(
            MatrixRow(
                team.id, team.short, scored["category"] if scored else team.category_id, show(value),
                f"{show(Decimal(scored['complete']), 0)}%" if scored else "0%", bands.get(team.id, "未出分"),
                package.id if package else None, package.state if package else "", read.get(package.id, 0) if package
                else 0, judged.quality if judged else "", judged.reasons if judged else "",
                judged.dissent if judged else "",
            )
        )  # fmt: skip
    return rows


def confirm_reading(session: Session, viewer: Viewer, package_id: int) -> PackageReading:
    """已阅 of an evaluator. Raises RIGHTS-ROLE, PACKAGE-UNKNOWN, PACKAGE-STATE."""
    _evaluator(viewer)
    if get_package(session, viewer, package_id).state != CONFIRMED:
        raise ShijiError("PACKAGE-STATE", "证据包尚未审定，不能确认已阅", str(package_id), "请等处长审定。")
    held = _reading(session, viewer, package_id)
    if held is None:
        held = PackageReading(package_id=package_id, user_id=viewer.user_id)
        session.add(held)
        session.flush()
    return held


def judge(
    session: Session, viewer: Viewer, package_id: int, kind: str, quality: str, reasons: str, dissent: str = ""
) -> AnnualJudgement:
    """Write a judgement, one's own or as the meeting agreed (考核办 enters that, with whoever thought otherwise).

    Raises RIGHTS-ROLE, JUDGEMENT-UNREAD before 已阅, JUDGEMENT-WORD, JUDGEMENT-REASONS.
    """
    _evaluator(viewer)
    if kind not in (OWN, AGREED):
        raise ShijiError("JUDGEMENT-WORD", f"没有这种研判：{kind}", str(package_id), "请选择个人或集体。")
    if kind == AGREED and viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "集体研判意见由考核办录入", viewer.role, "")
    get_package(session, viewer, package_id)
    if _reading(session, viewer, package_id) is None:
        raise ShijiError("JUDGEMENT-UNREAD", "请先阅读证据包并确认已阅", str(package_id), "请打开证据包点“已阅”。")
    if quality not in STATES:
        raise ShijiError("JUDGEMENT-WORD", "请选择研判意见", quality, f"可选：{'、'.join(STATES)}。")
    if not reasons.strip():
        raise ShijiError("JUDGEMENT-REASONS", "研判意见须写明理由", str(package_id), "请写明依据的事实。")
    row = AnnualJudgement(
        package_id=package_id, kind=kind, quality=quality, reasons=reasons.strip(), dissent=dissent.strip(),
        user_id=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def judgements(session: Session, viewer: Viewer, package_id: int) -> list[Judged]:
    """Judgements on a package, the newest of each writer and kind; one's own always, others' for who decides."""
    rows = session.execute(
        select(AnnualJudgement, User.name)
        .join(User, AnnualJudgement.user_id == User.id)
        .where(AnnualJudgement.package_id == package_id)
        .order_by(AnnualJudgement.id)
    )
    newest = {(row.kind, row.user_id if row.kind == OWN else 0): (row, name) for row, name in rows}
    seen = viewer.role in ("KH", "DEP", "MIN")
    return [
        Judged(row.kind, row.quality, row.reasons, row.dissent, name, row.at)
        for row, name in newest.values()
        if seen or row.kind == AGREED or row.user_id == viewer.user_id
    ]


def has_read(session: Session, viewer: Viewer, package_id: int) -> bool:
    """Whether the viewer has confirmed 已阅."""
    return _reading(session, viewer, package_id) is not None


def _agreed(session: Session, packages: Iterable[int]) -> dict[int, AnnualJudgement]:
    query = select(AnnualJudgement).where(AnnualJudgement.package_id.in_(packages), AnnualJudgement.kind == AGREED)
    return {row.package_id: row for row in session.scalars(query.order_by(AnnualJudgement.id))}


def _readings(session: Session, packages: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for package in session.scalars(select(PackageReading.package_id).where(PackageReading.package_id.in_(packages))):
        found[package] = found.get(package, 0) + 1
    return found


def _reading(session: Session, viewer: Viewer, package_id: int) -> PackageReading | None:
    mine = (PackageReading.package_id == package_id, PackageReading.user_id == viewer.user_id)
    return session.scalar(select(PackageReading).where(*mine))


def _evaluator(viewer: Viewer) -> None:
    if viewer.role not in EVALUATORS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不参加年度研判", viewer.role, "")
