"""A quarterly assessment: pinned, computed, checked, published; later data make a further version (§1.1, R-35).

Nothing of a run is ever written anew. Content comes from the pin, the rule and the basis kept with the run, so that it
can be computed again bit by bit; the issued version stays what it was.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.core_four import CoreFour, core_four
from appraisal.decimals import show
from appraisal.drilldown import ScoreNode
from appraisal.figures import Assessed
from appraisal.pins import make_pin, pinned_state, ranges, unranged
from appraisal.quarterly.grading import Counts, counts_of, lights_of
from appraisal.quarterly.reference import Light, lights_in, reference, sentence, task_node
from appraisal.quarterly.rules import Rules, rules_of, stored_rules
from appraisal.quarterly.single import load_cumulative, single_of
from appraisal.review.quarter import parse_quarter
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import QuarterRun, Team, now

STATES = {"computed": "已计算", "checked": "已审核", "published": "已印发"}


def compute_run(session: Session, viewer: Viewer, quarter_code: str, note: str = "") -> QuarterRun:
    """Pin the data as they stand and compute every team. Version 2 and later need a reason.

    Raises RIGHTS-ROLE, QUARTER-FORM, RUN-NOTE, RUN-SAME (nothing has changed since the last version), PIN-EMPTY.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "季度考核由考核办计算", viewer.role, "")
    began = time.perf_counter()
    quarter = parse_quarter(quarter_code)
    version = (session.scalar(select(func.max(QuarterRun.version)).where(QuarterRun.quarter == quarter.code)) or 0) + 1
    if version > 1 and not note.strip():
        raise ShijiError("RUN-NOTE", "重新计算须写明原因", quarter.code, "例如：云亭区固定资产投资后补。")
    pin = make_pin(session, viewer, quarter.code, f"{quarter.title}季度考核第{version}版")
    rules = rules_of(session, quarter.year)
    state = pinned_state(session, pin.id)
    points = load_cumulative(session, state.book.core, quarter)
    lights = lights_of(session, quarter)
    basis = {
        "cumulative": ranges(point.id for point in points.values()),
        "lights": {
            team: [{**asdict(one), "weight": format(one.weight, "f")} for one in rows] for team, rows in lights.items()
        },
        "counts": {team: asdict(one) for team, one in counts_of(session, quarter).items()},
        "teams": _team_rows(session),
    }  # fmt: skip
    row = QuarterRun(
        quarter=quarter.code, version=version, pin_id=pin.id, rule=rules.stored(), basis=basis, note=note.strip(),
        computed_by=viewer.user_id or None, sha256="",
    )  # fmt: skip
    row.content = run_content(session, row)
    row.sha256 = _hash(row)
    last = newest_run(session, quarter.code)
    if last is not None and last.content == row.content:
        raise ShijiError("RUN-SAME", f"与第 {last.version} 版结果相同，没有需要重算的变化", quarter.code, "")
    row.milliseconds = round((time.perf_counter() - began) * 1000)
    session.add(row)
    session.flush()
    return row


def run_content(session: Session, row: QuarterRun) -> dict[str, Any]:
    """What a run gives, from its pin, rule and basis alone: a line for each team in roster order, never sorted."""
    quarter, rules, basis = parse_quarter(row.quarter), stored_rules(row.rule), row.basis
    state = pinned_state(session, row.pin_id)
    fours = core_four(session, quarter.code, book=state.book, figures=state.figures)
    points = load_cumulative(session, state.book.core, quarter, unranged(basis["cumulative"]))
    lines = []
    for key, name, category in basis["teams"]:
        team = Assessed(key, name, category)
        lights = lights_in(basis, key)
        four = fours.get(key)
        if four is None and not lights:
            continue  # neither figures nor tasks: not assessed this quarter
        counts = Counts(**basis["counts"].get(key, {}))
        line = _line(team, four, lights, counts, rules)
        for core in line["core"]:
            alone = single_of(points, core["code"], key, quarter.number)
            core["single"], core["single_words"] = _text(alone.value), alone.words
        lines.append(line)
    names = {"quarter": quarter.code, "title": quarter.title, "book": state.book.name, "rule": rules.name}
    return {**names, "lines": lines}


