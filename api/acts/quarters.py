"""Acts on quarterly runs, rules and 亿元项目 with their audit entries, for pages, JSON and commands alike."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.access import audit
from api.acts.performing import perform
from api.acts.workbooks import check_workbook
from api.system import System
from appraisal.quarterly import projects, rules, runs
from appraisal.quarterly.table import Category, quarter_csv, quarter_table
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import QuarterRun, TaskRule

LARGEST = 5 * 1024 * 1024


def compute(system: System, viewer: Viewer, quarter: str, note: str) -> QuarterRun:
    """Pin and compute a quarter."""
    with system.database.write() as session:
        row = runs.compute_run(session, viewer, quarter, note)
        audit.record(session, viewer, "quarter-compute", "quarter-run", str(row.id), detail=_detail(row))
        return row


def check(system: System, viewer: Viewer, run_id: int, agree: bool, note: str) -> QuarterRun:
    """处长 agrees or sends back."""
    return perform(
        system, viewer, "quarter-check", "quarter-run", str(run_id),
        lambda session, who: runs.check_run(session, who, run_id, agree, note), {"agree": agree},
    )  # fmt: skip


def publish(system: System, viewer: Viewer, run_id: int, document_no: str) -> QuarterRun:
    """部领导 publishes."""
    today = system.settings.today()
    return perform(
        system, viewer, "quarter-publish", "quarter-run", str(run_id),
        lambda session, who: runs.publish_run(session, who, run_id, document_no, today),
        {"document_no": document_no.strip()},
    )  # fmt: skip


def export_table(system: System, viewer: Viewer, run_id: int) -> bytes:
    """一览表 for Excel; written to the audit log."""
    with system.database.write() as session:
        row, table = _table(session, viewer, run_id)
        audit.record(session, viewer, "quarter-export", "quarter-run", str(row.id), detail=_detail(row))
        return quarter_csv(table, f"{runs.run_name(row)}")


def prepare_rules(system: System, viewer: Viewer, year: int, typed: Mapping[str, str]) -> TaskRule:
    """A further version of a year's rule. points:LEVEL are the points; the rest goes by its own name."""
    points = {key.partition(":")[2]: value.strip() for key, value in typed.items() if key.startswith("points:")}
    names = ("s4_weight", "s3_weight", "short_days", "response_days", "hearing_days")
    data = {"points": points, **{name: typed[name].strip() for name in names if typed.get(name, "").strip()}}
    return perform(
        system, viewer, "task-rule", "task-rule", "",
        lambda session, who: rules.prepare_rules(session, who, year, data), {"year": year},
    )  # fmt: skip


def approve_rules(system: System, viewer: Viewer, rule_id: int, document_no: str) -> TaskRule:
    """部长 approves a rule."""
    return perform(
        system, viewer, "task-rule-approve", "task-rule", str(rule_id),
        lambda session, who: rules.approve_rules(session, who, rule_id, document_no),
        {"document_no": document_no.strip()},
    )  # fmt: skip


def import_projects(system: System, viewer: Viewer, quarter: str, provider: str, name: str, data: bytes) -> int:
    """亿元项目 of a filled template; returns how many changed."""
    if len(data) > LARGEST:
        raise ShijiError("SHEET-UNREADABLE", "文件超过 5 MB", name, "请检查文件。")
    check_workbook(data, name)
    with system.database.write() as session:
        written = projects.put_projects(session, viewer, quarter, projects.read_projects(session, data), provider)
        audit.record(session, viewer, "projects", "quarter", quarter, detail={"file": name, "written": written})
        return written


def _table(session: Session, viewer: Viewer, run_id: int) -> tuple[QuarterRun, list[Category]]:
    row = runs.get_run(session, run_id)
    return row, quarter_table(session, viewer, row)


def _detail(row: QuarterRun) -> dict[str, object]:
    return {"quarter": row.quarter, "version": row.version, "sha256": row.sha256}
