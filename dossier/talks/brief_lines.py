"""以往谈话 for a briefing note: “上次谈话要求的2件事已落实1件”, each with the number of its talk (journey 5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from dossier.brief_content import AnnexRow, Sentence
from dossier.scope import Viewer
from dossier.talks.follow_ups import DONE, STATES, FollowLine, standing
from dossier.talks.papers import code_of_talk
from dossier.talks.register import lines, talks_of

SHOWN = 3


def past_talks(
    session: Session, viewer: Viewer, cadre_id: str, today: date
) -> tuple[tuple[Sentence, ...], dict[str, AnnexRow]]:
    """Sentences on earlier talks the viewer may know of, newest first, and the annex rows they cite.

    Of what was agreed only what is still open is told in words: a brief is short.
    """
    held = lines(session, talks_of(session, viewer, cadre_id, today)[:SHOWN])
    agreed = standing(session, viewer, cadre_id, today)
    sentences: list[Sentence] = []
    rows: dict[str, AnnexRow] = {}
    for place, talk in enumerate(held):
        code = code_of_talk(talk.id)
        mine = [f for f in agreed if f.talk_id == talk.id]
        rows[code] = AnnexRow(code, f"{talk.trigger}谈话", "谈话台账", talk.day.isoformat(), talk.state_name)
        done = sum(f.state == DONE for f in mine)
        when = "上次谈话" if place == 0 else "此前谈话"
        kept = f"要求的{len(mine)}件事已落实{done}件。" if mine else "没有商定事项。"
        sentences.append(Sentence(f"{when}（{talk.day}，{talk.trigger}）{kept}", (code,)))
        sentences += [Sentence(_said(f), (code,)) for f in mine if f.state != DONE]
    return tuple(sentences), rows


def _said(follow: FollowLine) -> str:
    settled = f"，{follow.result.rstrip('。')}" if follow.result else ""
    late = "，已超过时限" if follow.overdue else ""
    return f"{follow.item}（责任人：{follow.owner}；时限：{follow.due}；{STATES[follow.state]}{settled}{late}）。"
