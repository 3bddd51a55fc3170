"""How an item is worded in digests and reports: its own words, cut at a clause, and the remark that goes with them.

No adjective of ours (domain.md §2.2); an adverse item always shows state, sources, response and leniency (R-25).
"""

from __future__ import annotations

import re
from dataclasses import replace

from dossier import terms
from dossier.brief_words import excerpt, heard, outlet_of, without_others
from dossier.products.content import COUNT, NOTE, Sentence
from dossier.products.gathering import OPEN
from dossier.views import EvidenceView

_CUTS = "。；，、"
_BYLINE = re.compile(r"^[^（。，]{0,12}(?:讯|电|消息)\s*(?:（[^）]*）)?[:：，]?\s*|^（[^）]*记者[^）]*）")


def stated(item: EvidenceView, limit: int = 90) -> Sentence:
    """An item that may stand: 〔石岭县〕…… with source, day, number of sources and state."""
    words = cut(plain(item), limit)
    return Sentence(
        _headed(item.team, words), (item.code,), source=remark(item), team_id=item.team_id,
        unsettled=item.state not in terms.ESTABLISHED,
    )  # fmt: skip


def plain(item: EvidenceView) -> str:
    """The item's deciding words without the reporter's line in front, in their own quotation marks: not quoted here."""
    words = _BYLINE.sub("", excerpt(item).removeprefix("……")).removesuffix("……")
    return words.replace("‘", "“").replace("’", "”")


def _headed(team: str, words: str) -> str:
    """〔石岭县〕推行……: the team in front, not said twice where the words begin with it (but 石岭县委 stays whole)."""
    if not team:
        return f"{words}。"
    rest = words.removeprefix(team)
    return f"〔{team}〕{rest if rest and rest[0] not in '委政人纪组的' else words}。"


def brief(item: EvidenceView, limit: int) -> Sentence:
    """As `stated`, with the remark in its shortest form, for the daily page."""
    parts = [f"{outlet_of(item)} {short_day(item.published)}", f"独立信源{item.independent_sources}"]
    if item.self_published:
        parts.append("单位自报")
    parts.append("未核实" if item.state == terms.ADOPTED else item.state)
    if item.adverse:
        parts += [f"单位{'已' if item.response else '尚未'}说明", f"容错{item.leniency or '未登记'}"]
    return replace(stated(item, limit), source="；".join(parts))


def asked(item: EvidenceView) -> Sentence:
    """An open item as a question by its title only; nobody is named (domain.md §4.2 五)."""
    about = title_only(item)
    text = f"〔{item.team}〕《{about}》所反映的情况如何？" if item.team else f"《{about}》所反映的情况如何？"
    return Sentence(text, (item.code,), source=remark(item), team_id=item.team_id, unsettled=True)


def listed(item: EvidenceView) -> Sentence:
    """An open item by title and state only."""
    text = f"〔{item.team}〕《{cut(title_only(item), 24)}》。"
    state = "已核实，尚未告知" if item.state in terms.ESTABLISHED else item.state
    return Sentence(
        text, (item.code,), source=f"{outlet_of(item)} {short_day(item.published)}；{state}", team_id=item.team_id,
        unsettled=True,
    )  # fmt: skip


def remark(item: EvidenceView) -> str:
    """来源：江北日报 10-15；独立信源2；已核实."""
    parts = [f"来源：{outlet_of(item)} {short_day(item.published)}", f"独立信源{item.independent_sources}"]
    if item.self_published:
        parts.append("单位自报")
    parts.append("未核实" if item.state == terms.ADOPTED else item.state)
    if item.adverse and item.state not in OPEN:
        parts += heard(item)
    return "；".join(parts)


def title_only(item: EvidenceView) -> str:
    """The title without names of persons and without quotation marks of its own."""
    words = re.sub(r"[《》]", "", item.title) or terms.SUB_TYPES.get(item.sub_type, item.topic)
    return cut(without_others(item, words, "").replace("（有关同志）", "有关同志"), 40)


def cut(text: str, limit: int) -> str:
    """The text up to the last sentence, else clause, that fits `limit` characters, without a final stop."""
    words = text.strip().rstrip("。；，、")
    if len(words) <= limit:
        return words
    head = words[:limit]
    whole = max(head.rfind(mark) for mark in "。；")
    if whole > limit // 3:  # whole sentences need no mark of omission
        return head[:whole]
    stop = max(head.rfind(mark) for mark in _CUTS)
    return (head[:stop] if stop > limit // 2 else head[: limit - 2]).rstrip("。；，、") + "……"


def short_day(published: str) -> str:
    """2025-10-15 09:30 -> 10-15."""
    return published[5:10]


def count(text: str) -> Sentence:
    """A fixed phrase with figures counted by the product itself; its pattern must be known to frames."""
    return Sentence(text, frame=True, tags=(COUNT,))


def phrase(text: str) -> Sentence:
    """A fixed phrase."""
    return Sentence(text, frame=True)


def note(sentence: Sentence) -> Sentence:
    """An internal note, which leaders and units do not get."""
    return replace(sentence, tags=(*sentence.tags, NOTE))
