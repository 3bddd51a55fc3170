"""What people do on a review: lay out, move, write, note opinions, ask for improvement, pick the state, sign (§1.3).

Nothing is preselected: `overall` stays empty until a person picks it and writes why. After 处务会 has passed it the
text stands still; a step that sends it back opens it again.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.annual.matrix import STATES
from appraisal.annual.snapshot import canonical, digest
from appraisal.review.board import find_review, get_review, in_days
from appraisal.review.boxes import BOXES, CADRE_BOXES, TEAM_BOXES, TEXTS, established, first_boxes, names_cadre
from appraisal.review.facts import reported_figures
from appraisal.review.quarter import Quarter, parse_quarter
from appraisal.review.report import report_content
from dossier import terms
from dossier.scope import Viewer, evidence_clause, get_team, unrestricted
from dossier.views import load_views
from storage.errors import ShijiError
from storage.tables import DataPoint, Evidence, ReviewDemand, ReviewEntry, ReviewOpinion, ReviewSignature, TeamReview

WRITERS = frozenset({"OFF", "HEAD"})
DRAFT = "起草"
STEPS = {"处务会": "HEAD", "分管副部长": "DEP", "部务会": "MIN"}  # step -> role that signs it, in this order
OPINION_KINDS = ("市领导", "上级有关部门", "基层干部群众")
AGREED, RETURNED = "同意", "退回"


def open_review(session: Session, viewer: Viewer, team_id: str, quarter_code: str, today: date) -> TeamReview:
    """Open the review of a quarter that has begun, and lay out what is verified; an existing one is left as it is.

    Raises RIGHTS-ROLE, QUARTER-FORM, QUARTER-FUTURE, TEAM-UNKNOWN.
    """
    _writer(viewer)
    quarter = parse_quarter(quarter_code)
    get_team(session, viewer, team_id)
    if quarter.first > today:
        raise ShijiError("QUARTER-FUTURE", f"{quarter.title}还没有开始", quarter.code, "请选择已开始的季度。")
    row = find_review(session, team_id, quarter)
    if row is None:
        row = TeamReview(team_id=team_id, quarter=quarter.code, made_by=viewer.user_id or None)
        session.add(row)
        session.flush()
        _lay_out(session, viewer, row, quarter)
    return row


def refresh(session: Session, viewer: Viewer, review_id: int) -> int:
    """Lay out what was verified or published since; what people moved or removed stays so. Returns how many."""
    row = _open(session, viewer, review_id)
    return _lay_out(session, viewer, row, parse_quarter(row.quarter))


def place(session: Session, viewer: Viewer, review_id: int, kind: str, ref: int, box: str) -> ReviewEntry:
    """Add a verified item of the team (evidence) or one of its figures to a box.

    Raises REVIEW-BOX, REVIEW-ITEM, REVIEW-UNVERIFIED, REVIEW-ADVERSE, REVIEW-STATE.
    """
    row = _open(session, viewer, review_id)
    _box(box)
    _check_ref(session, viewer, row, kind, ref, box)
    same = (ReviewEntry.review_id == row.id, ReviewEntry.kind == kind, ReviewEntry.ref == ref, ReviewEntry.box == box)
    held = session.scalar(select(ReviewEntry).where(*same))
    entry = held or ReviewEntry(review_id=row.id, box=box, kind=kind, ref=ref, ordinal=_next(session, row.id))
    entry.removed, entry.prefilled, entry.user_id = False, False, viewer.user_id or None
    session.add(entry)
    session.flush()
    return entry


def move(session: Session, viewer: Viewer, review_id: int, entry_id: int, box: str) -> ReviewEntry:
    """Put an entry into another box. Raises REVIEW-BOX, REVIEW-ITEM, REVIEW-ADVERSE, REVIEW-STATE."""
    entry = _entry(session, viewer, review_id, entry_id)
    if entry.box == box:
        return entry
    moved = place(session, viewer, review_id, entry.kind, entry.ref, box)
    entry.removed, entry.user_id = True, viewer.user_id or None
    return moved


def remove(session: Session, viewer: Viewer, review_id: int, entry_id: int) -> None:
    """Take an entry out of its box; laying out again does not bring it back. Raises REVIEW-ITEM, REVIEW-STATE."""
    entry = _entry(session, viewer, review_id, entry_id)
    entry.removed, entry.user_id = True, viewer.user_id or None


def write(session: Session, viewer: Viewer, review_id: int, texts: dict[str, str], version: int) -> TeamReview:
    """Save what was written for boxes and parts, onto the version that was read.

    Raises REVIEW-BOX, REVIEW-CHANGED when somebody saved in between, REVIEW-STATE.
    """
    row = _open(session, viewer, review_id)
    if row.version != version:
        raise ShijiError("REVIEW-CHANGED", "其他人已保存过本页", row.quarter, "请复制您的文字，刷新页面后再保存。")
    for key in texts:
        if key not in TEXTS:
            raise ShijiError("REVIEW-BOX", f"没有这一栏：{key}", row.quarter, "请刷新页面。")
    row.texts = {**row.texts, **{key: text.strip()[:4000] for key, text in texts.items()}}
    row.version += 1
    return row


def pick(session: Session, viewer: Viewer, review_id: int, overall: str, reasons: str) -> TeamReview:
    """A person picks the overall state, with reasons. Raises REVIEW-OVERALL, REVIEW-REASONS, REVIEW-STATE."""
    row = _open(session, viewer, review_id)
    if overall not in STATES:
        raise ShijiError("REVIEW-OVERALL", "请选择态势评估", overall, f"可选：{'、'.join(STATES)}。")
    if not reasons.strip():
        raise ShijiError("REVIEW-REASONS", "态势评估须写明理由", row.quarter, "请写明依据的事实。")
    row.overall, row.reasons = overall, reasons.strip()[:2000]
    row.version += 1
    return row


def note_opinion(
    session: Session, viewer: Viewer, review_id: int, kind: str, attribution: str, on: date, text: str
) -> ReviewOpinion:
    """Note one attributed opinion, apart from every other. Raises OPINION-KIND, OPINION-EMPTY, REVIEW-STATE."""
    row = _open(session, viewer, review_id)
    if kind not in OPINION_KINDS:
        raise ShijiError("OPINION-KIND", f"没有这一类意见：{kind}", row.quarter, f"可选：{'、'.join(OPINION_KINDS)}。")
    if not text.strip() or not attribution.strip():
        raise ShijiError("OPINION-EMPTY", "须写明意见内容和提出者", row.quarter, "群众意见只写来源范围，不写姓名。")
    opinion = ReviewOpinion(
        review_id=row.id, kind=kind, attribution=attribution.strip()[:60], on=on, text=text.strip()[:2000],
        user_id=viewer.user_id,
    )  # fmt: skip
    session.add(opinion)
    session.flush()
    return opinion


def demand(session: Session, viewer: Viewer, review_id: int, text: str) -> ReviewDemand:
    """Add one 改进要求. Raises DEMAND-EMPTY, REVIEW-STATE."""
    row = _open(session, viewer, review_id)
    if not text.strip():
        raise ShijiError("DEMAND-EMPTY", "请写明改进要求", row.quarter, "")
    made = ReviewDemand(review_id=row.id, text=text.strip()[:500], user_id=viewer.user_id or None)
    session.add(made)
    session.flush()
    return made


def respond(session: Session, viewer: Viewer, demand_id: int, response: str, on: date) -> ReviewDemand:
    """Note how the team answered a 改进要求. Raises DEMAND-UNKNOWN, DEMAND-EMPTY, RIGHTS-ROLE."""
    _writer(viewer)
    made = session.get(ReviewDemand, demand_id)
    if made is None:
        raise ShijiError("DEMAND-UNKNOWN", "没有这项改进要求", str(demand_id), "请刷新页面。")
    get_review(session, viewer, made.review_id)
    if not response.strip():
        raise ShijiError("DEMAND-EMPTY", "请写明回应情况", str(demand_id), "")
    made.response, made.responded_on, made.response_by = response.strip()[:1000], on, viewer.user_id or None
    return made


def sign(session: Session, viewer: Viewer, review_id: int, outcome: str, note: str, today: date) -> TeamReview:
    """Pass the next step, or send the review back to be written again with a note; 部务会 freezes the report.

    Raises RIGHTS-ROLE when it is another role's turn, REVIEW-OVERALL, SIGN-OUTCOME, SIGN-NOTE, REVIEW-STATE.
    """
    row = get_review(session, viewer, review_id)
    step = next_step(row)
    if not step:
        raise ShijiError("REVIEW-STATE", "分析研判已经部务会审定", row.quarter, "")
    if viewer.role != STEPS[step]:
        raise ShijiError(
            "RIGHTS-ROLE", f"现在应由{step}办理", viewer.role, "请按处务会、分管副部长、部务会的顺序办理。"
        )
    if outcome not in (AGREED, RETURNED):
        raise ShijiError("SIGN-OUTCOME", "请选择同意或退回", outcome, "")
    if outcome == RETURNED and not note.strip():
        raise ShijiError("SIGN-NOTE", "退回须写明意见", row.quarter, "")
    if outcome == AGREED and not (row.overall and row.reasons):
        raise ShijiError("REVIEW-OVERALL", "尚未选择态势评估并写明理由", row.quarter, "请先由处室填写。")
    session.add(
        ReviewSignature(review_id=row.id, step=step, outcome=outcome, note=note.strip()[:500], user_id=viewer.user_id)
    )
    row.state = step if outcome == AGREED else DRAFT
    row.version += 1
    session.flush()
    if not next_step(row):
        row.content = report_content(session, viewer, row, today).as_dict()
        row.sha256 = digest(canonical(row.content))
    return row


def next_step(row: TeamReview) -> str:
    """The step that is due; empty when 部务会 has passed it."""
    steps = list(STEPS)
    passed = steps.index(row.state) + 1 if row.state in STEPS else 0
    return steps[passed] if passed < len(steps) else ""


def _lay_out(session: Session, viewer: Viewer, row: TeamReview, quarter: Quarter) -> int:
    held = session.execute(select(ReviewEntry.kind, ReviewEntry.ref).where(ReviewEntry.review_id == row.id))
    known = {(kind, ref) for kind, ref in held}
    query = select(Evidence).where(
        evidence_clause(viewer), unrestricted(), Evidence.team_id == row.team_id,
        Evidence.state.in_(terms.ESTABLISHED), Evidence.role.in_(terms.DOSSIER_ROLES),
        Evidence.label.in_(terms.DOSSIER_TOPICS), in_days(quarter.first, quarter.last),
    )  # fmt: skip
    wanted = [
        ("evidence", item.id, box)
        for item in load_views(session, query.order_by(Evidence.event_date, Evidence.id))
        for box in first_boxes(item)
    ]
    wanted += [("figure", ref, "deed") for ref in reported_figures(session, row.team_id, quarter.period)]
    ordinal, added = _next(session, row.id), 0
    for kind, ref, box in wanted:
        if (kind, ref) not in known:
            entry = ReviewEntry(review_id=row.id, box=box, kind=kind, ref=ref, ordinal=ordinal + added, prefilled=True)
            session.add(entry)
            added += 1
    session.flush()
    return added


def _check_ref(session: Session, viewer: Viewer, row: TeamReview, kind: str, ref: int, box: str) -> None:
    if kind == "figure":
        point = session.get(DataPoint, ref)
        if point is None or point.team_id != row.team_id or point.value is None or box in CADRE_BOXES:
            raise ShijiError("REVIEW-ITEM", "没有该班子的这个数据，或不能列入干部各栏", str(ref), "数据列入班子各栏。")
        return
    query = select(Evidence).where(Evidence.id == ref, evidence_clause(viewer), unrestricted())
    items = load_views(session, query) if kind == "evidence" else []
    if not items or items[0].team_id != row.team_id:
        raise ShijiError("REVIEW-ITEM", "没有该班子的这一条目", str(ref), "请从班子档中选择。")
    (item,) = items
    if not established(item):
        raise ShijiError("REVIEW-UNVERIFIED", "未经核实的条目不能列入", item.code, "请先核实。")
    if item.adverse and box in TEAM_BOXES:
        raise ShijiError("REVIEW-ADVERSE", "不利条目列在“存在问题”，不列入班子各栏", item.code, "")
    if item.adverse and not item.notified:
        raise ShijiError("REVIEW-ADVERSE", "不利条目未告知，不能列入干部各栏", item.code, "请先告知并听取说明。")
    if box in CADRE_BOXES and not names_cadre(item):
        raise ShijiError("REVIEW-ITEM", "该条目没有关联干部，不能列入干部各栏", item.code, "请先在条目中核对干部。")


def _open(session: Session, viewer: Viewer, review_id: int) -> TeamReview:
    _writer(viewer)
    row = get_review(session, viewer, review_id)
    if row.state != DRAFT:
        raise ShijiError("REVIEW-STATE", f"已经{row.state}，不能再改", row.quarter, "如需修改，请由下一步退回。")
    return row


def _entry(session: Session, viewer: Viewer, review_id: int, entry_id: int) -> ReviewEntry:
    _open(session, viewer, review_id)
    entry = session.get(ReviewEntry, entry_id)
    if entry is None or entry.review_id != review_id or entry.removed:
        raise ShijiError("REVIEW-ITEM", "没有这一条", str(entry_id), "请刷新页面。")
    return entry


def _next(session: Session, review_id: int) -> int:
    return (session.scalar(select(func.max(ReviewEntry.ordinal)).where(ReviewEntry.review_id == review_id)) or 0) + 1


def _box(box: str) -> None:
    if box not in BOXES:
        raise ShijiError("REVIEW-BOX", f"没有这一栏：{box}", "", f"可选：{'、'.join(BOXES.values())}。")


def _writer(viewer: Viewer) -> None:
    if viewer.role not in WRITERS:
        raise ShijiError("RIGHTS-ROLE", "分析研判由处室编写", viewer.role, "")
