"""How one item is worded in a brief: quoted with its source as a fact, or asked as a neutral question.

Only the source's own words and fixed phrases; no adjective of ours (domain.md §2.2, §4.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dossier import terms
from dossier.brief_content import AnnexRow, IndicatorLine, Sentence, TaskLine
from dossier.cadrefile import TenureRow
from dossier.views import EvidenceView

QUOTE_LIMIT = 80
HARD_LIMIT = 180
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]+[”’」』）)]*|[^。！？!?\n]+")


def fact(item: EvidenceView, own_role: str = "") -> Sentence:
    """An item that may stand as said by its source. `own_role`: the cadre's; empty for a matter of the team."""
    whose = f"本人角色：{own_role}" if own_role else f"{item.team}班子{item.role}"
    tail = f"（{care(item)}）" if item.adverse else ""
    return Sentence(f"（{item.topic}，{whose}）{_source(item)}：{_stated(item)}。{tail}", (item.code,))


def question(item: EvidenceView, name: str, of_team: bool) -> Sentence:
    """An open item as a question with its state, built from the item's own words; other persons are not named."""
    title = f"《{_inner(item.title)}》" if item.title else "有关材料"
    outlet = "，".join(x for x in (outlet_of(item), item.published[:10]) if x)
    kind = "单位报送材料" if item.self_published else ""
    lead = f"（{item.team}班子）" if of_team and item.team else ""
    words = without_others(item, excerpt(item), name)
    remarks = [] if item.adverse and item.state in terms.ESTABLISHED and item.notified else [item.state]
    if item.state in terms.ESTABLISHED and item.adverse and not item.notified:
        remarks.append("尚未告知")
    if of_team and not item.date_from_text:
        remarks.append("发生时间未载明")
    if item.date_from_text and item.date != item.published[:10]:
        remarks.append(f"事项日期{item.date}")
    remarks.append(care(item) if item.adverse else f"独立信源{item.independent_sources}个")
    text = f"{lead}{kind}{title}（{outlet}）反映：“{words}”，情况如何？办理进展如何？（{'；'.join(remarks)}）"
    return Sentence(text, (item.code,))


def figures(lines: Sequence[IndicatorLine]) -> list[Sentence]:
    """Indicator figures, team, period, status and version said where they change; never a position (R-33)."""
    found, told = [], None
    for line in lines:
        growth = f"，同比{line.growth}" if line.growth else ""
        scope = (line.team, line.period, line.status, line.version)
        lead = f"{line.team}（{line.period}，{line.status}，第{line.version}版）" if scope != told else ""
        found.append(Sentence(f"{lead}{line.name}{line.value}{line.unit}{growth}。", (line.code,)))
        told = scope
    return found


def tasks(lines: Sequence[TaskLine]) -> list[Sentence]:
    """Where each 重点工作 stood, as verified, or how far it has come; team and quarter said where they change."""
    found, told = [], None
    for line in lines:
        lead = f"{line.team}{line.quarter}：" if (line.team, line.quarter) != told else ""
        stood = f"{line.level}（已核实）" if line.level else line.state
        found.append(Sentence(f"{lead}{line.number}号任务“{_inner(line.title)}”{stood}。", (line.code,)))
        told = line.team, line.quarter
    return found


def task_row(line: TaskLine) -> AnnexRow:
    """A task's line in the 佐证清单."""
    state = line.level or "未核实"
    return AnnexRow(
        line.code, f"{line.team}重点工作：{line.title}", "任务看板", line.quarter, state, team_id=line.team_id
    )


