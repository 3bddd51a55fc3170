"""Acts of a hearing with their audit entries, for pages and JSON alike; the grounds of an exception are not logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.acts.performing import perform
from api.system import System
from dossier.clearing import cleared, corrections
from dossier.hearing import exceptions, leniency, notices
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Clearing, CorrectionRequest, HearingException, HearingNotice, LeniencyReview


def extend(system: System, viewer: Viewer, notice_id: int, reason: str) -> HearingNotice:
    """Extend the clock of a notice, once."""
    today, days = system.settings.today(), system.settings.hearing_days
    return perform(
        system, viewer, "notice-extend", "notice", str(notice_id),
        lambda s, v: notices.extend(s, v, notice_id, reason, today, days), {"reason": reason.strip()[:200]},
    )  # fmt: skip


def state(
    system: System, viewer: Viewer, notice_id: int, text: str, documents: Sequence[str], on: date | None, reopen: bool
) -> HearingNotice:
    """The statement, by the unit itself or entered by an officer."""
    day = on or system.settings.today()
    return perform(
        system, viewer, "notice-statement", "notice", str(notice_id),
        lambda s, v: notices.state(s, v, notice_id, text, documents, day, reopen), {"documents": len(documents)},
    )  # fmt: skip


def review(
    system: System, viewer: Viewer, notice_id: int, result: str, reason: str, true_part: str
) -> HearingNotice:  # fmt: skip
    """The review of a statement."""
    today = system.settings.today()
    return perform(
        system, viewer, "notice-review", "notice", str(notice_id),
        lambda s, v: notices.review(s, v, notice_id, result, reason, today, true_part), {"result": result},
    )  # fmt: skip


def leniency_step(
    system: System, viewer: Viewer, review_id: int, step: str, agree: bool, note: str, body: str
) -> LeniencyReview:
    """Check or sign a 容错审查. Raises ACTION-UNKNOWN."""
    today = system.settings.today()
    if step == "check":
        return perform(
            system, viewer, "leniency-check", "leniency", str(review_id),
            lambda s, v: leniency.check(s, v, review_id, agree, note), {"agree": agree},
        )  # fmt: skip
    if step == "sign":
        return perform(
            system, viewer, "leniency-sign", "leniency", str(review_id),
            lambda s, v: leniency.sign(s, v, review_id, agree, today, note, body), {"agree": agree},
        )  # fmt: skip
    raise ShijiError("ACTION-UNKNOWN", f"没有这项操作：{step[:20]}", str(review_id), "")


def exception_step(
    system: System, viewer: Viewer, exception_id: int, step: str, decision: str, reason: str
) -> HearingException:  # fmt: skip
    """Decide on or lift an exception. Raises ACTION-UNKNOWN."""
    today = system.settings.today()
    if step == "decide":
        return perform(
            system, viewer, "exception-decide", "hearing-exception", str(exception_id),
            lambda s, v: exceptions.decide_exception(s, v, exception_id, decision, reason, today),
        )  # fmt: skip
    if step == "lift":
        return perform(
            system, viewer, "exception-lift", "hearing-exception", str(exception_id),
            lambda s, v: exceptions.lift(s, v, exception_id, today),
        )  # fmt: skip
    raise ShijiError("ACTION-UNKNOWN", f"没有这项操作：{step[:20]}", str(exception_id), "")


def clearing_letter(system: System, viewer: Viewer, clearing_id: int, text: str) -> Clearing:
    """Keep a 澄清函."""
    return perform(
        system, viewer, "clearing-letter", "clearing", str(clearing_id),
        lambda s, v: cleared.write_letter(s, v, clearing_id, text),
    )  # fmt: skip


def correction_register(
    system: System, viewer: Viewer, cadre_id: str, received: date | None, way: str, text: str, item: int | None
) -> CorrectionRequest:
    """Register a 更正请求."""
    today = system.settings.today()
    return perform(
        system, viewer, "correction-register", "correction", "",
        lambda s, v: corrections.register(s, v, cadre_id, received or today, way, text, today, item),
        {"cadre": cadre_id},
    )  # fmt: skip


def correction_step(
    system: System, viewer: Viewer, request_id: int, step: str, outcome: str, answer: str
) -> CorrectionRequest:  # fmt: skip
    """Prepare or give the answer to a 更正请求. Raises ACTION-UNKNOWN."""
    today = system.settings.today()
    if step == "prepare":
        return perform(
            system, viewer, "correction-prepare", "correction", str(request_id),
            lambda s, v: corrections.prepare_answer(s, v, request_id, outcome, answer), {"outcome": outcome},
        )  # fmt: skip
    if step == "answer":
        return perform(
            system, viewer, "correction-answer", "correction", str(request_id),
            lambda s, v: corrections.give_answer(s, v, request_id, today),
        )  # fmt: skip
    raise ShijiError("ACTION-UNKNOWN", f"没有这项操作：{step[:20]}", str(request_id), "")
