"""考核工作台: 年度快照, 定性证据包, 矩阵 of a year, and what people do on them (domain.md §1.13)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import word_response
from api.acts.performing import perform
from api.acts.yearly import (
    check_snapshot,
    draft_product,
    export_form,
    export_inspection,
    export_package,
    freeze,
    read_package,
)
from api.render import page
from appraisal.annual import contradictions, matrix, package
from appraisal.annual.bands import BANDS
from appraisal.annual.snapshot import latest_snapshot
from appraisal.annual.views import package_rows, snapshots

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Any_ = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN", "SUP"))]
Office = Annotated[SignedIn, Depends(require_checked("KH"))]
Preparer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Head = Annotated[SignedIn, Depends(require_checked("HEAD"))]
Evaluator = Annotated[SignedIn, Depends(require_checked("HEAD", "KH", "DEP", "MIN"))]
Text = Annotated[str, Form()]
Number = Annotated[int, Form()]


@router.get("/annual")
def start(system: SystemDep, person: Any_) -> Response:
    """To last year's assessment."""
    tab = "appeals" if person.viewer.role == "SUP" else "snapshots"
    return RedirectResponse(f"/annual/{system.settings.today().year - 1}/{tab}", 303)


@router.get("/annual/{year:int}/snapshots")
def show_snapshots(request: Request, system: SystemDep, person: Reader, year: int, check: int = 0) -> Response:
    with system.database.read() as session:
        rows = snapshots(session, year)
    checked = check_snapshot(system, person.viewer, check) if check else None
    return page(
        request, "annual/snapshots.html", person, year=year, rows=rows, checked=checked, check=check,
        may_freeze=person.viewer.role == "KH", tab="snapshots",
    )  # fmt: skip


@router.post("/annual/{year:int}/snapshots")
def make(system: SystemDep, person: Office, year: int, cutoff: Text = "") -> Response:
    freeze(system, person.viewer, year, cutoff)
    return RedirectResponse(f"/annual/{year}/snapshots", 303)


@router.get("/annual/{year:int}/packages")
def show_packages(request: Request, system: SystemDep, person: Reader, year: int) -> Response:
    with system.database.read() as session:
        snapshot, rows = package_rows(session, person.viewer, year)
    return page(
        request, "annual/packages.html", person, year=year, snapshot=snapshot, rows=rows, tab="packages",
        may_draft=person.viewer.role in package.PREPARERS,
    )  # fmt: skip


@router.post("/annual/{year:int}/packages")
def draft(system: SystemDep, person: Preparer, year: int, team: Text, snapshot: Number) -> Response:
    made = perform(
        system, person.viewer, "package-draft", "package", "",
        lambda s, v: package.draft_package(s, v, snapshot, team), {"team": team, "year": year},
    )  # fmt: skip
    return RedirectResponse(f"/annual/packages/{made.id}", 303)


@router.get("/annual/packages/{package_id:int}.docx")
def package_word(system: SystemDep, person: Reader, package_id: int) -> Response:
    return word_response(*export_package(system, person.viewer, package_id))


@router.get("/annual/packages/{package_id:int}")
def show_package(request: Request, system: SystemDep, person: Reader, package_id: int) -> Response:
    shown = read_package(system, person.viewer, package_id)
    held, role = shown.package, person.viewer.role
    return page(
        request, "annual/package.html", person, shown=shown, held=held, year=held.snapshot.year, tab="packages",
        editing=held.state == package.DRAFT and role in package.PREPARERS, may_confirm=role == "HEAD",
        may_judge=role in matrix.EVALUATORS, states=matrix.STATES, most=package.MOST_ITEMS,
        kinds=(matrix.OWN, matrix.AGREED) if role == "KH" else (matrix.OWN,),
        may_conclude=role in ("OFF", "HEAD", "KH"), may_draft=role in package.PREPARERS,
    )  # fmt: skip


