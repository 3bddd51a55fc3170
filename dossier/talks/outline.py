"""谈话提纲: 目的, 开场, 必谈问题 (5-8, drawn from the brief), 机动, 结束语, 纪律提醒 (domain.md §4.3).

Questions are taken from the brief as they stand there, with their item's number; people cut and reword them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from dossier.brief_content import from_dict
from dossier.scope import Viewer
from dossier.talks.follow_ups import standing
from dossier.talks.plans import APPROVED, DRAFT
from dossier.talks.rights import get_talk, takes_part
from storage.errors import ShijiError
from storage.tables import Brief, Talk, TalkOutline

LEAST, MOST = 5, 8
REMINDER = "谈话内容和谈话中涉及的人员情况不得外传；不录音、不带走材料；不承诺职务安排。"
OPENING = "说明来意和谈话安排，请对方围绕工作和思想实际，有什么谈什么。"
CLOSING = "感谢配合；商定事项由双方确认时限；今后有情况可随时反映。"
ASKED = "需了解的情况"
GENERAL = (
    "今年重点任务进展如何，主要困难是什么？", "班子运行和分工协作情况怎样，有什么建议？", "对组织有什么想法和要求？",
    "上次谈话以来工作和学习上有哪些收获、不足？", "对处室服务保障有什么建议？",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One question and the numbers of the items it rests on (none: 暂无佐证)."""

    text: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """The outline as written."""

    purpose: str
    opening: str
    questions: tuple[Question, ...]
    spare: tuple[str, ...]
    closing: str
    reminder: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the record."""
        return {
            "purpose": self.purpose, "opening": self.opening, "closing": self.closing, "reminder": self.reminder,
            "questions": [{"text": q.text, "citations": list(q.citations)} for q in self.questions],
            "spare": list(self.spare),
        }  # fmt: skip


def outline_of(data: dict[str, Any]) -> Outline:
    """The outline as it was stored."""
    questions = tuple(Question(q["text"], tuple(q["citations"])) for q in data["questions"])
    return Outline(data["purpose"], data["opening"], questions, tuple(data["spare"]), data["closing"], data["reminder"])


def draft(session: Session, viewer: Viewer, talk: Talk, today: date) -> Outline:
    """A first outline from the linked brief's questions and what was agreed before; nothing is stored."""
    brief = session.get(Brief, talk.brief_id) if talk.brief_id else None
    found: list[Question] = []
    for person in talk.persons:
        for line in standing(session, viewer, person.cadre_id, today):
            if line.state == "open":
                found.append(Question(f"上次谈话商定的“{line.item}”办理到什么程度？", (f"T-{line.talk_id}",)))
    if brief is not None:
        for part in from_dict(brief.content).parts:
            if part.heading.endswith(ASKED):
                found += [Question(s.text, s.citations) for s in part.sentences if not s.frame]
    spare = [q.text for q in found[MOST:]]
    questions = found[:MOST]
    for text in GENERAL:
        if len(questions) < LEAST:
            questions.append(Question(text))
        else:
            spare.append(text)
    names = "、".join(p.cadre.name for p in talk.persons)
    purpose = f"围绕{talk.trigger}，与{names}谈心谈话，了解情况、听取意见。"
    return Outline(purpose, OPENING, tuple(questions), tuple(spare[:4]), CLOSING, REMINDER)


def write_outline(
    session: Session, viewer: Viewer, talk_id: int, outline: Outline, version: int, today: date
) -> TalkOutline:
    """Save the outline onto the version that was read. Raises TALK-OUTLINE, TALK-CHANGED."""
    talk = get_talk(session, viewer, talk_id, today, lock=True)
    if not (takes_part(viewer, talk) or viewer.role == "HEAD") or talk.state not in (DRAFT, APPROVED):
        raise _wrong("谈话前由参加人员或处长编写提纲")
    questions = tuple(Question(q.text.strip(), q.citations) for q in outline.questions if q.text.strip())
    if not LEAST <= len(questions) <= MOST:
        raise _wrong(f"必谈问题应为{LEAST}至{MOST}个，现有{len(questions)}个")
    if not outline.purpose.strip():
        raise _wrong("请写明谈话目的")
    kept = Outline(
        outline.purpose.strip(), outline.opening.strip(), questions,
        tuple(text.strip() for text in outline.spare if text.strip()), outline.closing.strip(),
        outline.reminder.strip() or REMINDER,
    )  # fmt: skip
    row = session.get(TalkOutline, talk_id)
    if row is None:
        row = TalkOutline(talk_id=talk_id, content=kept.as_dict(), user_id=viewer.user_id, version=1)
        session.add(row)
    elif row.version != version:
        raise ShijiError("TALK-CHANGED", "提纲已被他人修改", "", "请刷新页面，核对后再保存。")
    else:
        row.content, row.version, row.user_id = kept.as_dict(), row.version + 1, viewer.user_id
    session.flush()
    return row


def parse_questions(lines: Sequence[str]) -> tuple[Question, ...]:
    """Questions from lines of a form; numbers in 〔〕 at the end of a line are its citations."""
    found = []
    for line in lines:
        text = line.strip()
        codes: list[str] = []
        while text.endswith("〕") and "〔" in text:
            text, _, code = text[:-1].rpartition("〔")
            codes.insert(0, code.strip())
            text = text.strip()
        if text:
            found.append(Question(text, tuple(codes)))
    return tuple(found)


def _wrong(message: str) -> ShijiError:
    return ShijiError("TALK-OUTLINE", message, "谈话提纲", "请核对后重新保存。")
