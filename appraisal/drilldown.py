"""The score tree: from a composite down to the data point versions it rests on (domain.md §1.1, §1.4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from appraisal.decimals import HUNDRED, PRECISION, plain, show, total
from appraisal.score import Score, Words, equation, written
from storage.errors import ShijiError


@dataclass(frozen=True)
class Cell:
    """One data point a score used: which version of which number, and how official it was.

    data_point_id: the record's id; status: 初步, 核定, 修订, 缺报 or 未出数; value None when missing.
    """

    data_point_id: str
    team: str
    indicator: str
    period: str
    value: Decimal | None
    version: int
    status: str


@dataclass(frozen=True)
class ScoreNode:
    """One number on a page, why it is that number, and what lies below it. value None: no score, see flags.

    complete: the percent of the weight below that had data, 100 for a leaf with a value and 0 for one without.
    """

    label: str
    value: Decimal | None
    words: Words = field(compare=False)
    children: tuple["ScoreNode", ...] = ()
    cells: tuple[Cell, ...] = ()
    flags: tuple[str, ...] = ()
    complete: Decimal = HUNDRED

    @property
    def formula(self) -> str:
        """The sum written out."""
        return written(self.words)

    @property
    def text(self) -> str:
        """The value as shown: two places, half up."""
        return show(self.value)


@dataclass(frozen=True)
class Part:
    """A child of a weighted node: weight in percent; applicable False is a structural N/A (no port, no such score)."""

    node: ScoreNode
    weight: Decimal
    applicable: bool = True


def indicator_node(label: str, score: Score, cells: Sequence[Cell]) -> ScoreNode:
    """The leaf of the tree: one indicator's score with the cells it was computed from."""
    preliminary = any(cell.status == "初步" for cell in cells)
    flags = (*score.flags, "含初步数") if preliminary else score.flags
    complete = Decimal(0) if score.value is None else HUNDRED
    return ScoreNode(label, score.value, score.words, (), tuple(cells), flags, complete)


def weighted_node(label: str, parts: Sequence[Part], *, cap: Decimal | None = None) -> ScoreNode:
    """Σ weight·score over the parts that have a score, the rest of the weight shared out by weight.

    A part that does not apply (N/A) is redistributed inside the block and leaves no gap. A part without data is also
    left out but flagged 暂缺 with its weight: never a zero (domain.md §1.1, §1.4). Raises ShijiError WEIGHT-SUM unless
    the weights sum to 100 %.
    """
    weight_sum = total(part.weight for part in parts)
    if weight_sum != HUNDRED or any(part.weight < 0 for part in parts):
        raise ShijiError("WEIGHT-SUM", f"{label}权重合计为 {plain(weight_sum)}%，应为 100%", label, "请调整权重")
    applicable = [part for part in parts if part.applicable]
    scored = [(part, part.node.value) for part in applicable if part.node.value is not None]
    base, used = total(part.weight for part in applicable), total(part.weight for part, _ in scored)
    children = tuple(part.node for part in parts)
    flags = [
        f"{part.node.label}不适用，权重 {plain(part.weight)}% 在本板块内分摊" for part in parts if not part.applicable
    ]
    if base == 0:
        return ScoreNode(label, None, "不计分：没有适用指标", children, (), (*flags, "没有适用指标"), Decimal(0))
    with localcontext(PRECISION):
        complete = total(part.weight * part.node.complete for part in applicable) / base
        absent = HUNDRED - complete
    if absent > 0:
        flags.append(f"暂缺 {_percent(absent)}%")
    if used == 0:
        return ScoreNode(label, None, "不计分：数据未出", children, (), tuple(flags), Decimal(0))
    with localcontext(PRECISION):
        value = total(part.weight * score for part, score in scored) / used
    top = cap if cap is not None and value > cap else None
    result = value if top is None else top
    if top is not None:
        flags.append("已封顶")

    def words() -> str:
        terms = " + ".join(f"{plain(part.weight)}% × {show(score)}" for part, score in scored)
        formula = terms if used == HUNDRED else f"（{terms}）÷ {plain(used)}%"
        return equation(formula if top is None else f"{formula}（超上限，取 {plain(top)}）", result)

    return ScoreNode(label, result, words, children, (), tuple(flags), complete)


def cells_of(node: ScoreNode) -> tuple[Cell, ...]:
    """Every cell under a node, in order, each once: what a snapshot must pin."""
    found: dict[Cell, None] = dict.fromkeys(node.cells)
    for child in node.children:
        found.update(dict.fromkeys(cells_of(child)))
    return tuple(found)


def _percent(value: Decimal) -> str:
    text = show(value, 1)
    return text.removesuffix(".0")
