"""The six fixed boxes of a 分析研判 and where a verified item is laid first (domain.md §1.3).

The first place is only a start: officers move, add and remove. A problem has no box to disappear from; verified ones
always stand in the part 存在问题.
"""

from __future__ import annotations

from dossier import terms
from dossier.cadrefile import CADRE_ROLES_SHOWN
from dossier.views import EvidenceView

TEAM_BOXES = {"idea": "推动发展的工作思路", "method": "创新做法", "deed": "突出业绩"}
CADRE_BOXES = {"mind": "思想动态", "duty": "履职成效", "style": "作风表现"}
BOXES = {**TEAM_BOXES, **CADRE_BOXES}
TEXTS = {**BOXES, "structure": "班子结构", "causes": "存在问题及原因", "advice": "意见建议"}
_NEW = frozenset({"ZF1", "ZF3", "ZF4", "ZF6", "LD3", "LD4", "LD5"})
_IDEA = frozenset({"ZD3", "ZF2", "ZF5", "ZF7", "ZF8"})
_STYLE = frozenset({"WT5", "WT6"})


def first_boxes(item: EvidenceView) -> tuple[str, ...]:
    """Boxes a verified item is laid into at first: one of the team's, and one of the cadres' where it names one.

    An adverse item goes to no team box; to a cadre's only after 告知 (domain.md §2.6).
    """
    found = [] if item.adverse else [_team_box(item)]
    if names_cadre(item) and (not item.adverse or item.notified):
        found.append("style" if item.sub_type in _STYLE else "duty")
    return tuple(found)


def one_sided(shown: list[EvidenceView], waiting: list[EvidenceView]) -> tuple[str, str] | None:
    """(banner, why) of a quarter: 信息不足 for nothing at all (never 正常), 信源单一 for praise or self-praise only."""
    if not shown:
        return "信息不足", "本季度没有在档条目。没有信息不等于没有情况。"
    if all(item.self_published for item in shown):
        return "信源单一", "在档条目均为本单位自采自发或自报，尚无其他信源。"
    if not any(item.adverse for item in [*shown, *waiting]):
        return "信源单一", "在档条目均为正面信息，请注意从督查、审计、热线等渠道了解情况。"
    return None


def _team_box(item: EvidenceView) -> str:
    if item.sub_type in _NEW:
        return "method"
    if item.sub_type in _IDEA or item.label == "practice":
        return "idea"
    return "deed"


def names_cadre(item: EvidenceView) -> bool:
    """Whether an item is some cadre's own, not only one where a cadre was present or quoted."""
    return any(link.role in CADRE_ROLES_SHOWN for link in item.cadres)


def established(item: EvidenceView) -> bool:
    """Whether an item may stand in a box: 已核实 or 部分属实."""
    return item.state in terms.ESTABLISHED