def check_run(session: Session, viewer: Viewer, run_id: int, agree: bool, note: str = "") -> QuarterRun:
    """处长 checks what 考核办 computed; sent back, it stays computed with the reason."""
    row = get_run(session, run_id)
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "季度考核结果由处长审核", viewer.role, "")
    _stage(row, "computed")
    if not agree and not note.strip():
        raise ShijiError("RUN-NOTE", "退回须写明理由", run_name(row), "")
    row.check_note, row.checked_by, row.checked_at = note.strip(), viewer.user_id or None, now()
    if agree:
        row.state = "checked"
    session.flush()
    return row


def publish_run(session: Session, viewer: Viewer, run_id: int, document_no: str, on: date) -> QuarterRun:
    """部领导 publishes under a document number: from that day units see their own sheets and may answer."""
    row = get_run(session, run_id)
    if viewer.role not in ("DEP", "MIN"):
        raise ShijiError("RIGHTS-ROLE", "季度考核结果由部领导签发", viewer.role, "")
    _stage(row, "checked")
    if not document_no.strip():
        raise ShijiError("TASK-DOCUMENT", "请填写印发文号", run_name(row), "例如：澜考通〔2025〕4号。")
    row.state, row.document_no, row.published_on = "published", document_no.strip()[:60], on
    row.published_by, row.published_at = viewer.user_id or None, now()
    session.flush()
    return row


def get_run(session: Session, run_id: int) -> QuarterRun:
    """The record of a run. Raises ShijiError RUN-UNKNOWN."""
    row = session.get(QuarterRun, run_id)
    if row is None:
        raise ShijiError("RUN-UNKNOWN", "没有这次季度考核", str(run_id), "请从季度考核列表进入。")
    return row


def list_runs(session: Session, published: bool = False) -> list[QuarterRun]:
    """All runs, newest quarter and version first; only published ones for a unit."""
    query = select(QuarterRun).order_by(QuarterRun.quarter.desc(), QuarterRun.version.desc())
    return list(session.scalars(query.where(QuarterRun.state == "published") if published else query))


def newest_run(session: Session, quarter: str, published: bool = False) -> QuarterRun | None:
    """The newest version of a quarter, or the newest published one."""
    return next((row for row in list_runs(session, published) if row.quarter == quarter), None)


def run_name(row: QuarterRun) -> str:
    """2025年第三季度考核第1版."""
    return f"{parse_quarter(row.quarter).title}考核第{row.version}版"


def reproduced(session: Session, row: QuarterRun) -> bool:
    """Whether the run computes to the same bits again and nobody touched what is kept."""
    return run_content(session, row) == row.content and _hash(row) == row.sha256


def _team_rows(session: Session) -> list[list[str]]:
    query = select(Team.id, Team.short, Team.category_id).where(Team.managed).order_by(Team.ordinal, Team.id)
    return [list(row) for row in session.execute(query)]


def _line(team: Assessed, four: CoreFour | None, lights: list[Light], counts: Counts, rules: Rules) -> dict[str, Any]:
    s3 = task_node(lights, rules)
    node = reference(team.name, four.node if four else None, s3, rules)
    core = [
        {
            "code": one.code, "name": one.name, "unit": one.unit, "weight": _text(one.weight),
            "value": _text(one.value), "growth": _text(one.growth), "status": one.status, "version": one.version,
            "target": _text(one.target), "progress": _text(one.progress), "score": _text(one.score),
            "never_rank": one.never_rank,
        }
        for one in (four.lines if four else ())
    ]  # fmt: skip
    return {
        "team_id": team.id, "team": team.name, "category": team.category, "s4": _part(four.node if four else None),
        "s3": _part(s3), "reference": _part(node), "text": sentence(node, lights, counts.open), "core": core,
        "lights": [{**asdict(one), "weight": _text(one.weight), "shown": one.why} for one in lights],
        "counts": asdict(counts),
    }  # fmt: skip


def _part(node: ScoreNode | None) -> dict[str, Any] | None:
    if node is None:
        return None
    return {
        "value": _text(node.value), "shown": show(node.value), "formula": node.formula, "flags": list(node.flags),
        "complete": show(node.complete, 1).removesuffix(".0"),
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _stage(row: QuarterRun, wanted: str) -> None:
    if row.state != wanted:
        raise ShijiError(
            "RUN-STATE", f"{run_name(row)}{STATES[row.state]}，不能办理这一步", run_name(row), f"应为{STATES[wanted]}。"
        )


def _hash(row: QuarterRun) -> str:
    parts = [row.quarter, row.version, row.pin_id, row.rule, row.basis, row.content]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
