"""The indicator book: what is measured, who provides it, how it is scored (domain.md §1.4, §5.4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml

from appraisal.decimals import HUNDRED, to_decimal, total
from storage.errors import ShijiError
from storage.yaml_text import load_yaml

DIRECTIONS = ("up", "down", "range")
TYPES = ("level", "level_growth", "growth_only", "growth", "ratio", "count", "survey", "milestone", "range")
BLOCKS = ("共同", "类别", "特色", "职能")
METHODS = ("9a", "9b", "9c", "9c'", "9d", "9e", "9f", "9g", "10a", "10b", "10c", "1.8")
GDP_CAP = Decimal(20)  # at most 20 % of the common block


@dataclass(frozen=True)
class Indicator:
    """One indicator card. weight: percent of its block; params: the method's, numbers as Decimal.

    category: the class of a 类别 indicator; team: the owner of a 特色 indicator. share_eligible: levels that add up.
    official_growth: growth only as published at constant prices, never from two levels. never_rank: no list, export or
    sort may order teams by it (GDP, R-33). method_version: of the method's definition; valid_from, valid_to: first and
    last year of use, open where None; note: 口径说明. Block 职能 is for departments, of one team or one category.
    """

    code: str
    name: str
    unit: str
    direction: Literal["up", "down", "range"]
    type: str
    block: str
    method: str
    weight: Decimal
    provider: str
    frequency: str
    params: Mapping[str, Any] = field(default_factory=dict)
    category: str | None = None
    team: str | None = None
    share_eligible: bool = False
    official_growth: bool = False
    never_rank: bool = False
    method_version: int = 1
    valid_from: int | None = None
    valid_to: int | None = None
    note: str = ""

    @property
    def group(self) -> str:
        """The block this indicator's weight is counted in: 共同, 类别:城区类, 特色:D01."""
        return ":".join(part for part in (self.block, self.category, self.team) if part)


def is_gdp(name: str) -> bool:
    """Whether a name means GDP level or growth, whose ranking is banned; 单位GDP能耗 does not."""
    compact = name.replace(" ", "").upper()
    if "GDP能耗" in compact or "生产总值能耗" in compact:
        return False
    return "生产总值" in compact or "GDP" in compact


def parse_book(text: str, where: str = "指标体系") -> dict[str, Indicator]:
    """The book in YAML as code -> Indicator, in file order.

    Raises ShijiError BOOK-CARD (unreadable or a bad card), WEIGHT-SUM (a block is not 100 %), BOOK-GDP (R-33).
    """
    book = read_cards(read_yaml(text, where), where)
    check_cards(book, where)
    return book


def read_yaml(text: str, where: str) -> dict[str, Any]:
    """A book file as plain data. Raises ShijiError BOOK-CARD."""
    try:
        data = load_yaml(text)
    except yaml.YAMLError as error:
        raise ShijiError("BOOK-CARD", "指标体系文件不是有效的 YAML", where, "请检查缩进和冒号") from error
    if not isinstance(data, dict):
        raise ShijiError("BOOK-CARD", "指标体系文件没有 indicators 列表", where, "请按样例填写")
    return data


def read_cards(data: Mapping[str, Any], where: str, more_methods: Collection[str] = ()) -> dict[str, Indicator]:
    """The `indicators` of a book's plain data as code -> Indicator, each card checked by itself.

    more_methods: codes the book itself defines. Raises ShijiError BOOK-CARD.
    """
    cards = data.get("indicators")
    if not isinstance(cards, list | tuple) or not cards:
        raise ShijiError("BOOK-CARD", "指标体系文件没有 indicators 列表", where, "请按样例填写")
    book: dict[str, Indicator] = {}
    for number, card in enumerate(cards, start=1):
        indicator = _indicator(card, f"{where} 第 {number} 条", (*METHODS, *more_methods))
        if indicator.code in book:
            raise ShijiError("BOOK-CARD", f"指标代码 {indicator.code} 重复", where, "请改代码")
        book[indicator.code] = indicator
    return book


def load_book(path: Path) -> dict[str, Indicator]:
    """`parse_book` of a file."""
    return parse_book(path.read_text(encoding="utf-8"), path.name)


def group_weights(book: Mapping[str, Indicator]) -> dict[str, Decimal]:
    """Sum of weights of each block (`Indicator.group`), in percent."""
    groups: dict[str, list[Decimal]] = {}
    for indicator in book.values():
        groups.setdefault(indicator.group, []).append(indicator.weight)
    return {name: total(weights) for name, weights in groups.items()}


