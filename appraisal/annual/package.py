"""定性证据包: at most 12 items of a team from the snapshot, the strongest adverse one among them (domain.md §1.13).

The machine lays out verified items and one sentence of each; people choose, write and confirm. State, sources, date
and the unit's response are those of the snapshot and stand beside each item, always together (R-25).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from appraisal.annual.frozen import Statistics, rows_of, statistics
from appraisal.annual.snapshot import get_snapshot, read_content
from dossier import terms
from dossier.notice import ORIGIN
from dossier.scope import Viewer, get_team
from storage.errors import ShijiError
from storage.tables import AnnualSnapshot, EvidencePackage, PackageItem, Team, now

MOST_ITEMS = 12
LONGEST_FACT = 120
PREPARERS = frozenset({"OFF", "HEAD", "KH"})
DRAFT, CONFIRMED = "草拟", "已审定"
_STOPS = re.compile(r"[。！？!?]+[”’」』）)]*")


@dataclass(frozen=True)
class PackageLine:
    """One item as shown: the sentence that people settled on, and the frozen row it rests on."""

    id: int
    ordinal: int
    fact: str
    row: dict[str, Any]


@dataclass(frozen=True)
class Package:
    """A package as shown. spare: verified items that are not in it; blocked: adverse ones that may not enter yet."""

    id: int
    snapshot: AnnualSnapshot
    team: Team
    state: str
    prepared_by: int | None
    confirmed_by: int | None
    lines: tuple[PackageLine, ...]
    spare: tuple[dict[str, Any], ...]
    blocked: tuple[dict[str, Any], ...]
    statistics: Statistics
    strongest: dict[str, Any] | None

    @property
    def banners(self) -> list[str]:
        """信息不足 and 信源单一, as on the review page."""
        return source_banners([line.row for line in self.lines], self.statistics.total)


def draft_package(session: Session, viewer: Viewer, snapshot_id: int, team_id: str) -> EvidencePackage:
    """Open the package of a team and lay out items to start from; one that exists is left as it is.

    Raises RIGHTS-ROLE, SNAPSHOT-UNKNOWN, TEAM-UNKNOWN.
    """
    _preparer(viewer)
    snapshot, team = get_snapshot(session, snapshot_id), get_team(session, viewer, team_id)
    held = find_package(session, snapshot_id, team.id)
    if held is not None:
        return held
    package = EvidencePackage(snapshot_id=snapshot.id, team_id=team.id, prepared_by=viewer.user_id or None)
    session.add(package)
    session.flush()
    for ordinal, row in enumerate(first_choice(rows_of(read_content(snapshot), team.id)), 1):
        session.add(
            PackageItem(package_id=package.id, evidence_id=row["id"], ordinal=ordinal, fact=first_sentence(row))
        )
    session.flush()
    return package


def first_choice(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items to start from: the strongest adverse one, then verified ones by turns of topic, newest first.

    Within a topic items with an independent source come before what the team says of itself.
    """
    worst = strongest_adverse(rows)
    free = [row for row in rows if row["state"] in terms.ESTABLISHED and not row["gap"] and row is not worst]
    free.sort(key=lambda row: (row["self_published"], _backwards(row["date"]), row["id"]))
    piles = [[row for row in free if row["label"] == label] for label in terms.DOSSIER_TOPICS]
    turns = [pile[at] for at in range(len(free)) for pile in piles if at < len(pile)]
    chosen = ([worst] if worst and not worst["gap"] else []) + turns
    return chosen[:MOST_ITEMS]


