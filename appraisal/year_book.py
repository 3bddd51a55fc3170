"""指标体系 of one year: cards, its own methods, weights of the blocks, what does not apply (domain.md §1.4, §1.5)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from appraisal.book import CARD_RULES, Indicator, read_cards, read_yaml
from appraisal.decimals import HUNDRED, plain, to_decimal, total
from appraisal.methods import BUILTIN
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.registry import Definition, Key, Method, lookup, method_of, read_definition
from appraisal.tagging import tagged, untagged
from storage.errors import ShijiError

DISTRICT_WEIGHTS = {"共同": Decimal(50), "类别": Decimal(30), "特色": Decimal(20)}
DEPARTMENT_WEIGHTS = {"重点工作": Decimal(50), "职能": Decimal(30), "各方面评价": Decimal(20)}
CORE_CODES = ("G1", "G2", "G3", "G4")  # the "4" of 4+3+2
SCHEDULE = {1: Decimal("0.22"), 2: Decimal("0.48"), 3: Decimal("0.74"), 4: Decimal(1)}  # 序时进度, domain.md §1.1
CUMULATIVE = ("level", "level_growth", "count", "milestone")  # types that run up from January
TOP_KEYS = {"year", "note", "weights", "core", "schedule", "methods", "indicators", "not_applicable"}


@dataclass(frozen=True)
class Exemption:
    """不适用 of an indicator for a team (no port, no grain): its weight is shared out inside the block."""

    team: str
    code: str
    reason: str


@dataclass(frozen=True)
class YearBook:
    """One year's book. id, version 0: the catalogue of an installation that has approved no book yet.

    districts, departments: weights of the blocks in percent; core: the indicators of 核心指标 "4" with their weights.
    """

    year: int
    cards: Mapping[str, Indicator]
    id: int = 0
    version: int = 0
    note: str = ""
    districts: Mapping[str, Decimal] = field(default_factory=lambda: DISTRICT_WEIGHTS)
    departments: Mapping[str, Decimal] = field(default_factory=lambda: DEPARTMENT_WEIGHTS)
    core: Mapping[str, Decimal] = field(default_factory=dict)
    schedule: Mapping[int, Decimal] = field(default_factory=lambda: SCHEDULE)
    definitions: tuple[Definition, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    @property
    def name(self) -> str:
        """2025年指标体系第2版, or the catalogue's name."""
        return f"{self.year}年指标体系第{self.version}版" if self.version else "现行指标目录（未经审定）"

    @property
    def methods(self) -> dict[Key, Method]:
        """Built-in methods and this book's own, which may replace one of the same code and version."""
        return {**BUILTIN, **{(made.code, made.version): method_of(made) for made in self.definitions}}

    @property
    def exempt(self) -> dict[tuple[str, str], str]:
        """(team, code) -> reason."""
        return {(one.team, one.code): one.reason for one in self.exemptions}

    def due(self, card: Indicator, quarter: int) -> Decimal:
        """The part of the yearly target that is due by the end of a quarter, 1 for what does not run up."""
        own = card.params.get("schedule")
        if isinstance(own, Mapping):
            return to_decimal(own.get(f"Q{quarter}", 1))
        return self.schedule[quarter] if card.type in CUMULATIVE else Decimal(1)


def parse_year_book(source: str | Mapping[str, Any], where: str = "指标体系", *, check: bool = True) -> YearBook:
    """A book from its YAML text or its stored content.

    check=False leaves the sums of weights alone, as a draft may be half done; cards and methods are always checked one
    by one. Raises ShijiError BOOK-CARD, BOOK-GDP, WEIGHT-SUM, METHOD-….
    """
    data = read_yaml(source, where) if isinstance(source, str) else untagged(dict(source))
    unknown = sorted(set(map(str, data)) - TOP_KEYS)
    if unknown:
        raise ShijiError("BOOK-CARD", f"不认识 {unknown}", where, f"可填：{'、'.join(sorted(TOP_KEYS))}")
    own = enumerate(data.get("methods") or (), start=1)
    definitions = tuple(read_definition(entry, f"{where} 方法第 {number} 条") for number, entry in own)
    cards = read_cards(data, where, [made.code for made in definitions])
    try:
        year = int(str(data.get("year") or 0))
        weights = data.get("weights") or {}
        districts = _weights(weights.get("districts"), DISTRICT_WEIGHTS)
        departments = _weights(weights.get("departments"), DEPARTMENT_WEIGHTS)
        default = {code: Decimal(25) for code in CORE_CODES} if set(CORE_CODES) <= set(cards) else {}
        core = {str(k): to_decimal(v) for k, v in (data.get("core") or default).items()}
        dates = {int(str(k).removeprefix("Q")): to_decimal(v) for k, v in (data.get("schedule") or {}).items()}
        spared = data.get("not_applicable") or ()
        exemptions = tuple(Exemption(str(row["team"]), str(row["code"]), str(row["reason"])) for row in spared)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ShijiError("BOOK-CARD", f"年份、权重、进度或不适用条目有误：{error}", where, "请按样例填写") from error
    book = YearBook(
        year, cards, note=str(data.get("note") or ""), districts=districts, departments=departments, core=core,
        schedule={**SCHEDULE, **dates}, definitions=definitions, exemptions=exemptions,
    )  # fmt: skip
    if check:
        check_year_book(book, where)
    return book


