"""口径快照: the versions an assessment rests on, computed again from them, and what has changed since (R-35, §1.1).

A pin names every version it used by id. Figures are never overwritten, an approved book never changes, a closed survey
takes no ballot: so the pin gives the same scores for ever, and a revision shows up as a difference and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.assessment import Assessment, Outside, assess, compute
from appraisal.books import book_of, get_book, stored_book
from appraisal.decimals import plain, show
from appraisal.drilldown import ScoreNode
from appraisal.figures import Assessed, Figures, Point, Target, Versions, load_figures, pinned_figures
from appraisal.outside import outside_parts
from appraisal.periods import period_key, period_of_quarter
from appraisal.surveys import LABEL, latest_survey
from appraisal.year_book import YearBook, book_content, content_hash, parse_year_book
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import AssessmentPin


@dataclass(frozen=True)
class PinDifference:
    """One thing that is no longer as it was pinned. kind: 修订, 后补, 新增, 目标, 体系, 测评, 重点工作, 得分."""

    kind: str
    team_id: str
    team: str
    what: str
    period: str
    before: str
    after: str


@dataclass(frozen=True)
class PinnedState:
    """Everything to compute from: pass it to `compute`, or book and figures to `core_four`."""

    period: str
    book: YearBook
    figures: Figures
    outside: Outside

    def assessment(self, trees: Iterable[str] = ()) -> Assessment:
        """The assessment as it was, with full trees for these teams."""
        return compute(self.period, self.book, self.figures, self.outside, tuple(trees))


def make_pin(session: Session, viewer: Viewer, period: str, purpose: str) -> AssessmentPin:
    """Pin the present state of a period and its scores. Raises RIGHTS-ROLE, PIN-PURPOSE, PIN-EMPTY."""
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "只有考核办可以形成口径快照", viewer.role, "")
    if not purpose.strip():
        raise ShijiError("PIN-PURPOSE", "请填写快照用途", period, "例如：2025年三季度情况通报。")
    made = assess(session, period_of_quarter(period))
    if not any(node.value is not None for node in made.nodes.values()):
        raise ShijiError("PIN-EMPTY", f"{period}还没有任何得分", "口径快照", "请先导入数据。")
    survey = latest_survey(session, period_key(made.period)[0])
    content = book_content(made.book)
    row = AssessmentPin(
        period=made.period, purpose=purpose.strip()[:120], book_id=made.book.id or None,
        book={} if made.book.id else content, figures=ranges(p.id for p in made.figures.points.values()),
        city_figures=ranges(p.id for p in made.figures.city.values()),
        targets=ranges(t.id for t in made.figures.targets.values()), surveys=str(survey or ""),
        outside=_stored(made.outside), scores=_scores(made), user_id=viewer.user_id or None,
    )  # fmt: skip
    row.sha256 = _hash(row, content_hash(content))
    session.add(row)
    session.flush()
    return row


def get_pin(session: Session, pin_id: int) -> AssessmentPin:
    """The record of a pin. Raises ShijiError PIN-UNKNOWN."""
    row = session.get(AssessmentPin, pin_id)
    if row is None:
        raise ShijiError("PIN-UNKNOWN", "没有这个口径快照", str(pin_id), "请从快照列表进入。")
    return row


def list_pins(session: Session) -> list[AssessmentPin]:
    """All pins, newest first."""
    return list(session.scalars(select(AssessmentPin).order_by(AssessmentPin.id.desc())))


def pinned_state(session: Session, pin_id: int) -> PinnedState:
    """Book, figures, targets and parts of a pin, exactly. Raises PIN-UNKNOWN, PIN-BROKEN when a version is gone."""
    row = get_pin(session, pin_id)
    book = _book(session, row)
    if _hash(row, content_hash(book_content(book))) != row.sha256:
        raise ShijiError("PIN-BROKEN", "快照内容与形成时的指纹不符", f"快照 {row.id}", "请从备份恢复。")
    teams = [Assessed(key, one["name"], one["category"]) for key, one in row.scores.items()]
    versions = Versions(unranged(row.figures), unranged(row.city_figures), unranged(row.targets))
    figures = pinned_figures(session, versions, teams)
    if (len(figures.points), len(figures.city)) != (len(versions.points), len(versions.city)):
        raise ShijiError("PIN-BROKEN", "快照所用数据版本不全", f"快照 {row.id}", "请从备份恢复。")
    return PinnedState(row.period, book, figures, _restored(row.outside))


def recompute(session: Session, pin_id: int) -> tuple[Assessment, list[str]]:
    """The pin computed again, and the teams whose score came out different: none, unless a method changed."""
    row = get_pin(session, pin_id)
    made = pinned_state(session, pin_id).assessment()
    again = _scores(made)
    return made, [key for key, one in row.scores.items() if again.get(key) != one]


def differences(session: Session, pin_id: int) -> list[PinDifference]:
    """What of the pinned is different now: figures, targets, book, survey and the scores that follow."""
    then = pinned_state(session, pin_id)
    row = get_pin(session, pin_id)
    book = book_of(session, row.period)
    now = load_figures(session, {*book.cards, *then.book.cards}, row.period)
    names = {team.id: team.name for team in (*now.teams, *then.figures.teams)}
    cards = {**book.cards, **then.book.cards}
    found: list[PinDifference] = []
    if (book.id, content_hash(book_content(book))) != (then.book.id, content_hash(book_content(then.book))):
        found.append(PinDifference("体系", "", "", "指标体系", row.period, then.book.name, book.name))
    for (code, team, period), after in now.points.items():
        before = then.figures.points.get((code, team, period))
        if (before is None or before.id != after.id) and code in cards and team in names:
            kind = "新增" if before is None else "后补" if before.value is None else "修订"
            name = cards[code].name
            found.append(PinDifference(kind, team, names[team], name, period, _point(before), _point(after)))
    for (year, code, team), goal in now.targets.items():
        held = then.figures.targets.get((year, code, team))
        if year == int(row.period[:4]) and (held is None or held.id != goal.id):
            name, owner = cards[code].name, names.get(team, team)
            found.append(PinDifference("目标", team, owner, name, f"{year}年", _goal(held), _goal(goal)))
    survey = latest_survey(session, int(row.period[:4]))
    if str(survey or "") != row.surveys:
        found.append(PinDifference("测评", "", "", LABEL, row.period, row.surveys or "无", str(survey or "无")))
    outside = outside_parts(session, row.period, now.teams)
    for team, blocks in outside.items():
        for block, node in blocks.items():
            old_node = then.outside.get(team, {}).get(block)
            if block != LABEL and (old_node is None or old_node.value != node.value):
                both = (old_node.text if old_node else "—", node.text)
                found.append(PinDifference(block, team, names[team], block, row.period, *both))
    fresh = compute(row.period, book, now, outside)
    for key, one in _scores(fresh).items():
        old = row.scores.get(key, {}).get("score")
        if old != one["score"]:
            both = (_score(old), _score(one["score"]))
            found.append(PinDifference("得分", key, one["name"], "综合得分", row.period, *both))
    return found


def ranges(ids: Iterable[int]) -> str:
    """Numbers as ranges: 1-480,482. Ids of a few imports are nearly contiguous, so that this stays short."""
    parts: list[list[int]] = []
    for number in sorted(set(ids)):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def unranged(text: str) -> list[int]:
    """`ranges` undone."""
    numbers: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def _book(session: Session, row: AssessmentPin) -> YearBook:
    if row.book_id:
        return stored_book(get_book(session, row.book_id))
    return replace(parse_year_book(row.book, "快照", check=False), id=0, version=0)


def _scores(made: Assessment) -> dict[str, Any]:
    teams = made.teams
    return {
        key: {
            "name": teams[key].name, "category": teams[key].category, "complete": format(node.complete, "f"),
            "score": None if node.value is None else format(node.value, "f"),
        }
        for key, node in made.nodes.items()
    }  # fmt: skip


def _stored(outside: Outside) -> dict[str, Any]:
    return {
        team: {
            block: {
                "label": node.label, "value": None if node.value is None else format(node.value, "f"),
                "formula": node.formula, "flags": list(node.flags), "complete": format(node.complete, "f"),
            }
            for block, node in blocks.items()
        }
        for team, blocks in outside.items()
    }  # fmt: skip


def _restored(stored: Mapping[str, Any]) -> dict[str, dict[str, ScoreNode]]:
    return {
        team: {
            block: ScoreNode(
                one["label"], None if one["value"] is None else Decimal(one["value"]), one["formula"], (), (),
                tuple(one["flags"]), Decimal(one["complete"]),
            )
            for block, one in blocks.items()
        }
        for team, blocks in stored.items()
    }  # fmt: skip


def _hash(row: AssessmentPin, book_sha256: str) -> str:
    parts = [
        row.period, row.purpose, book_sha256, row.figures, row.city_figures, row.targets, row.surveys, row.outside,
        row.scores,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _point(point: Point | None) -> str:
    if point is None:
        return "未出数"
    return f"{plain(point.value)}（{point.status}，第 {point.version} 版）" if point.value is not None else point.status


def _goal(goal: Target | None) -> str:
    return f"{plain(goal.value)}（{goal.document_no}）" if goal else "未定"


def _score(text: str | None) -> str:
    return show(Decimal(text)) if text else "—"
