"""谈话前情况简报: what the record holds on a cadre's work before a talk (domain.md §4.3, §6.3 journey 5).

Facts come with their source, open matters come as questions. There is no appraisal, order, score or proposal of a
talk class here (R-30, R-31); what has no source is not said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from dossier import brief_words as words
from dossier import terms
from dossier.brief_content import AnnexRow, BriefContent, Figures, Part, Sentence
from dossier.brief_matter import Matter, gather
from dossier.cadrefile import CADRE_ROLES_SHOWN, CadreFile
from dossier.products.headings import numbered
from dossier.scope import Viewer
from dossier.talks.brief_lines import past_talks
from dossier.views import EvidenceView
from storage.errors import ShijiError

TALK_KINDS = ("考核反馈", "任职", "分工调整", "关怀", "回访", "问题线索核实后", "本人申请")
PURPOSE = "谈话"
NOTHING = Figures()
TEAM_ITEMS, FIGURES = 3, 6  # of the team, so that a brief stays short; adverse items are never left out


@dataclass(frozen=True)
class TalkPlan:
    """For which talk the brief is made. `planned_on` may be open."""

    kind: str
    interviewer: str
    planned_on: date | None = None


def compose(
    session: Session, viewer: Viewer, cadre_id: str, plan: TalkPlan, today: date,
    known: Callable[[CadreFile], Figures] | Figures = NOTHING, matters: int = 0,
) -> BriefContent:  # fmt: skip
    """The content of a brief on a cadre as the record stands; nothing is stored.

    `known`: figures and tasks of the cadre's teams, or a function that reads them once the tenures are known.
    `matters`: 重要事项 of the restricted compartment that this viewer is cleared to read; only their number is said.
    Raises BRIEF-KIND, BRIEF-INTERVIEWER, BRIEF-DATE, and what `gather` raises.
    """
    interviewer = " ".join(plan.interviewer.split())
    _check_plan(plan, interviewer, today)
    matter = gather(session, viewer, cadre_id, today)
    figures = known(matter.file) if callable(known) else known
    file = matter.file
    talked, talk_rows = past_talks(session, viewer, cadre_id, today)
    reported = matter.restricted + matters
    current = [row for row in file.tenures if row.current]
    parts = [
        *_basics(file, today),
        *_recent(matter, figures, today),
        *_questions(matter),
        Part(1, "以往谈话", talked or (_frame("系统中没有以往谈话记录。"),), numbered=bool(talked)),
    ]
    if reported:
        parts.append(Part(1, "重要事项报告", (_frame(f"近期有重要事项报告{reported}件，详见受控页。"),)))
    parts.append(_cautions(matter))
    return BriefContent(
        cadre_id=cadre_id,
        name=file.cadre.name,
        post="；".join(f"{words.post_name(r)}（{r.start[:7] or '时间未载'}任现职）" for r in current) or "现无任职记录",
        talk_kind=plan.kind,
        interviewer=interviewer,
        planned_on=plan.planned_on.isoformat() if plan.planned_on else "",
        section=viewer.section,
        office="中共" + matter.city + "委组织部" if matter.city else "",
        made_on=today.isoformat(),
        since=matter.since.isoformat(),
        restricted=reported > 0,
        parts=tuple(numbered(parts)),
        annex=_annex(parts, matter, figures, talk_rows),
    )


def _check_plan(plan: TalkPlan, interviewer: str, today: date) -> None:
    if plan.kind not in TALK_KINDS:
        raise ShijiError("BRIEF-KIND", f"没有这种谈话类型：{plan.kind[:20]}", "", f"可选：{'、'.join(TALK_KINDS)}。")
    if not interviewer or len(interviewer) > 40:
        raise ShijiError("BRIEF-INTERVIEWER", "请填写谈话人（40字以内）", "", "多人以顿号分隔。")
    if plan.planned_on and plan.planned_on < today:
        raise ShijiError("BRIEF-DATE", f"拟谈话日期早于今天：{plan.planned_on}", "", "请改正日期，或留空。")


def _frame(text: str) -> Sentence:
    return Sentence(text, frame=True)


def _basics(file: CadreFile, today: date) -> list[Part]:
    """Only what the roster records; a post not yet taken up is left out."""
    cite = (_roster_code(file),)
    cadre = file.cadre
    born = f"{int(cadre.born[:4])}年{int(cadre.born[5:7])}月出生" if len(cadre.born) >= 7 else ""
    sentences = [Sentence("，".join(x for x in (cadre.name, cadre.sex, born) if x) + "。", cite)]
    for row in file.tenures:
        if row.start > today.isoformat():
            continue
        since = row.start or "时间未载"
        if row.current:
            until = f"，至{row.end}" if row.end else ""
            text = f"现任{words.post_name(row)}（{since}起{until}）。"
        else:
            text = f"{since}至{row.end}任{words.post_name(row)}。"
        sentences.append(Sentence(text, cite))
    return [Part(1, "基本情况", tuple(sentences))]


def _recent(matter: Matter, known: Figures, today: date) -> list[Part]:
    own = [words.fact(v, _own_role(v, matter.file.cadre.id)) for v in by_topic(matter.own)]
    shown, left = _team_items(matter.team)
    team = [words.fact(v) for v in shown]
    if team:
        selfs = sum(1 for v in shown if v.self_published)
        more = f"；另有{len(left)}件（其中单位自报{sum(v.self_published for v in left)}件）见班子档" if left else ""
        team.append(_frame(f"以上班子事项共{len(shown)}件，其中单位自报{selfs}件{more}。"))
        if selfs == len(shown):
            team.append(_frame("以上事项均为单位自报，信源单一。"))
    figures = words.figures(known.indicators[:FIGURES])
    if len(known.indicators) > FIGURES:
        figures.append(_frame(f"另有{len(known.indicators) - FIGURES}项指标见班子档。"))
    nothing = [_frame("暂无佐证。")]
    heading = f"近期工作情况（{matter.since.isoformat()}至{today.isoformat()}）"
    return [
        Part(1, heading, (_frame("除注明“经核实”的外，均未经核实。"),)),
        Part(2, "所在班子重点工作进展", tuple(words.tasks(known.tasks) or nothing)),
        Part(2, "所在班子指标情况", tuple(figures or nothing)),
        Part(2, "本人有关事项", tuple(own or nothing), numbered=True),
        Part(2, "任职期间所在班子有关事项（不作为个人事项）", tuple(team or nothing), numbered=True),
    ]


def _questions(matter: Matter) -> list[Part]:
    name = matter.file.cadre.name
    asked = [words.question(v, name, of_team=False) for v in matter.own_open]
    asked += [words.question(v, name, of_team=True) for v in matter.team_open]
    if not asked:
        return [Part(1, "需了解的情况", (_frame("没有待核实、核实中的事项。"),))]
    frame = _frame("本部分以问题形式列出，均不作为已认定的事实。")
    return [Part(1, "需了解的情况", (frame, *asked), numbered=True)]


def _cautions(matter: Matter) -> Part:
    """Statements that came in on items of this brief, and how the paper is to be handled."""
    said = [v for v in _items(matter) if v.response]
    texts: list[Sentence] = []
    if said:
        codes = tuple(v.code for v in said)
        texts.append(Sentence(f"所列事项中有{len(said)}件登记了单位或本人的说明、申辩，已随事项列出。", codes))
    else:
        texts.append(_frame("没有登记的说明、申辩。"))
    texts.append(_frame("本简报仅供谈话人阅用，谈话后按规定收回或归档。"))
    return Part(1, "注意事项", tuple(texts))


def by_topic(items: Iterable[EvidenceView]) -> list[EvidenceView]:
    """In the fixed order of topics, newest first inside one; never by volume or value."""
    newest = sorted(items, key=lambda v: (v.date, v.id), reverse=True)
    return sorted(newest, key=lambda v: terms.DOSSIER_TOPICS.index(v.label))


def _team_items(items: Sequence[EvidenceView]) -> tuple[list[EvidenceView], list[EvidenceView]]:
    """Shown and left out: settled before reported, newest first; adverse items always shown."""
    ordered = sorted(items, key=lambda v: (v.date, v.id), reverse=True)
    ordered.sort(key=lambda v: (not v.adverse, v.state not in terms.ESTABLISHED))
    room = max(TEAM_ITEMS, sum(1 for v in ordered if v.adverse))
    return by_topic(ordered[:room]), ordered[room:]


def _items(matter: Matter) -> list[EvidenceView]:
    return [*by_topic(matter.own), *_team_items(matter.team)[0], *matter.own_open, *matter.team_open]


def _own_role(item: EvidenceView, cadre_id: str) -> str:
    return next((c.role for c in item.cadres if c.id == cadre_id and c.role in CADRE_ROLES_SHOWN), "参与")


def _roster_code(file: CadreFile) -> str:
    return f"名册-{file.cadre.id}"


def _annex(parts: Sequence[Part], matter: Matter, known: Figures, talks: dict[str, AnnexRow]) -> tuple[AnnexRow, ...]:
    """One line for every number cited, in the order of first citation."""
    file = matter.file
    own = {v.code for v in matter.own + matter.own_open}
    rows = {_roster_code(file): AnnexRow(_roster_code(file), "任职记录", "干部名册", "", "名册记录")}
    rows |= {v.code: words.annex_row(v, file.cadre.name, v.code in own) for v in _items(matter)}
    rows |= {line.code: words.figure_row(line) for line in known.indicators} | talks
    rows |= {line.code: words.task_row(line) for line in known.tasks}
    cited = dict.fromkeys(code for part in parts for s in part.sentences for code in s.citations)
    return tuple(rows[code] for code in cited)
