"""JSON of indicators: the book, peers by category, the score tree of one team, imports."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, UploadFile

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import indicator_import
from api.acts.official_figures import shown_rows
from api.acts.workbooks import check_workbook
from appraisal.comparison import compare_indicator, read_one
from appraisal.drilldown import ScoreNode
from appraisal.overview import coverage, recent_imports
from appraisal.store import periods, read_book
from appraisal.team_scores import Provenance, provenance, score_tree
from dossier.item import item_file
from dossier.scope import get_team

router = APIRouter(prefix="/api", tags=["indicators"])
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
ImporterDep = Annotated[SignedIn, Depends(require_checked("KH"))]


@router.get("/indicators")
def book(system: SystemDep, person: ReaderDep, period: str = "") -> dict[str, Any]:
    """The indicator book, the periods with figures, and what was reported in one of them."""
    with system.database.read() as session:
        known = periods(session)
        chosen = period if period in known else (known[0] if known else "")
        seen = coverage(session, chosen)
        cards = [
            {
                "code": c.code, "name": c.name, "unit": c.unit, "direction": c.direction, "block": c.block,
                "category": c.category, "team": c.team, "method": c.method, "weight": str(c.weight),
                "provider": c.provider, "frequency": c.frequency, "share_eligible": c.share_eligible,
                "never_rank": c.never_rank,
                "reported": seen.get(c.code, (0, 0, 0))[0], "missing": seen.get(c.code, (0, 0, 0))[1],
            }
            for c in read_book(session).values()
        ]  # fmt: skip
        return {"period": chosen, "periods": known, "indicators": cards, "imports": recent_imports(session)}


@router.get("/evidence/{evidence_id}/figures")
def figures_of_item(system: SystemDep, person: ReaderDep, evidence_id: int) -> list[dict[str, str]]:
    """Figures an item claims, the indicator each one means and why, and the official figure beside it."""
    with system.database.read() as session:
        view = item_file(session, person.viewer, evidence_id).view
        return [asdict(row) for row in shown_rows(session, person.viewer.role, view)]


@router.post("/indicators/import")
def import_table(
    system: SystemDep, person: ImporterDep, file: Annotated[UploadFile, File()], dry_run: bool = True
) -> dict[str, Any]:
    """Validate a table and list its differences; with `dry_run=false` also write it."""
    data = file.file.read(indicator_import.LARGEST + 1)
    name = (file.filename or "指标数据表.xlsx")[:120]
    check_workbook(data, name)
    with system.database.read() as session:
        shown = indicator_import.preview(session, name, data)
    answer: dict[str, Any] = {
        "name": name, "rows": shown.rows, "writes": shown.writes, "errors": [vars(x) for x in shown.errors],
        "warnings": [vars(x) for x in shown.warnings], "differences": [asdict(d) for d in shown.differences],
        "import": None,
    }  # fmt: skip
    if not dry_run and shown.writes:
        answer["import"], _ = indicator_import.confirm(system, person.viewer, name, data)
    return answer


@router.get("/indicators/{code}")
def comparison(system: SystemDep, person: ReaderDep, code: str, period: str = "") -> dict[str, Any]:
    """Values, shares, growth and scores by category, in roster order; there is no ranking and no sort."""
    with system.database.read() as session:
        return asdict(compare_indicator(session, person.viewer, code, period or None))


@router.get("/indicators/{code}/{team_id}")
def why(system: SystemDep, person: ReaderDep, code: str, team_id: str, period: str = "") -> dict[str, Any]:
    """The score tree of one team with its formulas, figure versions and their origin."""
    with system.database.read() as session:
        team = get_team(session, person.viewer, team_id)
        reading, _ = read_one(session, code, period or None)
        tree = score_tree(reading, team.id)
        return {
            "code": code, "team": team.id, "period": reading.period, "tree": tree_dict(tree, provenance(session, tree))
        }  # fmt: skip


def tree_dict(node: ScoreNode, origins: dict[str, Provenance]) -> dict[str, Any]:
    """A score tree as JSON; numbers as text, at full precision under `exact`."""
    cells = [
        {
            "period": cell.period, "value": None if cell.value is None else format(cell.value, "f"),
            "version": cell.version, "status": cell.status,
            "origin": asdict(origins[cell.data_point_id]) if cell.data_point_id in origins else None,
        }
        for cell in node.cells
    ]  # fmt: skip
    return {
        "label": node.label, "value": node.text, "exact": None if node.value is None else format(node.value, "f"),
        "formula": node.formula, "flags": list(node.flags), "complete": format(node.complete, "f"), "cells": cells,
        "children": [tree_dict(child, origins) for child in node.children],
    }  # fmt: skip
