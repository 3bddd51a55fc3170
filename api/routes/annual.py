"""JSON of the annual assessment: snapshots, packages, matrix; grades have a file of their own. None is suggested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import WORD, word_response
from api.acts.performing import perform
from api.acts.yearly import (
    PackagePage,
    check_snapshot,
    draft_product,
    export_form,
    export_inspection,
    export_package,
    freeze,
    read_package,
)
from api.system import System
from appraisal.annual import contradictions, matrix, package, views
from appraisal.annual.snapshot import latest_snapshot
from dossier.scope import Viewer
from storage.tables import AnnualSnapshot

router = APIRouter(prefix="/api/annual", tags=["annual"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Office = Annotated[SignedIn, Depends(require_checked("KH"))]
Preparer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Evaluator = Annotated[SignedIn, Depends(require_checked("HEAD", "KH", "DEP", "MIN"))]
DOCX: dict[int | str, dict[str, Any]] = {200: {"content": {WORD: {}}}}


class Freezing(BaseModel):
    """The last day of publication that counts."""

    cutoff: date


class Drafting(BaseModel):
    """A team of a snapshot."""

    team: str
    snapshot: int


class FactIn(BaseModel):
    """One sentence."""

    fact: str


class JudgementIn(BaseModel):
    """A judgement after 已阅. kind: 个人, or 集体 for 考核办."""

    kind: str = "个人"
    quality: str = Field(description="、".join(matrix.STATES))
    reasons: str
    dissent: str = ""


class ConclusionIn(BaseModel):
    """A person's conclusion on one contradiction."""

    key: str
    conclusion: str


class InspectionIn(BaseModel):
    """Whose facts are wanted, and what for."""

    cadre: str
    reason: str = ""


@router.get("/{year:int}/snapshots")
def snapshots(system: SystemDep, person: Reader, year: int) -> list[dict[str, Any]]:
    """Snapshots of a year, newest first."""
    with system.database.read() as session:
        return [_snapshot(row) for row in views.snapshots(session, year)]


@router.post("/{year:int}/snapshots", status_code=201)
def make_snapshot(system: SystemDep, person: Office, year: int, wanted: Freezing) -> dict[str, Any]:
    """Freeze the year as it stands."""
    return _snapshot(freeze(system, person.viewer, year, wanted.cutoff.isoformat()))


@router.get("/snapshots/{snapshot_id:int}/check")
def check(system: SystemDep, person: Reader, snapshot_id: int) -> dict[str, Any]:
    """The snapshot computed again: the same hash and scores, or which teams came out different."""
    found = check_snapshot(system, person.viewer, snapshot_id)
    return {"same": found.same, "sha256": found.sha256, "changed": list(found.changed)}


@router.get("/{year:int}/packages")
def packages(system: SystemDep, person: Reader, year: int) -> dict[str, Any]:
    """Packages on the newest snapshot, teams in roster order."""
    with system.database.read() as session:
        snapshot, rows = views.package_rows(session, person.viewer, year)
    return {"snapshot": _snapshot(snapshot) if snapshot else None, "teams": [asdict(row) for row in rows]}


@router.post("/packages", status_code=201)
def draft(system: SystemDep, person: Preparer, wanted: Drafting) -> dict[str, Any]:
    """Open the package of a team."""
    made = perform(
        system, person.viewer, "package-draft", "package", "",
        lambda s, v: package.draft_package(s, v, wanted.snapshot, wanted.team), {"team": wanted.team},
    )  # fmt: skip
    return _package(read_package(system, person.viewer, made.id))


@router.get("/packages/{package_id:int}.docx", response_class=Response, responses=DOCX)
def package_word(system: SystemDep, person: Reader, package_id: int) -> Response:
    """定性证据包 in Word."""
    return word_response(*export_package(system, person.viewer, package_id))


@router.get("/packages/{package_id:int}")
def one_package(system: SystemDep, person: Reader, package_id: int) -> dict[str, Any]:
    """A package with statistics, contradictions and judgements."""
    return _package(read_package(system, person.viewer, package_id))


@router.put("/packages/{package_id:int}/items/{evidence_id:int}")
def add_item(system: SystemDep, person: Preparer, package_id: int, evidence_id: int) -> dict[str, Any]:
    """Put a verified item in."""
    return _change(system, person, "add", package_id, lambda s, v: package.add_item(s, v, package_id, evidence_id))


@router.delete("/packages/{package_id:int}/items/{evidence_id:int}")
def remove_item(system: SystemDep, person: Preparer, package_id: int, evidence_id: int) -> dict[str, Any]:
    """Take an item out; the strongest adverse one stays."""
    return _change(
        system, person, "remove", package_id, lambda s, v: package.remove_item(s, v, package_id, evidence_id)
    )


