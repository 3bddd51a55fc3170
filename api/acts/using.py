"""Acts of 结果运用 with their audit entries, for pages and JSON alike."""

from __future__ import annotations

from collections.abc import Sequence

from api.access import audit
from api.acts.performing import perform
from api.days import required_day
from api.system import System
from appraisal.results import register, responses, talks
from appraisal.results.circular import build_circular
from dossier.products.content import ProductContent
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import GroupTalk, ResultResponse, TalkChoice, UseDecision


def draft_notice(system: System, viewer: Viewer, run_id: int) -> ProductContent:
    """考核情况通报 of a run as it may be drafted now."""
    if viewer.role == "OFF":
        raise ShijiError("RIGHTS-ROLE", "考核情况通报由考核办起草", viewer.role, "印发后可在文稿中查看。")
    with system.database.read() as session:
        return build_circular(session, viewer, Wanted("circular", ref=run_id), system.settings.today())


def reply(system: System, viewer: Viewer, response_id: int, text: str) -> ResultResponse:
    """Answer a unit."""
    return perform(
        system, viewer, "result-reply", "result-response", str(response_id),
        lambda session, who: responses.reply(session, who, response_id, text),
    )  # fmt: skip


def choose(
    system: System, viewer: Viewer, run_id: int, team_id: str, talk_class: int, reason: str, codes: Sequence[str]
) -> TalkChoice:
    """A head's choice of a talk's class."""
    return perform(
        system, viewer, "talk-class", "team", team_id,
        lambda session, who: talks.choose_class(session, who, run_id, team_id, talk_class, reason, codes),
        {"run": run_id, "class": talk_class},
    )  # fmt: skip


def decide(system: System, viewer: Viewer, choice_id: int, agree: bool) -> TalkChoice | None:
    """部领导 decides on a choice."""
    return perform(
        system, viewer, "talk-class-decide", "talk-choice", str(choice_id),
        lambda session, who: talks.decide_class(session, who, choice_id, agree), {"agree": agree},
    )  # fmt: skip


def talked(system: System, viewer: Viewer, choice_id: int, on: str) -> TalkChoice:
    """A decided talk took place."""
    day, today = required_day(on, "谈话日期"), system.settings.today()
    return perform(
        system, viewer, "talk-held", "talk-choice", str(choice_id),
        lambda session, who: talks.mark_talked(session, who, choice_id, day, today),
    )  # fmt: skip


def meet(
    system: System, viewer: Viewer, run_id: int, on: str, place: str, chair: str, teams: Sequence[str], agenda: str,
    minutes: str,
) -> GroupTalk:  # fmt: skip
    """Register a 集体谈话会."""
    day = required_day(on, "会议日期")
    return perform(
        system, viewer, "group-talk", "quarter-run", str(run_id),
        lambda session, who: talks.hold_meeting(session, who, run_id, day, place, chair, teams, agenda, minutes),
        {"teams": list(teams)},
    )  # fmt: skip


def enter_decision(
    system: System, viewer: Viewer, cadre_id: str, on: str, body: str, document_no: str, text: str,
    codes: Sequence[str],
) -> UseDecision:  # fmt: skip
    """Enter a decision the committee took."""
    day, today = required_day(on, "决定日期"), system.settings.today()
    return perform(
        system, viewer, "use-decision", "cadre", cadre_id,
        lambda session, who: register.enter_decision(
            session, who, cadre_id, day, body, document_no, text, codes, today
        ),
        {"document_no": document_no.strip(), "evidence": list(codes)},
    )  # fmt: skip


def confirm_decision(system: System, viewer: Viewer, decision_id: int) -> UseDecision:
    """A second person confirms an entry."""
    return perform(
        system, viewer, "use-decision-confirm", "use-decision", str(decision_id),
        lambda session, who: register.confirm_decision(session, who, decision_id),
    )  # fmt: skip


def read_decisions(system: System, viewer: Viewer, cadre_id: str, purpose: str) -> list[UseDecision]:
    """Entries on one person; purpose and reading go into the audit log. Raises CADRE-PURPOSE."""
    if not purpose.strip():
        raise ShijiError("CADRE-PURPOSE", "请说明查阅用途", cadre_id, "请填写用途。")
    with system.database.write() as session:
        rows = register.decisions_of(session, viewer, cadre_id, system.settings.today())
        audit.record(session, viewer, "use-decision-read", "cadre", cadre_id, purpose.strip()[:100])
        return rows


def codes_of(text: str) -> list[str]:
    """Numbers typed with commas, 、 or spaces between them."""
    for mark in ("，", "、", ",", "；", ";", "\n"):
        text = text.replace(mark, " ")
    return text.split()
