"""矛盾核对: where an indicator says one thing and evidence another, and what the news claims beside official figures.

Both sides stand beside each other with their versions and sources; a person writes the conclusion, nothing is scored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.annual.bands import FRONT, REAR, bands_of
from appraisal.annual.frozen import rows_of
from appraisal.annual.snapshot import get_snapshot, read_content, scores_of
from appraisal.decimals import PRECISION, plain, show, to_decimal
from appraisal.periods import period_of
from dossier import terms
from dossier.scope import Viewer, get_team
from storage.errors import ShijiError
from storage.tables import ContradictionNote, DataPoint, Indicator

# sub-type of a verified item -> indicator that speaks of the same matter (codes of the indicator book)
SAME_MATTER: Mapping[str, str] = {
    "WT1": "G11", "WT2": "G9", "WT3": "V1", "WT7": "G12", "WT8": "G5", "WT10": "G4", "WT13": "V2", "LD9": "G9",
    "LD6": "G4",
}  # fmt: skip
GOOD_SCORE, POOR_SCORE = Decimal(90), Decimal(70)
LEAST_NAME, LEAST_TAIL = 4, 5  # characters that must agree
_SCALE = {
    ("万元", "亿元"): Decimal("0.0001"), ("亿元", "万元"): Decimal(10000), ("万亿元", "亿元"): Decimal(10000),
    ("万人", "人"): Decimal(10000), ("万亩", "亩"): Decimal(10000), ("%", "个百分点"): Decimal(1),
}  # fmt: skip
_QUARTERS = (
    (re.compile(r"前三季度|1(?:至|[-—])9月"), 3), (re.compile(r"上半年|1(?:至|[-—])6月"), 2),
    (re.compile(r"一季度|1(?:至|[-—])3月"), 1), (re.compile(r"全年|20\d\d年$|^去年$"), 4),
)  # fmt: skip
_FALL = re.compile(r"下降|减少|降低|回落|下滑")
_GROWTH = re.compile(r"同比|增长|增加|上升|提高|提升|下降|减少|降低|回落|下滑|比上年|较上年")


@dataclass(frozen=True)
class Contradiction:
    """Two readings that do not agree, side by side. key: stable name under which a person's conclusion is kept."""

    key: str
    kind: str  # 得分与佐证 | 指标与佐证 | 报道与官方数
    figure: str
    evidence: str
    code: str
    evidence_id: int
    difference: str
    conclusion: str = ""


@dataclass(frozen=True)
class Claim:
    """A figure that an item claims, beside the official one of the same indicator and period."""

    evidence_id: int
    code: str
    name: str
    period: str
    claimed: str
    official: str
    version: int
    status: str
    difference: str
    agrees: bool


def contradictions(session: Session, viewer: Viewer, snapshot_id: int, team_id: str) -> list[Contradiction]:
    """All contradictions of a team in a snapshot, with what people concluded. Raises SNAPSHOT-…, TEAM-UNKNOWN."""
    get_team(session, viewer, team_id)
    content = read_content(get_snapshot(session, snapshot_id))
    rows = [row for row in rows_of(content, team_id) if row["state"] in terms.ESTABLISHED]
    found = [*_against_score(content, team_id, rows), *_against_indicators(content, team_id, rows)]
    said = [*rows_of(content, team_id), *rows_of(content, team_id, "claims")]
    for claim in claims(session, team_id, said, int(content["year"])):
        if not claim.agrees:
            found.append(
                Contradiction(
                    f"claim:{claim.code}:{claim.name}:{claim.period}", "报道与官方数",
                    f"{claim.name}（{claim.period}，{claim.status}第{claim.version}版）{claim.official}",
                    f"报道称{claim.claimed}", claim.code, claim.evidence_id, claim.difference,
                )
            )  # fmt: skip
    notes = _notes(session, snapshot_id, team_id)
    return [
        Contradiction(c.key, c.kind, c.figure, c.evidence, c.code, c.evidence_id, c.difference, notes.get(c.key, ""))
        for c in found
    ]


def conclude(
    session: Session, viewer: Viewer, snapshot_id: int, team_id: str, key: str, conclusion: str
) -> ContradictionNote:
    """Write what was found out about one contradiction; a later note stands in place of an earlier one.

    Raises RIGHTS-ROLE, CONTRADICTION-UNKNOWN, CONTRADICTION-EMPTY.
    """
    if viewer.role not in ("OFF", "HEAD", "KH"):
        raise ShijiError("RIGHTS-ROLE", "矛盾核对结论由处室和考核办填写", viewer.role, "")
    if key not in {one.key for one in contradictions(session, viewer, snapshot_id, team_id)}:
        raise ShijiError("CONTRADICTION-UNKNOWN", "没有这一项矛盾", key[:60], "请刷新页面。")
    if not conclusion.strip():
        raise ShijiError("CONTRADICTION-EMPTY", "请写明核对情况和结论", key[:60], "")
    row = ContradictionNote(
        snapshot_id=snapshot_id, team_id=team_id, key=key, conclusion=conclusion.strip(), user_id=viewer.user_id
    )
    session.add(row)
    session.flush()
    return row


