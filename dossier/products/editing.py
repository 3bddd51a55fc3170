"""Editing a draft: each sentence may be changed, taken out, moved or added, and says openly what it rests on.

A changed or added sentence cites what the writer chooses, or is marked 暂无佐证. Words of a form that are changed are
no longer words of the form. What is not settled may only be asked: such a sentence ends with a question mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from dossier import terms
from dossier.brief_words import annex_row
from dossier.products import wording
from dossier.products.content import AnnexRow, Part, ProductContent, Sentence
from dossier.products.gathering import load_items, may_stand
from dossier.scope import Viewer
from dossier.views import EvidenceView
from storage.errors import ShijiError
from storage.tables import Evidence

LONGEST = 600
_END = "。？！；：，、”』」）"


def write_sentence(
    session: Session, viewer: Viewer, content: ProductContent, at: tuple[int, int], text: str, codes: Sequence[str],
    unsupported: bool = False, add: bool = False,
) -> ProductContent:  # fmt: skip
    """The content with sentence `at` (part, place) changed, or with a new one put there (`add`).

    Raises PRODUCT-PLACE, PRODUCT-TEXT, PRODUCT-CITATION, PRODUCT-STATED.
    """
    part = _part(content, at[0])
    words = _clean(text)
    chosen = tuple(dict.fromkeys(code.strip() for code in codes if code.strip()))
    before = Sentence("") if add else _sentence(part, at[1])
    if not add and words == before.text and chosen == before.citations and unsupported == before.unsupported:
        return content
    items, rows = _cited(session, viewer, content, chosen)
    _check_stated(words, items)
    same = chosen == before.citations and not add
    after = Sentence(
        words, chosen, unsupported=unsupported and not chosen, tags=() if before.frame else before.tags,
        source=before.source if same else "；".join(wording.remark(i) for i in items[:1]),
        team_id=before.team_id if same else _one_team(items),
        unsettled=any(i.state not in terms.ESTABLISHED for i in items),
    )  # fmt: skip
    said = list(part.sentences)
    if add:
        said.insert(min(max(at[1], 0), len(said)), after)
    else:
        said[at[1]] = after
    annex = (*content.annex, *rows)
    teams = tuple(dict.fromkeys((*content.teams, *(i.team_id for i in items if i.team_id))))
    cadres = tuple(dict.fromkeys((*content.cadres, *(c.id for i in items for c in i.cadres))))
    return replace(_with(content, at[0], said), annex=annex, teams=teams, cadres=cadres)


def drop_sentence(content: ProductContent, at: tuple[int, int]) -> ProductContent:
    """The content without sentence `at`. The annex keeps its line until the draft is sent for checking."""
    part = _part(content, at[0])
    _sentence(part, at[1])
    return _with(content, at[0], [s for i, s in enumerate(part.sentences) if i != at[1]])


def move_sentence(content: ProductContent, at: tuple[int, int], to: tuple[int, int]) -> ProductContent:
    """The content with sentence `at` standing at `to`, within its part or in another."""
    part = _part(content, at[0])
    _part(content, to[0])
    moved = _sentence(part, at[1])
    content = _with(content, at[0], [s for i, s in enumerate(part.sentences) if i != at[1]])
    said = list(_part(content, to[0]).sentences)
    said.insert(min(max(to[1], 0), len(said)), moved)
    return _with(content, to[0], said)


def rename(content: ProductContent, title: str) -> ProductContent:
    """The content under another title. Raises PRODUCT-TEXT."""
    words = _clean(title).rstrip("。")
    if len(words) > 60:
        raise ShijiError("PRODUCT-TEXT", "标题超过60字", words[:20], "请缩短标题。")
    return replace(content, title=words)


def trimmed(content: ProductContent) -> ProductContent:
    """The content as it goes to be checked: annex lines that no sentence or table cites any more are taken out.

    In products whose figures count the whole annex (digests), every line stays.
    """
    if content.kind in ("weekly", "monthly", "quarterly"):
        return content
    cited = {code for _, s in content.sentences for code in s.citations}
    cited |= {code for table in content.tables for code in table.citations}
    return replace(content, annex=tuple(row for row in content.annex if row.code in cited))


def _clean(text: str) -> str:
    words = re.sub(r"\s+", " ", text).strip()
    if not words:
        raise ShijiError("PRODUCT-TEXT", "语句没有内容", "", "请填写内容，或删去该句。")
    if len(words) > LONGEST:
        raise ShijiError("PRODUCT-TEXT", f"语句超过{LONGEST}字", words[:20], "请分成几句。")
    return words if words[-1] in _END else words + "。"


def _cited(
    session: Session, viewer: Viewer, content: ProductContent, codes: Sequence[str]
) -> tuple[list[EvidenceView], list[AnnexRow]]:
    """The items among the codes, and annex lines for those not yet listed."""
    listed = {row.code: row for row in content.annex}
    wanted = [code for code in codes if code not in listed or listed[code].evidence_id is not None]
    items = list(load_items(session, viewer, Evidence.code.in_(wanted))) if wanted else []
    found = {item.code: item for item in items}
    missing = [code for code in codes if code not in listed and code not in found]
    if missing:
        raise ShijiError(
            "PRODUCT-CITATION", f"没有找到佐证编号，或不在您的联系片内：{'、'.join(missing)}", "",
            "请从佐证清单或检索结果中选择编号。",
        )  # fmt: skip
    for code in codes:
        if code in found and found[code].state not in (*terms.SHOWN, terms.TO_VERIFY, terms.VERIFYING):
            state = found[code].state
            raise ShijiError("PRODUCT-CITATION", f"{code} 的状态为“{state}”，不能引用", "", "请改用其他佐证。")
    return [found[code] for code in codes if code in found], [annex_row(found[c]) for c in codes if c not in listed]


def _check_stated(words: str, items: Sequence[EvidenceView]) -> None:
    open_ = [item.code for item in items if not may_stand(item)]
    if open_ and not words.rstrip("”』」）").endswith(("？", "?")):
        raise ShijiError(
            "PRODUCT-STATED", f"{'、'.join(open_)} 尚未核实或尚未告知，不能作为事实陈述", words[:30],
            "请改为问句（以问号结尾），或改用已核实的佐证。",
        )  # fmt: skip


def _one_team(items: Sequence[EvidenceView]) -> str:
    teams = {item.team_id for item in items}
    return teams.pop() if len(teams) == 1 else ""


def _part(content: ProductContent, at: int) -> Part:
    if not 0 <= at < len(content.parts):
        raise _no_place()
    return content.parts[at]


def _sentence(part: Part, at: int) -> Sentence:
    if not 0 <= at < len(part.sentences):
        raise _no_place()
    return part.sentences[at]


def _no_place() -> ShijiError:
    return ShijiError("PRODUCT-PLACE", "没有这一句", "", "请刷新页面后再改。")


def _with(content: ProductContent, at: int, said: Sequence[Sentence]) -> ProductContent:
    parts = list(content.parts)
    parts[at] = replace(parts[at], sentences=tuple(said))
    return replace(content, parts=tuple(parts))