def problems(book: YearBook, where: str = "指标体系") -> list[ShijiError]:
    """Everything that stands between a draft and its submission, in the order in which to mend it."""
    found: list[ShijiError] = []
    rules = [*(partial(rule, book.cards, where) for rule in CARD_RULES),
             *(partial(rule, book, where) for rule in (_check_top, _check_methods, _check_years))]  # fmt: skip
    for rule in rules:
        try:
            rule()
        except ShijiError as problem:
            found.append(problem)
    return found


def check_year_book(book: YearBook, where: str = "指标体系") -> None:
    """Raise the first of `problems`."""
    for problem in problems(book, where):
        raise problem


def book_content(book: YearBook) -> dict[str, Any]:
    """The book as stored: `parse_year_book` gives it back exactly."""
    cards = []
    for card in book.cards.values():
        row: dict[str, Any] = {
            "code": card.code, "name": card.name, "unit": card.unit, "direction": card.direction, "type": card.type,
            "block": card.block, "method": card.method, "weight": card.weight, "provider": card.provider,
            "frequency": card.frequency,
        }  # fmt: skip
        rest = {
            "category": card.category, "team": card.team, "share_eligible": card.share_eligible,
            "official_growth": card.official_growth, "never_rank": card.never_rank, "valid_from": card.valid_from,
            "valid_to": card.valid_to, "note": card.note, "params": dict(card.params),
            "method_version": card.method_version if card.method_version != 1 else None,
        }  # fmt: skip
        cards.append(row | {key: value for key, value in rest.items() if value})
    content = {
        "year": book.year, "note": book.note,
        "weights": {"districts": dict(book.districts), "departments": dict(book.departments)},
        "core": dict(book.core), "schedule": {f"Q{quarter}": part for quarter, part in book.schedule.items()},
        "methods": [
            {"code": made.code, "version": made.version, "name": made.name, "formula": made.formula, "low": made.low,
             "high": made.high, "examples": [dict(row) for row in made.examples]}
            for made in book.definitions
        ],
        "indicators": cards,
        "not_applicable": [{"team": one.team, "code": one.code, "reason": one.reason} for one in book.exemptions],
    }  # fmt: skip
    stored: dict[str, Any] = tagged(content)
    return stored


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of a stored content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _weights(given: Any, default: Mapping[str, Decimal]) -> dict[str, Decimal]:
    if not given:
        return dict(default)
    return {str(key): to_decimal(value) for key, value in given.items()}


def _check_top(book: YearBook, where: str) -> None:
    for label, weights, known in (
        ("县区板块", book.districts, DISTRICT_WEIGHTS), ("部门板块", book.departments, DEPARTMENT_WEIGHTS)
    ):  # fmt: skip
        if set(weights) != set(known):
            raise ShijiError("BOOK-CARD", f"{label}应为{'、'.join(known)}", where, "请改板块名称")
        summed = total(weights.values())
        if summed != HUNDRED or any(weight < 0 for weight in weights.values()):
            raise ShijiError("WEIGHT-SUM", f"{label}权重合计为 {plain(summed)}%，应为 100%", where, "请调整权重")
    if book.core:
        strangers = [c for c in book.core if c not in book.cards or book.cards[c].block != "共同"]
        if strangers or total(book.core.values()) != HUNDRED:
            raise ShijiError("WEIGHT-SUM", f"核心指标须为共同指标且权重合计 100%：{strangers or ''}", where, "请调整")
    if any(not 0 < part <= 1 for part in book.schedule.values()) or set(book.schedule) != {1, 2, 3, 4}:
        raise ShijiError("BOOK-CARD", "序时进度应为四个季度，各大于 0 且不超过 1", where, "请改进度")
    for one in book.exemptions:
        card = book.cards.get(one.code)
        if card is None or not one.reason.strip():
            raise ShijiError("BOOK-CARD", f"不适用条目 {one.team} {one.code} 指标不存在或没有理由", where, "请补填")
        if card.team:
            raise ShijiError("BOOK-CARD", f"{one.code} 是本单位的指标，不适用时应从体系中删去", where, "请删去该指标")


def _check_methods(book: YearBook, where: str) -> None:
    methods = book.methods
    keys = [(made.code, made.version) for made in book.definitions]
    if len(set(keys)) != len(keys):
        raise ShijiError("METHOD-DEFINITION", "方法代码和版本重复", where, "请改版本号")
    for card in book.cards.values():
        spot = f"{where} {card.code} {card.name}"
        method = lookup(methods, card.method, card.method_version, spot)
        if card.block == "职能" and card.category in DISTRICT_CATEGORIES:
            raise ShijiError("BOOK-CARD", "职能指标只用于市直部门", spot, "请改板块")
        if card.team and method.grouped:
            raise ShijiError("BOOK-CARD", f"只有一个单位的指标不能用同类比较的方法 {card.method}", spot, "请改方法")


def _check_years(book: YearBook, where: str) -> None:
    for card in book.cards.values():
        if (card.valid_from or book.year) > book.year or (card.valid_to or book.year) < book.year:
            raise ShijiError(
                "BOOK-YEAR", f"{card.code} {card.name} 不在启用年份之内", f"{where} {book.year}年", "请删去或改年份"
            )
    if not 2000 <= book.year <= 2100:
        raise ShijiError("BOOK-YEAR", f"年份有误：{book.year}", where, "请填年份")
