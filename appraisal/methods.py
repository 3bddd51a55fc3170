"""From an indicator card to the scores of a group of teams: one door to every method."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from appraisal.bands import BAND_POINTS, COEFFICIENTS, RATINGS, position_bands, rating_band, standard_bands
from appraisal.book import Indicator
from appraisal.decimals import HUNDRED, TIE
from appraisal.indices import DEFAULT_ALPHA, Anchors, combine
from appraisal.proportional import (
    Direction,
    anchored,
    completion,
    interval,
    inverse,
    min_max,
    plus_minus,
    ratio_to_best,
)
from appraisal.ranking import assert_comparable, assert_one_category, assert_rankable
from appraisal.registry import Key, Method, Scorer, lookup
from appraisal.score import Score, no_score
from appraisal.votes import GRADES, survey
from storage.errors import ShijiError


@dataclass(frozen=True)
class GroupData:
    """What a method may need of the teams of one comparison, by team; a method reads only its own part.

    values and targets in the indicator's unit; city: the city's level for 9f; ballots for 9g; ratings for 10c;
    share_change (D, percentage points) and growth_index (G) for 1.8.
    """

    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    targets: Mapping[str, Decimal | None] = field(default_factory=dict)
    city: Decimal | None = None
    ballots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    ratings: Mapping[str, str | None] = field(default_factory=dict)
    share_change: Mapping[str, Decimal | None] = field(default_factory=dict)
    growth_index: Mapping[str, Decimal | None] = field(default_factory=dict)


BUILTIN: dict[Key, Method] = {}  # filled at the end of this file


def score_group(
    indicator: Indicator, data: GroupData, categories: Mapping[str, str], methods: Mapping[Key, Method] = BUILTIN
) -> dict[str, Score]:
    """Scores (0-100 scale) of the teams in `categories` (team -> category) by the indicator's method and params.

    methods: by code and version, those of the year's book (`YearBook.methods`) or the built-in ones.
    A 类别 indicator takes teams of its own category only and a 特色 indicator its own team only. Methods whose result
    depends on who is compared (9b, 9c, 1.8 without anchors) refuse a group that `assert_comparable` refuses; 10b takes
    one category only, and never GDP. Results keep the order of `categories`.
    Raises ShijiError RANK-FORBIDDEN, COMPARE-CATEGORY, INDICATOR-SCOPE, METHOD-UNKNOWN, METHOD-PARAMETER (params).
    """
    strangers = [
        team
        for team, category in categories.items()
        if (indicator.category and category != indicator.category) or (indicator.team and team != indicator.team)
    ]
    if strangers:
        raise ShijiError(
            "INDICATOR-SCOPE",
            f"{'、'.join(strangers)}不属于该指标的范围",
            f"{indicator.code} {indicator.name}",
            "请只计本类别或本单位",
        )
    where = f"{indicator.code} {indicator.name}"
    method = lookup(methods, indicator.method, indicator.method_version, where)
    if indicator.method == "10b":
        assert_rankable(indicator)
        assert_one_category(categories)
    elif method.grouped or (indicator.method == "1.8" and not _fixed(indicator)):
        assert_comparable(indicator, categories)
    try:
        return method.score(indicator, indicator.params, data, tuple(categories))
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ShijiError(
            "METHOD-PARAMETER", f"方法 {indicator.method} 的参数不全或有误：{error}", where, "请检查指标体系中的 params"
        ) from error


_Params = Mapping[str, Any]


def _fixed(indicator: Indicator) -> bool:
    """Whether a 1.8 score rests on fixed anchors alone, so that nobody else's value moves it."""
    return bool(indicator.params.get("share") and indicator.params.get("growth"))


def _values(data: GroupData, teams: tuple[str, ...]) -> dict[str, Decimal | None]:
    return {team: data.values.get(team) for team in teams}


def _way(indicator: Indicator) -> Direction:
    if indicator.direction == "range":
        raise ShijiError(
            "METHOD-PARAMETER", "适度指标没有优劣方向", f"{indicator.code} {indicator.name}", "请改用区间法 9e"
        )
    return indicator.direction


def _completion(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: completion(
            data.values.get(team),
            data.targets.get(team),
            cap=params.get("cap", Decimal(1)),
            slope=params.get("slope"),
        )
        for team in teams
    }


