"""The only place where anything is ordered by value, and the bans that stand before it (domain.md R-32, R-33)."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from appraisal.book import Indicator
from appraisal.decimals import PRECISION, TIE
from appraisal.proportional import Direction
from storage.errors import ShijiError

DISTRICT_CATEGORIES = frozenset({"城区类", "开发区类", "县市类"})


def assert_rankable(indicator: Indicator) -> None:
    """Raise ShijiError RANK-FORBIDDEN if teams may not be ordered by this indicator: GDP, level or growth (R-33)."""
    if indicator.never_rank:
        raise ShijiError(
            "RANK-FORBIDDEN",
            "按规定不得对地区生产总值及增长率排名",
            f"{indicator.code} {indicator.name}",
            "该指标只可计入综合得分",
        )


def assert_one_category(teams: Mapping[str, str]) -> None:
    """Raise ShijiError COMPARE-CATEGORY unless all teams (team -> category) are of one category (R-32)."""
    kinds = list(dict.fromkeys(teams.values()))
    if len(kinds) > 1:
        raise ShijiError("COMPARE-CATEGORY", f"只在同类之间比较，现有{'、'.join(kinds)}", "比较范围", "请分类别比较")


def assert_comparable(indicator: Indicator, categories: Mapping[str, str]) -> None:
    """Raise ShijiError COMPARE-CATEGORY if a score that depends on the group would mix what may not be compared.

    A 共同 indicator is the same for all counties and districts, so their three classes may stand together
    (domain.md §1.4, A.3); everything else stays inside one category.
    """
    if indicator.block == "共同" and set(categories.values()) <= DISTRICT_CATEGORIES:
        return
    assert_one_category(categories)


def mid_ranks(
    values: Mapping[str, Decimal | None], *, direction: Direction = "up", tie: Decimal = TIE
) -> dict[str, Decimal]:
    """Average rank (1 = best) of each team with a value, in the order given; differences below `tie` are equal.

    A tie is measured against the best value of its group, so that a chain of small steps does not make all equal.
    """
    present = {team: value for team, value in values.items() if value is not None}
    order = sorted(present, key=lambda team: present[team], reverse=direction == "up")
    ranks: dict[str, Decimal] = {}
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and _equal(present[order[end]], present[order[start]], tie):
            end += 1
        for team in order[start:end]:
            ranks[team] = Decimal(start + 1 + end) / 2
        start = end
    return {team: ranks[team] for team in present}


def rank_in_category(
    indicator: Indicator, values: Mapping[str, Decimal | None], categories: Mapping[str, str]
) -> dict[str, Decimal]:
    """`mid_ranks` of one indicator inside one category, after both bans were checked.

    categories: team -> category, for every team in values. Raises ShijiError RANK-FORBIDDEN, COMPARE-CATEGORY, or
    RANK-UNDEFINED for a range indicator, which has no better end, and for a team without category.
    """
    assert_rankable(indicator)
    unknown = [team for team in values if team not in categories]
    if unknown or indicator.direction == "range":
        raise ShijiError(
            "RANK-UNDEFINED",
            "没有类别的单位或适度指标不能排位",
            f"{indicator.name} {'、'.join(unknown)}".strip(),
            "请补类别，适度指标改用区间法",
        )
    assert_one_category({team: categories[team] for team in values})
    return mid_ranks(values, direction=indicator.direction)


def _equal(a: Decimal, b: Decimal, tie: Decimal) -> bool:
    with localcontext(PRECISION):
        return a == b or abs(a - b) < tie
