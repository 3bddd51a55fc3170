"""Acts on targets, surveys and pins with their audit entries, for pages, JSON and the command line alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.access import audit
from api.acts.workbooks import check_workbook
from api.system import System
from appraisal import pins, surveys, targets
from appraisal.decimals import to_decimal
from appraisal.score_sheet import score_csv, score_sheet
from appraisal.templates import read_ballots, read_targets
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import AssessmentPin, Survey

LARGEST = 5 * 1024 * 1024


def propose_targets(system: System, viewer: Viewer, year: int, name: str, data: bytes) -> int:
    """Targets of a filled template as proposals; returns how many changed."""
    rows = read_targets(_checked(data, name))
    with system.database.write() as session:
        changed = targets.propose_targets(session, viewer, year, rows)
        audit.record(
            session, viewer, "target-propose", "indicator-target", str(year), detail={"file": name, "changed": changed}
        )
        return changed


def approve_targets(system: System, viewer: Viewer, ids: Sequence[int], document_no: str) -> int:
    """Approve proposals under a document number; returns how many."""
    with system.database.write() as session:
        rows = targets.approve_targets(session, viewer, ids, document_no)
        audit.record(
            session, viewer, "target-approve", "indicator-target", str(rows[0].year),
            detail={"ids": [row.id for row in rows], "document_no": document_no.strip()},
        )  # fmt: skip
        return len(rows)


def open_survey(system: System, viewer: Viewer, year: int, title: str, classes: Mapping[str, str]) -> Survey:
    """Begin a survey with its classes of ballots and their weights, as typed."""
    _only_kh(viewer)
    try:
        weights = {name.strip(): to_decimal(text) for name, text in classes.items() if name.strip()}
    except ValueError as error:
        raise ShijiError("SURVEY-CLASSES", "票类权重不是数", title[:40], "请填数字。") from error
    with system.database.write() as session:
        row = surveys.open_survey(session, viewer, year, title, weights)
        audit.record(session, viewer, "survey-open", "survey", str(row.id), detail={"classes": dict(row.classes)})
        return row


def put_ballots(system: System, viewer: Viewer, survey_id: int, name: str, data: bytes) -> int:
    """Counts of a filled template; returns the number of rows. The audit entry holds no count of ballots."""
    _only_kh(viewer)
    rows = read_ballots(_checked(data, name))
    with system.database.write() as session:
        written = surveys.put_ballots(session, survey_id, rows)
        audit.record(
            session, viewer, "survey-ballots", "survey", str(survey_id), detail={"file": name, "rows": written}
        )
        return written


def close_survey(system: System, viewer: Viewer, survey_id: int) -> Survey:
    """Stop taking ballots."""
    _only_kh(viewer)
    with system.database.write() as session:
        row = surveys.close_survey(session, viewer, survey_id)
        audit.record(session, viewer, "survey-close", "survey", str(row.id))
        return row


def make_pin(system: System, viewer: Viewer, period: str, purpose: str) -> AssessmentPin:
    """Pin the versions and scores of a period."""
    with system.database.write() as session:
        row = pins.make_pin(session, viewer, period, purpose)
        audit.record(
            session, viewer, "pin", "assessment-pin", str(row.id), detail={"period": row.period, "sha256": row.sha256}
        )
        return row


def export_scores(system: System, viewer: Viewer, period: str, pin_id: int) -> bytes:
    """The score sheet as a table for Excel; written to the audit log."""
    with system.database.write() as session:
        sheet = score_sheet(session, viewer, period, pin_id)
        audit.record(
            session, viewer, "scores-export", "assessment-pin" if pin_id else "period", str(pin_id or sheet.period)
        )
        return score_csv(sheet)


def weights_of(text: str) -> dict[str, str]:
    """Ballot classes as typed on one line each: 市领导 40."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, _, weight = line.strip().replace("　", " ").rpartition(" ")
        if line.strip():
            found[name.strip() or line.strip()] = weight.strip().removesuffix("%") if name else ""
    return found


def _checked(data: bytes, name: str) -> bytes:
    if len(data) > LARGEST:
        raise ShijiError("SHEET-UNREADABLE", "文件超过 5 MB", name, "请检查文件。")
    check_workbook(data, name)
    return data


def _only_kh(viewer: Viewer) -> None:
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "由考核办办理", viewer.role, "")
