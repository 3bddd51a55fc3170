"""季度参考 of a team: 0.6·S4 + 0.4·S3 for districts, S3 for departments, and the sentence beside it (domain.md §1.1).

Pure functions. "2" is nowhere here: personal tasks stand on the person's page and never enter a team's number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from appraisal.decimals import HUNDRED, PRECISION, plain, show, total
from appraisal.drilldown import Part, ScoreNode, weighted_node
from appraisal.quarterly.rules import LAGGING, Rules
from appraisal.score import equation
from storage.errors import ShijiError

S4, S3 = "核心指标", "重点工作"


@dataclass(frozen=True)
class Light:
    """A task's place on the board. level: verified, or "" while nothing is verified; then `why` says what lacks."""

    number: int
    title: str
    weight: Decimal
    level: str
    claimed: str = ""
    state: str = ""
    task_id: int = 0
    version_id: int = 0
    claim_id: int = 0

    @property
    def why(self) -> str:
        """未报进展, or how far verification has come."""
        if self.level:
            return self.level
        return f"{self.state}（自报{self.claimed}）" if self.claimed else "未报进展"


def lights_in(basis: Mapping[str, Any], team_id: str) -> list[Light]:
    """A team's lights as the stored basis of a run has them."""
    return [Light(**{**one, "weight": Decimal(one["weight"])}) for one in basis["lights"].get(team_id, ())]


def task_node(lights: Sequence[Light], rules: Rules) -> ScoreNode:
    """S3 = Σ w·points of the verified level. Unverified tasks are left out and flagged 暂缺, never a zero.

    Equal weights are a plain mean, so that thirds come out exactly. Raises ShijiError WEIGHT-SUM for other weights
    that do not sum to 100 %.
    """
    if not lights:
        return ScoreNode(S3, None, "不计分：没有冻结的重点工作", (), (), ("没有冻结的重点工作",), Decimal(0))
    leaves = [_leaf(light, rules.points) for light in lights]
    if is_equal([light.weight for light in lights]):
        return _mean(leaves)
    return weighted_node(S3, [Part(leaf, light.weight) for leaf, light in zip(leaves, lights, strict=True)])


def is_equal(weights: Sequence[Decimal]) -> bool:
    """Whether all weights are the same: 均等, whatever number stands for it."""
    return len(set(weights)) == 1


def check_weights(weights: Sequence[Decimal], where: str) -> None:
    """Raise WEIGHT-SUM unless weights are positive and sum to 100 %, or are all equal."""
    if any(weight <= 0 for weight in weights) or not (is_equal(weights) or total(weights) == HUNDRED):
        shown = plain(total(weights))
        raise ShijiError("WEIGHT-SUM", f"任务权重合计为 {shown}%，应为 100%，或各项均等", where, "请调整权重。")


def reference(name: str, s4: ScoreNode | None, s3: ScoreNode, rules: Rules) -> ScoreNode:
    """季度参考. s4 None: a department, whose reference is S3 alone."""
    label = f"{name}季度参考"
    if s4 is None:
        return ScoreNode(label, s3.value, s3.words, (s3,), (), s3.flags, s3.complete)
    return weighted_node(label, [Part(s4, rules.s4_weight), Part(s3, rules.s3_weight)])


def sentence(node: ScoreNode, lights: Sequence[Light], unverified: int) -> str:
    """80.2（参考），3号任务严重滞后，未核实佐证 2 项."""
    parts = [f"{show(node.value, 1)}（参考）" if node.value is not None else "暂无参考分"]
    parts += [f"{light.number}号任务{light.level}" for light in lights if light.level in LAGGING]
    for child in (part for part in node.children if part.label in (S4, S3)) if node.value is not None else ():
        if child.complete < HUNDRED:
            parts.append(f"{child.label}暂缺 {show(HUNDRED - child.complete, 1).removesuffix('.0')}%")
    if unverified:
        parts.append(f"未核实佐证 {unverified} 项")
    return "，".join(parts)


def _mean(leaves: Sequence[ScoreNode]) -> ScoreNode:
    values = [leaf.value for leaf in leaves if leaf.value is not None]
    with localcontext(PRECISION):
        complete = HUNDRED * len(values) / len(leaves)
        value = sum(values, Decimal(0)) / len(values) if values else None
    flags = (f"暂缺 {show(HUNDRED - complete, 1).removesuffix('.0')}%",) if complete < HUNDRED else ()
    if value is None:
        return ScoreNode(S3, None, "不计分：没有经核实的进展", tuple(leaves), (), flags, Decimal(0))
    words = equation(f"（{' + '.join(show(one) for one in values)}）÷ {len(values)}", value)
    return ScoreNode(S3, value, words, tuple(leaves), (), flags, complete)


def _leaf(light: Light, points: Mapping[str, Decimal]) -> ScoreNode:
    label = f"{light.number}号任务 {light.title}"
    if not light.level:
        return ScoreNode(label, None, f"不计分：{light.why}", (), (), (light.why,), Decimal(0))
    value = points[light.level]
    return ScoreNode(label, value, f"经核实{light.level}，{plain(value)} 分 = {show(value)}")
