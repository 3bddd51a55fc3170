"""Points of progress and weights of the parts, as data with versions (domain.md §1.1 [D]); never a constant in a sum.

A year's rule is prepared by 考核办 and approved by 部长 under a document number; without one the defaults hold and the
page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.decimals import HUNDRED, plain, to_decimal, total
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import TaskRule, now

LEVELS = ("超额", "按期", "基本按期", "滞后", "严重滞后", "未启动")
LAGGING = frozenset({"滞后", "严重滞后", "未启动"})  # adverse to the team: told to it, and signed by a head
POINTS = {
    "超额": Decimal(100), "按期": Decimal(90), "基本按期": Decimal(80), "滞后": Decimal(60),
    "严重滞后": Decimal(40), "未启动": Decimal(40),
}  # fmt: skip
LIGHTS = {"超额": "绿", "按期": "绿", "基本按期": "绿", "滞后": "黄", "严重滞后": "红", "未启动": "红"}
S4_WEIGHT, S3_WEIGHT = Decimal(60), Decimal(40)
TEAM_TASKS, PERSONAL_TASKS = 3, 2
SHORT_DAYS = 30  # a member fewer days in post than this is not assessed in the quarter
RESPONSE_DAYS = 10  # working days of the response box
HEARING_DAYS = 5  # working days for a statement on a level that lags
_WHOLE = ("short_days", "response_days", "hearing_days")


@dataclass(frozen=True)
class Rules:
    """What a quarter is computed by. points: level -> 0-100; districts: weights of S4 and S3 in percent, sum 100."""

    year: int
    version: int = 0
    document_no: str = ""
    points: Mapping[str, Decimal] = field(default_factory=lambda: POINTS)
    s4_weight: Decimal = S4_WEIGHT
    s3_weight: Decimal = S3_WEIGHT
    short_days: int = SHORT_DAYS
    response_days: int = RESPONSE_DAYS
    hearing_days: int = HEARING_DAYS

    @property
    def name(self) -> str:
        """2025年季度考核规则第1版, or that nobody has approved one."""
        if not self.version:
            return "默认规则（未经审定）"
        return f"{self.year}年季度考核规则第{self.version}版（{self.document_no}）"

    def content(self) -> dict[str, Any]:
        """As stored; `read_rules` gives it back exactly."""
        return {
            "points": {level: format(points, "f") for level, points in self.points.items()},
            "s4_weight": format(self.s4_weight, "f"), "s3_weight": format(self.s3_weight, "f"),
            **{name: getattr(self, name) for name in _WHOLE},
        }  # fmt: skip

    def stored(self) -> dict[str, Any]:
        """Content with year, version and document, for a run to keep."""
        return {"year": self.year, "version": self.version, "document_no": self.document_no, **self.content()}


def read_rules(data: Mapping[str, Any], year: int, version: int = 0, document_no: str = "") -> Rules:
    """Rules from stored or typed content; a part left out is the default's. Raises ShijiError TASK-RULE, WEIGHT-SUM."""
    where = f"{year}年季度考核规则"
    try:
        given = dict(data.get("points") or {})
        points = {level: to_decimal(given.get(level, POINTS[level])) for level in LEVELS}
        s4, s3 = to_decimal(data.get("s4_weight", S4_WEIGHT)), to_decimal(data.get("s3_weight", S3_WEIGHT))
        short, response, hearing = (int(str(data.get(name, d))) for name, d in zip(_WHOLE, (30, 10, 5), strict=True))
    except (ValueError, TypeError, AttributeError) as error:
        raise ShijiError("TASK-RULE", "规则中有不是数的内容", where, "请填数字。") from error
    ordered = [points[level] for level in LEVELS]
    if set(given) - set(LEVELS) or any(not 0 <= one <= HUNDRED for one in ordered):
        raise ShijiError("TASK-RULE", "进度档次或分值有误", where, f"档次为{'、'.join(LEVELS)}，分值 0～100。")
    if any(lower > higher for higher, lower in pairwise(ordered)):
        raise ShijiError("TASK-RULE", "进度差的档次分值不能更高", where, "请调整分值。")
    if total((s4, s3)) != HUNDRED or min(s4, s3) < 0:
        raise ShijiError("WEIGHT-SUM", f"两部分权重合计 {plain(s4 + s3)}%，应为 100%", where, "请调整权重。")
    if not (0 <= short <= 90 and 1 <= response <= 60 and 1 <= hearing <= 60):
        raise ShijiError("TASK-RULE", "天数有误", where, "任职天数 0～90，工作日 1～60。")
    return Rules(year, version, document_no, points, s4, s3, short, response, hearing)


def stored_rules(data: Mapping[str, Any]) -> Rules:
    """Rules as a run kept them."""
    return read_rules(data, int(data["year"]), int(data["version"]), str(data["document_no"]))


def rules_of(session: Session, year: int) -> Rules:
    """The approved rule of a year, newest version; the defaults where there is none."""
    row = session.scalar(
        select(TaskRule)
        .where(TaskRule.year == year, TaskRule.approved_at.is_not(None))
        .order_by(TaskRule.version.desc())
        .limit(1)
    )
    return read_rules(row.content, year, row.version, row.document_no) if row else Rules(year)


def list_rules(session: Session) -> list[TaskRule]:
    """All rules, newest first."""
    return list(session.scalars(select(TaskRule).order_by(TaskRule.year.desc(), TaskRule.version.desc())))


def prepare_rules(session: Session, viewer: Viewer, year: int, data: Mapping[str, Any]) -> TaskRule:
    """A further version of a year's rule, not yet in force. Raises RIGHTS-ROLE, TASK-RULE, WEIGHT-SUM."""
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "季度考核规则由考核办拟订", viewer.role, "")
    version = (session.scalar(select(func.max(TaskRule.version)).where(TaskRule.year == year)) or 0) + 1
    made = read_rules(data, year, version)
    row = TaskRule(year=year, version=version, content=made.content(), prepared_by=viewer.user_id or None)
    session.add(row)
    session.flush()
    return row


def approve_rules(session: Session, viewer: Viewer, rule_id: int, document_no: str) -> TaskRule:
    """部长 puts a rule in force. Raises RIGHTS-ROLE, TASK-RULE-UNKNOWN, TASK-RULE, TASK-DOCUMENT."""
    if viewer.role != "MIN":
        raise ShijiError("RIGHTS-ROLE", "季度考核规则由部长批准", viewer.role, "")
    row = session.get(TaskRule, rule_id)
    if row is None:
        raise ShijiError("TASK-RULE-UNKNOWN", "没有这版规则", str(rule_id), "请从规则列表进入。")
    if row.approved_at is not None:
        raise ShijiError("TASK-RULE", "该版规则已批准", f"{row.year}年第{row.version}版", "修改须另拟一版。")
    if not document_no.strip():
        raise ShijiError("TASK-DOCUMENT", "请填写批准文号", f"{row.year}年季度考核规则", "")
    row.approved_by, row.approved_at, row.document_no = viewer.user_id or None, now(), document_no.strip()[:60]
    session.flush()
    return row