@router.put("/packages/{package_id:int}/items/{evidence_id:int}/fact")
def write_fact(
    system: SystemDep, person: Preparer, package_id: int, evidence_id: int, wanted: FactIn
) -> dict[str, Any]:  # fmt: skip
    """Settle on the sentence of an item."""
    return _change(
        system, person, "fact", package_id,
        lambda s, v: package.write_fact(s, v, package_id, evidence_id, wanted.fact),
    )  # fmt: skip


@router.post("/packages/{package_id:int}/confirmation", status_code=201)
def confirm(system: SystemDep, person: Preparer, package_id: int) -> dict[str, Any]:
    """A head confirms what somebody else prepared."""
    return _change(system, person, "confirm", package_id, lambda s, v: package.confirm_package(s, v, package_id))


@router.post("/packages/{package_id:int}/product", status_code=201)
def product(system: SystemDep, person: Preparer, package_id: int) -> dict[str, int]:
    """The package as a draft in 文稿中心."""
    return {"product": draft_product(system, person, package_id).id}


@router.post("/packages/{package_id:int}/reading", status_code=201)
def reading(system: SystemDep, person: Evaluator, package_id: int) -> dict[str, bool]:
    """已阅."""
    perform(
        system, person.viewer, "package-confirm-read", "package", str(package_id),
        lambda s, v: matrix.confirm_reading(s, v, package_id),
    )  # fmt: skip
    return {"read": True}


@router.post("/packages/{package_id:int}/judgements", status_code=201)
def judge(system: SystemDep, person: Evaluator, package_id: int, wanted: JudgementIn) -> dict[str, int]:
    """Write a judgement with reasons; dissent is kept beside it."""
    made = perform(
        system, person.viewer, "package-judge", "package", str(package_id),
        lambda s, v: matrix.judge(
            s, v, package_id, wanted.kind, wanted.quality, wanted.reasons, wanted.dissent
        ),
        {"kind": wanted.kind},
    )  # fmt: skip
    return {"id": made.id}


@router.post("/packages/{package_id:int}/conclusions", status_code=201)
def conclude(system: SystemDep, person: Preparer, package_id: int, wanted: ConclusionIn) -> dict[str, int]:
    """Conclude on one contradiction."""
    shown = read_package(system, person.viewer, package_id).package
    made = perform(
        system, person.viewer, "contradiction-conclude", "package", str(package_id),
        lambda s, v: contradictions.conclude(
            s, v, shown.snapshot.id, shown.team.id, wanted.key, wanted.conclusion
        ),
        {"key": wanted.key},
    )  # fmt: skip
    return {"id": made.id}


@router.get("/{year:int}/matrix")
def show_matrix(system: SystemDep, person: Reader, year: int) -> list[dict[str, Any]]:
    """定量位次带 beside 定性研判, in roster order; the two are never fused."""
    with system.database.read() as session:
        snapshot = latest_snapshot(session, year)
        return [asdict(row) for row in matrix.matrix(session, person.viewer, snapshot.id)] if snapshot else []


@router.get("/{year:int}/forms/{cadre_id}.docx", response_class=Response, responses=DOCX)
def form(system: SystemDep, person: Reader, year: int, cadre_id: str) -> Response:
    """年度考核登记表 with its header filled."""
    return word_response(*export_form(system, person.viewer, cadre_id, year))


@router.post("/inspection", response_class=Response, responses=DOCX)
def inspection(system: SystemDep, person: Preparer, wanted: InspectionIn) -> Response:
    """考察事实清单: facts with their sources, no evaluation; kept nowhere."""
    return word_response(*export_inspection(system, person.viewer, wanted.cadre, wanted.reason))


def _change(
    system: System, person: SignedIn, name: str, package_id: int, change: Callable[[Session, Viewer], object]
) -> dict[str, Any]:  # fmt: skip
    perform(system, person.viewer, f"package-{name}", "package", str(package_id), change)
    return _package(read_package(system, person.viewer, package_id))


def _snapshot(row: AnnualSnapshot) -> dict[str, Any]:
    return {
        "id": row.id, "year": row.year, "version": row.version, "cutoff": row.cutoff.isoformat(),
        "sha256": row.sha256, "at": row.at.isoformat(),
    }  # fmt: skip


def _package(shown: PackagePage) -> dict[str, Any]:
    held = shown.package
    return {
        "id": held.id, "team": held.team.id, "snapshot": _snapshot(held.snapshot), "state": held.state,
        "banners": held.banners, "statistics": held.statistics.as_dict(),
        "items": [{"ordinal": line.ordinal, "fact": line.fact, **line.row} for line in held.lines],
        "spare": list(held.spare), "blocked": list(held.blocked),
        "contradictions": [asdict(one) for one in shown.contradictions],
        "judgements": [asdict(one) for one in shown.judgements], "read": shown.read,
    }  # fmt: skip
