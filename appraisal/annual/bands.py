"""定量位次带: the place of a composite inside its category as one of three bands, exactly, ties together (§1.13).

A band is no grade and proposes none: a difference of 0.3 points is noise, and a verified accident is not made good by
any score. Categories of fewer than three teams get no band.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from appraisal.decimals import TIE
from appraisal.ranking import mid_ranks

FRONT, MIDDLE, REAR, FEW, NONE = "前20%", "20%～80%", "后20%", "同类不足3个", "未出分"
BANDS = (FRONT, MIDDLE, REAR, FEW, NONE)
LEAST_TEAMS = 3


def bands_of(scores: Mapping[str, Decimal | None]) -> dict[str, str]:
    """Team -> band, for the composites of one category in the order given.

    The mid-rank p = (rank − 1/2)/n lies below 1/5, above 4/5, or between; teams within 0.005 points share a rank and
    so a band. A team without a score is 未出分 and does not count in n.
    """
    ranks = mid_ranks(scores)
    few = len(ranks) < LEAST_TEAMS
    return {team: NONE if team not in ranks else FEW if few else _band(ranks[team], len(ranks)) for team in scores}


def tied_at_the_cut(scores: Mapping[str, Decimal | None], seats: int) -> tuple[str, ...]:
    """Teams of one category whose equal composites lie on both sides of the last seat; empty where the cut is clear.

    They are listed for people to decide on: nothing here says who comes first among them (domain.md §1.14, ties).
    """
    present = {team: score for team, score in scores.items() if score is not None}
    if not 0 < seats < len(present):
        return ()
    order = sorted(present.values(), reverse=True)
    inside, outside = order[seats - 1], order[seats]
    if inside - outside >= TIE:
        return ()
    return tuple(team for team, score in present.items() if abs(score - inside) < TIE or abs(score - outside) < TIE)


def _band(rank: Decimal, n: int) -> str:
    place = (Fraction(rank) - Fraction(1, 2)) / n
    if place < Fraction(1, 5):
        return FRONT
    return REAR if place > Fraction(4, 5) else MIDDLE
