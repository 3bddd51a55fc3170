"""Coordinates of small server-drawn charts; the templates only write them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, TOP, LEFT, RIGHT = 620, 34, 190, 430
PER_LINE = 52  # height for each team
GAP = 19.0  # between two labels


@dataclass(frozen=True)
class Slope:
    """One line from the previous to the present share, with the places of its two labels."""

    name: str
    before: str
    after: str
    y_before: float
    y_after: float
    label_before: float
    label_after: float


@dataclass(frozen=True)
class SlopeChart:
    """A slope chart: shares of two periods. Scale from the data, never from zero (differences are small)."""

    lines: tuple[Slope, ...]
    bottom: int
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP

    @property
    def height(self) -> int:
        return self.bottom + 20


def slope_chart(points: Sequence[tuple[str, float, float]]) -> SlopeChart | None:
    """Lines for (name, share before, share after), in the order given; None for fewer than two teams."""
    if len(points) < 2:
        return None
    values = [value for _, before, after in points for value in (before, after)]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    height = PER_LINE * len(points)
    heights = [[TOP + height * (1 - (v - low) / span) for v in (before, after)] for _, before, after in points]
    left, right = spread([h[0] for h in heights]), spread([h[1] for h in heights])
    lines = tuple(
        Slope(name, f"{before:.2f}", f"{after:.2f}", *map(_round, (h[0], h[1], left[i], right[i])))
        for i, ((name, before, after), h) in enumerate(zip(points, heights, strict=True))
    )
    return SlopeChart(lines, TOP + height)


def spread(heights: Sequence[float], gap: float = GAP) -> list[float]:
    """Label places near `heights` (from the top), at least `gap` apart, in the same order from top to bottom."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = [0.0] * len(heights)
    last = float("-inf")
    for i in order:
        last = max(heights[i], last + gap)
        placed[i] = last
    # what was pushed past the lower edge is pushed back up from there
    edge = max(heights, default=0.0) + gap / 2
    for i in reversed(order):
        placed[i] = min(placed[i], edge)
        edge = placed[i] - gap
    return placed


def _round(value: float) -> float:
    return round(value, 1)