def strongest_adverse(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The verified adverse item with the most independent sources, then prints, then the latest; None when none.

    The rule says which item may not be left out; it weighs nobody.
    """
    adverse = [row for row in rows if row["adverse"] and row["state"] in terms.ESTABLISHED]
    return max(adverse, key=lambda r: (r["independent"], r["prints"], r["date"], r["id"])) if adverse else None


def first_sentence(row: dict[str, Any]) -> str:
    """One sentence to start from: the first of the deciding words, cut to length; people write it anew."""
    words = ORIGIN.sub("", str(row["excerpt"]).removeprefix("……")).strip()
    sentence = _STOPS.split(words, maxsplit=1)[0].removesuffix("……")
    return sentence[: LONGEST_FACT - 1] + "。"


def find_package(session: Session, snapshot_id: int, team_id: str) -> EvidencePackage | None:
    """The package of a team on a snapshot."""
    wanted = (EvidencePackage.snapshot_id == snapshot_id, EvidencePackage.team_id == team_id)
    return session.scalar(select(EvidencePackage).where(*wanted))


def get_package(session: Session, viewer: Viewer, package_id: int) -> Package:
    """A package the viewer may see. Raises PACKAGE-UNKNOWN, TEAM-UNKNOWN, RIGHTS-RECUSAL."""
    row = _row(session, viewer, package_id)
    snapshot = get_snapshot(session, row.snapshot_id)
    content = read_content(snapshot)
    frozen = rows_of(content, row.team_id)
    by_id = {one["id"]: one for one in frozen}
    items = session.scalars(
        select(PackageItem).where(PackageItem.package_id == row.id).order_by(PackageItem.ordinal, PackageItem.id)
    )
    lines = tuple(PackageLine(i.id, i.ordinal, i.fact, by_id[i.evidence_id]) for i in items)
    inside = {line.row["id"] for line in lines}
    established = [one for one in frozen if one["state"] in terms.ESTABLISHED and one["id"] not in inside]
    return Package(
        row.id, snapshot, session.get_one(Team, row.team_id), row.state, row.prepared_by, row.confirmed_by, lines,
        tuple(one for one in established if not one["gap"]), tuple(one for one in established if one["gap"]),
        statistics(frozen, content["open"].get(row.team_id, 0)), strongest_adverse(frozen),
    )  # fmt: skip


def add_item(session: Session, viewer: Viewer, package_id: int, evidence_id: int) -> None:
    """Put a verified item in. Raises PACKAGE-ITEM, PACKAGE-UNVERIFIED, PACKAGE-ADVERSE, PACKAGE-FULL, PACKAGE-STATE."""
    row, package = _open(session, viewer, package_id)
    frozen = next(
        (one for one in rows_of(read_content(package.snapshot), row.team_id) if one["id"] == evidence_id), None
    )
    if frozen is None:
        raise ShijiError(
            "PACKAGE-ITEM", "快照中没有该班子的这一条目", str(evidence_id), "快照之后的条目须另行形成快照。"
        )
    if frozen["state"] not in terms.ESTABLISHED:
        raise ShijiError("PACKAGE-UNVERIFIED", "未经核实的条目不能进入证据包", frozen["code"], "请先核实，再形成快照。")
    if frozen["gap"]:
        raise ShijiError(
            "PACKAGE-ADVERSE", f"该不利条目还不能进入证据包：{frozen['gap']}", frozen["code"],
            "请完成告知、听取说明和容错审查后重新形成快照。",
        )  # fmt: skip
    if any(line.row["id"] == evidence_id for line in package.lines):
        return
    if len(package.lines) >= MOST_ITEMS:
        raise ShijiError("PACKAGE-FULL", f"证据包最多 {MOST_ITEMS} 条", frozen["code"], "请先移出一条。")
    ordinal = max((line.ordinal for line in package.lines), default=0) + 1
    session.add(
        PackageItem(
            package_id=row.id, evidence_id=evidence_id, ordinal=ordinal, fact=first_sentence(frozen),
            user_id=viewer.user_id or None,
        )
    )  # fmt: skip
    session.flush()


def remove_item(session: Session, viewer: Viewer, package_id: int, evidence_id: int) -> None:
    """Take an item out; the strongest adverse one stays. Raises PACKAGE-STRONGEST, PACKAGE-STATE."""
    row, package = _open(session, viewer, package_id)
    if package.strongest and package.strongest["id"] == evidence_id:
        raise ShijiError(
            "PACKAGE-STRONGEST", "最主要的已核实不利条目须留在证据包内", package.strongest["code"],
            "如结论有误，请先按程序更正该条目。",
        )  # fmt: skip
    session.execute(delete(PackageItem).where(PackageItem.package_id == row.id, PackageItem.evidence_id == evidence_id))


def write_fact(session: Session, viewer: Viewer, package_id: int, evidence_id: int, fact: str) -> None:
    """Settle on the sentence of an item. Raises PACKAGE-FACT, PACKAGE-ITEM, PACKAGE-STATE."""
    row, _package = _open(session, viewer, package_id)
    item = session.scalar(
        select(PackageItem).where(PackageItem.package_id == row.id, PackageItem.evidence_id == evidence_id)
    )
    if item is None:
        raise ShijiError("PACKAGE-ITEM", "证据包中没有这一条目", str(evidence_id), "")
    item.fact, item.user_id = one_sentence(fact), viewer.user_id or None


def one_sentence(text: str) -> str:
    """The text as exactly one sentence of at most 120 characters. Raises PACKAGE-FACT."""
    words = re.sub(r"\s+", "", text)
    body = _STOPS.sub("", words[-3:]) if words else ""
    if not words or not body or len(words) > LONGEST_FACT or len(_STOPS.findall(words)) > 1:
        raise ShijiError(
            "PACKAGE-FACT", f"每条须为一句话，不超过 {LONGEST_FACT} 字", text[:20], "请写明时间、事实和结果。"
        )
    return words if _STOPS.search(words[-2:]) else words + "。"


def confirm_package(session: Session, viewer: Viewer, package_id: int) -> EvidencePackage:
    """处长 confirms what somebody else prepared. Raises RIGHTS-ROLE, PACKAGE-STATE, PACKAGE-SAME, PACKAGE-ADVERSE."""
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "证据包由处长审定", viewer.role, "请提交处长。")
    row, package = _open(session, viewer, package_id)
    if row.prepared_by == viewer.user_id:
        raise ShijiError("PACKAGE-SAME", "编制人不能审定自己编制的证据包", package.team.short, "请由另一名处长审定。")
    inside = {line.row["id"] for line in package.lines}
    worst = package.strongest
    if worst is not None and worst["id"] not in inside:
        gap = f"（{worst['gap']}）" if worst["gap"] else ""
        raise ShijiError(
            "PACKAGE-ADVERSE", f"已核实的主要不利条目 {worst['code']} 尚未列入{gap}", package.team.short,
            "请完成告知、听取说明和容错审查后重新形成快照。",
        )  # fmt: skip
    row.state, row.confirmed_by, row.confirmed_at = CONFIRMED, viewer.user_id, now()
    return row


def source_banners(rows: Sequence[dict[str, Any]], total: int) -> list[str]:
    """信息不足 when nothing is known (never 正常), 信源单一 when all is positive or all is the team's own words."""
    if not total:
        return ["信息不足"]
    if rows and (all(row["self_published"] for row in rows) or not any(row["adverse"] for row in rows)):
        return ["信源单一"]
    return [] if rows else ["信息不足"]


def _open(session: Session, viewer: Viewer, package_id: int) -> tuple[EvidencePackage, Package]:
    if viewer.role not in PREPARERS:
        _preparer(viewer)
    row = _row(session, viewer, package_id)
    if row.state != DRAFT:
        raise ShijiError("PACKAGE-STATE", "证据包已审定，不能再改", str(package_id), "如需修改，请重新形成快照。")
    return row, get_package(session, viewer, package_id)


def _row(session: Session, viewer: Viewer, package_id: int) -> EvidencePackage:
    row = session.get(EvidencePackage, package_id)
    if row is None:
        raise ShijiError("PACKAGE-UNKNOWN", "没有这个证据包", str(package_id), "请从考核工作台进入。")
    get_team(session, viewer, row.team_id)
    return row


def _preparer(viewer: Viewer) -> None:
    if viewer.role not in PREPARERS:
        raise ShijiError("RIGHTS-ROLE", "证据包由处室和考核办编制", viewer.role, "")


def _backwards(day: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in day)
