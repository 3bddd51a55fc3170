"""年度快照: evidence with states and texts, data versions, weights, methods and scores as canonical JSON (R-35).

The SHA-256 is over that JSON. `recompute` reads the pinned versions of the record again, scores them again, and puts
them beside the frozen evidence: after any later revision it comes to the same hash and the same scores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.annual.frozen import frozen_claims, frozen_evidence, open_counts
from appraisal.annual.scheme import scheme_of
from appraisal.assessment import Assessment
from appraisal.figures import Figures
from appraisal.periods import period_of
from appraisal.pins import PinnedState, get_pin, make_pin, pinned_state
from appraisal.year_book import book_content
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import AnnualSnapshot

FORM = 1  # of the content below; a later form is told apart by this number


@dataclass(frozen=True)
class Recomputed:
    """A snapshot computed again. same: the hash came out as stored; changed: teams whose score came out different."""

    sha256: str
    same: bool
    changed: tuple[str, ...]
    assessment: Assessment


def make_snapshot(session: Session, viewer: Viewer, year: int, cutoff: date, today: date) -> AnnualSnapshot:
    """Freeze a year as it stands. A second one of the year is a further version; none is ever changed.

    cutoff: 材料截止日, the last day of publication that counts. Raises RIGHTS-ROLE, SNAPSHOT-YEAR, SNAPSHOT-CUTOFF,
    and PIN-EMPTY when nothing has a score.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "年度快照由考核办形成", viewer.role, "")
    if not 2000 <= year <= today.year:
        raise ShijiError("SNAPSHOT-YEAR", f"年度有误：{year}", "年度快照", "请填写考核年度。")
    if not date(year, 12, 1) <= cutoff <= min(today, date(year + 1, 12, 31)):
        raise ShijiError(
            "SNAPSHOT-CUTOFF", f"材料截止日有误：{cutoff}", f"{year}年", "应在当年12月1日之后，且不晚于今天。"
        )
    pin = make_pin(session, viewer, period_of(year, 4), f"{year}年度考核快照")
    state = pinned_state(session, pin.id)
    evidence = {
        "items": frozen_evidence(session, year, cutoff, today), "claims": frozen_claims(session, year, cutoff, today),
        "open": open_counts(session, year, cutoff),
    }  # fmt: skip
    scheme = scheme_of(session, year)
    frame = {"form": FORM, "year": year, "cutoff": cutoff.isoformat(), "scheme": scheme.name, "pin": pin.sha256}
    content = canonical({**frame, **evidence, **scored(state, state.assessment())})
    last = session.scalar(select(func.max(AnnualSnapshot.version)).where(AnnualSnapshot.year == year)) or 0
    row = AnnualSnapshot(
        year=year, version=last + 1, cutoff=cutoff, pin_id=pin.id, content=content, sha256=digest(content),
        user_id=viewer.user_id or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def get_snapshot(session: Session, snapshot_id: int) -> AnnualSnapshot:
    """The record of a snapshot. Raises SNAPSHOT-UNKNOWN."""
    row = session.get(AnnualSnapshot, snapshot_id)
    if row is None:
        raise ShijiError("SNAPSHOT-UNKNOWN", "没有这个年度快照", str(snapshot_id), "请从考核工作台进入。")
    return row


def latest_snapshot(session: Session, year: int) -> AnnualSnapshot | None:
    """The newest snapshot of a year."""
    query = select(AnnualSnapshot).where(AnnualSnapshot.year == year).order_by(AnnualSnapshot.version.desc())
    return session.scalar(query.limit(1))


def read_content(row: AnnualSnapshot) -> dict[str, Any]:
    """The frozen content. Raises SNAPSHOT-BROKEN when it no longer fits its hash."""
    if digest(row.content) != row.sha256:
        raise ShijiError("SNAPSHOT-BROKEN", "年度快照内容与指纹不符", f"快照 {row.id}", "请从备份恢复。")
    return _parsed(row.content)


def recompute(session: Session, snapshot_id: int) -> Recomputed:
    """The snapshot computed again from the pinned versions. Raises SNAPSHOT-UNKNOWN, SNAPSHOT-BROKEN, PIN-BROKEN."""
    row = get_snapshot(session, snapshot_id)
    content = read_content(row)
    state = pinned_state(session, row.pin_id)
    made = state.assessment()
    again = scored(state, made)
    found = digest(canonical({**content, **again, "pin": get_pin(session, row.pin_id).sha256}))
    names = again["scores"].keys() | content["scores"].keys()
    changed = sorted(team for team in names if again["scores"].get(team) != content["scores"].get(team))
    return Recomputed(found, found == row.sha256, tuple(changed), made)


def scored(state: PinnedState, made: Assessment) -> dict[str, Any]:
    """Weights, methods, every data version with its value, and the scores at full precision."""
    return {"book": book_content(state.book), **_figures(state.figures), "parts": _parts(made), "scores": _scores(made)}


def canonical(content: Mapping[str, Any]) -> str:
    """One text for one content: keys sorted, no spaces, characters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: str) -> str:
    """SHA-256 of a canonical content."""
    return hashlib.sha256(content.encode()).hexdigest()


def scores_of(content: Mapping[str, Any]) -> dict[str, dict[str, Decimal | None]]:
    """Category -> team -> composite, in roster order; None: 未出分, never 0."""
    found: dict[str, dict[str, Decimal | None]] = {}
    order = content["order"]
    for team in sorted(content["scores"], key=order.index):
        one = content["scores"][team]
        found.setdefault(one["category"], {})[team] = None if one["score"] is None else Decimal(one["score"])
    return found


@lru_cache(maxsize=2)
def _parsed(content: str) -> dict[str, Any]:
    """The same content is read many times on the way through a year; nobody changes what they are given."""
    made: dict[str, Any] = json.loads(content)
    return made


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "order": [team.id for team in figures.teams],
        "figures": [
            [p.id, code, team, period, p.version, _text(p.value), _text(p.growth), p.status]
            for (code, team, period), p in sorted(figures.points.items())
        ],
        "city": [
            [p.id, code, period, p.version, _text(p.value), _text(p.growth), p.status]
            for (code, period), p in sorted(figures.city.items())
        ],
        "targets": [
            [t.id, year, code, team, _text(t.value), _text(t.difficulty), t.document_no]
            for (year, code, team), t in sorted(figures.targets.items())
        ],
    }


def _parts(made: Assessment) -> dict[str, Any]:
    return {
        team: {block: {"label": node.label, "value": _text(node.value)} for block, node in sorted(blocks.items())}
        for team, blocks in sorted(made.outside.items())
    }


def _scores(made: Assessment) -> dict[str, Any]:
    teams = made.teams
    return {
        key: {
            "name": teams[key].name, "category": teams[key].category, "score": _text(node.value),
            "complete": _text(node.complete), "flags": list(node.flags),
            "blocks": {child.label: _text(child.value) for child in node.children},
            "indicators": {leaf.label: _text(leaf.value) for child in node.children for leaf in child.children},
        }
        for key, node in made.nodes.items()
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
