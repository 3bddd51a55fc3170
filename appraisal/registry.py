"""The methods a book may name, by code and version, and methods that a customer defines as data (domain.md §1.9 [D]).

A definition is an entry of the book: it is checked against its own worked examples, approved with the book, and adds a
method or replaces one for that book without touching any other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from appraisal.decimals import HUNDRED, PRECISION, plain, show, to_decimal
from appraisal.formula import Formula, compile_formula
from appraisal.proportional import MISSING
from appraisal.score import Score, equation, no_score
from storage.errors import ShijiError

if TYPE_CHECKING:
    from appraisal.book import Indicator
    from appraisal.methods import GroupData

Scorer = Callable[["Indicator", Mapping[str, Any], "GroupData", tuple[str, ...]], dict[str, Score]]
Key = tuple[str, int]
GIVEN = {
    "x": "实际值", "b": "目标值", "city": "全市水平", "lo": "同类最低", "hi": "同类最高", "mean": "同类平均",
    "n": "同类单位数",
}  # fmt: skip
GROUP_NAMES = frozenset({"lo", "hi", "mean", "n"})
FORMULA_GROUP = 3  # as for 9c: the ends of a smaller class say nothing


@dataclass(frozen=True)
class Method:
    """One way from figures to points. grouped: the result depends on who is compared; formula: "" if built in."""

    code: str
    version: int
    name: str
    about: str
    example: str
    score: Scorer
    grouped: bool = False
    formula: str = ""

    @property
    def key(self) -> Key:
        return (self.code, self.version)


@dataclass(frozen=True)
class Definition:
    """A customer's method as it stands in a book: formula over `GIVEN` and the card's params, result 0-100."""

    code: str
    version: int
    name: str
    formula: str
    examples: tuple[Mapping[str, Decimal], ...]
    low: Decimal = Decimal(0)
    high: Decimal = HUNDRED


def read_definition(data: Any, where: str) -> Definition:
    """One entry of a book's `methods`. Raises ShijiError METHOD-DEFINITION, METHOD-FORMULA, METHOD-EXAMPLE."""
    if not isinstance(data, dict):
        raise ShijiError("METHOD-DEFINITION", "方法条目格式有误", where, "请按样例填写")
    unknown = sorted(set(map(str, data)) - {"code", "version", "name", "formula", "examples", "low", "high"})
    code, name, text = (str(data.get(key) or "").strip() for key in ("code", "name", "formula"))
    examples = data.get("examples")
    if unknown or not (code and name and text) or not isinstance(examples, list | tuple) or not examples:
        raise ShijiError(
            "METHOD-DEFINITION", f"方法须有 code、name、formula 和至少一个 examples，不认识 {unknown}", where, "请补填"
        )
    try:
        rows = tuple({str(key): to_decimal(value) for key, value in row.items()} for row in examples)
        version = int(str(data.get("version", 1)))
        low, high = to_decimal(data.get("low", 0)), to_decimal(data.get("high", 100))
    except (ValueError, AttributeError, TypeError) as error:
        raise ShijiError("METHOD-DEFINITION", f"方法 {code} 的样例或版本不是数", where, "请改为数字") from error
    made = Definition(code, version, name, text, rows, low, high)
    _prove(made, compile_formula(text, where), where)
    return made


def _prove(made: Definition, formula: Formula, where: str) -> None:
    """Compute every worked example: a definition that contradicts its own example is refused."""
    for number, row in enumerate(made.examples, start=1):
        lacking = sorted(formula.names - set(row))
        if lacking or "score" not in row:
            raise ShijiError("METHOD-EXAMPLE", f"样例 {number} 缺少 {lacking or ['score']}", where, "请补填样例")
        try:
            got = max(made.low, min(made.high, formula.value(row)))
        except ArithmeticError as error:
            raise ShijiError("METHOD-EXAMPLE", f"样例 {number} 无法计算", where, "请改样例或公式") from error
        if show(got) != show(row["score"]):
            raise ShijiError(
                "METHOD-EXAMPLE", f"样例 {number} 应得 {show(row['score'])}，按公式为 {show(got)}", where, "请核对公式"
            )


def method_of(made: Definition) -> Method:
    """The method that a definition describes."""
    formula = compile_formula(made.formula, made.code)
    grouped = bool(formula.names & GROUP_NAMES)

    def score(
        card: "Indicator", params: Mapping[str, Any], data: "GroupData", teams: tuple[str, ...]
    ) -> dict[str, Score]:
        values = [value for team in teams if (value := data.values.get(team)) is not None] if grouped else []
        if 0 < len(values) < FORMULA_GROUP:
            why = f"同类可比单位不足 {FORMULA_GROUP} 个，本方法不适用"
            return {team: no_score(why if data.values.get(team) is not None else MISSING) for team in teams}
        group = _group(values) if values else {}
        return {team: _one(formula, made, params, data, team, group) for team in teams}

    about = f"{made.formula}，限于 {plain(made.low)}～{plain(made.high)}"
    row = made.examples[0]
    example = "，".join(f"{key}={plain(value)}" for key, value in row.items() if key != "score")
    return Method(
        made.code, made.version, made.name, about, f"{example} → {show(row['score'])}", score, grouped, made.formula
    )


def _group(values: list[Decimal]) -> dict[str, Decimal]:
    with localcontext(PRECISION):
        size = Decimal(len(values))
        return {"lo": min(values), "hi": max(values), "mean": sum(values, Decimal(0)) / size, "n": size}


def _one(
    formula: Formula, made: Definition, params: Mapping[str, Any], data: "GroupData", team: str,
    group: Mapping[str, Decimal],
) -> Score:  # fmt: skip
    value, target = data.values.get(team), data.targets.get(team)
    if value is None:
        return no_score(MISSING)
    if "b" in formula.names and target is None:
        return no_score("未定目标")
    if "city" in formula.names and data.city is None:
        return no_score("全市水平未出数")
    numbers = {key: item for key, item in params.items() if isinstance(item, Decimal)}
    known = {"x": value, "b": target, "city": data.city}
    numbers |= {key: item for key, item in known.items() if item is not None} | dict(group)
    used = {key: numbers[key] for key in sorted(formula.names)}
    try:
        raw = formula.value(used)
    except ArithmeticError:
        return no_score("按公式无法计算（除数为零）", inputs=used)
    result = max(made.low, min(made.high, raw))
    flags = ("已封顶",) if raw > made.high else ("已保底",) if raw < made.low else ()
    words = "，".join(f"{key}（{GIVEN.get(key, '参数')}）= {plain(item)}" for key, item in used.items())
    return Score(result, equation(f"{made.formula}；{words}；得分", result), used, flags)


def lookup(methods: Mapping[Key, Method], code: str, version: int, where: str) -> Method:
    """The method a card names. Raises ShijiError METHOD-UNKNOWN."""
    found = methods.get((code, version))
    if found is None:
        raise ShijiError("METHOD-UNKNOWN", f"没有方法 {code} 第 {version} 版", where, "请核对方法代码和版本")
    return found
