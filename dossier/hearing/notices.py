"""告知, the clock of 5 working days, 说明/申辩, its review by another officer (domain.md §2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.hearing.letter import check_letter
from dossier.hearing.reach import need, need_words
from dossier.products.redact import load_names
from dossier.review import decide, get_evidence, require_decider
from dossier.scope import Viewer
from dossier.verify import no_proposal
from dossier.views import load_views
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Decision, Evidence, HearingNotice, now
from storage.workdays import add_workdays

ANSWER_WORKDAYS = 5
KEEP, CHANGE, REVOKE = "维持", "修改", "撤销"
RESULTS = (KEEP, CHANGE, REVOKE)
VERIFIERS = ("propose", "agree", "settle", "sign", "rehear")


def send(
    session: Session, viewer: Viewer, evidence_id: int, text: str, on: date, cadre_id: str = "",
    days: int = ANSWER_WORKDAYS, check: bool = True,
) -> HearingNotice:  # fmt: skip
    """Tell the team, or one cadre of the item, of an adverse matter; the clock runs from `on`.

    `check` False: words that an earlier record already holds. Raises RIGHTS-ROLE, NOTICE-STATE, -EMPTY, -ORIGIN,
    -OTHERS, -WHOM.
    """
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if not item.adverse or item.state not in (terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED):
        raise ShijiError("NOTICE-STATE", "只有待核实、核实中或已核实的不利条目需要告知", item.code, "")
    if cadre_id and cadre_id not in {link.cadre_id for link in item.cadres}:
        raise ShijiError("NOTICE-WHOM", "该条目不涉及这名干部", item.code, "请选择条目涉及的干部。")
    if check:
        [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
        check_letter(text, view, load_names(session), cadre_id)
    row = HearingNotice(
        evidence_id=item.id, team_id=None if cadre_id else item.team_id, cadre_id=cadre_id or None, text=text.strip(),
        sent_on=on, sent_by=viewer.user_id, due=add_workdays(on, days),
    )  # fmt: skip
    session.add(row)
    item.notified_at = _moment(on)
    decide(session, viewer.user_id, item, "notify", {}, text)
    return row


def extend(session: Session, viewer: Viewer, notice_id: int, reason: str, today: date, days: int) -> HearingNotice:
    """Extend the clock, once and before it ran out. Raises NOTICE-EXTENDED, NOTICE-LATE, HEARING-WORDS."""
    require_decider(viewer)
    row = get_notice(session, viewer, notice_id)
    where = f"告知 {row.id}"
    if row.extended:
        raise ShijiError("NOTICE-EXTENDED", "说明期限只能延长一次", where, "")
    if row.stated_on or today > row.due:
        raise ShijiError("NOTICE-LATE", "已提交说明或期限已过，不能延期", where, "")
    row.extension_reason = need_words(reason, "延期理由", where)
    row.extended, row.extended_by, row.due = True, viewer.user_id, add_workdays(row.due, days)
    return row


def state(
    session: Session, viewer: Viewer, notice_id: int, statement: str, documents: Sequence[str], on: date,
    reopen: bool = False,
) -> HearingNotice:  # fmt: skip
    """The 说明 or 申辩, by the unit itself or entered by an officer; `reopen`: a settled item is looked at again.

    It stands beside the item ever after. Raises RIGHTS-ROLE, NOTICE-REVIEWED, RESPONSE-EMPTY.
    """
    need(viewer, "登记说明", "UNIT", "OFF", "HEAD")
    row = get_notice(session, viewer, notice_id)
    if row.reviewed_on is not None:
        raise ShijiError("NOTICE-REVIEWED", "说明已经复核，不能再改", f"告知 {row.id}", "如有新情况，请联系处室。")
    if not statement.strip() or len(statement) > 4000:
        raise ShijiError("RESPONSE-EMPTY", "说明应填写，且不超过 4000 字", f"告知 {row.id}", "请录入单位或本人的说明。")
    if on < row.sent_on:
        raise ShijiError("NOTICE-DATE", f"说明日期早于告知日期：{on}", f"告知 {row.id}", "请核对日期。")
    item = session.get_one(Evidence, row.evidence_id, with_for_update=True)
    row.statement, row.documents = statement.strip(), [name.strip() for name in documents if name.strip()]
    row.stated_on, row.stated_by = on, viewer.user_id
    after: dict[str, str | None] = {"response": spoken(session, row)}
    if reopen and viewer.role != "UNIT" and item.state in terms.CONCLUSIONS:
        after |= {"state": terms.VERIFYING, **no_proposal()}
    decide(session, viewer.user_id, item, "respond", after)
    return row


def review(
    session: Session, viewer: Viewer, notice_id: int, result: str, reason: str, on: date, true_part: str = ""
) -> HearingNotice:
    """Another officer than those who verified weighs the statement: 维持, 修改 or 撤销, with the reason.

    修改 and 撤销 reopen a settled item with 部分属实 or 不属实 proposed: a second officer and a head follow as ever.
    Raises RIGHTS-ROLE, NOTICE-NONE, NOTICE-REVIEWED, HEARING-SAME, HEARING-RESULT, HEARING-WORDS.
    """
    need(viewer, "复核说明", "OFF", "HEAD", "KH")
    row = get_notice(session, viewer, notice_id)
    where = f"告知 {row.id}"
    if row.stated_on is None:
        raise ShijiError("NOTICE-NONE", "尚无说明可供复核", where, "期满未说明的无须复核。")
    if row.reviewed_on is not None:
        raise ShijiError("NOTICE-REVIEWED", "说明已经复核", where, "")
    item = get_evidence(session, viewer, row.evidence_id, lock=True)
    if viewer.user_id in verifiers(session, item):
        raise ShijiError("HEARING-SAME", "复核人不能是该条目的核实人", item.code, "请由未参与核实的同志复核。")
    if result not in RESULTS:
        raise ShijiError("HEARING-RESULT", f"没有这种复核结果：{result[:10]}", where, f"可选：{'、'.join(RESULTS)}。")
    if result == CHANGE:
        true_part = need_words(true_part, "修改后的事实", where)
    row.result, row.result_reason = result, need_words(reason, "复核理由", where)
    row.reviewed_by, row.reviewed_on = viewer.user_id, on
    after: dict[str, str | int | None] = {}
    if result != KEEP and item.state in terms.ESTABLISHED:
        proposed = terms.PARTLY if result == CHANGE else terms.UNTRUE
        after = {
            "state": terms.VERIFYING, "proposed_state": proposed, "proposed_by": viewer.user_id, "agreed_by": None,
            "true_part": true_part if result == CHANGE else "",
        }  # fmt: skip
    after["response"] = spoken(session, row)
    decide(session, viewer.user_id, item, "rehear" if "proposed_state" in after else "review", after, reason)
    return row


def spoken(session: Session, row: HearingNotice) -> str:
    """What stands beside the item wherever it appears: every statement made, with the result of its review."""
    session.flush()
    rows = session.scalars(
        select(HearingNotice)
        .where(HearingNotice.evidence_id == row.evidence_id, HearingNotice.stated_on.is_not(None))
        .order_by(HearingNotice.id)
    )
    return "；".join(one.statement + (f"（复核：{one.result}）" if one.result else "") for one in rows)


def verifiers(session: Session, item: Evidence) -> set[int]:
    """Accounts that proposed, agreed or signed a conclusion on an item, now or before."""
    rows = session.scalars(
        select(Decision.user_id).where(Decision.evidence_id == item.id, Decision.kind.in_(VERIFIERS))
    )
    return set(rows) | {key for key in (item.proposed_by, item.agreed_by) if key}


def get_notice(session: Session, viewer: Viewer, notice_id: int) -> HearingNotice:
    """A notice in scope; a unit sees those to itself. Raises NOTICE-UNKNOWN."""
    row = session.get(HearingNotice, notice_id)
    if viewer.role == "UNIT":
        if row is not None and row.team_id is not None and row.team_id == viewer.team_id:
            return row
    elif row is not None:
        get_evidence(session, viewer, row.evidence_id)
        return row
    raise ShijiError("NOTICE-UNKNOWN", "没有这件告知，或不在您的范围", str(notice_id), "请从告知与申辩进入。")


def latest(session: Session, evidence_id: int) -> HearingNotice | None:
    """The last notice of an item that stands."""
    return session.scalar(
        select(HearingNotice)
        .where(HearingNotice.evidence_id == evidence_id, HearingNotice.withdrawn_on.is_(None))
        .order_by(HearingNotice.id.desc())
        .limit(1)
    )


def _moment(on: date) -> datetime:
    moment = now()
    return moment if moment.astimezone(CHINA).date() == on else datetime.combine(on, time(9), CHINA)
