"""干部考察材料: facts with their sources only, to write from; no word of evaluation (domain.md §4.5, [P27]).

A sentence of a source that holds an evaluation is left out and said to be: adjectives are for the people who write the
material. Nothing is stored: who is under 考察 stands in no list (§2.1 rule 19); the reading is in the audit log alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from dossier import gongwen, terms
from dossier.brief_words import post_name
from dossier.cadrefile import CadreFile, cadre_file
from dossier.scope import Viewer
from dossier.views import EvidenceView
from storage.errors import ShijiError

PURPOSE = "考察"
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]+[”’」』）)]*|[^。！？!?\n]+")
EVALUATION = re.compile(
    r"显著|突出|扎实|优异|优良|出色|卓有成效|有力有效|有力|强劲|亮眼|喜人|可喜|高度|充分|深入|全面|积极|切实|大力|着力|"
    r"圆满|成功|明显|良好|先进|一流|领先|勇于|敢于|善于|务实|勤勉|担当|廉洁|过硬|典范|标杆|不力|不实|低劣|严重|恶劣|敷衍|"
    r"推诿|懈怠|较好|较强|较差|群众公认|广泛好评|赢得|赞誉|好评"
)
LEFT_OUT = "（该条目原文为评价性表述，未列入，请查阅原文。）"


@dataclass(frozen=True)
class SourcedFact:
    """One fact of a cadre: the source's neutral sentences, where they stand, and the item's code."""

    code: str
    day: str
    text: str
    source: str
    role: str


@dataclass(frozen=True)
class InspectionFacts:
    """What the system may supply for a 考察材料: the basics of the roster, facts by topic, and verified problems."""

    cadre_id: str
    name: str
    sex: str
    born: str
    posts: tuple[str, ...]
    facts: tuple[tuple[str, tuple[SourcedFact, ...]], ...]
    shortcomings: tuple[SourcedFact, ...]
    made_on: str


def inspection_facts(session: Session, viewer: Viewer, cadre_id: str, today: date) -> InspectionFacts:
    """Verified items of a cadre; adverse ones only after 告知, each with the person's statement beside it.

    Raises RIGHTS-ROLE, RIGHTS-RECUSAL, CADRE-UNKNOWN.
    """
    if viewer.role not in ("OFF", "HEAD", "DEP", "MIN"):
        raise ShijiError("RIGHTS-ROLE", "当前角色不能调取考察事实清单", viewer.role, "")
    file = cadre_file(session, viewer, cadre_id, today)
    own = [item for item in file.established if item.label in terms.DOSSIER_TOPICS]
    topics = tuple(
        (terms.topic_name(label), tuple(_fact(item, cadre_id) for item in own if item.label == label))
        for label in terms.DOSSIER_TOPICS
        if label != "problem"
    )
    problems = tuple(_fact(item, cadre_id, adverse=True) for item in own if item.adverse)
    return InspectionFacts(
        cadre_id, file.cadre.name, file.cadre.sex, file.cadre.born.replace("-", "."), _posts(file), topics, problems,
        today.isoformat(),
    )  # fmt: skip


def neutral(text: str) -> str:
    """The sentences of a text that hold no evaluation; empty when none is left."""
    kept = [m.group().strip() for m in _SENTENCE.finditer(text) if m.group().strip()]
    return "".join(sentence for sentence in kept if not EVALUATION.search(sentence))


def inspection_docx(facts: InspectionFacts, serial: str) -> bytes:
    """The Word file: a list of facts to write from, not a 考察材料."""
    word = gongwen.new_paper(f"{facts.name}同志考察事实清单", serial=serial)
    gongwen.add_title(word, f"{facts.name}同志考察事实清单")
    gongwen.add_blank(word)
    gongwen.add_body(word, "本清单只列事实和来源，供考察组撰写考察材料时核对，不含评价，不代替民主推荐和谈话了解。")
    gongwen.add_heading(word, "一、基本情况", 1)
    basics = "，".join(x for x in (facts.name, facts.sex, f"{facts.born}生" if facts.born else "") if x)
    gongwen.add_body(word, f"{basics}。民族、籍贯、参加工作和入党时间、学历以干部人事档案为准。")
    for post in facts.posts:
        gongwen.add_body(word, post)
    gongwen.add_heading(word, "二、事实", 1)
    for topic, rows in facts.facts:
        gongwen.add_heading(word, topic, 2)
        for line in _lines(rows):
            gongwen.add_cited(word, line)
    gongwen.add_heading(word, "三、已核实并告知的不足事实", 1)
    for line in _lines(facts.shortcomings):
        gongwen.add_cited(word, line)
    return gongwen.to_bytes(word)


def _lines(rows: tuple[SourcedFact, ...]) -> list[str]:
    if not rows:
        return ["没有已核实的条目。"]
    return [
        f"{n}.{row.day}，{row.text}（{row.source}；角色：{row.role}）〔{row.code}〕" for n, row in enumerate(rows, 1)
    ]


def _fact(item: EvidenceView, cadre_id: str, adverse: bool = False) -> SourcedFact:
    role = next((link.role for link in item.cadres if link.id == cadre_id), "")
    text = neutral(item.fact) or LEFT_OUT
    if adverse:
        text += f"本人或单位说明：{item.response or '暂无'}；容错审查：{item.leniency or '未登记'}。"
    source = f"来源：{item.origin or item.source}，{item.published[:10]}；状态：{item.state}"
    return SourcedFact(item.code, item.date, text, source, role)


def _posts(file: CadreFile) -> tuple[str, ...]:
    return tuple(f"{row.start or '不详'}至{row.end or '今'}　{post_name(row)}。" for row in file.tenures)