def _best(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return ratio_to_best(_values(data, teams))


def _min_max(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return min_max(
        _values(data, teams),
        floor=params.get("floor", Decimal("0.6")),
        equal=params.get("equal", Decimal(1)),
        direction=_way(indicator),
    )


def _anchored(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: anchored(
            data.values.get(team),
            bad=params["bad"],
            good=params["good"],
            low=params.get("low", Decimal(60)),
            high=params.get("high", HUNDRED),
        )
        for team in teams
    }


def _inverse(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: inverse(
            data.values.get(team),
            data.targets.get(team),
            cap=params.get("cap", Decimal(1)),
            form=params.get("form", "ratio"),
        )
        for team in teams
    }


def _interval(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: interval(data.values.get(team), lower=params["lower"], upper=params["upper"], slope=params["slope"])
        for team in teams
    }


def _plus_minus(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: plus_minus(
            data.values.get(team),
            data.city,
            base=params["base"],
            step=params["step"],
            per_step=params["per_step"],
            limit=params["limit"],
            direction=_way(indicator),
        )
        for team in teams
    }


def _survey(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    grades = params.get("grades", GRADES)
    return {
        team: survey(data.ballots[team], grades=grades) if team in data.ballots else no_score("未开展测评")
        for team in teams
    }


def _standards(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: standard_bands(
            data.values.get(team),
            params["standards"],
            floor=params.get("floor", Decimal(0)),
            coefficients=params.get("coefficients", COEFFICIENTS),
        )
        for team in teams
    }


def _positions(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return position_bands(
        _values(data, teams),
        points=params.get("points", BAND_POINTS),
        direction=_way(indicator),
        tie=params.get("tie", TIE),
    )


def _ratings(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {team: rating_band(data.ratings.get(team), ratings=params.get("ratings", RATINGS)) for team in teams}


def _share_growth(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    def ends(key: str) -> Anchors | None:
        pair = params.get(key)
        return Anchors(pair["bad"], pair["good"]) if pair else None

    joined = combine(
        {team: data.share_change.get(team) for team in teams},
        {team: data.growth_index.get(team) for team in teams},
        alpha=params.get("alpha", DEFAULT_ALPHA),
        share_anchors=ends("share"),
        growth_anchors=ends("growth"),
    )
    return {team: joined[team].score for team in teams}


# code, name, formula, worked example, scorer, whether the group decides (docs/scoring.md shows each example computed)
_CATALOGUE: tuple[tuple[str, str, str, str, Scorer, bool], ...] = (
    ("9a", "目标完成率法", "100·min(a/b, cap)", "a=46，b=50 → 92.00", _completion, False),
    ("9b", "最高值比例法", "100·x/max", "12、9、3 → 100、75、25", _best, True),
    ("9c", "功效系数法（极差）", "100·[c+(1−c)·(x−min)/(max−min)]", "12、9、3 → 100、86.67、60", _min_max, True),
    ("9c'", "满意值法", "60+40·(x−x_bad)/(x_good−x_bad)", "x=7.1，5.0 至 9.0 → 81.00", _anchored, False),
    ("9d", "逆指标法", "100·min(b/a, cap) 或 100·(2−a/b)", "a=0.45，b=0.42 → 93.33 或 92.86", _inverse, False),
    ("9e", "区间法", "区间内满分，区间外每单位扣 slope", "40～60，x=66，0.5 → 97.00", _interval, False),
    ("9f", "加减分法", "base±k·(x−city)/step，限 limit", "x=6.3，city=5.6 → 60.70", _plus_minus, False),
    ("9g", "票数折算", "Σ票数·分值/有效票", "18/17/4/1 → 86.00", _survey, False),
    ("10a", "五档（标准值）", "本档基础分+档内插值", "9/7/5/3/0，x=6.2 → 72.00", _standards, False),
    ("10b", "五档（位次）", "p=(位次−0.5)/n，档=⌊5p⌋+1", "8 个单位 → 1,1,2,3,3,4,5,5 档", _positions, True),
    ("10c", "五档（评定）", "好100、较好85、一般70、较差55、差40", "较好 → 85.00", _ratings, False),
    ("1.8", "份额与增速合成", "α·F(D)+(1−α)·F(G)", "68.97、77.65，α=0.4 → 74.18", _share_growth, False),
)
BUILTIN.update({(row[0], 1): Method(row[0], 1, *row[1:]) for row in _CATALOGUE})
NAMES = {row[0]: row[1] for row in _CATALOGUE}
