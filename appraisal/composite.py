"""三位一体 of a county or district, and the three parts of a department, from the blocks up (domain.md §1.4, §1.5)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from appraisal.drilldown import Part, ScoreNode, weighted_node
from appraisal.figures import Assessed
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.year_book import YearBook

CAP = Decimal(100)
LABELS = {
    "共同": "共同指标", "类别": "类别指标", "特色": "特色指标", "职能": "职能指标", "重点工作": "重点工作",
    "各方面评价": "各方面评价",
}  # fmt: skip
OUTSIDE = ("重点工作", "各方面评价")  # blocks of a department that are no indicators


def is_district(team: Assessed) -> bool:
    """Whether a team is a county or district; every other is a department."""
    return team.category in DISTRICT_CATEGORIES


def composite(
    team: Assessed, book: YearBook, inside: Mapping[str, Sequence[Part]], outside: Mapping[str, ScoreNode]
) -> ScoreNode:
    """S of a team: blocks by the book's weights, each block by the weights of its indicators.

    inside: block -> its indicators as parts (one that does not apply shares out its weight inside the block);
    outside: 重点工作 and 各方面评价 of a department, as computed elsewhere. A block that has no indicator for the team
    does not apply; one without data leaves a gap that is flagged 暂缺, never a zero.
    """
    weights = book.districts if is_district(team) else book.departments
    parts = []
    for block, weight in weights.items():
        label = LABELS.get(block, block)
        if block in OUTSIDE:
            missing = ScoreNode(label, None, "不计分：未出分", complete=Decimal(0))
            parts.append(Part(outside.get(block, missing), weight))
        elif inside.get(block):
            cap = CAP if block == "特色" else None
            parts.append(Part(weighted_node(label, inside[block], cap=cap), weight))
        else:
            empty = ScoreNode(label, None, "不计分：没有适用指标", complete=Decimal(0))
            parts.append(Part(empty, weight, applicable=False))
    return weighted_node(f"{team.name}综合得分", parts)


def exempt_part(card_name: str, weight: Decimal, reason: str) -> Part:
    """An indicator that the approved book says does not apply to the team."""
    return Part(ScoreNode(card_name, None, f"不适用：{reason}", complete=Decimal(0)), weight, applicable=False)