def claims(session: Session, team_id: str, rows: Iterable[Mapping[str, Any]], year: int) -> list[Claim]:
    """Figures that a team's items claim, each beside the newest official figure of the same indicator and period.

    A claim that names no period, or a unit that cannot be converted, is not compared. Growth is compared with the
    published growth only; nothing is computed from two levels (domain.md §1.1).
    """
    cards = {card.name: card for card in session.scalars(select(Indicator))}
    points = _newest(session, team_id, year)
    found = []
    for row in rows:
        for metric in row["metrics"]:
            name, value, unit, comparator, written = metric
            card = next((card for title, card in cards.items() if _same_name(name, title)), None)
            period = _period(written, row, year)
            point = points.get((card.code, period)) if card and period else None
            if card is None or point is None:
                continue
            claim = _compare(card, point, to_decimal(value.removesuffix(".0")), unit, comparator, row)
            if claim is not None:
                found.append(claim)
    return found


def _compare(
    card: Indicator, point: DataPoint, claimed: Decimal, unit: str, comparator: str, row: Mapping[str, Any]
) -> Claim | None:
    own_unit = point.unit or card.unit
    growing = bool(_GROWTH.search(comparator)) and unit == "%"
    official = point.growth if growing else point.value
    if growing and _FALL.search(comparator):
        claimed = -claimed
    if growing and card.type == "growth":
        official = point.value
    scale = Decimal(1) if growing or unit == own_unit else _SCALE.get((unit, own_unit))
    if official is None or scale is None or (comparator and not growing):
        return None
    stated = PRECISION.multiply(claimed, scale)
    places = max(0, -int(stated.normalize(PRECISION).as_tuple().exponent))
    apart = PRECISION.subtract(stated, official)
    agrees = show(official, places) == show(stated, places)
    shown = "%" if growing else own_unit
    label = f"{card.name}增速" if growing and card.type != "growth" else card.name
    return Claim(
        row["id"], row["code"], label, point.period, f"{plain(stated)}{shown}",
        f"{plain(official)}{shown}", point.version, point.status,
        f"相差 {show(apart, max(2, places), sign=True)}{'个百分点' if shown == '%' else shown}", agrees,
    )  # fmt: skip


def _against_score(content: Mapping[str, Any], team_id: str, rows: list[dict[str, Any]]) -> list[Contradiction]:
    bands = {team: band for scores in scores_of(content).values() for team, band in bands_of(scores).items()}
    band = bands.get(team_id, "")
    if band == FRONT:
        wanted, says = [row for row in rows if row["adverse"]], "已核实不利条目"
    elif band == REAR:
        wanted, says = [row for row in rows if row["label"] == "highlight" and not row["self_published"]], "已核实亮点"
    else:
        return []
    return [
        Contradiction(
            f"band:{row['code']}", "得分与佐证", f"综合得分在同类{band}", f"{says}：{row['excerpt']}", row["code"],
            row["id"], "",
        )
        for row in wanted
    ]  # fmt: skip


def _against_indicators(content: Mapping[str, Any], team_id: str, rows: list[dict[str, Any]]) -> list[Contradiction]:
    names = {card["code"]: card["name"] for card in content["book"]["indicators"]}
    scores = content["scores"].get(team_id, {}).get("indicators", {})
    found = []
    for row in rows:
        code = SAME_MATTER.get(row["sub_type"], "")
        text = scores.get(names.get(code, ""))
        if text is None:
            continue
        score = Decimal(text)
        if score >= GOOD_SCORE if row["adverse"] else score < POOR_SCORE and not row["self_published"]:
            found.append(
                Contradiction(
                    f"indicator:{row['code']}:{code}", "指标与佐证", f"{names[code]}得分 {show(score)}",
                    f"{terms.SUB_TYPES.get(row['sub_type'], '')}（{row['state']}）：{row['excerpt']}",
                    row["code"], row["id"], "",
                )
            )  # fmt: skip
    return found


def _same_name(name: str, title: str) -> bool:
    """固定资产投资 and 望澜区固定资产投资 speak of 全社会固定资产投资, 规模以上工业增加值 of its 增速.

    A name of fewer than four characters speaks of nothing for sure.
    """
    bare = title.removesuffix("增速")
    if len(name) < LEAST_NAME or len(bare) < LEAST_NAME:
        return name == title
    return bare in name or name in bare or (len(bare) > LEAST_TAIL and name.endswith(bare[-LEAST_TAIL:]))


def _period(written: str, row: Mapping[str, Any], year: int) -> str:
    """The period as figures write it: 2024Q3累计, 2024年; empty when the words do not say which."""
    named = re.search(r"20\d\d", written)
    day = row["published"] or row["date"]
    base = int(named[0]) if named else int(day[:4]) if day[:4].isdigit() else year
    for pattern, quarter in _QUARTERS:
        if pattern.search(written):
            return period_of(base - ("去年" in written and not named), quarter)
    return ""


def _newest(session: Session, team_id: str, year: int) -> dict[tuple[str, str], DataPoint]:
    query = (
        select(DataPoint)
        .where(DataPoint.team_id == team_id, DataPoint.period.like(f"{year}%") | DataPoint.period.like(f"{year - 1}%"))
        .order_by(DataPoint.version)
    )
    return {(point.indicator_code, point.period): point for point in session.scalars(query)}


def _notes(session: Session, snapshot_id: int, team_id: str) -> dict[str, str]:
    query = select(ContradictionNote).where(
        ContradictionNote.snapshot_id == snapshot_id, ContradictionNote.team_id == team_id
    )
    return {row.key: row.conclusion for row in session.scalars(query.order_by(ContradictionNote.id))}