def excerpt(item: EvidenceView) -> str:
    """The item's words around the deciding span, whole sentences, without the last full stop.

    A 部分属实 item gives only the true part that a person wrote.
    """
    if item.state == terms.PARTLY:
        return _inner(item.true_part).rstrip("。")
    text = item.text.strip()
    offset = len(item.text) - len(item.text.lstrip())
    start, end = item.span[0] - offset, item.span[1] - offset
    spans = [m.span() for m in _SENTENCE.finditer(text) if m.group().strip()]
    if not spans:
        return ""
    touched = [i for i, (a, b) in enumerate(spans) if a < end and b > start] if end > start else []
    first, last = (touched[0], touched[-1]) if touched else (0, 0)
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= QUOTE_LIMIT:
        last += 1
    while first > 0 and spans[last][1] - spans[first - 1][0] <= QUOTE_LIMIT:
        first -= 1
    words = text[spans[first][0] : spans[last][1]].strip()
    cut = words[:HARD_LIMIT]
    if len(words) > HARD_LIMIT:
        cut = cut[: max(cut.rfind(mark) for mark in "，；、。") if any(m in cut for m in "，；、。") else HARD_LIMIT]
    before = "……" if first > 0 else ""
    after = "……" if last + 1 < len(spans) or len(cut) < len(words) else ""
    return before + _inner(cut).rstrip("。") + after


def annex_row(item: EvidenceView, name: str = "", own: bool = False) -> AnnexRow:
    """The item's line in the 佐证清单; other persons are not named while it is unsettled."""
    words = excerpt(item)
    if item.state not in terms.SHOWN:
        words = without_others(item, words, name)
    source = outlet_of(item) + ("（自报）" if item.self_published else "")
    return AnnexRow(
        item.code, clip(words, 40), source, item.date, item.state,
        str(item.independent_sources), str(item.prints - 1), item.id, item.team_id, own,
    )  # fmt: skip


def figure_row(line: IndicatorLine) -> AnnexRow:
    """An indicator figure's line in the 佐证清单."""
    state = f"{line.status}第{line.version}版"
    return AnnexRow(line.code, f"{line.team}{line.name}", line.provider, line.period, state, team_id=line.team_id)


def post_name(row: TenureRow) -> str:
    """望澜区 + 区委副书记、区长 -> 望澜区委副书记、区长; a remark in brackets is left out."""
    return named_post(row.team, row.post)


def named_post(team: str, post: str) -> str:
    """A team's name and a post in it as one says them."""
    title = re.sub(r"[（(].*?[）)]", "", post)
    return team + title[1:] if team[-1:] == title[:1] else team + title


def clip(text: str, limit: int) -> str:
    """The text, cut with …… where it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 2] + "……"


def _source(item: EvidenceView) -> str:
    day = item.published[:10]
    happened = f"，事项日期{item.date}" if item.date_from_text and item.date != day else ""
    where = f"{outlet_of(item)}{'，' + day if day else ''}{happened}"
    if item.state == terms.PARTLY:
        return f"经核实部分属实（{where}），属实部分为"
    if item.state == terms.VERIFIED:
        return f"{'单位自报，' if item.self_published else ''}经核实（{where}）"
    return f"单位自报（{where}）" if item.self_published else f"据{outlet_of(item)}{day}报道{happened}"


def _stated(item: EvidenceView) -> str:
    return excerpt(item) if item.state == terms.PARTLY else f"“{excerpt(item)}”"


def outlet_of(item: EvidenceView) -> str:
    """Where the item was printed: the origin named, else the source."""
    return item.origin or item.source


def care(item: EvidenceView) -> str:
    """What must always stand beside an adverse item (R-25)."""
    state = [f"状态：{item.state}"] if item.state in terms.ESTABLISHED and item.notified else []
    return "；".join([*state, f"独立信源{item.independent_sources}个", *heard(item)])


def heard(item: EvidenceView) -> list[str]:
    """The unit's statement and the leniency field of an adverse item."""
    response = f"“{clip(_inner(item.response), 60)}”" if item.response else "暂无"
    return [f"单位说明：{response}", f"容错审查：{item.leniency or '未登记'}"]


def without_others(item: EvidenceView, words: str, name: str) -> str:
    """Names of other roster persons in an unsettled item are left out (domain.md §2.10, P1)."""
    found = {r.name for r in item.reasons if r.kind == "cadre"} | {c.name for c in item.cadres}
    found |= {c for r in item.reasons if r.kind == "cadre" for c in r.candidates}
    for other in sorted(found - {name, ""}, key=len, reverse=True):
        words = words.replace(other, "（有关同志）")
    return words


def _inner(text: str) -> str:
    """Text to stand inside our quotation marks: one line, its own quotation marks single."""
    return re.sub(r"\s*\n\s*", "", text.strip()).replace("“", "‘").replace("”", "’")