@router.post("/annual/packages/{package_id:int}/product")
def product(system: SystemDep, person: Preparer, package_id: int) -> Response:
    """The package as a draft in 文稿中心."""
    return RedirectResponse(f"/products/{draft_product(system, person, package_id).id}", 303)


@router.post("/annual/packages/{package_id:int}/{act}")
def change_package(
    system: SystemDep, person: Preparer, package_id: int, act: str, evidence: Number = 0, fact: Text = "",
) -> Response:  # fmt: skip
    """add, remove, fact: items of a package; confirm: a head's."""
    changes: dict[str, Any] = {
        "add": lambda s, v: package.add_item(s, v, package_id, evidence),
        "remove": lambda s, v: package.remove_item(s, v, package_id, evidence),
        "fact": lambda s, v: package.write_fact(s, v, package_id, evidence, fact),
        "confirm": lambda s, v: package.confirm_package(s, v, package_id),
    }
    if act not in changes:
        return RedirectResponse(f"/annual/packages/{package_id}", 303)
    perform(system, person.viewer, f"package-{act}", "package", str(package_id), changes[act], {"evidence": evidence})
    return RedirectResponse(f"/annual/packages/{package_id}#e{evidence}", 303)


@router.post("/annual/read/{package_id:int}")
def confirm_reading(system: SystemDep, person: Evaluator, package_id: int) -> Response:
    """已阅."""
    perform(
        system, person.viewer, "package-confirm-read", "package", str(package_id),
        lambda s, v: matrix.confirm_reading(s, v, package_id),
    )  # fmt: skip
    return RedirectResponse(f"/annual/packages/{package_id}#judge", 303)


@router.post("/annual/judge/{package_id:int}")
def judge(
    system: SystemDep, person: Evaluator, package_id: int, kind: Text = "", quality: Text = "", reasons: Text = "",
    dissent: Text = "",
) -> Response:  # fmt: skip
    perform(
        system, person.viewer, "package-judge", "package", str(package_id),
        lambda s, v: matrix.judge(s, v, package_id, kind, quality, reasons, dissent), {"kind": kind},
    )  # fmt: skip
    return RedirectResponse(f"/annual/packages/{package_id}#judge", 303)


@router.post("/annual/conclude/{package_id:int}")
def conclude(system: SystemDep, person: Preparer, package_id: int, key: Text, conclusion: Text = "") -> Response:
    """A person's conclusion on one contradiction."""
    shown = read_package(system, person.viewer, package_id).package
    perform(
        system, person.viewer, "contradiction-conclude", "package", str(package_id),
        lambda s, v: contradictions.conclude(s, v, shown.snapshot.id, shown.team.id, key, conclusion), {"key": key},
    )  # fmt: skip
    return RedirectResponse(f"/annual/packages/{package_id}#beside", 303)


@router.get("/annual/{year:int}/matrix")
def show_matrix(request: Request, system: SystemDep, person: Reader, year: int) -> Response:
    with system.database.read() as session:
        snapshot = latest_snapshot(session, year)
        rows = matrix.matrix(session, person.viewer, snapshot.id) if snapshot else []
    groups: dict[str, list[matrix.MatrixRow]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    return page(
        request, "annual/matrix.html", person, year=year, snapshot=snapshot, groups=list(groups.items()),
        bands=BANDS, states=matrix.STATES, tab="matrix",
    )  # fmt: skip


@router.get("/annual/{year:int}/forms/{cadre_id}.docx")
def form(system: SystemDep, person: Reader, year: int, cadre_id: str) -> Response:
    """年度考核登记表 with its header filled."""
    return word_response(*export_form(system, person.viewer, cadre_id, year))


@router.post("/annual/inspection")
def inspection(system: SystemDep, person: Preparer, cadre: Text, reason: Text = "") -> Response:
    """考察事实清单: facts with their sources, no evaluation."""
    return word_response(*export_inspection(system, person.viewer, cadre, reason))