def _indicator(card: Any, where: str, methods: Collection[str]) -> Indicator:
    """One card, checked word by word."""
    if not isinstance(card, dict):
        raise ShijiError("BOOK-CARD", "指标条目格式有误", where, "请按样例填写")
    needed = (
        "code",
        "name",
        "unit",
        "direction",
        "type",
        "block",
        "method",
        "weight",
        "provider",
        "frequency",
    )
    lacking = [key for key in needed if card.get(key) in (None, "")]
    flags = ("share_eligible", "official_growth", "never_rank")
    known = {*needed, *flags, "params", "category", "team", "method_version", "valid_from", "valid_to", "note"}
    unknown = sorted(str(key) for key in card if key not in known)
    if lacking or unknown:
        raise ShijiError("BOOK-CARD", f"缺少 {lacking}，不认识 {unknown}", where, "请按样例填写")
    for key, allowed in (("direction", DIRECTIONS), ("type", TYPES), ("block", BLOCKS), ("method", methods)):
        if card[key] not in allowed:
            raise ShijiError("BOOK-CARD", f"{key} 不能是 {card[key]}", where, f"可填：{'、'.join(allowed)}")
    owners = bool(card.get("category")), bool(card.get("team"))
    fits = {"共同": owners == (False, False), "类别": owners == (True, False), "特色": owners == (False, True)}
    if not fits.get(card["block"], owners[0] != owners[1]):
        why = "类别指标须填 category，特色指标须填 team，职能指标填其中一项"
        raise ShijiError("BOOK-CARD", why, where, "请补填或删去")
    try:
        weight = to_decimal(card["weight"])
        version, since, until = (_whole(card.get(key)) for key in ("method_version", "valid_from", "valid_to"))
        params = {str(key): _exact(value) for key, value in (card.get("params") or {}).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise ShijiError("BOOK-CARD", f"权重或参数不是数：{error}", where, "请改为数字") from error
    if weight < 0:
        raise ShijiError("BOOK-CARD", "权重为负", where, "请改权重")
    if since and until and since > until:
        raise ShijiError("BOOK-CARD", "启用年份晚于停用年份", where, "请改年份")
    return Indicator(
        code=str(card["code"]),
        name=str(card["name"]),
        unit=str(card["unit"]),
        direction=card["direction"],
        type=card["type"],
        block=card["block"],
        method=card["method"],
        weight=weight,
        params=params,
        provider=str(card["provider"]),
        frequency=str(card["frequency"]),
        category=card.get("category") or None,
        team=card.get("team") or None,
        share_eligible=card.get("share_eligible") is True,
        official_growth=card.get("official_growth") is True,
        never_rank=card.get("never_rank") is True,
        method_version=version or 1,
        valid_from=since,
        valid_to=until,
        note=str(card.get("note") or ""),
    )


def _whole(value: Any) -> int | None:
    """A year or version; None for nothing. Raises ValueError."""
    return None if value in (None, "") else int(str(value))


def _exact(value: Any) -> Any:
    """Numbers of a params value as Decimal, also inside lists and tables; words as they are."""
    if isinstance(value, dict):
        return {str(key): _exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_exact(item) for item in value)
    return value if isinstance(value, str | bool) or value is None else to_decimal(value)


def check_cards(book: Mapping[str, Indicator], where: str) -> None:
    """The rules that no book may break. Raises ShijiError WEIGHT-SUM, BOOK-GDP, BOOK-CARD."""
    for rule in CARD_RULES:
        rule(book, where)


def _check_weights(book: Mapping[str, Indicator], where: str) -> None:
    for name, weight in group_weights(book).items():
        if weight != HUNDRED:
            raise ShijiError("WEIGHT-SUM", f"{name}指标权重合计为 {weight}%，应为 100%", where, "请调整权重")


def _check_gdp(book: Mapping[str, Indicator], where: str) -> None:
    gdp = [indicator for indicator in book.values() if is_gdp(indicator.name)]
    for indicator in gdp:
        if not indicator.never_rank or indicator.method == "10b":
            raise ShijiError(
                "BOOK-GDP",
                "地区生产总值不得排名，也不得用位次五档",
                f"{where} {indicator.code}",
                "请设 never_rank: true 并改用其他方法",
            )
    common = total(indicator.weight for indicator in gdp if indicator.block == "共同")
    if common > GDP_CAP:
        raise ShijiError("BOOK-GDP", f"地区生产总值权重 {common}% 超过共同指标的 {GDP_CAP}%", where, "请降低权重")


def _check_shares(book: Mapping[str, Indicator], where: str) -> None:
    for indicator in book.values():
        if indicator.share_eligible and indicator.type not in ("level", "level_growth"):
            raise ShijiError(
                "BOOK-CARD", "只有总量指标可算份额", f"{where} {indicator.code}", "请设 share_eligible: false"
            )
        if indicator.method == "1.8" and not indicator.share_eligible:
            raise ShijiError("BOOK-CARD", "份额与增速合成法只用于总量指标", f"{where} {indicator.code}", "请改方法")


CARD_RULES = (_check_weights, _check_gdp, _check_shares)
