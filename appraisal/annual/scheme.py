"""等次方案: grades, shares of 优秀, pools and clocks of one year, read as data (domain.md §1.14, §2.1 rules 1-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.decimals import to_decimal
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import GradeScheme, now
from storage.yaml_text import load_yaml

KINDS = {"team": "班子", "cadre": "干部"}
CLOCKS = (
    "publicity_workdays", "review_within", "appeal_after_review", "appeal_direct", "review_decision",
    "appeal_decision", "appeal_extension",
)  # fmt: skip


@dataclass(frozen=True)
class Grades:
    """The grades of one kind, best first, and the band of the best one."""

    names: tuple[str, ...]
    excellent: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Pool:
    """A quota pool: teams of these categories, in the approved order of pools."""

    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """A human status that keeps somebody from a grade; `inside`: whether it usually stays in the base n."""

    name: str
    inside: bool


@dataclass(frozen=True)
class Scheme:
    """One year's scheme. id 0: the built-in one, no approved scheme of the year's own yet."""

    year: int
    id: int
    version: int
    document_no: str
    team: Grades
    cadre: Grades
    pools: tuple[Pool, ...]
    statuses: tuple[Status, ...]
    clocks: Mapping[str, int]

    def grades(self, kind: str) -> Grades:
        """Grades of 班子 or of 干部, which are never mixed. Raises GRADE-KIND."""
        if kind not in KINDS:
            raise ShijiError("GRADE-KIND", f"没有这种对象：{kind}", "", "请选择班子或干部。")
        return self.team if kind == "team" else self.cadre

    def pool_of(self, category: str) -> Pool | None:
        """The pool a category belongs to."""
        return next((pool for pool in self.pools if category in pool.categories), None)

    @property
    def name(self) -> str:
        return (
            f"{self.year}年等次方案第{self.version}版（{self.document_no}）" if self.id else "内置等次方案（未经审定）"
        )


def scheme_of(session: Session, year: int) -> Scheme:
    """The newest approved scheme of the year, else the newest approved of an earlier year, else the built-in one."""
    row = session.scalar(
        select(GradeScheme)
        .where(GradeScheme.approved_at.is_not(None), GradeScheme.year <= year)
        .order_by(GradeScheme.year.desc(), GradeScheme.version.desc())
        .limit(1)
    )
    if row is None:
        return read_scheme(built_in(year), year)
    return read_scheme(row.content, year, row.id, row.version, row.document_no)


def built_in(year: int) -> dict[str, Any]:
    """The content that a year has before anything was approved: the newest national rule at or before it."""
    data = _file()
    known = [key for key in data if isinstance(key, int) and key <= year] or [min(k for k in data if k != "common")]
    return {**data["common"], **data[max(known)]}


def read_scheme(content: Mapping[str, Any], year: int, id: int = 0, version: int = 0, document_no: str = "") -> Scheme:
    """A scheme from its stored content. Raises ShijiError SCHEME-CONTENT naming what is wrong."""
    try:
        made = Scheme(
            year, id, version, document_no, _grades(content["team"]), _grades(content["cadre"]),
            tuple(Pool(str(p["name"]), tuple(map(str, p["categories"]))) for p in content["pools"]),
            tuple(Status(str(s["name"]), bool(s["inside"])) for s in content["statuses"]),
            {key: int(content["clocks"][key]) for key in CLOCKS},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as bad:
        raise ShijiError("SCHEME-CONTENT", f"等次方案缺项或有误：{bad}", f"{year}年", "请按样例填写。") from bad
    _check(made)
    return made


def propose_scheme(session: Session, viewer: Viewer, year: int, content: Mapping[str, Any]) -> GradeScheme:
    """考核办 files a new version of a year's scheme. Raises RIGHTS-ROLE, SCHEME-CONTENT."""
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "等次方案由考核办拟定", viewer.role, "")
    read_scheme(content, year)
    last = session.scalar(select(func.max(GradeScheme.version)).where(GradeScheme.year == year)) or 0
    row = GradeScheme(year=year, version=last + 1, content=dict(content), prepared_by=viewer.user_id or None)
    session.add(row)
    session.flush()
    return row


def approve_scheme(session: Session, viewer: Viewer, scheme_id: int, document_no: str) -> GradeScheme:
    """部长 approves a scheme with the number of the document it rests on. Raises RIGHTS-ROLE, SCHEME-UNKNOWN,
    SCHEME-ORDER, DECISION-NUMBER."""
    if viewer.role != "MIN":
        raise ShijiError("RIGHTS-ROLE", "等次方案由部长审定", viewer.role, "")
    row = session.get(GradeScheme, scheme_id)
    if row is None:
        raise ShijiError("SCHEME-UNKNOWN", "没有这个等次方案", str(scheme_id), "请从考核工作台进入。")
    if row.approved_at is not None:
        raise ShijiError("SCHEME-ORDER", "该方案已经审定", str(scheme_id), "如需修改，请拟定新版本。")
    row.document_no = required_number(document_no)
    row.approved_by, row.approved_at = viewer.user_id or None, now()
    return row


def required_number(document_no: str) -> str:
    """The number of the decision an act rests on. Raises DECISION-NUMBER when there is none."""
    if not document_no.strip():
        raise ShijiError("DECISION-NUMBER", "须填写决定或文件的文号", "文号", "例如：澜委〔2025〕3号。")
    return document_no.strip()[:80]


def _grades(data: Mapping[str, Any]) -> Grades:
    low, high = (Fraction(to_decimal(str(data[key]))) / 100 for key in ("low", "high"))
    return Grades(tuple(map(str, data["grades"])), str(data["excellent"]), low, high)


def _check(made: Scheme) -> None:
    where = f"{made.year}年"
    for grades in (made.team, made.cadre):
        if grades.excellent not in grades.names or len(set(grades.names)) != len(grades.names):
            raise ShijiError("SCHEME-CONTENT", "等次名称重复，或名额等次不在其中", where, "请核对等次名称。")
        if not 0 < grades.low <= grades.high <= Fraction(1, 4):
            raise ShijiError("SCHEME-CONTENT", "优秀比例应大于 0 且不超过 25%", where, "请核对比例。")
    names = [category for pool in made.pools for category in pool.categories]
    if len(set(names)) != len(names) or not names:
        raise ShijiError("SCHEME-CONTENT", "一个类别只能属于一个名额组", where, "请核对分组。")


@cache
def _file() -> dict[Any, Any]:
    data: dict[Any, Any] = load_yaml((files("appraisal") / "annual" / "schemes.yaml").read_text(encoding="utf-8"))
    return data
